/* Ghosts: what is left at its worker of a request that expired. */
#ifndef BROKER_GHOST_H
#define BROKER_GHOST_H

#include "broker/state.h"

/*
 * r expired at its worker: payload, slot and options go, what is left waits
 * for the late reply among the worker's ghosts. Returns r, or NULL: there was
 * no memory, and r is gone.
 */
struct request *ghost_make(struct broker *b, struct request *r);

/*
 * The ghost of a request of that client, at whatever port, at that worker;
 * or NULL.
 */
struct request *ghost_find_at(const struct broker *b, struct pgt_slice client,
    struct pgt_slice rid, const struct worker *w);

#endif
