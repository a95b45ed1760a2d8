/* Views of bytes: any byte may be in them, and none at all. */
#include "base/slice.h"

#include "check.h"

static struct pgt_slice
bytes(const char *p, size_t n)
{
	return (struct pgt_slice){p, n};
}

static const struct pgt_slice none = {NULL, 0};

static void
test_equal_compares_all_bytes(void)
{
	CHECK(pgt_slice_equal(bytes("a\0b", 3), bytes("a\0b", 3)));
	CHECK(!pgt_slice_equal(bytes("a\0b", 3), bytes("a\0c", 3)));
	CHECK(!pgt_slice_equal(bytes("a\0b", 3), bytes("a\0b", 2)));
	CHECK(!pgt_slice_equal(bytes("a", 1), none));
	CHECK(pgt_slice_equal(none, bytes("x", 0)));
	CHECK(pgt_slice_equal(none, none));
}

static void
test_is_compares_with_a_text(void)
{
	CHECK(pgt_slice_is(bytes("echoes", 4), "echo"));
	CHECK(!pgt_slice_is(bytes("echo\0", 5), "echo"));
	CHECK(!pgt_slice_is(bytes("ech", 3), "echo"));
	CHECK(pgt_slice_is(none, ""));
	CHECK_INT(pgt_slice_of("echo").n, 4);
}

static void
test_prefix(void)
{
	CHECK(pgt_slice_has_prefix(pgt_slice_of("echo"), pgt_slice_of("ec")));
	CHECK(pgt_slice_has_prefix(pgt_slice_of("echo"), pgt_slice_of("echo")));
	CHECK(pgt_slice_has_prefix(pgt_slice_of("echo"), none));
	CHECK(pgt_slice_has_prefix(none, none));
	CHECK(!pgt_slice_has_prefix(pgt_slice_of("ec"), pgt_slice_of("ech")));
	CHECK(!pgt_slice_has_prefix(pgt_slice_of("echo"), pgt_slice_of("ch")));
	CHECK(!pgt_slice_has_prefix(none, pgt_slice_of("e")));
}

static void
test_order_is_by_unsigned_bytes_then_length(void)
{
	static const struct pgt_slice sorted[] = {
	    {NULL, 0},
	    {"\0", 1},
	    {"\0\0", 2},
	    {"\0a", 2},
	    {"a", 1},
	    {"a\0", 2},
	    {"aa", 2},
	    {"b", 1},
	    {"\x7f", 1},
	    {"\x80", 1},
	    {"\xff", 1},
	};
	const size_t n = sizeof(sorted) / sizeof(sorted[0]);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			int c = pgt_slice_compare(sorted[i], sorted[j]);

			CHECK_INT((c > 0) - (c < 0), (i > j) - (i < j));
		}
}

static void
test_parts(void)
{
	struct pgt_slice s = pgt_slice_of("name@1.2");

	CHECK(pgt_slice_is(pgt_slice_head(s, 4), "name"));
	CHECK(pgt_slice_is(pgt_slice_from(s, 5), "1.2"));
	CHECK(pgt_slice_is(pgt_slice_head(s, 0), ""));
	CHECK(pgt_slice_is(pgt_slice_from(s, 8), ""));
	CHECK(pgt_slice_equal(pgt_slice_from(none, 0), none));
	CHECK(pgt_slice_equal(pgt_slice_head(none, 0), none));
}

static const struct check_test tests[] = {
    {test_equal_compares_all_bytes, "equal compares all bytes"},
    {test_is_compares_with_a_text, "is compares with a text"},
    {test_prefix, "a prefix is one at any length up to all of it"},
    {test_order_is_by_unsigned_bytes_then_length,
	"order is by unsigned bytes, then by length"},
    {test_parts, "head and rest"},
};

CHECK_MAIN(tests)
