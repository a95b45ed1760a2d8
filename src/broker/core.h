/*
 * Core services: workers without a socket. All that src/services sees of the
 * broker. A service takes the requests for its $name, may answer requests
 * for other names before they are dispatched, sees replies, and hears the
 * internal channel.
 */
#ifndef BROKER_CORE_H
#define BROKER_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/timer.h"
#include "broker/broker.h"
#include "lib/frame.h"
#include "lib/wire.h"

struct core;
struct request;

/* A service's timer; embedded. */
struct core_timer {
	struct pgt_timer timer;
	struct core *core;
};

/* What a service keeps about a request of anybody's; embedded. */
struct core_hold {
	struct core *core;
};

/* One message of an answer: its frames from the status on. */
struct core_part {
	struct core_part *next; /* NULL: the final reply */
	size_t n;
	struct pgt_frame f[];
};

struct core_ops {
	const char *name; /* "$dir"; NULL: takes no requests */
	bool admin;	  /* for operators alone: others get "DENIED" */
	/* Before the first event. 0 or a negative errno. */
	int (*open)(struct core *c);
	void (*close)(struct core *c);
	/* Answer with core_reply(), now or later. NULL without a name. */
	void (*on_request)(struct core *c, struct request *r);
	/* True: answered by core_reply(), do not dispatch. May be NULL. */
	bool (*answer)(struct core *c, struct request *r);
	/* A worker's reply or partial reply, before it is sent. May be NULL. */
	void (*on_reply)(
	    struct core *c, struct request *r, const struct pgt_packet *p);
	/* The request that has h is over: h is the service's again. */
	void (*on_end)(struct core *c, struct core_hold *h);
	/* t has fired. NULL without timers. */
	void (*on_timer)(struct core *c, struct core_timer *t);
	/* core_conf() may say something else now. May be NULL. */
	void (*on_conf)(struct core *c);
	/* For tests: aborts unless all that it keeps agrees. May be NULL. */
	void (*check)(const struct core *c);
	/* "$dir": the workers changed. May be NULL. */
	void (*on_notice)(struct core *c, const char *topic);
};

/* What the service keeps between calls; its own. */
void core_set_state(struct core *c, void *state);
void *core_state(const struct core *c);

/* Borrowed until the request is answered. */
struct pgt_slice core_request_data(const struct request *r);
struct pgt_slice core_request_name(const struct request *r);

/* May who sent r do what only operators may? */
bool core_request_is_admin(const struct core *c, const struct request *r);

/* Does it want to go past the reply cache? */
bool core_request_is_nocache(const struct request *r);

/*
 * Is it for one worker, or has it frames behind its options? Then another with
 * equal data does not mean the same.
 */
bool core_request_is_special(const struct request *r);

/* Has it had partial replies, before the one that is shown? */
bool core_request_had_partials(const struct request *r);

/* Did its client miss a partial reply? */
bool core_request_is_gapped(const struct request *r);

/*
 * Requests for that name, or all, that are there now are old from now on:
 * their replies may be from before what has just happened.
 */
void core_mark(struct core *c, struct pgt_slice name);
void core_mark_all(struct core *c);
bool core_request_is_old(const struct core *c, const struct request *r);

/* dst, not initialised, has r's data for long; see pgt_frame_keep(). */
int core_request_keep_data(struct request *r, struct pgt_frame *dst);

/*
 * r has h, one at the most, until it is over or h is taken back; NULL: has
 * none.
 */
void core_hold(struct core *c, struct request *r, struct core_hold *h);
struct core_hold *core_held(const struct request *r);

/* r, which is to be answered later, waits with c. */
void core_keep(struct core *c, struct request *r);

/*
 * A partial reply to r; its frames are shared. 0, or -ENOMEM and r has a gap
 * if it had partial replies.
 */
int core_send_partial(
    struct core *c, struct request *r, struct core_part *part);

/*
 * The final reply, PARTIAL_LOST if r has a gap; then it is over. Its frames
 * are shared. 0, or -ENOMEM and the request is left to expire.
 */
int core_send_final(struct core *c, struct request *r, struct core_part *part);

/*
 * The final reply to r, which is over then. status "0" or "-1"; data is
 * shared. 0, or -ENOMEM and the request is left to expire.
 */
int core_reply(struct core *c, struct request *r, const char *status,
    struct pgt_frame *data);

/*
 * Publish on the internal channel: text is topic, space, JSON, and copied.
 * 0 or -ENOMEM.
 */
int core_publish(struct core *c, struct pgt_slice text);

/* The broker's settings and figures; borrowed. */
const struct broker_conf *core_conf(const struct core *c);
const struct broker_stats *core_stats(const struct core *c);

/* Sixteen bytes or fewer that no peer knows. */
void core_random(struct core *c, unsigned char *bytes, size_t n);

/* Of the step under way, monotonic ms. */
int64_t core_now(const struct core *c);

/* 0 or -ENOMEM. What is open must be closed before the service is. */
int core_timer_open(struct core *c, struct core_timer *t);
void core_timer_close(struct core_timer *t);

/* on_timer() at that instant, or soon after it. Cannot fail. */
void core_timer_arm(struct core_timer *t, int64_t at);
bool core_timer_is_armed(const struct core_timer *t);

/* Another number, never 0, after each change of the workers. */
uint64_t core_version(const struct core *c);

typedef void (*core_worker_fn)(
    void *arg, struct pgt_slice service, struct pgt_slice id);

/* Every registered worker: services by name, workers by arrival. */
void core_each_worker(const struct core *c, core_worker_fn fn, void *arg);

/*
 * The workers that would serve a request for name. 0, or -ENOMEM and none
 * was told.
 */
int core_each_server(
    struct core *c, struct pgt_slice name, core_worker_fn fn, void *arg);

#endif
