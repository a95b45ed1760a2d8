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
#include "broker/view.h"
#include "lib/frame.h"
#include "lib/wire.h"

struct core;
struct request;

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
	/* A worker's reply or partial reply, before it is sent. May be NULL. */
	void (*on_reply)(struct core *c, const struct request *r,
	    const struct pgt_packet *p);
	/* r is over, answered or not. May be NULL. */
	void (*on_gone)(struct core *c, struct request *r);
	/* The transport refused a partial reply to r. May be NULL. */
	void (*on_unsent)(
	    struct core *c, struct request *r, struct pgt_slice data);
	/*
	 * A line of the trace, once core_listen() was called. Comes in the
	 * midst of anything: core_partial() and core_now() may be called, and
	 * nothing else. May be NULL.
	 */
	void (*on_trace)(struct core *c, int level, const char *line);
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

/*
 * A line of the trace, at TRACE_INFO: words, who sent r, then pairs of key
 * and value, NULL behind the last. At most eight pairs.
 */
void core_note(const struct core *c, const struct request *r,
    const char *words, const char *const *pairs);

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

/* Monotonic ms. */
int64_t core_now(const struct core *c);

/* Which trace levels on_trace() gets: 0 and up to this one; -1: none. */
void core_listen(struct core *c, int level);

/*
 * Publish on the internal channel: text is topic, space, JSON, and copied.
 * 0 or -ENOMEM.
 */
int core_publish(struct core *c, struct pgt_slice text);

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

/* Counters and spreads begin anew. */
void core_reset(struct core *c);

/* Forget the slow log. */
void core_forget_slow(struct core *c);

#endif
