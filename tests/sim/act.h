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

/* Sends something that is not a message, or not one for just then. */
void act_rudely(struct world *w);

/* An operator, if there is one, looks or interferes. */
void act_operate(struct world *w);

/* An operator resumes a service. */
void act_resume(struct world *w, size_t name);

#endif
