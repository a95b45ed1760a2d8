/*
 * The broker's private structs on one page: broker, client, service, worker,
 * request, and what ties them together. Included in src/broker only.
 *
 * A request is in exactly one list, which `list` names: a service's queue,
 * parked, held or paused, a target's queue or held, a worker's running or
 * ghosts, a run's joined, a core service's requests.
 */
#ifndef BROKER_STATE_H
#define BROKER_STATE_H

#include <stddef.h>
#include <sys/queue.h>

#include "base/heap.h"
#include "base/index.h"
#include "base/map.h"
#include "base/rand.h"
#include "base/timer.h"
#include "broker/broker.h"
#include "broker/core.h"
#include "lib/opts.h"

/* Names and clients that nothing refers to, kept for their next request. */
#define MAX_IDLE 4096
/* Ghosts of a worker; beyond them the oldest is forgotten. */
#define MAX_GHOSTS 10000
/* Bytes before the * of a wildcard. */
#define MAX_WILDCARD 1024
/* Parked requests looked at, and names tried in vain, when a slot is free. */
#define MAX_LOOKS 16
/* Steps from the end of a list in search of a request's place. */
#define MAX_STEPS 1000
/* Timers served in one step: a million expiries do not stall the loop. */
#define MAX_TIMERS 1000
/* Bytes of names that nothing refers to, but for the last one. */
#define MAX_IDLE_BYTES (UINT64_C(1) << 20)
/* Between two warnings that requests are refused, two words of a drain. */
#define REFUSED_TELL_MS 10000
#define DRAIN_TELL_MS	5000
/* Spare effects kept for the next ones. */
#define MAX_SPARE_EFFECTS 1024

enum timer_kind { T_WORKER, T_REQUEST, T_NOTICE, T_DRAIN, T_CORE };

TAILQ_HEAD(request_list, request);
TAILQ_HEAD(worker_list, worker);
TAILQ_HEAD(service_list, service);
TAILQ_HEAD(client_list, client);
TAILQ_HEAD(edge_list, edge);
TAILQ_HEAD(slow_list, slow);

/* What is counted of a service, of a worker; see figures.h. */
struct figures {
	uint64_t epoch; /* broker.epoch of the last reset that it has seen */
	struct core_counts n;
	struct pgt_times *in_queue, *at_worker; /* NULL: nothing noted */
};

/* Who sends requests; exists while it has some, and a little longer. */
struct client {
	struct pgt_map_node node; /* broker.clients of its port, by id */
	enum broker_port port;
	struct pgt_frame id;
	uint64_t serial;
	int64_t heard_at;	  /* its last request; it may be a worker too */
	size_t n_requests;	  /* ghosts included */
	size_t n_pending;	  /* without them */
	uint64_t n_sent;	  /* so far */
	TAILQ_ENTRY(client) idle; /* broker.idle_clients; no requests */
};

/* Serials of the workers that rejected a request, ascending. */
struct rejects {
	size_t n, cap;
	uint64_t serial[];
};

/* One request at a worker for several equal ones. */
struct run {
	struct pgt_map_node node; /* broker.runs: service, data */
	bool is_open;		  /* in the map: others may join */
	struct request *leader;	  /* waits or runs for all of them */
	struct request_list joined;
};

