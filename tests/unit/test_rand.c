/* Chance that repeats itself. */
#include "base/rand.h"

#include "check.h"

static void
test_the_sequence_is_that_of_splitmix64(void)
{
	struct pgt_rand r;

	pgt_rand_init(&r, 0);
	CHECK(pgt_rand_next(&r) == UINT64_C(0xe220a8397b1dcdaf));
	CHECK(pgt_rand_next(&r) == UINT64_C(0x6e789e6aa1b965f4));
	CHECK(pgt_rand_next(&r) == UINT64_C(0x06c45d188009454f));
}

static void
test_same_seed_same_sequence(void)
{
	struct pgt_rand a, b, c;
	bool differs = false;

	pgt_rand_init(&a, 42);
	pgt_rand_init(&b, 42);
	pgt_rand_init(&c, 43);
	for (int i = 0; i < 1000; i++) {
		uint64_t v = pgt_rand_next(&a);

		CHECK(v == pgt_rand_next(&b));
		differs |= v != pgt_rand_next(&c);
	}
	CHECK(differs);
}

static void
test_below_stays_below(void)
{
	static const uint64_t limit[] = {
	    1, 2, 3, 10, 1000, UINT32_MAX, (UINT64_C(1) << 63) + 1, UINT64_MAX};
	struct pgt_rand r;

	pgt_rand_init(&r, 7);
	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		for (int k = 0; k < 1000; k++)
			CHECK(pgt_rand_below(&r, limit[i]) < limit[i]);
}

/*
 * A draw of v % n from 64 bits would favour the lower half of this range two
 * to one.
 */
static void
test_below_is_uniform_where_a_remainder_is_not(void)
{
	const uint64_t n = (UINT64_C(1) << 63) + (UINT64_C(1) << 62);
	struct pgt_rand r;
	int lower = 0;

	pgt_rand_init(&r, 8);
	for (int i = 0; i < 10000; i++)
		lower += pgt_rand_below(&r, n) < n / 3;
	CHECK(lower > 3100 && lower < 3570);
}

static void
test_every_lot_is_drawn_about_as_often(void)
{
	struct pgt_rand r;
	int n[7] = {0};

	pgt_rand_init(&r, 9);
	for (int i = 0; i < 70000; i++)
		n[pgt_rand_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		CHECK(n[i] > 9500 && n[i] < 10500);
}

static const struct check_test tests[] = {
    {test_the_sequence_is_that_of_splitmix64,
	"the sequence is that of splitmix64"},
    {test_same_seed_same_sequence, "same seed, same sequence"},
    {test_below_stays_below, "below n stays below n"},
    {test_below_is_uniform_where_a_remainder_is_not,
	"below n is uniform where a remainder is not"},
    {test_every_lot_is_drawn_about_as_often,
	"every lot is drawn about as often"},
};

CHECK_MAIN(tests)
