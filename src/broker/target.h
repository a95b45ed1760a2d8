/* Targets: requests that name their worker (option workerId). */
#ifndef BROKER_TARGET_H
#define BROKER_TARGET_H

#include "broker/state.h"

struct target *target_find(const struct broker *b, struct pgt_slice worker_id);

/*
 * Find, else create, and hold: undone by target_drop(). Takes o->worker_id
 * where it creates. NULL for want of memory.
 */
struct target *target_hold(struct broker *b, struct pgt_request_opts *o);
void target_drop(struct broker *b, struct target *t);

#endif
