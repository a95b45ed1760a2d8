/*
 * What peers do. None of it looks at the broker: they know what they sent and
 * what they got. Each call is one thing or a few, some of them wrong.
 */
#ifndef SIM_ACT_H
#define SIM_ACT_H

#include "world.h"

/* Something happens. */
void act(struct world *w);

/*
 * From now on everybody behaves, mail arrives, workers come for whatever
 * waits, and the clock stands: every request must be answered.
 */
void act_behave(struct world *w);

/* For the ways to be wrong: a message that has nothing wrong with it. */
void act_build(struct world *w, struct pgt_msg *m);

/* Sends something that is not a message, or not one for just then. */
void act_rudely(struct world *w);

#endif
