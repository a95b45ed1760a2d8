/*
 * How spans of time are spread, in bounded memory: a histogram with eight
 * buckets to each power of two, so that what is read off it is at most an
 * eighth too high. To note a span costs no search; counts that would not fit
 * are halved, all of them, and the percentiles stay what they were.
 */
#ifndef PGT_TIMES_H
#define PGT_TIMES_H

#include <stdint.h>

/* The last bucket takes whatever is more than 2^36 µs, 19 hours. */
#define PGT_TIMES_BUCKETS 272

/* Zeroed memory is an empty one. */
struct pgt_times {
	uint64_t n, sum, max;
	uint32_t bucket[PGT_TIMES_BUCKETS];
};

/* What is told of it; all 0 where n is. */
struct pgt_times_view {
	uint64_t n, mean, p50, p90, p99, p99_9, max;
};

/* Makes room in a bucket that is full. */
void pgt_times_halve(struct pgt_times *t);

static inline unsigned
pgt_times_bucket_of(uint64_t span)
{
	unsigned log;

	if (span < 8)
		return (unsigned)span;
	if (span >> 36 != 0)
		return PGT_TIMES_BUCKETS - 1;
	log = 63U - (unsigned)__builtin_clzll(span);
	return (log - 2) * 8 + (unsigned)(span >> (log - 3) & 7);
}

static inline void
pgt_times_add(struct pgt_times *t, uint64_t span)
{
	uint32_t *n = &t->bucket[pgt_times_bucket_of(span)];

	if (*n == UINT32_MAX)
		pgt_times_halve(t);
	++*n;
	t->n++;
	t->sum += span;
	if (span > t->max)
		t->max = span;
}

/* t may be NULL: an empty one. */
struct pgt_times_view pgt_times_view(const struct pgt_times *t);

#endif
