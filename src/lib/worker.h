/*
 * The private structs of a worker on one page; worker*.c and reply*.c see it,
 * nobody else.
 *
 * The rules are a client's (client.h): nobody holds a place in a list across
 * a call back, a held worker is freed by the last pgt_worker_release(), and
 * what a message changes is changed before anybody is told.
 *
 * A reply handle is the program's, so it may outlive its broker, and its
 * worker too. While it has a post something can be said; after that it is in
 * the worker's list of those that are left, until the program frees it.
 */
#ifndef PGT_WORKER_H
#define PGT_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/container.h"
#include "base/map.h"
#include "lib/links.h"
#include "lib/pigato.h"

TAILQ_HEAD(pgt_replies, pigato_reply);

/* How we stand with a broker. What it says counts from KNOWN on. */
enum pgt_post_state {
	PGT_POST_AWAY,	  /* no connection */
	PGT_POST_ASKED,	  /* READY was sent */
	PGT_POST_REFUSED, /* … and answered by W 5: asked again at ready_at */
	PGT_POST_KNOWN	  /* registered */
};

/* A worker's place at one broker. */
struct pgt_post {
	struct pgt_link *link;
	enum pgt_post_state state;
	bool was_ready;		   /* it may remember us from before */
	bool is_fresh;		   /* … but has nothing more for that one */
	struct pgt_replies open;   /* the program's, to be ended */
	struct pgt_replies parked; /* more than our concurrency: not begun */
	size_t n_open;
	int64_t known_at;
	int64_t ready_at;
	int64_t backoff_ms; /* before the next READY that answers a W 5 */
	unsigned n_refused; /* READYs in a row that a W 5 came to */
	/* Of a drain. */
	bool is_asked;	    /* has it read all that we have said? */
	bool is_dirty;	    /* something was said since */
	unsigned n_unready; /* READYs that were not answered yet */
	unsigned n_beats;   /* heartbeats heard since it was asked */
};

struct pigato_worker {
	struct pgt_links links;
	struct pgt_post *posts; /* one for each link */
	struct pgt_map replies; /* open and parked ones, by post, client, rid */
	struct pgt_replies left; /* handles without a post */
	size_t n_open;		 /* at all posts */
	struct pgt_frame service;
	int64_t concurrency;
	pigato_request_fn on_request;
	void *on_request_arg;
	pigato_worker_event_fn on_event;
	void *on_event_arg;
	void *data;

	bool is_started, is_draining, is_stopping, is_freed;
	bool is_feed_due;     /* parked ones may have a place */
	bool is_leave_due;    /* a drain may be over */
	unsigned n_starts;    /* a call back may have stopped and started */
	unsigned n_holds;     /* somebody is not done with us yet */
	unsigned n_callbacks; /* that we are inside of */
};

struct pigato_reply {
	struct pgt_map_node node;
	TAILQ_ENTRY(pigato_reply) next;
	struct pgt_replies *list;     /* it is in; NULL: its worker is gone */
	struct pigato_worker *worker; /* NULL: gone */
	struct pgt_post *post;	      /* NULL: ended, or the broker is lost */
	bool is_ended;
	int64_t heard_at; /* its client's last heartbeat; -1: none */
	int64_t cache_ms;
	void *user; /* pigato_reply_set_data() */
	struct pgt_frame client, rid, data;
	size_t n_service, n_client, n_rid;
	char text[]; /* the three, each ended by a zero */
};

/* ---- worker.c ---- */

/* From hold to release the worker is there, even if it is freed meanwhile. */
void pgt_worker_hold(struct pigato_worker *w);
void pgt_worker_release(struct pigato_worker *w);

void pgt_worker_tell(struct pigato_worker *w, enum pigato_event event,
    const char *endpoint, int error);

/* ---- worker_post.c ---- */

/* Says hello on a connection that stands, or once more. */
void pgt_post_ready(struct pigato_worker *w, struct pgt_post *post);

/* READY alone: it is registered already, but shall be heard again. */
void pgt_post_again(struct pigato_worker *w, struct pgt_post *post);

/* W 4 with our concurrency. 0 or a negative errno. */
int pgt_post_beat(struct pigato_worker *w, struct pgt_post *post);

/* Says good-bye, if it may know us, and shuts the link. */
void pgt_post_leave(struct pigato_worker *w, struct pgt_post *post);

/* Nobody can answer through it any more: its handles are lost. */
void pgt_post_drop(struct pigato_worker *w, struct pgt_post *post);

/* READY again where it is time. */
void pgt_post_serve(
    struct pigato_worker *w, struct pgt_post *post, int64_t now);

/* Has it refused us so often that it means it? */
bool pgt_post_is_denied(const struct pgt_post *post);

/* What has happened to a link. */
void pgt_worker_on_event(
    struct pigato_worker *w, const struct pgt_link_event *ev);

/* ---- worker_request.c ---- */

/* W 2 has come; moves from p what it keeps. */
void pgt_worker_on_request(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p);

/* W 4 has come: of a client, if it names one. */
void pgt_worker_on_beat(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p);

/* Calls back for those that are parked, as far as there are places. */
void pgt_worker_feed(struct pigato_worker *w);

/* ---- worker_drain.c ---- */

/* Stops the worker where a drain is over. */
void pgt_worker_drain_step(struct pigato_worker *w);

/* A post has said p, which may be an answer to what a drain asks. */
void pgt_post_answered(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p);

/* ---- reply.c ---- */

/*
 * A handle of a request that post has got, parked; moves p's client, rid and
 * data. 0; -EEXIST: we have that one; or -ENOMEM; then p is as it was.
 */
int pgt_reply_new(struct pigato_worker *w, struct pgt_post *post,
    const struct pgt_packet *p, struct pigato_reply **rep);

/* The parked or open one that p is about; NULL: none, or no memory. */
struct pigato_reply *pgt_reply_find(struct pigato_worker *w,
    const struct pgt_post *post, const struct pgt_packet *p);

/* It is the program's from now on. */
void pgt_reply_begin(struct pigato_reply *rep);

/* It has no post any more. */
void pgt_reply_leave(struct pigato_reply *rep);

/* Frees it, whatever it is in. */
void pgt_reply_destroy(struct pigato_reply *rep);

/* ---- reply_send.c ---- */

/* One that was not begun: another worker may have it; destroys it. */
void pgt_reply_give_back(struct pigato_reply *rep);

#endif
