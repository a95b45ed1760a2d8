/* The clock of all measurements. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_NS_PER_S INT64_C(1000000000)

/* Monotonic nanoseconds. */
static inline int64_t
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * CLOCK_NS_PER_S + ts.tv_nsec;
}

/* Nanoseconds of so many seconds. */
static inline int64_t
clock_ns(double seconds)
{
	return (int64_t)(seconds * (double)CLOCK_NS_PER_S);
}

static inline double
clock_seconds(int64_t ns)
{
	return (double)ns / (double)CLOCK_NS_PER_S;
}

#endif
