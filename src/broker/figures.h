/*
 * What becomes of requests, counted: in all (broker.stats), of the service
 * that was asked for, and of the worker (PROTOCOL 11.3). Each of these stands
 * where the thing happens, while r still knows its worker. Who joined another
 * (run.h) has none, and is counted of its service alone.
 */
#ifndef BROKER_FIGURES_H
#define BROKER_FIGURES_H

#include "broker/state.h"

void figures_arrived(struct broker *b, struct request *r);
void figures_given(struct broker *b, struct request *r, struct worker *w);

/* n bytes of data for the client. */
void figures_partial(struct broker *b, const struct request *r, size_t n);

/* r comes to wait again. */
void figures_rejected(struct broker *b, struct request *r);
void figures_returned(struct broker *b, struct request *r);
void figures_retried(struct broker *b, struct request *r);

/* r is over. is_error: its status is there and not 0. */
void figures_replied(
    struct broker *b, const struct request *r, size_t n, bool is_error);
void figures_lost(struct broker *b, const struct request *r);
void figures_expired(struct broker *b, const struct request *r);
void figures_no_worker(struct broker *b, const struct request *r);
void figures_cancelled(struct broker *b, const struct request *r);

/* What they are now: nothing, if they are older than the last reset. */
struct core_counts figures_counts(
    const struct broker *b, const struct figures *f);
const struct pgt_times *figures_times(const struct broker *b,
    const struct figures *f, const struct pgt_times *times);

/* Of what goes; and all of them begin anew: no walk, each when it is used. */
void figures_clear(struct broker *b, struct figures *f);
void figures_reset(struct broker *b);

#endif
