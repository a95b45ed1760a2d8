/* The broker's side of core services: who there is, who is told what. */
#ifndef BROKER_CORE_TABLE_H
#define BROKER_CORE_TABLE_H

#include "broker/state.h"

/* r asks for the name of c: it is its business now. */
void core_take(struct core *c, struct request *r);

/* Offer r to those that may answer before dispatch. True: r is over. */
bool core_answer(struct broker *b, struct request *r);

/* Show a worker's reply, about to be sent, to those who look at replies. */
void core_replied(
    struct broker *b, struct request *r, const struct pgt_packet *p);

/* r is over, or has no client any more: who keeps notes on it is told. */
void core_end(struct request *r);

void core_on_timer(struct core_timer *t);

/* There are new settings. */
void core_heed_conf(struct broker *b);

/*
 * r is over: its final reply was queued, unless rc says that it was not.
 * Returns rc.
 */
int core_finish(struct broker *b, struct request *r, int rc);

/* Would one of them answer a plain request for name, now? */
bool core_would_answer(
    const struct broker *b, struct pgt_slice name, struct pgt_slice data);

/* For tests: aborts unless what they keep agrees. */
void core_check(const struct broker *b);

/* The workers changed; core services hear of it a little later. */
void core_notice(struct broker *b);

/* That time has come. */
void core_notify(struct broker *b);

/* A request of c is over, answered or not. */
void core_gone(struct core *c, struct request *r);

/* Was p a core service's partial reply? It is told that it was not sent. */
bool core_unsent(struct broker *b, const struct pgt_packet *p);

/* Those who listen get the line. */
void core_trace(const struct broker *b, int level, struct core_line *line);

void core_free_all(struct broker *b);

#endif
