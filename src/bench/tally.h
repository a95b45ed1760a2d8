/* What became of the requests of one client, or of all. */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/hist.h"

#define TALLY_ERRORS 32
#define TALLY_TEXT   240

struct tally {
	uint64_t n_sent; /* ever, warm-up included */

	/* Of those that are measured. */
	uint64_t n_replies, n_partials, n_waves;
	struct hist *latency;
	int64_t last_at;    /* when the last of them was answered */
	int64_t behind_max; /* how late one was sent, open loop */

	/* Of all. */
	uint64_t n_lost, n_doubled, n_wrong, n_unsent;
	uint64_t n_errors, error[TALLY_ERRORS]; /* by -enum pigato_error */
	char first_wrong[TALLY_TEXT];		/* what was wrong with it */
};

/* 0, or -ENOMEM. */
int tally_init(struct tally *t);
void tally_clear(struct tally *t);

void tally_error(struct tally *t, int error);

/* A reply that is not what it should be; the first one is described. */
void tally_wrong(struct tally *t, const char *text, size_t n,
    const char *request, size_t request_n);

void tally_merge(struct tally *t, const struct tally *from);

/* Was each request answered once, and rightly? */
bool tally_is_good(const struct tally *t);

#endif
