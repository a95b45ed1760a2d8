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
    struct broker *b, const struct request *r, const struct pgt_packet *p);

/* The workers changed; core services hear of it a little later. */
void core_notice(struct broker *b);

/* That time has come. */
void core_notify(struct broker *b);

/* A request of c is over, answered or not. */
void core_gone(struct core *c, struct request *r);

/* Was p a core service's partial reply? It is told that it was not sent. */
bool core_unsent(struct broker *b, const struct pgt_packet *p);

/* Those who listen get the line. */
void core_trace(const struct broker *b, int level, const char *line);

void core_free_all(struct broker *b);

#endif
