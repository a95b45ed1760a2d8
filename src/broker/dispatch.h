/* Dispatch: who waits meets who has a slot. */
#ifndef BROKER_DISPATCH_H
#define BROKER_DISPATCH_H

#include "broker/state.h"

/* Is there nobody to take r, which has just arrived, at once? */
bool dispatch_would_wait(const struct request *r);

/*
 * Is there nobody, now, who could serve r, and does it not want to wait? Then
 * it ends with NO_WORKER.
 */
bool dispatch_refuse(struct broker *b, struct request *r);

/* r has just arrived: give it to a worker, or let it wait. May end r. */
void dispatch_enqueue(struct broker *b, struct request *r);

/*
 * r comes back, from a lost worker or from the transport: to the front of its
 * queue, which is dispatched before the step ends. May end r.
 */
void dispatch_requeue(struct broker *b, struct request *r);

/* r, which was running, was rejected by w: it waits for another. */
void dispatch_rejected(struct broker *b, struct request *r, struct worker *w);

/* w is new, or has a slot that it had not: give it what it may take. */
void dispatch_feed(struct broker *b, struct worker *w);

/* All that was marked dirty, until nothing more can be given. */
void dispatch_all_dirty(struct broker *b);

#endif
