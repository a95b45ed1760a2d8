/*
 * What can be seen of the broker: figures, and rows for lists. Slices and
 * pointers in them are borrowed, for the call or until the next step.
 */
#ifndef BROKER_VIEW_H
#define BROKER_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/times.h"

/* Figures since the start, and, behind them, of what there is now. */
struct broker_stats {
	uint64_t requests, replies, partials, rejects, retries;
	uint64_t expired, lost, no_worker, duplicates;
	uint64_t denied;	 /* requests for what is the operators' */
	uint64_t served, errors; /* of replies: the workers'; not of status 0 */
	uint64_t returned;	 /* refused by the transport for their worker */
	uint64_t cancelled;
	uint64_t in_bytes, out_bytes; /* data to and from workers' services */
	uint64_t late;	    /* replies to what had expired, swallowed */
	uint64_t malformed; /* messages of clients and strangers, dropped */
	uint64_t protocol_errors; /* workers disconnected for */
	uint64_t unsent;	  /* refused by the transport, dropped */
	uint64_t undelivered; /* … among them replies and partial replies */
	uint64_t coalesced;   /* requests that joined an equal one */
	uint64_t no_memory;   /* messages dropped for want of memory */
	uint64_t busy;	      /* requests refused for a limit */
	uint64_t draining;    /* … for a drain, or ended by it */
	uint64_t new_clients, registered, gone, silent, killed, drained;
	uint64_t published, published_bytes;
	uint64_t slow; /* requests that got into the slow log */
	uint64_t turns, full_turns;
	/* what there is now: these come last */
	uint64_t n_clients, n_workers, n_services, n_requests, n_ghosts;
	uint64_t n_running; /* of n_requests: at workers */
	uint64_t n_draining, n_unreachable;
	uint64_t n_paused;  /* services */
	uint64_t n_served;  /* names with workers */
	uint64_t n_asking;  /* clients with requests that are not over */
	uint64_t n_waiting; /* requests that no worker has */
	uint64_t waiting_bytes, held_bytes; /* of those; of all, PROTOCOL 8 */
	uint64_t n_idle_clients, n_idle_services;
	uint64_t n_times;	       /* bytes of spreads of times */
	uint64_t n_slow, n_slow_bytes; /* entries of the slow log */
	uint64_t n_spare;	       /* effects */
};

/* PROTOCOL 11.3, of a service or of a worker. */
struct core_counts {
	uint64_t requests, served, errors, rejects, retries, returned;
	uint64_t lost, expired, no_worker, cancelled;
	uint64_t in_bytes, out_bytes;
};

/* Of the loop, as EV_TURN told it, and of the timers. */
struct core_loop {
	struct pgt_times turn_us, messages, late_us;
};

/* PROTOCOL 7.3, of the reply cache. */
struct core_cache_counts {
	uint64_t hits, misses, stored, expired, evicted, flushed, refused;
};

struct core_cache {
	struct core_cache_counts n;
	uint64_t n_entries, n_bytes;			/* now */
	int64_t max_bytes, max_entry_bytes, max_ttl_ms; /* settings */
	bool is_on;
};

/* All that is counted as a whole. */
struct core_overview {
	struct broker_stats stats;
	bool has_cache;
	struct core_cache cache;
	const struct pgt_times *in_queue, *at_worker; /* NULL: nothing noted */
	const struct core_loop *loop;
	const char *dispatch; /* the policy */
	bool is_draining;     /* PROTOCOL 8.3 */
	int64_t reset_ms;     /* since the reset */
	uint64_t version;     /* of the directory */
};

struct core_worker {
	struct pgt_slice id, service;
	const char *state; /* PROTOCOL 11.4 */
	int64_t concurrency, registered_ms, silent_ms;
	uint64_t n_running, n_waiting, n_ghosts;
	struct core_counts n;
	const struct pgt_times *at_worker; /* NULL: nothing noted */
};

struct core_service {
	struct pgt_slice name;
	bool is_core, is_paused;
	uint64_t n_workers, n_pool, n_draining, n_waiting, n_running;
	struct core_counts n;
	const struct pgt_times *in_queue, *at_worker;
};

struct core_client {
	struct pgt_slice id;
	uint64_t n_requests, n_sent;
	int64_t idle_ms;
	bool is_worker, is_admin; /* admin: at the operators' port */
};

struct core_request {
	struct pgt_slice client, rid, service;
	struct pgt_slice worker;    /* that has it, or that it names */
	bool has_worker, is_target; /* there is one; it names it */
	bool is_running, is_core;   /* at a worker; at a built-in service */
	bool is_admin;		    /* of a client at the operators' port */
	const char *state;	    /* PROTOCOL 11.4 */
	int64_t age_ms, state_ms;
	int64_t expires_ms; /* -1: never */
	int64_t timeout_ms; /* -1: none */
	uint64_t n_attempts, n_rejects, n_bytes;
	bool retry, failfast, nocache, had_partials;
};

/* An entry of the slow log. */
struct core_slow {
	uint64_t number, n_attempts, in_bytes, out_bytes;
	int64_t ended_us; /* the broker's clock */
	int64_t ago_ms, queue_us, worker_us;
	const char *end;
	struct pgt_slice client, rid, service, worker;
};

/* PROTOCOL 11.5: a service, perhaps a workerId, or a pending request. */
struct core_route_ask {
	struct pgt_slice service, worker, client, rid, data;
	bool has_worker, has_request, has_data;
};

struct core_route {
	struct pgt_slice service, worker;
	bool is_core, is_paused, has_worker, is_cut; /* cut: there are more */
	bool is_kept; /* a core service would answer, as the cache does */
	const char *dispatch;
	uint64_t n_waiting;
};

/* Of a worker, or (n_workers > 0) of a name. */
struct core_route_row {
	struct pgt_slice worker, service;
	const char *why;
	uint64_t n_running, n_workers;
	int64_t concurrency;
};

/* What the shell knows of the process. Unknown: -1, NULL. */
struct broker_process {
	const char *name, *version;
	const char *const *bind;
	uint64_t n_binds;
	int64_t pid, started_at_s, now_at_s, uptime_ms;
	int64_t rss_bytes, cpu_user_us, cpu_system_us;
	int64_t open_files, max_open_files;
};

#endif
