/* Latencies of pigato-benchmark, whosever buckets they are in. */
#include "bench/hist.h"

#include <stdlib.h>

#include "base/rand.h"
#include "check.h"

#define N 100000

static struct hist *
hist(void)
{
	struct hist *h = hist_new();

	CHECK(h != NULL);
	return h;
}

/* To three significant digits, and not less. */
static void
check_about(int64_t got, int64_t want)
{
	CHECK(got >= want);
	CHECK(got <= want + want / 1000 + 1);
}

static void
test_an_empty_one_is_nothing_but_zero(void)
{
	struct hist *h = hist();

	CHECK_INT(hist_count(h), 0);
	CHECK_INT(hist_min(h), 0);
	CHECK_INT(hist_max(h), 0);
	CHECK(hist_mean(h) == 0);
	CHECK_INT(hist_at(h, 99.99), 0);
	hist_free(h);
	hist_free(NULL);
}

static void
test_a_single_one_is_every_percentile(void)
{
	struct hist *h = hist();

	hist_add(h, 123456789);
	CHECK_INT(hist_at(h, 0), 123456789);
	CHECK_INT(hist_at(h, 50), 123456789);
	CHECK_INT(hist_at(h, 100), 123456789);
	CHECK_INT(hist_min(h), 123456789);
	CHECK(hist_mean(h) == 123456789);
	hist_free(h);
}

static void
test_small_ones_are_exact(void)
{
	struct hist *h = hist();

	for (int64_t i = 1; i <= 1000; i++)
		hist_add(h, i);
	CHECK_INT(hist_at(h, 50), 500);
	CHECK_INT(hist_at(h, 99.9), 999);
	CHECK_INT(hist_at(h, 100), 1000);
	hist_free(h);
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* From nanoseconds to minutes, as many of each power of two. */
static void
test_percentiles_are_those_of_a_sorted_list(void)
{
	static const double percent[] = {1, 25, 50, 75, 90, 99, 99.9, 99.99};
	static int64_t all[N];
	struct hist *h = hist();
	struct pgt_rand r;

	pgt_rand_init(&r, 1);
	for (size_t i = 0; i < N; i++) {
		all[i] = (int64_t)(pgt_rand_next(&r) >>
				   (24 + pgt_rand_below(&r, 38)));
		hist_add(h, all[i]);
	}
	qsort(all, N, sizeof(all[0]), compare);
	for (size_t i = 0; i < sizeof(percent) / sizeof(percent[0]); i++)
		check_about(hist_at(h, percent[i]),
		    all[(size_t)(percent[i] / 100 * N + 0.5) - 1]);
	CHECK_INT(hist_min(h), all[0]);
	CHECK_INT(hist_max(h), all[N - 1]);
	CHECK_INT(hist_at(h, 100), all[N - 1]);
	hist_free(h);
}

static void
test_what_is_out_of_range_counts_as_its_end(void)
{
	struct hist *h = hist();

	hist_add(h, -5);
	hist_add(h, INT64_MAX);
	CHECK_INT(hist_count(h), 2);
	CHECK_INT(hist_min(h), 0);
	CHECK(hist_max(h) > INT64_C(3600) * 1000000000);
	hist_free(h);
}

static void
test_two_merged_are_as_one(void)
{
	struct hist *a = hist(), *b = hist(), *both = hist();

	for (int64_t i = 1; i <= 5000; i++) {
		hist_add(i % 3 == 0 ? a : b, i * i);
		hist_add(both, i * i);
	}
	hist_merge(a, b);
	CHECK_INT(hist_count(a), hist_count(both));
	CHECK_INT(hist_min(a), hist_min(both));
	CHECK_INT(hist_max(a), hist_max(both));
	CHECK(hist_mean(a) == hist_mean(both));
	for (int p = 0; p <= 100; p++)
		CHECK_INT(hist_at(a, p), hist_at(both, p));
	hist_free(a);
	hist_free(b);
	hist_free(both);
}

static const struct check_test tests[] = {
    {test_an_empty_one_is_nothing_but_zero, "an empty one is nothing but zero"},
    {test_a_single_one_is_every_percentile, "a single one is every percentile"},
    {test_small_ones_are_exact, "small ones are exact"},
    {test_percentiles_are_those_of_a_sorted_list,
	"percentiles are those of a sorted list, to three digits"},
    {test_what_is_out_of_range_counts_as_its_end,
	"what is out of range counts as its end"},
    {test_two_merged_are_as_one, "two merged are as one"},
};

CHECK_MAIN(tests)
