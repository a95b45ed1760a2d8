/*
 * libpigato-client: clients and workers for pigatod, and for any broker that
 * speaks PIGATO. The wire is in PROTOCOL.md; sections named here are its.
 *
 * No threads of its own, no signals, no global state. A handle may be used by
 * one thread at a time, and two handles by two threads at once. Each handle
 * has one descriptor to wait for and a time until it wants to be looked at;
 * pigato_*_process() does what is due and calls back. So it fits any event
 * loop; on top of that there are blocking forms.
 *
 * Functions that return int give 0 or a negative enum pigato_error; those
 * that give a pointer give NULL for want of memory. Anything may be called
 * inside a callback, also pigato_*_free() of the handle that calls back; what
 * waits or processes is refused there by PIGATO_ERR_STATE.
 *
 * Data is JSON text (section 1), passed on as it is and never parsed, unless
 * a function whose name ends in _json is asked to: it takes or gives a value
 * of jansson, to be included by the caller. Sizes are in bytes, times in
 * milliseconds.
 */
#ifndef PIGATO_H
#define PIGATO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct json_t; /* jansson's */

struct pigato_client;
struct pigato_request; /* of a client, in flight */
struct pigato_worker;
struct pigato_reply; /* of a worker, to a request it has taken */

#define PIGATO_DEFAULT_ENDPOINT "tcp://127.0.0.1:55555"

/* ---- errors ---- */

enum pigato_error {
	PIGATO_OK = 0,
	PIGATO_ERR_TIMEOUT = -1,      /* nothing heard in time (section 2) */
	PIGATO_ERR_NO_WORKER = -2,    /* failfast, and nobody serves it */
	PIGATO_ERR_WORKER_LOST = -3,  /* … while it had the request */
	PIGATO_ERR_PARTIAL_LOST = -4, /* the stream has a gap */
	PIGATO_ERR_REJECTED = -5,     /* by all who could serve it */
	PIGATO_ERR_DENIED = -6,	      /* the broker does not let us */
	PIGATO_ERR_BUSY = -7,	      /* the broker has too much to do */
	PIGATO_ERR_DRAINING = -8,     /* the broker takes no new requests */
	PIGATO_ERR_NO_BROKER = -9,    /* none answers, or ours was lost */
	PIGATO_ERR_PROTOCOL = -10,    /* the other side breaks the protocol */
	PIGATO_ERR_CANCELLED = -11,   /* by us, or by the broker's operator */
	PIGATO_ERR_REMOTE = -12,      /* the worker's own: see the data */
	PIGATO_ERR_NOMEM = -13,
	PIGATO_ERR_INVALID = -14, /* an argument nobody can make sense of */
	PIGATO_ERR_STATE = -15,	  /* not now: not started, ended already */
	PIGATO_ERR_SYSTEM = -16	  /* libzmq or the system; see errno */
};

/* An error in a few words, never NULL; of no known one as well. */
const char *pigato_strerror(int error);

/* An error's name, "TIMEOUT" for PIGATO_ERR_TIMEOUT; "UNKNOWN" at worst. */
const char *pigato_error_name(int error);

/* "0.1.0": of the library that runs, not of this header. */
const char *pigato_version(void);

/* ---- both handles ---- */

/*
 * NULL where a handle with these endpoints can be started; else what is wrong
 * with them, a few words for people. Only the text is looked at.
 */
const char *pigato_check_endpoints(const char *endpoints);

/* What happens to a handle. error is PIGATO_OK but for PIGATO_ON_ERROR. */
enum pigato_event {
	PIGATO_ON_START = 1,	  /* pigato_*_start() */
	PIGATO_ON_STOP = 2,	  /* pigato_*_stop() */
	PIGATO_ON_CONNECT = 3,	  /* endpoint has answered */
	PIGATO_ON_DISCONNECT = 4, /* endpoint has been silent, or gone */
	PIGATO_ON_ERROR = 5	  /* something went wrong beside any request */
};

/* endpoint: which broker; NULL for start and stop. Borrowed. */
typedef void (*pigato_client_event_fn)(struct pigato_client *c,
    enum pigato_event event, const char *endpoint, int error, void *arg);
