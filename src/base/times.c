/* Percentiles are upper bounds: the last span that their bucket may hold. */
#include "base/times.h"

#include <stddef.h>

void
pgt_times_halve(struct pgt_times *t)
{
	for (size_t i = 0; i < PGT_TIMES_BUCKETS; i++)
		t->bucket[i] /= 2;
}

static uint64_t
last_of(unsigned bucket)
{
	if (bucket < 8)
		return bucket;
	if (bucket == PGT_TIMES_BUCKETS - 1)
		return UINT64_MAX;
	return ((UINT64_C(9) + bucket % 8) << (bucket / 8 - 1)) - 1;
}

/* The span that so many thousandths of the n noted ones do not exceed. */
static uint64_t
at_thousandths(const struct pgt_times *t, uint64_t n, uint64_t thousandths)
{
	uint64_t rank = (n * thousandths + 999) / 1000, seen = 0;
	unsigned i = 0;

	while (i < PGT_TIMES_BUCKETS - 1 && (seen += t->bucket[i]) < rank)
		i++;
	return last_of(i) < t->max ? last_of(i) : t->max;
}

struct pgt_times_view
pgt_times_view(const struct pgt_times *t)
{
	struct pgt_times_view v = {0};
	uint64_t n = 0;

	if (t == NULL || t->n == 0)
		return v;
	for (size_t i = 0; i < PGT_TIMES_BUCKETS; i++)
		n += t->bucket[i];
	v.n = t->n;
	v.mean = t->sum / t->n;
	v.p50 = at_thousandths(t, n, 500);
	v.p90 = at_thousandths(t, n, 900);
	v.p99 = at_thousandths(t, n, 990);
	v.p99_9 = at_thousandths(t, n, 999);
	v.max = t->max;
	return v;
}
