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

/* fn: false ends it. */
typedef bool (*match_fn)(
    void *arg, const struct service *server, const char *why);

/*
 * The names with workers that look as if they served `name`, and do not: other
 * versions, shorter wildcards. As many as can be seen in MAX_STEPS.
 */
void match_each_passed_over(
    const struct broker *b, const struct service *name, match_fn fn, void *arg);

#endif