typedef void (*pigato_worker_event_fn)(struct pigato_worker *w,
    enum pigato_event event, const char *endpoint, int error, void *arg);

/* Which of several brokers a client asks. */
enum pigato_policy {
	PIGATO_FAILOVER = 0, /* the first in the list that answers */
	PIGATO_SPREAD = 1    /* each in turn, of those that answer */
};

/* ---- client: life ---- */

/*
 * A client of the brokers at endpoints, separated by commas; NULL: the one
 * at PIGATO_DEFAULT_ENDPOINT. Nothing is connected yet.
 */
struct pigato_client *pigato_client_new(const char *endpoints);

/*
 * Stops, and frees. Requests in flight end with PIGATO_ERR_CANCELLED, told
 * before this returns. It waits for a second at most until what was sent
 * before has left. Takes NULL.
 */
void pigato_client_free(struct pigato_client *c);

/* Before start; PIGATO_ERR_STATE afterwards. The text is copied. */
int pigato_client_set_prefix(struct pigato_client *c, const char *prefix);
int pigato_client_set_policy(
    struct pigato_client *c, enum pigato_policy policy);

/*
 * Interval of our heartbeats (default 2500, 10 to 3600000), and after how
 * many of a broker's silence it is left (default 3, 1 to 1000). Before start.
 */
int pigato_client_set_heartbeat(
    struct pigato_client *c, int64_t interval_ms, int liveness);

/* Default timeout of requests: 60000; -1: none. */
int pigato_client_set_timeout(struct pigato_client *c, int64_t timeout_ms);

/* Does a first request start the client? Default: yes. */
int pigato_client_set_autostart(struct pigato_client *c, bool on);

/* fn NULL: nobody wants to know. */
void pigato_client_on_event(
    struct pigato_client *c, pigato_client_event_fn fn, void *arg);

/* What the caller likes to find again with the handle. */
void pigato_client_set_data(struct pigato_client *c, void *data);
void *pigato_client_data(const struct pigato_client *c);

/*
 * Begin and end to talk. Both may be called again and again; each start makes
 * a new id, by which brokers know us. Stop ends the requests in flight with
 * PIGATO_ERR_CANCELLED. PIGATO_ERR_INVALID: an endpoint makes no sense, see
 * pigato_check_endpoints(); PIGATO_ERR_SYSTEM, errno EMFILE: there are too
 * few descriptors, of which it takes some 10 and 4 for each broker.
 */
int pigato_client_start(struct pigato_client *c);
void pigato_client_stop(struct pigato_client *c);

/* Has a broker answered, and is none of what is used silent? */
bool pigato_client_is_connected(const struct pigato_client *c);

/* ---- client: loop ---- */

/*
 * A descriptor that is readable (POLLIN) when there is something to process;
 * the same from new to free. It is not to be read, written or closed. -1 and
 * PIGATO_ERR_SYSTEM's errno where the system has none left.
 */
int pigato_client_fd(const struct pigato_client *c);

/* Milliseconds until process wants to be called all the same; -1: never. */
int pigato_client_timeout(const struct pigato_client *c);

/*
 * Takes what has arrived, serves what is due, calls back. Never blocks. To be
 * called after poll() in any case, and after a request has been sent outside
 * of a callback the timeout is to be asked for anew.
 */
int pigato_client_process(struct pigato_client *c);

/* Process until nothing is in flight or timeout_ms are over (-1: none). */
int pigato_client_wait(struct pigato_client *c, int64_t timeout_ms);

/* ---- client: requests ---- */

/* To be begun with PIGATO_REQUEST_OPTS, so that it may grow. */
struct pigato_request_opts {
	size_t size;	       /* of this struct: who compiled it */
	int64_t timeout_ms;    /* 0: the client's; -1: none */
	bool retry;	       /* again if its worker or broker is lost */
	bool nocache;	       /* not from the reply cache */
	bool failfast;	       /* rather NO_WORKER than to wait for one */
	bool heartbeat;	       /* tell its worker that we are still there */
	const char *worker_id; /* for that worker alone; NULL: any */
	bool coalesce;	       /* an equal request that waits will do */
};
#define PIGATO_REQUEST_OPTS                                                    \
	{                                                                      \
		sizeof(struct pigato_request_opts), 0, false, false, false,    \
		    false, NULL, false                                         \
	}

