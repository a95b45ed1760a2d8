/*
 * The broker's face: all that outsiders see. A state machine: events go in,
 * effects come out, and nothing here knows a socket, a clock, a file or a
 * source of chance. Same seed and same events give the same trace and the
 * same effects. One thread.
 */
#ifndef BROKER_H
#define BROKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "broker/view.h"
#include "lib/msg.h"
#include "lib/wire.h"

struct broker;
struct core_ops; /* core.h: a core service */

/*
 * Where a message comes in and its answer goes out. Peers of one id at two
 * ports are strangers. Workers are at the public one.
 */
enum broker_port {
	PORT_PUBLIC,
	PORT_ADMIN, /* for operators: administrative core services */
	BROKER_N_PORTS
};

enum trace_level {
	TRACE_WARN,  /* a peer broke the protocol; we coped */
	TRACE_INFO,  /* a worker came or went */
	TRACE_DEBUG, /* every other decision */
};

/*
 * One line for a decision, without a line end: a fixed text, then key=value,
 * ids escaped. Borrowed for the call, which must not call the broker.
 */
typedef void (*broker_trace_fn)(
    void *arg, enum trace_level level, const char *line);

/* Fills in what it knows. Must not call the broker. */
typedef void (*broker_process_fn)(void *arg, struct broker_process *p);
/* Of the reply cache (PROTOCOL 7). */
struct broker_cache_conf {
	bool is_on;
	int64_t max_memory; /* bytes, of all that is kept */
	int64_t max_entry;  /* bytes, of one reply with its request's data */
	int64_t max_ttl_ms; /* cuts what workers say; -1: no limit */
	bool notices;	    /* publish what is stored, expires, is evicted */
};

struct broker_conf {
	int64_t heartbeat_ms;	     /* to each worker, at least 1 */
	int64_t heartbeat_liveness;  /* intervals of silence that kill */
	int64_t default_timeout_ms;  /* of requests that give none; -1: none */
	int64_t max_timeout_ms;	     /* cuts longer ones; -1: no limit */
	int64_t default_concurrency; /* of workers that give none; -1: none */
	/* For new requests; PROTOCOL 8. 0 or less: no limit. */
	int64_t max_clients;	   /* with requests that are not over */
	int64_t max_queue;	   /* requests that wait for a worker */
	int64_t max_queue_bytes;   /* of them */
	int64_t max_service_queue; /* those for one name */
	int64_t max_service_queue_bytes;
	int64_t max_memory;	  /* bytes of all that are not over */
	int64_t drain_timeout_ms; /* from EV_DRAIN to the end; -1: none */
	const char *dispatch;	  /* a policy's name: load, rand, rr */
	struct broker_cache_conf cache;
	char *const *coalesce; /* names, or prefix*; NULL where there is none */
	size_t n_coalesce;
	bool external_core;    /* may workers serve names that begin with $? */
	bool admin_everywhere; /* administrative core services at any port */
	int64_t slowlog_time_ms;   /* of a request that is slow; -1: no such */
	int64_t slowlog_bytes;	   /* of one that is large; -1: no such */
	int64_t slowlog_max;	   /* entries that are kept */
	broker_process_fn process; /* NULL: nothing is known of it */
	void *process_arg;
	broker_trace_fn trace; /* NULL: no trace */
	void *trace_arg;
	enum trace_level trace_level; /* the least important one wanted */
};

/*
 * What a request is taken to occupy beside the bytes of its frames, its
 * client's id and its name among them. Measured with libzmq 4.3 and glibc on 64
 * bits: 400 to 1400, the more the fewer are of one client and for one name.
 */
#define BROKER_REQUEST_OVERHEAD 1024

enum event_type {
	EV_MESSAGE, /* a decoded message, malformed ones included */
	EV_TIME,    /* a deadline has come, or nothing at all */
	EV_UNSENT,  /* an FX_SEND that the transport refused */
	EV_CONF,    /* new settings */
	EV_DRAIN,   /* no new requests; see broker_is_drained() */
	EV_TURN,    /* a turn of the caller's loop is over */
	EV_STOP,    /* say good-bye to the workers */
};

struct event {
	enum event_type type;
	int64_t now;		   /* monotonic ms, never less than before */
	int64_t now_us;		   /* the same instant; 0: as exact as now is */
	struct pgt_packet *packet; /* EV_MESSAGE, its port set; what is wanted
				      is moved out */
	struct effect *effect;	   /* EV_UNSENT; its message is whole */
	const struct broker_conf *conf; /* EV_CONF; copied */
	int64_t turn_us;		/* EV_TURN: what it took */
	uint64_t n_messages;		/* … and how many it had */
	bool is_full;			/* … as many as a turn may have */
};

enum effect_type {
	FX_SEND,    /* msg, its first frame the routing id of the receiver */
	FX_PUBLISH, /* msg, one frame, on the internal channel */
};

struct effect {
	enum effect_type type;
	enum broker_port port; /* FX_SEND */
	struct pgt_msg msg;
	struct effect *next; /* the outbox's */
};

/*
 * Gives a broker, NULL for want of memory. conf is copied; its dispatch must
 * be the name of a policy. The seed should not be known to peers.
 */
struct broker *broker_new(const struct broker_conf *conf, uint64_t seed);
void broker_free(struct broker *b);

/* Is there a dispatch policy of that name? */
bool broker_knows_policy(const char *name);

/*
 * Add a core service, before the first event. Its name is held against
 * workers. 0 or a negative errno.
 */
int broker_add_core(struct broker *b, const struct core_ops *ops);

/*
 * One event. The caller clears the event's message afterwards in any case,
 * and carries out the effects in their order.
 */
void broker_step(struct broker *b, struct event *ev);

/* Was there an EV_DRAIN, or did an operator ask for one? */
bool broker_is_draining(const struct broker *b);

/* … and is no request left? */
bool broker_is_drained(const struct broker *b);

/* When the next timer is due, monotonic ms; -1: never. */
int64_t broker_deadline(const struct broker *b);

/*
 * The oldest effect not yet taken, or NULL. Taken by the caller, who returns
 * it by broker_return_effect() once it is carried out (or has come back as
 * EV_UNSENT); that releases what is left of its message.
 */
struct effect *broker_next_effect(struct broker *b);
void broker_return_effect(struct broker *b, struct effect *fx);

/* Counters and figures; borrowed, valid until the next step. */
const struct broker_stats *broker_stats(struct broker *b);

/*
 * For tests: aborts unless every table, list and count agrees with every
 * other. O(everything).
 */
void broker_check(const struct broker *b);

#endif
