/*
 * The private structs of a client on one page; client*.c, request*.c, call.c
 * and stream.c see it, nobody else.
 *
 * Calling back is the rule that shapes all this: whoever is called back may
 * end any request, stop the client and free it. So nobody holds a place in a
 * list across a call back; a client that is held is freed by the last
 * pgt_client_release(), and a request is out of all tables before its end is
 * told.
 */
#ifndef PGT_CLIENT_H
#define PGT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/container.h"
#include "base/map.h"
#include "base/timer.h"
#include "lib/links.h"
#include "lib/pigato.h"
#include "lib/rid.h"

#define PGT_NO_BROKER SIZE_MAX

TAILQ_HEAD(pgt_requests, pigato_request);

struct pigato_client {
	struct pgt_links links;
	struct pgt_timers timers;   /* of requests */
	struct pgt_map requests;    /* in flight, by rid; and the anchor */
	struct pgt_map_node anchor; /* the map makes and frees no memory for a
				       request that comes and goes alone */
	/* Each request in flight is in one of these. */
	struct pgt_requests waiting; /* to be sent, in order */
	struct pgt_requests *sent;   /* one for each link */
	struct pgt_requests doomed;  /* to be ended with their error */

	enum pigato_policy policy;
	size_t turn; /* of PIGATO_SPREAD: the link that is next */
	int64_t timeout_ms;
	bool autostart;
	pigato_client_event_fn on_event;
	void *on_event_arg;
	void *data;

	struct pgt_rids rids;
	struct pigato_client_counters counters;
	bool is_started, is_stopping, is_freed;
	bool is_woken;	      /* who waits need not wait longer */
	bool is_flush_due;    /* there may be a broker for those that wait */
	unsigned n_holds;     /* somebody is not done with us yet */
	unsigned n_callbacks; /* that we are inside of */
	unsigned n_late;      /* rounds in which timers had to wait for mail */
};

struct pigato_request {
	struct pgt_map_node node;
	TAILQ_ENTRY(pigato_request) next;
	struct pgt_requests *list; /* it is in; NULL: it has ended */
	struct pgt_timer timer;
	struct pigato_client *client;
	pigato_response_fn fn;
	void *arg;
	size_t broker;	    /* the link it was sent to; or PGT_NO_BROKER */
	int64_t timeout_ms; /* -1: none */
	int64_t heard_at;   /* last sign of life: sent, or a partial reply */
	int64_t beat_at;    /* next heartbeat of its own; INT64_MAX: none */
	int error;	    /* of the doomed */
	bool retry;
	bool had_partial;
	bool is_replied; /* its end is a final reply */
	struct pgt_rid id;
	/* As they are sent; empty once they will not be sent again. */
	struct pgt_frame service, rid, data, opts;
};

/* ---- client.c ---- */

/* From hold to release the client is there, even if it is freed meanwhile. */
void pgt_client_hold(struct pigato_client *c);
void pgt_client_release(struct pigato_client *c);

void pgt_client_tell(struct pigato_client *c, enum pigato_event event,
    const char *endpoint, int error);

/* ---- client_send.c ---- */

/*
 * Send r, just born, or let it wait behind those that wait already. Those that
 * are sent elsewhere, or again, keep their rid.
 */
void pgt_client_send(struct pigato_client *c, struct pigato_request *r);

/* Has another broker than l answered, that is not about to go? */
bool pgt_client_has_other(
    const struct pigato_client *c, const struct pgt_link *l);

/* Send those that wait, as far as there are brokers and room. */
void pgt_client_flush(struct pigato_client *c);

/* Puts r at the end of a list, whichever it was in. */
void pgt_client_move(struct pigato_request *r, struct pgt_requests *list);

/* C 4, of a request if it is not NULL. 0 or a negative errno. */
int pgt_client_beat(struct pgt_link *l, struct pigato_request *r);

/* ---- client_loop.c ---- */

/* pigato_client_process(), wherever it is called from. */
void pgt_client_process(struct pigato_client *c);

/*
 * Sleep until there is something to process, or until that instant
 * (INT64_MAX: no end), and process it. 0, or a negative errno.
 */
int pgt_client_wait_once(struct pigato_client *c, int64_t until);

/* timeout_ms from now, as an instant. */
int64_t pgt_client_instant(int64_t timeout_ms);

/* ---- client_broker.c ---- */

/* What has happened to a link. */
void pgt_client_on_event(
    struct pigato_client *c, const struct pgt_link_event *ev);

/* ---- request.c ---- */

/* Its timer has gone off. */
void pgt_request_on_timer(struct pigato_request *r, int64_t now);

/* When it wants to hear next. */
void pgt_request_arm(struct pigato_request *r);

/* A reply has come; data may be NULL and is moved. */
void pgt_request_partial(
    struct pigato_request *r, int error, struct pgt_frame *data);

/* The end: r is gone from all tables, then told, then freed. */
void pgt_request_end(
    struct pigato_request *r, int error, struct pgt_frame *data);

/* ---- request_opts.c ---- */

/*
 * What a caller has asked for, with defaults where his struct is shorter than
 * ours. PIGATO_ERR_INVALID where it makes no sense.
 */
int pgt_request_opts_take(
    struct pigato_request_opts *o, const struct pigato_request_opts *from);

/* Their JSON text, into f, which is empty. 0 or an error. */
int pgt_request_opts_write(const struct pigato_request_opts *o,
    int64_t timeout_ms, struct pgt_frame *f);

#endif