/* What comes of a request. Borrowed for the callback, but see below. */
struct pigato_response;

/*
 * Called for each partial reply, then once for the end, which is a final
 * reply or an error; then r is gone.
 */
typedef void (*pigato_response_fn)(struct pigato_request *r,
    const struct pigato_response *response, void *arg);

/*
 * Send data, size bytes of JSON, to the service. It is copied; NULL: null.
 * opts NULL: none. 0, and the request is in *r if r is not NULL, borrowed
 * until its end; an error, and fn is not called.
 *
 * While no broker answers it waits to be sent, and ends with
 * PIGATO_ERR_NO_BROKER when its timeout is over. If its connection is lost, it
 * is sent again with retry, to whichever broker answers, under the same id;
 * without retry it waits for its broker to come back, and ends with
 * PIGATO_ERR_NO_BROKER when that has been silent for too long, or at once if it
 * has no timeout. A stream that has begun is never sent again: it ends with
 * PIGATO_ERR_PARTIAL_LOST when its connection is lost.
 */
int pigato_client_request(struct pigato_client *c, const char *service,
    const char *data, size_t size, const struct pigato_request_opts *opts,
    pigato_response_fn fn, void *arg, struct pigato_request **r);

/* The same with a value of jansson, borrowed; NULL: null. */
int pigato_client_request_json(struct pigato_client *c, const char *service,
    const struct json_t *data, const struct pigato_request_opts *opts,
    pigato_response_fn fn, void *arg, struct pigato_request **r);

/* Requests that have not ended yet. */
size_t pigato_client_in_flight(const struct pigato_client *c);

/* Its uuid; borrowed. Names it in the logs of broker and worker. */
const char *pigato_request_id(const struct pigato_request *r);

/*
 * Tells the broker, and by it the worker, that we still want it.
 * PIGATO_ERR_NO_BROKER: it is at none now; PIGATO_ERR_BUSY: no room to send;
 * PIGATO_ERR_STATE: it has ended.
 */
int pigato_request_heartbeat(struct pigato_request *r);

/*
 * Ends it with PIGATO_ERR_CANCELLED, told before this returns. The worker is
 * not told (PIGATO has no word for it); what it replies is dropped.
 */
void pigato_request_cancel(struct pigato_request *r);

/* ---- client: counters ---- */

/*
 * What a client has done, and what has come, since it was made. To be begun
 * with PIGATO_CLIENT_COUNTERS, so that it may grow.
 *
 * A request that has ended is remembered until some thousands more have ended;
 * then a reply to it is stray. Where sent is more than requests some were sent
 * again, so that two workers may have replied, by rights: doubled or late.
 */
struct pigato_client_counters {
	size_t size;	   /* of this struct: who compiled it */
	uint64_t requests; /* that pigato_client_request() has taken */
	uint64_t sent;	   /* … to a broker; again counts again */
	uint64_t replies;  /* final ones, also of errors, called back with */
	uint64_t partials; /* partial ones, called back with */
	uint64_t doubled;  /* any, to a request that had its final one */
	uint64_t late;	   /* … that had ended without, or left that broker */
	uint64_t stray;	   /* … that is not known */
	uint64_t malformed;   /* messages nobody can make sense of */
	uint64_t connects;    /* brokers that have answered, each time */
	uint64_t disconnects; /* … and were lost, each time */
};
#define PIGATO_CLIENT_COUNTERS                                                 \
	{                                                                      \
		sizeof(struct pigato_client_counters), 0, 0, 0, 0, 0, 0, 0, 0, \
		    0, 0                                                       \
	}

/* Fills in counters. PIGATO_ERR_INVALID: its size is none. */
int pigato_client_counters(
    const struct pigato_client *c, struct pigato_client_counters *counters);

/* ---- client: responses ---- */

/* PIGATO_OK: a reply, partial or final. */
int pigato_response_error(const struct pigato_response *response);
bool pigato_response_is_final(const struct pigato_response *response);

