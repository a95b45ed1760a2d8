/*
 * Latencies in nanoseconds, kept to three significant digits up to more than
 * an hour; longer ones count as that. Least, greatest and mean are exact.
 */
#ifndef BENCH_HIST_H
#define BENCH_HIST_H

#include <stdint.h>

struct hist;

/* "libhdr_histogram" or "built in": whose buckets these are. */
extern const char hist_name[];

struct hist *hist_new(void);
void hist_free(struct hist *h);

void hist_add(struct hist *h, int64_t ns);

/* All that is in from is in h as well afterwards. */
void hist_merge(struct hist *h, const struct hist *from);

uint64_t hist_count(const struct hist *h);

/* Nanoseconds; 0 of an empty one. */
int64_t hist_min(const struct hist *h);
int64_t hist_max(const struct hist *h);
double hist_mean(const struct hist *h);

/* What so many percent of all, 0 to 100, do not exceed. */
int64_t hist_at(const struct hist *h, double percent);

#endif
