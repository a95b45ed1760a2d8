/* Ghosts: what is left at its worker of a request that expired. */
#ifndef BROKER_GHOST_H
#define BROKER_GHOST_H

#include "broker/state.h"

/*
 * r expired at its worker: payload, slot and options go, what is left waits
 * for the late reply among the worker's ghosts.
 */
void ghost_make(struct broker *b, struct request *r);

/* The ghost of that client's request at that worker, or NULL. */
struct request *ghost_find(const struct broker *b, const struct client *c,
    const struct worker *w, struct pgt_slice rid);

#endif