/*
 * The data: of a reply, or the worker's description of an error; "" and 0
 * where there is none. Ended by a zero that *size does not count; size may be
 * NULL. Borrowed until the response is over; copied when it is asked for
 * first, which may fail: NULL.
 */
const char *pigato_response_data(
    const struct pigato_response *response, size_t *size);

/* The same parsed; gives a reference. NULL: no JSON, or no memory. */
struct json_t *pigato_response_json(const struct pigato_response *response);

/* Keep it beyond the callback; to be given back. Shares the data. */
struct pigato_response *pigato_response_keep(
    const struct pigato_response *response);
void pigato_response_free(struct pigato_response *response);

/* ---- client: blocking and pulling ---- */

/*
 * Send a request and wait for its end, serving all else meanwhile. Partial
 * replies are dropped. 0 or the error; *response, if it is not NULL, gets
 * what came, to be freed, or NULL. Not inside a callback of the same client:
 * PIGATO_ERR_STATE.
 */
int pigato_client_call(struct pigato_client *c, const char *service,
    const char *data, size_t size, const struct pigato_request_opts *opts,
    struct pigato_response **response);
int pigato_client_call_json(struct pigato_client *c, const char *service,
    const struct json_t *data, const struct pigato_request_opts *opts,
    struct json_t **reply);

/* A request whose responses are taken one by one. */
struct pigato_stream;

int pigato_stream_open(struct pigato_stream **s, struct pigato_client *c,
    const char *service, const char *data, size_t size,
    const struct pigato_request_opts *opts);

/*
 * The next response, to be freed; waits for at most timeout_ms (-1: as long
 * as it takes, 0: not at all). 0: there is one, a partial or the final reply;
 * PIGATO_ERR_TIMEOUT and *response NULL: not in that time, ask again;
 * PIGATO_ERR_STATE: there was an end before; any other error is the request's
 * end, as it is in *response, with the worker's description if it is his. So a
 * request that has timed out itself gives PIGATO_ERR_TIMEOUT and a *response.
 *
 * What is not taken is kept in memory. A stream outlives its client.
 */
int pigato_stream_next(struct pigato_stream *s, int64_t timeout_ms,
    struct pigato_response **response);

/* Cancels what is still in flight. Takes NULL. */
void pigato_stream_close(struct pigato_stream *s);

/* ---- worker: life ---- */

/*
 * A worker for service (section 4: literal, prefix*, name@1.2.3), at all the
 * brokers of endpoints; NULL: PIGATO_DEFAULT_ENDPOINT.
 */
struct pigato_worker *pigato_worker_new(
    const char *endpoints, const char *service);

/*
 * Stops, and frees. Reply handles that are left may be freed only. It waits
 * for a second at most until what was said last has left. Takes NULL.
 */
void pigato_worker_free(struct pigato_worker *w);

/* As with clients. */
int pigato_worker_set_prefix(struct pigato_worker *w, const char *prefix);
int pigato_worker_set_heartbeat(
    struct pigato_worker *w, int64_t interval_ms, int liveness);
void pigato_worker_on_event(
    struct pigato_worker *w, pigato_worker_event_fn fn, void *arg);
void pigato_worker_set_data(struct pigato_worker *w, void *data);
void *pigato_worker_data(const struct pigato_worker *w);

/*
 * Requests at once, from each broker: default 100; -1 no limit, 0 none. At
 * any time. The broker is told at once; what it has sent already, and is too
 * much, waits in the worker.
 */
int pigato_worker_set_concurrency(struct pigato_worker *w, int64_t n);

/*
 * A request has come. data is not ended by a zero; it is borrowed until rep
 * is freed. rep is the callback's: it may be kept, and must be freed by
 * pigato_reply_free().
 */
typedef void (*pigato_request_fn)(struct pigato_worker *w,
    struct pigato_reply *rep, const char *data, size_t size, void *arg);

/* Before start, which is PIGATO_ERR_STATE without it. */
int pigato_worker_on_request(
    struct pigato_worker *w, pigato_request_fn fn, void *arg);

