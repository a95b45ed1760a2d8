/* Buckets are linear within a doubling: an index is shift and top bits. */
#include "measure.h"

#include <stdio.h>
#include <time.h>

static unsigned
bucket_of(uint64_t v)
{
	unsigned shift = 0;

	while (v >> shift >= 2 * MEASURE_SUB)
		shift++;
	return shift * MEASURE_SUB + (unsigned)(v >> shift);
}

static uint64_t
value_of(unsigned bucket)
{
	unsigned shift = 0;

	if (bucket >= 2 * MEASURE_SUB)
		shift = bucket / MEASURE_SUB - 1;
	return (uint64_t)(bucket - shift * MEASURE_SUB) << shift;
}

void
measure_add(struct measure_hist *h, uint64_t ns)
{
	unsigned i = bucket_of(ns);

	h->bucket[i < MEASURE_BUCKETS ? i : MEASURE_BUCKETS - 1]++;
	h->n++;
	if (ns > h->max)
		h->max = ns;
}

double
measure_quantile(const struct measure_hist *h, double q)
{
	uint64_t want = (uint64_t)(q * (double)h->n + 0.5), seen = 0;

	for (unsigned i = 0; i < MEASURE_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= want && seen > 0)
			return (double)value_of(i) / 1e3;
	}
	return (double)h->max / 1e3;
}

uint64_t
measure_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

double
measure_cpu(int pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) != 0)
		return -1;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

long
measure_rss_kb(int pid)
{
	char path[64], line[256];
	long v = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmRSS: %ld", &v) == 1)
			break;
	fclose(f);
	return v;
}
