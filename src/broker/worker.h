/* Workers: registered under one service name, alive while heard. */
#ifndef BROKER_WORKER_H
#define BROKER_WORKER_H

#include "broker/state.h"

struct worker *worker_find(const struct broker *b, struct pgt_slice id);

/*
 * Register a worker: moves id, adds it to s and to its target. 0, or -ENOMEM
 * and nothing has changed.
 */
int worker_new(struct broker *b, struct pgt_frame *id, struct service *s,
    struct worker **out);

/*
 * The worker is gone: its requests go back to the front of their queues, or
 * end with WORKER_LOST (PROTOCOL 2). `why` is for the trace.
 */
void worker_lost(struct broker *b, struct worker *w, const char *why);

/* The same, and it is sent W 5. */
void worker_dismiss(struct broker *b, struct worker *w, const char *why);

/*
 * w serves nobody new: it leaves its service and its target. When it runs
 * nothing, worker_end_drain() dismisses it; w is gone then.
 */
void worker_drain(struct broker *b, struct worker *w);
void worker_end_drain(struct broker *b, struct worker *w);

/* Forget it without a word; what it runs goes with it. For the end. */
void worker_free_all(struct broker *b);

bool worker_has_slot(const struct worker *w);

/* Its load, limit or reachability changed: find its place among the free. */
void worker_settle(struct broker *b, struct worker *w);

/* r, which waits, runs at w from now on; and: does so no more. */
void worker_add_request(struct broker *b, struct worker *w, struct request *r);
void worker_remove_request(struct broker *b, struct request *r);

/* When it will have been silent for too long. */
int64_t worker_dies_at(const struct broker *b, const struct worker *w);

/* Arm its timer for the next heartbeat, or for its death if that is nearer. */
void worker_arm(struct broker *b, struct worker *w);

#endif
