/* Which workers' names may serve which requested name (PROTOCOL 4). */
#ifndef BROKER_MATCH_H
#define BROKER_MATCH_H

#include "broker/state.h"

/*
 * Could workers registered under `server` serve a request for `name`, going
 * by the names alone? (The longest of several wildcards is another matter.)
 */
bool match_serves(struct pgt_slice server, struct pgt_slice name);

/* Names that begin with $ belong to core services. */
bool match_is_core(struct pgt_slice name);

/*
 * s is new and has no workers: join it to who may serve it. 0, or -ENOMEM
 * and s has no pool.
 */
int match_open(struct broker *b, struct service *s);

/* s goes, it has no workers: leave all pools. */
void match_close(struct service *s);

/*
 * s is about to have its first worker: join it to all names it may serve
 * from now on. 0, or -ENOMEM and nothing has changed.
 */
int match_came(struct broker *b, struct service *s);

/* s has lost its last worker: who it served goes elsewhere. */
void match_went(struct broker *b, struct service *s);

#endif