/*
 * Start registers, and again whenever a broker was gone, or has said W 5;
 * PIGATO_ON_CONNECT and _DISCONNECT tell of that. Stop says good-bye at once:
 * what was in flight is given to another worker, or lost.
 */
int pigato_worker_start(struct pigato_worker *w);
void pigato_worker_stop(struct pigato_worker *w);

/*
 * Take no more requests, finish those in flight, leave; what comes meanwhile
 * is rejected. When all that was said has been read by the brokers
 * PIGATO_ON_STOP is told and pigato_worker_run() returns. Until then start is
 * PIGATO_ERR_STATE; stop ends it at once.
 */
int pigato_worker_drain(struct pigato_worker *w);

/* Is it registered with a broker? */
bool pigato_worker_is_connected(const struct pigato_worker *w);

/*
 * Do all its brokers refuse it? PIGATO_ON_ERROR tells of each, once it has
 * refused some times in a row, by PIGATO_ERR_DENIED. It goes on asking.
 */
bool pigato_worker_is_denied(const struct pigato_worker *w);

/* Requests taken and not yet ended. */
size_t pigato_worker_in_flight(const struct pigato_worker *w);

/* The id brokers know it by, for workerId; borrowed. Set by start. */
const char *pigato_worker_id(const struct pigato_worker *w);

/* ---- worker: loop ---- */

/* As with clients; a reply outside of a callback may change the timeout. */
int pigato_worker_fd(const struct pigato_worker *w);
int pigato_worker_timeout(const struct pigato_worker *w);
int pigato_worker_process(struct pigato_worker *w);

/* Starts if need be, and processes until it is stopped or drained. */
int pigato_worker_run(struct pigato_worker *w);

/* ---- worker: replies ---- */

/*
 * All but free: PIGATO_ERR_STATE once it was ended or rejected, or its worker
 * was freed; PIGATO_ERR_NO_BROKER where its broker was lost since, also if it
 * is back: it has been told that the request must be done by another. Data is
 * JSON text and copied; NULL is null. What cannot leave yet waits, in order.
 */
int pigato_reply_write(struct pigato_reply *rep, const char *data, size_t size);
int pigato_reply_end(struct pigato_reply *rep, const char *data, size_t size);
int pigato_reply_error(struct pigato_reply *rep, const char *data, size_t size);
int pigato_reply_reject(struct pigato_reply *rep);

int pigato_reply_write_json(
    struct pigato_reply *rep, const struct json_t *data);
int pigato_reply_end_json(struct pigato_reply *rep, const struct json_t *data);

/* An error whose description is text, made a JSON text of. */
int pigato_reply_error_text(struct pigato_reply *rep, const char *text);

/* Tells the broker that the worker is alive: for those who block long. */
int pigato_reply_heartbeat(struct pigato_reply *rep);

/*
 * Reply option cache (section 7): the final reply may be kept that long.
 * Before the end. 0: not at all.
 */
int pigato_reply_set_cache(struct pigato_reply *rep, int64_t ms);

/* Does its client still wait, as far as we know: not ended, broker there. */
bool pigato_reply_is_active(const struct pigato_reply *rep);
bool pigato_reply_is_ended(const struct pigato_reply *rep);

/*
 * The name the client asked for, its id, the request's id. Ended by a zero
 * that *size does not count; size may be NULL.
 */
const char *pigato_reply_service(const struct pigato_reply *rep, size_t *size);
const char *pigato_reply_client_id(
    const struct pigato_reply *rep, size_t *size);
const char *pigato_reply_request_id(
    const struct pigato_reply *rep, size_t *size);

/* When the client was heard last by pigato_request_heartbeat(); -1: never. */
int64_t pigato_reply_heard_ms_ago(const struct pigato_reply *rep);

/* The request's data, parsed; gives a reference. NULL: no JSON, no memory. */
struct json_t *pigato_reply_json(const struct pigato_reply *rep);

/* For the caller. */
void pigato_reply_set_data(struct pigato_reply *rep, void *data);
void *pigato_reply_data(const struct pigato_reply *rep);

/* Rejects it if it was not ended, and frees. Takes NULL. */
void pigato_reply_free(struct pigato_reply *rep);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
