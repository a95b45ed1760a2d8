/* Requests: from arrival to the final reply, or to expiry. */
#ifndef BROKER_REQUEST_H
#define BROKER_REQUEST_H

#include "broker/state.h"

/* The request of that client, or NULL. Not for ghosts. */
struct request *request_find(
    const struct broker *b, const struct client *c, struct pgt_slice rid);

/*
 * The request that w runs and calls by that client's id and rid, or NULL: a
 * worker knows no ports. One that has a proxy is called by the ghost's name.
 */
struct request *request_find_at(const struct broker *b, struct pgt_slice client,
    struct pgt_slice rid, const struct worker *w);

/* The request of that rid of a client of that id, at whatever port, or NULL. */
struct request *request_find_anywhere(
    const struct broker *b, struct pgt_slice client, struct pgt_slice rid);

/*
 * Has the client of c's id at another port one of that rid? To a worker both
 * would be the same.
 */
bool request_is_elsewhere(
    const struct broker *b, const struct client *c, struct pgt_slice rid);

/*
 * A request of c for s: moves rid, data, opts and tail out of p. In no list
 * yet; its expiry runs. 0, or -EEXIST (the client has one of that rid) or
 * -ENOMEM, and p is as it was.
 */
int request_new(struct broker *b, struct client *c, struct service *s,
    struct pgt_packet *p, const struct pgt_request_opts *o,
    struct request **out);

/* Unlinks it from everything. */
void request_free(struct broker *b, struct request *r);

/* It keeps its name, and no bytes but those. */
void request_drop_payload(struct request *r);

/* It runs at w from now on, or (NULL) at none. Not for ghosts. */
void request_set_worker(struct broker *b, struct request *r, struct worker *w);

/* Into that list, at its tail, and out of the one it was in. */
void request_move_last(struct request *r, struct request_list *to);

/*
 * To the front of `to`, which is its service's or target's queue, but behind
 * its elders there. One step for each of a series in the order of arrival, or
 * against it.
 */
void request_move_back(
    struct request *r, struct request_list *to, struct request **returned);

/* To the end of `to`, which is no queue, but before its juniors there. */
void request_move_aside(struct request *r, struct request_list *to);

/*
 * Did r come before its service, or all, were marked? Then what it gets is not
 * for those that came later.
 */
bool request_is_old(const struct broker *b, const struct request *r);

/* Final reply -1 with that JSON text, and the request is over. */
void request_fail(struct broker *b, struct request *r, const char *json);

/* The same because of a drain, counted. */
void request_refuse(struct broker *b, struct request *r);

/* Its worker is lost, and nobody else may have it: it fails. */
void request_lose(struct broker *b, struct request *r);

#endif
