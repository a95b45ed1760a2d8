/* Drain: no new requests; what there is goes on, for a time. */
#ifndef BROKER_DRAIN_H
#define BROKER_DRAIN_H

#include "broker/state.h"

/* Its timer's room. 0 or -ENOMEM. */
int drain_init(struct broker *b);

/* From now on; again is nothing new. */
void drain_start(struct broker *b);

/* The settings may have another timeout now. */
void drain_on_conf(struct broker *b);

/* Its timer is due: say how far it is, or end what is left. */
void drain_on_timer(struct broker *b);

/*
 * Once nothing is left but requests that go on for as long as their clients
 * like (core_keep()), these end as well. At the end of each step.
 */
void drain_settle(struct broker *b);

#endif