struct request {
	struct pgt_map_node
	    node; /* broker.requests: client, 0 or worker, rid */
	TAILQ_ENTRY(request) link;
	struct request_list *list; /* the one it is in; NULL: none yet */
	struct pgt_timer timer;	   /* expiry; armed unless it has none */
	uint64_t serial;	   /* ascending in the order of arrival */
	struct client *client;
	struct service *service; /* the name it asks for */
	struct worker *worker;	 /* running at, or ghost of; else NULL */
	struct target *target;	 /* names its worker; else NULL */
	struct run *run;	 /* leads it, or has joined; else NULL */
	struct request *proxy;	 /* running: the ghost that its worker knows it
				    by; of that ghost: the other way round */
	struct core_hold *hold;	 /* a core service's notes; else NULL */
	struct rejects *rejects; /* NULL: nobody */
	struct pgt_msg *tail;	 /* further frames; NULL: none */
	struct pgt_frame rid, data, opts;
	int64_t heard_at;   /* last sign of life */
	int64_t timeout_ms; /* -1: none */
	int64_t arrived_us;
	int64_t since_us; /* given, or come to wait */
	int64_t queue_us; /* how long it has waited before */
	int64_t busy_us;  /* … and has been with workers that lost it */
	uint32_t n_attempts;
	uint64_t size;	 /* as room.c has it; a ghost's is 0 */
	uint64_t n_owed; /* a ghost's: late final replies still to come */
	bool has_opts;	 /* the frame was there */
	bool retry, nocache, failfast, coalesce;
	bool had_partials;
	bool is_gapped;	 /* a partial reply could not be delivered */
	bool is_kept;	 /* lives by its client's interest; see core_keep() */
	bool is_adopted; /* waits with a core service, for no worker */
	bool is_mapped;	 /* in broker.requests */
	bool is_waiting; /* for a worker; accounted as such by room.c */
	bool is_ghost;	 /* expired at its worker; swallows the late reply */
};

struct worker {
	struct pgt_map_node node; /* broker.workers, by id */
	struct pgt_frame id;
	uint64_t serial; /* never used again: a reject is for it alone */
	struct service *service;   /* registered under */
	TAILQ_ENTRY(worker) link;  /* service.workers, or .leaving */
	TAILQ_ENTRY(worker) aside; /* while a policy passes it over */
	struct pgt_heap_node free; /* service.free_workers, if it has a slot */
	struct pgt_timer timer;	   /* next heartbeat, or death */
	struct target *target;	   /* requests that name it; NULL: none */
	struct request_list running, ghosts;
	size_t n_running, n_ghosts;
	int64_t concurrency; /* -1: no limit */
	int64_t heard_at;
	int64_t beat_at;   /* our next heartbeat to it */
	uint64_t n_served; /* requests given to it so far */
	uint64_t given_at; /* broker.n_given when it last got one; 0: never */
	int64_t ready_at;
	struct figures figures;
	bool is_unreachable; /* gets nothing until it is heard again */
	bool is_draining;    /* in service.leaving: goes when it has none */
};

/* Requests that wait for one worker, by its id, present or not. */
struct target {
	struct pgt_map_node node; /* broker.targets */
	char *id;
	size_t n_id;
	struct worker *worker; /* NULL: not present */
	struct request_list queue;
	struct request_list held; /* rejected by that worker, or not its name */
	struct request *returned; /* in queue: the last that came back */
	size_t n_requests;	  /* those that run included */
	size_t n_running;	  /* of them */
};

/* Has a name requests that wait? At most what its lists say; see dispatch.c. */
enum waits { WAITS_NOT, WAITS_HUNGRY, WAITS_ASIDE };

/* `server` has workers and may serve requests for `name`. */
struct edge {
	struct service *name, *server;
	TAILQ_ENTRY(edge) pool;	   /* name.pool */
	TAILQ_ENTRY(edge) watch;   /* server.watchers */
	TAILQ_ENTRY(edge) waiting; /* server.hungry or aside, by name.waits */
};

