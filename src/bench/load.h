/*
 * One client of the load, in a thread of its own. The thread's client, data
 * and tally are its alone while it runs; what others look at is atomic.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/conf.h"
#include "bench/data.h"
#include "bench/tally.h"
#include "lib/pigato.h"

/* When what is to be done; the same for all clients. */
struct schedule {
	int64_t start_at, measure_at;
	int64_t until;	     /* nothing is sent from then on */
	int64_t give_up_at;  /* open loop: what was not sent yet never is */
	atomic_bool is_over; /* somebody is tired of it */
	atomic_int n_running;
	int wake_fd; /* readable when the last client has finished */
};

struct load;
struct slot;
struct slots;

/* When requests are sent: a closed loop, an open loop, or waves. */
struct pace {
	/*
	 * Sends what is due. Returns when it wants to be asked again, or
	 * INT64_MAX: when a request has ended.
	 */
	int64_t (*tick)(struct load *l, int64_t now);

	/* A request has ended. */
	void (*on_end)(struct load *l, int64_t now);
};

struct load {
	const struct conf *conf;
	struct schedule *schedule;
	const struct pace *pace;
	int64_t index; /* of the client */
	struct pigato_client *client;
	struct pigato_request_opts opts;
	struct data data;
	struct slots *slots;
	pthread_t thread;

	uint64_t n_begun;   /* requests, sent or refused by the library */
	uint64_t left;	    /* measured ones yet to begin, if they count */
	uint64_t in_flight; /* begun and not ended */
	int64_t heard_at;   /* any reply */
	bool is_broken;	    /* the library refuses requests */
	struct tally tally;

	/* For the line each second. */
	atomic_ullong live_replies, live_ns, live_in_flight, live_bad;
};

/*
 * A client that is connecting already. 0; or a negative enum pigato_error,
 * and nothing is left.
 */
int load_open(struct load *l, const struct conf *conf,
    struct schedule *schedule, int64_t index);
void load_close(struct load *l);

/* Its thread, which ends by itself. 0 or a negative errno. */
int load_start(struct load *l);

/* Replies that came behind final ones; to be asked when its thread has ended.
 */
uint64_t load_count_doubled(struct load *l);

/* ---- for the paces ---- */

extern const struct pace pace_closed, pace_open, pace_waves;

/* Is a request that is due at an instant to be sent at all? */
bool load_wants(const struct load *l, int64_t at);

/* Send one whose latency counts from an instant. */
void load_send(struct load *l, int64_t from);

#endif
