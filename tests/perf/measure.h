/*
 * What is measured and how: the clock, latencies in buckets, and what the
 * kernel says of a process.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

/* Sixty-four buckets to a doubling: no value is off by more than 1.6 %. */
#define MEASURE_SUB	64
#define MEASURE_BUCKETS (60 * MEASURE_SUB)

struct measure_hist {
	uint64_t n, max;
	uint64_t bucket[MEASURE_BUCKETS];
};

void measure_add(struct measure_hist *h, uint64_t ns);

/* The latency that the fraction q of all does not exceed, in microseconds. */
double measure_quantile(const struct measure_hist *h, double q);

/* Monotonic nanoseconds. */
uint64_t measure_now(void);

/* CPU seconds that all threads of a process have used; -1: not known. */
double measure_cpu(int pid);

/* Resident memory of a process in KiB; -1: not known. */
long measure_rss_kb(int pid);

#endif
