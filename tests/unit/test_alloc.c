/* Memory that a test can make scarce. */
#include "base/alloc.h"

#include "check.h"

static void
test_memory_is_zeroed(void)
{
	unsigned char *p;

	for (size_t n = 1; n < 3000; n += 37) {
		p = pgt_alloc(n);
		CHECK(p != NULL);
		for (size_t i = 0; i < n; i++)
			CHECK_INT(p[i], 0);
		memset(p, 0xa5, n);
		pgt_free(p);
	}
	pgt_free(NULL);
}

static void
test_the_nth_fails_and_all_behind_it(void)
{
	void *p[2];

	pgt_alloc_fail_at(3);
	p[0] = pgt_alloc(8);
	p[1] = pgt_alloc(8);
	CHECK(p[0] != NULL && p[1] != NULL);
	CHECK(pgt_alloc(8) == NULL);
	CHECK(pgt_alloc(8) == NULL);
	pgt_alloc_fail_at(0);
	pgt_free(p[0]);
	pgt_free(p[1]);
	p[0] = pgt_alloc(8);
	CHECK(p[0] != NULL);
	pgt_free(p[0]);
}

static void
test_it_counts_what_was_asked_for(void)
{
	pgt_alloc_fail_at(0);
	CHECK_INT(pgt_alloc_fail_at(2), 0);
	for (int i = 0; i < 4; i++)
		pgt_free(pgt_alloc(1));
	CHECK_INT(pgt_alloc_fail_at(0), 4);
	CHECK_INT(pgt_alloc_fail_at(0), 0);
}

static void
test_allocations_elsewhere_count_too(void)
{
	pgt_alloc_fail_at(2);
	CHECK(!pgt_alloc_fails());
	CHECK(pgt_alloc_fails());
	CHECK(pgt_alloc(1) == NULL);
	CHECK_INT(pgt_alloc_fail_at(0), 3);
	CHECK(!pgt_alloc_fails());
}

static void
test_failures_are_counted_for_good(void)
{
	size_t before = pgt_alloc_failures();

	pgt_free(pgt_alloc(1));
	CHECK_INT(pgt_alloc_failures() - before, 0);
	pgt_alloc_fail_at(1);
	CHECK(pgt_alloc(1) == NULL);
	CHECK(pgt_alloc_fails());
	pgt_alloc_fail_at(0);
	CHECK_INT(pgt_alloc_failures() - before, 2);
}

static const struct check_test tests[] = {
    {test_memory_is_zeroed, "memory is zeroed"},
    {test_the_nth_fails_and_all_behind_it,
	"the nth allocation fails, and all behind it"},
    {test_it_counts_what_was_asked_for, "it counts what was asked for"},
    {test_allocations_elsewhere_count_too,
	"allocations made elsewhere count and fail too"},
    {test_failures_are_counted_for_good, "failures are counted for good"},
};

CHECK_MAIN(tests)
