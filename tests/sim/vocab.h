/*
 * What the peers of the simulator say: service names, options, data. The
 * meaning of each option text stands beside it, so that the model need not
 * trust the code under test to read it.
 */
#ifndef SIM_VOCAB_H
#define SIM_VOCAB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* A request's options frame. */
struct vocab_request {
	const char *text;   /* NULL: the frame is absent */
	int64_t timeout_ms; /* 0: not given */
	bool retry, failfast, nocache;
	const char *worker; /* workerId, or NULL */
};

/* The options frame of a worker's heartbeat. */
struct vocab_worker {
	const char *text;
	bool has_concurrency, update;
	int64_t concurrency;
};

extern const struct vocab_request vocab_requests[];
extern const size_t vocab_n_requests;
extern const struct vocab_worker vocab_workers[];
extern const size_t vocab_n_workers;

/* Options frames of replies; how long they let it be kept. */
extern const char *const vocab_replies[];
extern const size_t vocab_n_replies;
int64_t vocab_find_ttl(struct pgt_slice text);

/* Names to register under, names to ask for, texts to ask $dir with. */
extern const char *const vocab_servers[], *const vocab_names[];
extern const char *const vocab_dir[];
extern const size_t vocab_n_servers, vocab_n_names, vocab_n_dir;

/* The row that says text, or the one that says nothing. */
const struct vocab_request *vocab_find_request(struct pgt_slice text);
const struct vocab_worker *vocab_find_worker(struct pgt_slice text);

/* How a worker registered under server may serve a request for name. */
enum vocab_serves {
	SERVES_NOT,
	SERVES_ITSELF,
	SERVES_VERSION,
	SERVES_PREFIX, /* a wildcard; the longest one is to be preferred */
};

/* PROTOCOL 4, read once more. */
enum vocab_serves vocab_serves(struct pgt_slice server, struct pgt_slice name);

#endif
