/*
 * Messages of peers, made up for the moment: whoever speaks knows what it sent
 * and what it got, and makes no mistake but those of its world (world.rude).
 * Each function starts m and gives it whole, its sender in front.
 */
#ifndef SIM_SAY_H
#define SIM_SAY_H

#include "world.h"

void say_request(struct world *w, struct pgt_msg *m);

/* Any form, for a request of its own or for a worker. */
void say_client_heartbeat(struct world *w, struct pgt_msg *m);

void say_ready(struct world *w, struct pgt_msg *m);
void say_heartbeat(struct world *w, struct pgt_msg *m);
void say_disconnect(struct world *w, struct pgt_msg *m);

/* A reply, partial reply or reject; a heartbeat if nobody has a job. */
void say_answer(struct world *w, struct pgt_msg *m);

/* One of the above. */
void say_anything(struct world *w, struct pgt_msg *m);

/* Only the worker's id and the tags. */
void say_start(
    struct world *w, struct pgt_msg *m, size_t peer, const char *type);

size_t say_any_worker(struct world *w);

#endif