/* A name: requests ask for it, workers register under it, or both. */
struct service {
	struct pgt_map_node node;     /* broker.services */
	struct pgt_map_node wildcard; /* broker.wildcards, by prefix */
	struct pgt_index_node index;  /* broker.names */
	struct pgt_frame name;
	struct core *core;	     /* answers instead of workers; else NULL */
	struct request_list queue;   /* first come, first served */
	struct request *returned;    /* in queue: the last that came back */
	struct request_list parked;  /* rejected by who is free, not by all */
	struct request *next_parked; /* where the last look ended, or NULL */
	struct request_list held;    /* rejected by all who are present */
	struct request_list paused;  /* they name a worker, and must wait */
	size_t n_requests; /* that ask for this name, wherever they are */
	size_t n_running, n_ghosts;	   /* of them */
	uint64_t n_waiting, waiting_bytes; /* … and have no worker */
	enum waits waits;   /* what its edges tell those who may serve it */
	bool is_dirty;	    /* in broker.dirty */
	bool is_paused;	    /* its requests wait, whoever is free */
	bool coalesces;	    /* by the settings */
	uint64_t marked_at; /* newest request that is old, if it is there */
	uint64_t held_at;   /* newest worker when held was last looked at */
	TAILQ_ENTRY(service) dirty;
	TAILQ_ENTRY(service) idle; /* broker.idle_services; of no use now */
	bool is_idle;
	struct edge_list pool;	   /* who may serve this name */
	struct edge_list watchers; /* names whose pool this one is in */
	struct edge_list hungry; /* … with requests that any of us may take */
	struct edge_list aside;	 /* … with none but rejected ones */
	struct worker_list workers;
	struct worker_list leaving; /* draining: they serve nobody new */
	size_t n_workers, n_leaving;
	struct figures figures;
	struct pgt_heap
	    free_workers; /* those with a slot, by the policy's key */
};

struct policy {
	const char *name;
	/* The free worker with the least key stands on top. */
	uint64_t (*key)(const struct worker *w);
	/* A worker with a slot that r may go to, or NULL. */
	struct worker *(*pick)(
	    struct broker *b, struct service *s, const struct request *r);
};

struct core {
	const struct core_ops *ops;
	struct broker *b;
	struct service *service; /* NULL: takes no requests */
	void *state;
	struct request_list requests; /* not yet answered */
	TAILQ_ENTRY(core) link;
};

/* An entry of the slow log: the texts stand behind it. */
struct slow {
	TAILQ_ENTRY(slow) link;
	struct core_slow view;
	char text[];
};
/* Late: past its timeout, ending what is left. */
enum drain { DRAIN_NOT, DRAIN_ON, DRAIN_LATE };

struct broker {
	struct broker_conf conf;
	const struct policy *policy;
	int trace_level; /* lines up to it are written; -1: none */
	int heard_level; /* … by core services */
	struct broker_stats stats;
	struct broker_stats stats_at_reset;
	uint64_t epoch; /* how many resets there were */
	bool has_begun; /* there was an event, and the time is known */
	int64_t reset_at;
	struct figures figures; /* in all; of n only the spreads are used */
	struct core_loop loop;
	struct slow_list slow; /* oldest first */
	struct pgt_rand rand;
	struct pgt_timers timers;
	struct pgt_timer notice; /* armed: the workers changed */
	struct pgt_timer drain_timer;
	struct pgt_map clients[BROKER_N_PORTS];
	struct pgt_map services, workers, requests, targets;
	struct pgt_map wildcards; /* services that have workers */
	struct pgt_map runs;	  /* those that may be joined */
	struct pgt_index names;	  /* services in order */
	struct pgt_opts_seen opts_seen;
	struct client_list idle_clients; /* longest idle first */
	struct service_list idle_services;
	struct service_list dirty; /* to be dispatched before the step ends */
	size_t n_idle_clients, n_idle_services;
	size_t n_admin_requests; /* of clients at PORT_ADMIN, ghosts included */
	size_t n_idle_bytes;	 /* of the names of idle services */
	size_t n_kept;		 /* requests that live by core_keep() */
	TAILQ_HEAD(, core) cores;
	uint64_t version;   /* of the directory: changes of workers, from 1 */
	size_t n_answering; /* cores that may answer before dispatch */
	size_t n_core_timers;
	struct effect *first, **last, *spare;
	size_t n_spare;
	int64_t now, now_us; /* the same instant */
	enum drain drain;
	int64_t drain_at;	 /* when it began */
	int64_t tell_refused_at; /* not before; see on_client.c */
	int64_t grace_until;	 /* we slept: nobody is declared lost before */
	uint64_t last_serial, n_given;
	uint64_t marked_at; /* as a service's, of them all */
};

#endif
