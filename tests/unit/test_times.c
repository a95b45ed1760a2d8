/* Spreads of times against a sorted array. */
#include "base/times.h"

#include <stdlib.h>

#include "base/rand.h"
#include "check.h"

static void
test_nothing_noted(void)
{
	static const struct pgt_times t;
	struct pgt_times_view v = pgt_times_view(&t);

	CHECK(v.n == 0 && v.mean == 0 && v.p50 == 0 && v.p99_9 == 0);
	v = pgt_times_view(NULL);
	CHECK(v.n == 0 && v.max == 0);
}

static void
test_one_span_is_all_percentiles(void)
{
	static const uint64_t spans[] = {0, 1, 7, 8, 9, 100, 1000, 123456789,
	    UINT64_C(1) << 36, (UINT64_C(1) << 36) - 1, UINT64_C(1) << 62};

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		struct pgt_times t = {0};
		struct pgt_times_view v;

		pgt_times_add(&t, spans[i]);
		v = pgt_times_view(&t);
		CHECK_INT(v.n, 1);
		CHECK(v.mean == spans[i] && v.max == spans[i]);
		CHECK(v.p50 == spans[i] && v.p99_9 == spans[i]);
	}
}

/* Buckets follow each other without a gap, and none is too wide. */
static void
test_buckets_are_at_most_an_eighth_wide(void)
{
	unsigned bucket, before = 0;
	uint64_t first = 0;

	for (uint64_t span = 0; span < 100000; span++) {
		bucket = pgt_times_bucket_of(span);
		CHECK(bucket == before || bucket == before + 1);
		if (bucket != before)
			first = span;
		CHECK(span - first <= first / 8);
		before = bucket;
	}
	CHECK_INT(pgt_times_bucket_of((UINT64_C(1) << 36) - 1),
	    PGT_TIMES_BUCKETS - 1);
	CHECK_INT(pgt_times_bucket_of(UINT64_MAX), PGT_TIMES_BUCKETS - 1);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
check_at(uint64_t got, const uint64_t *sorted, size_t n, size_t thousandths)
{
	uint64_t want = sorted[(n * thousandths + 999) / 1000 - 1];

	CHECK(got >= want);
	CHECK(got <= want + want / 8);
}

static void
test_percentiles_of_many(void)
{
	enum { N = 20000 };
	static uint64_t spans[N];
	struct pgt_times t = {0};
	struct pgt_times_view v;
	struct pgt_rand r;
	uint64_t sum = 0;

	pgt_rand_init(&r, 4);
	for (size_t i = 0; i < N; i++) {
		spans[i] = pgt_rand_next(&r) >> (30 + pgt_rand_below(&r, 30));
		sum += spans[i];
		pgt_times_add(&t, spans[i]);
	}
	qsort(spans, N, sizeof(spans[0]), compare);
	v = pgt_times_view(&t);
	CHECK_INT(v.n, N);
	CHECK(v.mean == sum / N && v.max == spans[N - 1]);
	check_at(v.p50, spans, N, 500);
	check_at(v.p90, spans, N, 900);
	check_at(v.p99, spans, N, 990);
	check_at(v.p99_9, spans, N, 999);
}

/* A bucket that is full does not begin at 0 again. */
static void
test_more_than_a_bucket_counts(void)
{
	struct pgt_times t = {.n = UINT32_MAX, .sum = UINT32_MAX, .max = 1};
	struct pgt_times_view v;

	t.bucket[1] = UINT32_MAX;
	pgt_times_add(&t, 1);
	CHECK(t.n == UINT64_C(1) + UINT32_MAX);
	CHECK(t.bucket[1] == UINT32_MAX / 2 + 1);
	pgt_times_add(&t, 1000);
	v = pgt_times_view(&t);
	CHECK(v.p50 == 1 && v.p99_9 == 1 && v.max == 1000);
}

static const struct check_test tests[] = {
    {test_nothing_noted, "nothing noted: all is 0"},
    {test_one_span_is_all_percentiles, "one span is all percentiles"},
    {test_buckets_are_at_most_an_eighth_wide,
	"buckets are at most an eighth wide"},
    {test_percentiles_of_many, "percentiles against a sorted array"},
    {test_more_than_a_bucket_counts, "more than a bucket counts"},
};

CHECK_MAIN(tests)
