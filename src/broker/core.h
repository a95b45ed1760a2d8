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
#include "broker/view.h"
#include "lib/frame.h"
#include "lib/wire.h"

struct core;
struct core_line;
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
	void *arg;	  /* its own, see core_arg() */
	bool admin;	  /* for operators alone: others get "DENIED" */
	/* Before the first event: 0 or a negative errno. Both may be NULL. */
	int (*open)(struct core *c);
	void (*close)(struct core *c);
	/* Answer with core_reply(), now or later. NULL without a name. */
	void (*on_request)(struct core *c, struct request *r);
	/* True: answered by core_reply(), do not dispatch. May be NULL. */
	bool (*answer)(struct core *c, struct request *r);
	/* Would it answer a plain request, now? Changes nothing. May be NULL.
	 */
	bool (*would_answer)(
	    const struct core *c, struct pgt_slice name, struct pgt_slice data);
	/* A worker's reply or partial reply, before it is sent. May be NULL. */
	void (*on_reply)(
	    struct core *c, struct request *r, const struct pgt_packet *p);
	/* r, which asks for its name, is over, answered or not. May be NULL. */
	void (*on_gone)(struct core *c, struct request *r);
	/* The request that has h is over: h is the service's again. */
	void (*on_end)(struct core *c, struct core_hold *h);
	/* The transport refused a partial reply to r. May be NULL. */
	void (*on_unsent)(
	    struct core *c, struct request *r, struct pgt_slice data);
	/*
	 * A line of the trace, once core_listen() was called. Comes in the
	 * midst of anything: core_line_text(), core_partial() and core_now()
	 * may be called, and nothing else. May be NULL.
	 */
	void (*on_trace)(struct core *c, int level, struct core_line *line);
	/* t has fired. NULL without timers. */
	void (*on_timer)(struct core *c, struct core_timer *t);
	/* core_conf() may say something else now. May be NULL. */
	void (*on_conf)(struct core *c);
	/* What it has counted begins anew. May be NULL. */
	void (*on_reset)(struct core *c);
	/* Fills in its part of what is counted as a whole. May be NULL. */
	void (*look)(const struct core *c, struct core_overview *o);
	/* For tests: aborts unless all that it keeps agrees. May be NULL. */
	void (*check)(const struct core *c);
	/* "$dir": the workers changed. May be NULL. */
	void (*on_notice)(struct core *c, const char *topic);
};

/* What the service keeps between calls; its own. */
void core_set_state(struct core *c, void *state);
void *core_state(const struct core *c);

/* What its ops have as `arg`. */
void *core_arg(const struct core *c);

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

/* r, of any name, is to be answered later by c, and waits with it. */
void core_adopt(struct core *c, struct request *r);

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
 * A line of the trace, at TRACE_INFO: words, who sent r, then pairs of key
 * and value, NULL behind the last. At most eight pairs.
 */
void core_note(const struct core *c, const struct request *r, const char *words,
    const char *const *pairs);

/*
 * The final reply to r, which is over then. status "0" or "-1"; data is
 * shared. 0, or -ENOMEM and the request is left to expire.
 */
int core_reply(struct core *c, struct request *r, const char *status,
    struct pgt_frame *data);

/* A partial reply to r; data is shared. 0 or -ENOMEM. */
int core_partial(struct core *c, struct request *r, struct pgt_frame *data);

/*
 * r is to go on until its client has not said for heartbeat_liveness heartbeats
 * that it is interested, whatever its timeout.
 */
void core_keep(struct core *c, struct request *r);

/* Which trace levels on_trace() gets: 0 and up to this one; -1: none. */
void core_listen(struct core *c, int level);

/* Written when it is first asked for; borrowed for the call of on_trace(). */
const char *core_line_text(struct core_line *line);

/*
 * Publish on the internal channel: text is topic, space, JSON, and copied.
 * 0 or -ENOMEM.
 */
int core_publish(struct core *c, struct pgt_slice text);

