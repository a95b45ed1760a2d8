/*
 * A plain model of the reply cache: arrays, and one list in the order of use.
 * It stands beside a broker, sees all its mail, and fails the test under way
 * when the broker says something else than it.
 */
#ifndef SIM_CACHE_MODEL_H
#define SIM_CACHE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rand.h"
#include "broker/broker.h"

#define N_SERVICES 24
#define N_DATA	   400
#define N_KEYS	   (N_SERVICES * N_DATA)
#define N_WAITING  40
#define MAX_PARTS  4
#define NOBODY	   N_KEYS /* head of the list */

/* What the reply of that number says is made of the number. */
struct entry {
	uint64_t reply; /* 0: none is kept */
	int64_t dies_at;
	size_t next, prev; /* least recently used first */
};

struct waiting {
	size_t key;
	uint64_t number; /* of its rid; 0: free */
	bool is_old;	 /* a flush has come since */
};

struct model {
	struct broker *b;
	struct broker_conf conf;
	struct pgt_rand rand;
	int64_t now;
	uint64_t n_steps, last;
	struct entry keys[N_KEYS + 1];
	size_t n_kept;
	struct waiting waiting[N_WAITING];
	uint64_t hits, misses, stored, evicted, expired, flushed;
	/* of the step under way */
	uint64_t evicted_now;
	size_t n_partials;
	bool is_given, is_answered;
	char status;	     /* of the answer */
	size_t n_data;	     /* of the answer */
	const char *data_at; /* where it lay */
	char data[4096];     /* its beginning */
};

extern struct model model;

uint64_t model_below(uint64_t n);

/* Nothing is kept for that key any more; and: is anything, now? */
void model_drop(size_t key);
bool model_is_kept(size_t key);

/* A key's request data; its length. At most 99 bytes. */
size_t model_write_data(char *text, size_t key);

/* One event, and all mail of it. */
void model_step(struct event *ev);

/* All that are due. */
void model_serve_timers(void);

/* "PEER FRAME …", no frame with blanks; % stands for data, . for none. */
void model_tell(const char *line, const char *data, size_t n_data);

/* The client asks for a key under that rid. */
void model_ask(size_t key, uint64_t number, const char *opts);

/*
 * The worker replies, with the next number, to be kept so long. is_old: a
 * flush has come since it was asked.
 */
void model_reply(size_t key, uint64_t number, int64_t ttl_ms, bool is_old);

/* The client was answered by what is kept for that key. */
void model_check_answer(size_t key);

#endif
