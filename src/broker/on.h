/* What has arrived: one function for each message, each timer. */
#ifndef BROKER_ON_H
#define BROKER_ON_H

#include "broker/state.h"

void on_client_request(struct broker *b, struct pgt_packet *p);
void on_client_heartbeat(struct broker *b, struct pgt_packet *p);

/* Any message of a worker, malformed ones included. */
void on_worker(struct broker *b, struct pgt_packet *p);

/*
 * A message that fits no layout, from whomever: a registered worker is
 * disconnected for it, others are counted.
 */
void on_malformed(struct broker *b, struct pgt_packet *p);

/* A worker's message that came where workers are not served. */
void on_misplaced(struct broker *b, struct pgt_packet *p);

/* What the transport refused. */
void on_unsent(struct broker *b, struct effect *fx);

/* A due timer, disarmed. */
void on_timer(struct broker *b, struct pgt_timer *t);

#endif