/* The broker's settings; borrowed. */
const struct broker_conf *core_conf(const struct core *c);

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

/* ---- what there is (view.h); nothing of it changes anything ---- */

/* Figures since the last reset, and of now. */
void core_look(const struct core *c, struct core_overview *o);

/* What the shell knows of the process; all of it unknown without a shell. */
void core_process(const struct core *c, struct broker_process *p);

/* False: there is none, and the row is not written. */
bool core_find_worker(
    const struct core *c, struct pgt_slice id, struct core_worker *row);
bool core_find_service(
    const struct core *c, struct pgt_slice name, struct core_service *row);
bool core_find_request(const struct core *c, struct pgt_slice client,
    struct pgt_slice rid, struct core_request *row);

typedef void (*core_see_worker_fn)(void *arg, const struct core_worker *row);
typedef void (*core_see_client_fn)(void *arg, const struct core_client *row);
typedef void (*core_see_request_fn)(void *arg, const struct core_request *row);
typedef void (*core_see_slow_fn)(void *arg, const struct core_slow *row);

/*
 * A few rows, in no order, as pgt_map_scan() has it: begins at 0, returns
 * where to go on, 0 at the end. O(1).
 */
uint64_t core_scan_workers(
    const struct core *c, uint64_t cursor, core_see_worker_fn fn, void *arg);
uint64_t core_scan_clients(
    const struct core *c, uint64_t cursor, core_see_client_fn fn, void *arg);
uint64_t core_scan_requests(
    const struct core *c, uint64_t cursor, core_see_request_fn fn, void *arg);

/*
 * The first name at, or if it says so behind, `at` that begins with prefix.
 * False: there is none.
 */
bool core_next_service(const struct core *c, struct pgt_slice prefix,
    struct pgt_slice at, bool behind, struct core_service *row);

/* The clients of that id: at most one at each port. */
void core_each_client_of(const struct core *c, struct pgt_slice id,
    core_see_client_fn fn, void *arg);

/*
 * At most max: the workers registered under a name, by arrival; the requests
 * at a worker, as given; those that wait for a name, next one first; those
 * that arrived first, as far as can be seen in 10,000 steps.
 */
void core_each_worker_of(const struct core *c, struct pgt_slice service,
    size_t max, core_see_worker_fn fn, void *arg);
void core_each_running(const struct core *c, struct pgt_slice worker,
    size_t max, core_see_request_fn fn, void *arg);
void core_each_waiting(const struct core *c, struct pgt_slice service,
    size_t max, core_see_request_fn fn, void *arg);
void core_each_oldest(
    const struct core *c, size_t max, core_see_request_fn fn, void *arg);

/* The slow log, youngest first, at most max entries. */
void core_each_slow(
    const struct core *c, size_t max, core_see_slow_fn fn, void *arg);

typedef void (*core_see_route_fn)(void *arg, const struct core_route_row *row);

/*
 * Who would get what is asked for: *answer, then fn for each worker and each
 * name that looks as if it served, at most max of each. 0; -ENOENT: there is
 * no such request; -ENOMEM.
 */
int core_route(const struct core *c, const struct core_route_ask *ask,
    size_t max, struct core_route *answer, core_see_route_fn fn, void *arg);

/* ---- interventions ---- */

/* 0, or -ENOENT: there is no such worker. */
int core_kill_worker(struct core *c, struct pgt_slice id);
int core_drain_worker(struct core *c, struct pgt_slice id);

/* 0; -EINVAL: it is built in; -ENOMEM. */
int core_pause(struct core *c, struct pgt_slice service);
int core_resume(struct core *c, struct pgt_slice service);

/* 0, or -ENOENT: no such request, or one at a built-in service. */
int core_cancel(struct core *c, struct pgt_slice client, struct pgt_slice rid);

/* As EV_DRAIN. */
void core_drain(struct core *c);

/* Counters and spreads begin anew. */
void core_reset(struct core *c);

/* Forget the slow log. */
void core_forget_slow(struct core *c);

#endif
