/*
 * Libhdr_histogram where there is one. Debian 12 has none: then buckets of
 * the same layout, 2048 to the first power of two and 1024 to each further
 * one, so that figures of the two are the same: tests/interop/hist asks both.
 */
#include "config.h"

#include "bench/hist.h"

#include <stdlib.h>

#ifdef HAVE_HDR_HISTOGRAM
#include <hdr/hdr_histogram.h>
#endif

#define MAX_NS ((INT64_C(1) << 42) - 1) /* 73 minutes */

struct hist {
	uint64_t n, sum;
	int64_t min, max;
	struct buckets *buckets;
};

#ifdef HAVE_HDR_HISTOGRAM

const char hist_name[] = "libhdr_histogram";

#define DIGITS 3

static struct buckets *
buckets_new(void)
{
	struct hdr_histogram *h;

	if (hdr_init(1, MAX_NS, DIGITS, &h) != 0)
		return NULL;
	return (struct buckets *)h;
}

static void
buckets_free(struct buckets *b)
{
	hdr_close((struct hdr_histogram *)b);
}

static void
buckets_add(struct buckets *b, int64_t ns)
{
	hdr_record_value((struct hdr_histogram *)b, ns);
}

static void
buckets_merge(struct buckets *b, const struct buckets *from)
{
	hdr_add((struct hdr_histogram *)b, (const struct hdr_histogram *)from);
}

static int64_t
buckets_at(const struct buckets *b, double percent, uint64_t n)
{
	(void)n;
	return hdr_value_at_percentile(
	    (const struct hdr_histogram *)b, percent);
}

#else

const char hist_name[] = "built in";

#define HALF_BITS 10
#define HALF	  ((size_t)1 << HALF_BITS)
#define N_BUCKETS (HALF * (42 - HALF_BITS + 1))

struct buckets {
	uint64_t count[N_BUCKETS];
};

static struct buckets *
buckets_new(void)
{
	return calloc(1, sizeof(struct buckets));
}

static void
buckets_free(struct buckets *b)
{
	free(b);
}

/* How far to shift v for it to have eleven bits, or fewer if it is small. */
static unsigned
shift_of(uint64_t v)
{
	return 63U - (unsigned)__builtin_clzll(v | HALF) - HALF_BITS;
}

static void
buckets_add(struct buckets *b, int64_t ns)
{
	unsigned shift = shift_of((uint64_t)ns);

	b->count[shift * HALF + ((uint64_t)ns >> shift)]++;
}

static void
buckets_merge(struct buckets *b, const struct buckets *from)
{
	for (size_t i = 0; i < N_BUCKETS; i++)
		b->count[i] += from->count[i];
}

/* The greatest value of a bucket. */
static int64_t
greatest_of(size_t i)
{
	size_t shift = i < 2 * HALF ? 0 : i / HALF - 1;

	return (int64_t)(((i - shift * HALF + 1) << shift) - 1);
}

static int64_t
buckets_at(const struct buckets *b, double percent, uint64_t n)
{
	uint64_t want = (uint64_t)(percent / 100 * (double)n + 0.5), seen = 0;

	for (size_t i = 0; i < N_BUCKETS; i++) {
		seen += b->count[i];
		if (seen > 0 && seen >= want)
			return greatest_of(i);
	}
	return 0;
}

#endif

struct hist *
hist_new(void)
{
	struct hist *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->buckets = buckets_new();
	if (h->buckets == NULL) {
		free(h);
		return NULL;
	}
	h->min = INT64_MAX;
	return h;
}

void
hist_free(struct hist *h)
{
	if (h == NULL)
		return;
	buckets_free(h->buckets);
	free(h);
}

void
hist_add(struct hist *h, int64_t ns)
{
	if (ns < 0)
		ns = 0;
	if (ns > MAX_NS)
		ns = MAX_NS;
	h->n++;
	h->sum += (uint64_t)ns;
	if (ns < h->min)
		h->min = ns;
	if (ns > h->max)
		h->max = ns;
	buckets_add(h->buckets, ns);
}

void
hist_merge(struct hist *h, const struct hist *from)
{
	h->n += from->n;
	h->sum += from->sum;
	if (from->min < h->min)
		h->min = from->min;
	if (from->max > h->max)
		h->max = from->max;
	buckets_merge(h->buckets, from->buckets);
}

uint64_t
hist_count(const struct hist *h)
{
	return h->n;
}

int64_t
hist_min(const struct hist *h)
{
	return h->n == 0 ? 0 : h->min;
}

int64_t
hist_max(const struct hist *h)
{
	return h->max;
}

double
hist_mean(const struct hist *h)
{
	return h->n == 0 ? 0 : (double)h->sum / (double)h->n;
}

/* A bucket's greatest value may be beyond all that are in it. */
int64_t
hist_at(const struct hist *h, double percent)
{
	int64_t v = h->n == 0 ? 0 : buckets_at(h->buckets, percent, h->n);

	if (v < h->min)
		v = hist_min(h);
	return v < h->max ? v : h->max;
}
