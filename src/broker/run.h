/*
 * Runs: one request at a worker for several equal ones (PROTOCOL 7.3). Equal
 * means the same name and the same data. The leader waits and runs like any
 * request; those that joined it wait for its replies, each with its own
 * timeout, and each ends by its own options when the worker is lost.
 */
#ifndef BROKER_RUN_H
#define BROKER_RUN_H

#include "broker/state.h"

/* Do the settings want requests for that name to share runs? */
bool run_is_wanted(const struct broker_conf *conf, struct pgt_slice name);

/* Is there a run that r, which has just arrived, may share? */
bool run_may_join(struct broker *b, const struct request *r);

/* r, which may, joins. It may end by that, with NO_WORKER. */
void run_join(struct broker *b, struct request *r);

/*
 * r, which may not, is to be dispatched: if it may share, others may join it
 * from now on.
 */
void run_open(struct broker *b, struct request *r);

/* Has anybody joined r? */
bool run_is_shared(const struct request *r);

/* A partial reply to r, for those who joined it; nobody may from now on. */
void run_partial(
    struct broker *b, struct request *r, const struct pgt_packet *p);

/* The final reply to r: those who joined it have it and are over. */
void run_final(struct broker *b, struct request *r, const struct pgt_packet *p,
    bool is_error);

/*
 * r's worker is lost. Those who joined r and are not to be retried end with
 * WORKER_LOST; what becomes of r is the caller's business.
 */
void run_lost(struct broker *b, struct request *r);

/*
 * r expired at its worker, which works on: the first who joined takes its
 * place there, and r is over. False: nobody has joined, nothing was done.
 */
bool run_take_over(struct broker *b, struct request *r);

/* r ends. If it led, the first who joined leads from now on, in the queue. */
void run_leave(struct broker *b, struct request *r);

#endif
