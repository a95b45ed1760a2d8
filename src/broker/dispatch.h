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

/*
 * w is new, or may have a slot that it had not: give it what it may take. One
 * that drains, and has nothing more to do, is gone then.
 */
void dispatch_feed(struct broker *b, struct worker *w);

/*
 * r is over, and all is said to its client: if it runs, its slot is free
 * again and the late reply will be swallowed.
 */
void dispatch_abandon(struct broker *b, struct request *r);

/*
 * Requests for s wait, whoever may serve it; and: no more. Resumed, s may be
 * idle, and may vanish.
 */
void dispatch_pause(struct broker *b, struct service *s);
void dispatch_resume(struct broker *b, struct service *s);

/* All that was marked dirty, until nothing more can be given. */
void dispatch_all_dirty(struct broker *b);

#endif
