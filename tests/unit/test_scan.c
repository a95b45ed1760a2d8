#include "base/scan.h"

#include "check.h"

static void
test_what_is_not_there_is_not_taken(void)
{
	struct pgt_slice in = pgt_slice_of("ab");

	CHECK(!pgt_scan_take(&in, 'b'));
	CHECK(!pgt_scan_drop(&in, 'a'));
	CHECK(pgt_scan_take_run(&in, PGT_SCAN_DIGITS).n == 0);
	CHECK(pgt_slice_is(in, "ab"));
}

static void
test_what_is_taken_is_gone(void)
{
	struct pgt_slice in = pgt_slice_of("v12.3x"), start;

	CHECK(pgt_scan_drop(&in, 'x'));
	start = in;
	CHECK(pgt_scan_take(&in, 'v'));
	CHECK(pgt_slice_is(pgt_scan_take_run(&in, PGT_SCAN_DIGITS), "12"));
	CHECK(pgt_slice_is(in, ".3"));
	CHECK(pgt_slice_is(pgt_scan_between(start, in), "v12"));
}

static void
test_a_zero_byte_is_of_no_class(void)
{
	struct pgt_slice zero = {"\0", 1};

	CHECK(!pgt_scan_is_at(zero, PGT_SCAN_DIGITS));
	CHECK(!pgt_scan_is_at(zero, ""));
	CHECK(pgt_scan_take(&zero, '\0'));
	CHECK(zero.n == 0);
}

static void
test_nothing_is_left_of_nothing(void)
{
	struct pgt_slice none = {NULL, 0};

	CHECK(!pgt_scan_is_at(none, PGT_SCAN_DIGITS));
	CHECK(!pgt_scan_take(&none, '\0'));
	CHECK(!pgt_scan_drop(&none, '\0'));
	CHECK(pgt_scan_take_run(&none, PGT_SCAN_DIGITS).n == 0);
	CHECK(none.p == NULL);
}

static const struct check_test tests[] = {
    {test_what_is_not_there_is_not_taken, "what is not there is not taken"},
    {test_what_is_taken_is_gone, "what is taken is gone"},
    {test_a_zero_byte_is_of_no_class, "a zero byte is of no class"},
    {test_nothing_is_left_of_nothing, "nothing is left of nothing"},
};

CHECK_MAIN(tests)
