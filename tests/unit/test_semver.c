/*
 * Versions and ranges, the odd ones by hand. That all others are read as
 * node-semver reads them is shown by tests/interop/semver.
 */
#include "base/semver.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

struct pair {
	const char *version;
	const char *range;
};

#define CHECK_ALL(pairs, want)                                                 \
	check_pairs((pairs), sizeof(pairs) / sizeof((pairs)[0]), (want))

static bool
is_version(const char *text)
{
	return pgt_semver_is_version(pgt_slice_of(text));
}

static bool
satisfies(const char *version, const char *range)
{
	return pgt_semver_satisfies(pgt_slice_of(version), pgt_slice_of(range));
}

static void
check_pairs(const struct pair *pairs, size_t n, bool want)
{
	for (size_t i = 0; i < n; i++)
		if (satisfies(pairs[i].version, pairs[i].range) != want)
			check_fail(__FILE__, __LINE__, "\"%s\" in \"%s\"",
			    pairs[i].version, pairs[i].range);
}

static void
test_versions(void)
{
	static const char *const good[] = {"0.0.0", "1.2.3", "v1.2.3",
	    " \t1.2.3\r\n", "1.2.3-a", "1.2.3-0", "1.2.3-0a.-.--1", "1.2.3+01",
	    "1.2.3-a.1+b.2", "9007199254740991.0.0", "1.2.3-99999999999999999",
	    "\u00a01.2.3\ufeff"};
	static const char *const bad[] = {"", " ", "1", "1.2", "1.2.3.4", "v",
	    "=1.2.3", "vv1.2.3", "v 1.2.3", "V1.2.3", "01.2.3", "1.02.3",
	    "1.2.03", "1.2.3-01", "1.2.3-", "1.2.3-a..b", "1.2.3+", "1.2.3-a.",
	    "1.2.3+a+b", "1.2.x", "x", "*", "-1.2.3", "1.2.3 4", "1. 2.3",
	    "9007199254740992.0.0", "0.0.9007199254740992", "1.2.3-\u00e4",
	    "99999999999999999999999999999999999999.0.0", "1.2.3\u200b"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!is_version(good[i]))
			check_fail(__FILE__, __LINE__, "%s is one", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (is_version(bad[i]))
			check_fail(__FILE__, __LINE__, "%s is none", bad[i]);
}

static void
test_operators(void)
{
	static const struct pair in[] = {{"1.2.3", "1.2.3"},
	    {"1.2.3", "=1.2.3"}, {"1.2.3", "= v1.2.3"}, {"1.2.3", ">=1.2.3"},
	    {"1.2.3", "<= 1.2.3"}, {"1.2.4", "> 1.2.3"}, {"1.2.2", "<1.2.3"},
	    {"10.0.0", ">9.99.99"}, {"1.2.3", ">1.2.2 <1.2.4"},
	    {"v1.2.3", ">=1.2.3\t<\n2"}, {"1.2.3+a", "1.2.3+b"}};
	static const struct pair out[] = {{"1.2.3", "1.2.4"},
	    {"1.2.3", ">1.2.3"}, {"1.2.3", "<1.2.3"}, {"1.2.4", "<=1.2.3"},
	    {"1.2.3", ">1.2.3 <1.2.4"}, {"1.2.3", "==1.2.3"},
	    {"1.2.3", "v 1.2.3"}, {"1.2.3", "> = 1.2.2"}, {"1.2.3", "=>1.2.3"},
	    {"1.2.3", ">=1.2.3, <2.0.0"}, {"1.2.3", "!1.2.4"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_carets(void)
{
	static const struct pair in[] = {{"1.2.3", "^1.2.3"},
	    {"1.9.0", "^1.2.3"}, {"0.2.9", "^0.2.3"}, {"0.0.3", "^0.0.3"},
	    {"0.5.0", "^0"}, {"0.0.7", "^0.0"}, {"1.9.9", "^1.x"},
	    {"7.7.7", "^x"}, {"7.7.7", "^*.1"}, {"1.2.3", "^ v=1.2.3"},
	    {"1.2.3-b", "^1.2.3-a"}, {"1.3.0", "^1.2.3-a"}};
	static const struct pair out[] = {{"2.0.0", "^1.2.3"},
	    {"1.2.2", "^1.2.3"}, {"0.3.0", "^0.2.3"}, {"0.0.4", "^0.0.3"},
	    {"1.0.0", "^0"}, {"0.1.0", "^0.0"}, {"2.0.0-a", "^1.2.3"},
	    {"1.2.4-b", "^1.2.3-a"}, {"1.2.3", "^"}, {"1.2.3", "^^1"},
	    {"1.2.3", "^>=1"}, {"0.0.4-a", "^0.0.3-a"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_tildes(void)
{
	static const struct pair in[] = {{"1.2.9", "~1.2.3"}, {"1.2.0", "~1.2"},
	    {"1.9.0", "~1"}, {"1.2.9", "~>1.2.3"}, {"1.2.9", "~> 1.2.3"},
	    {"1.2.9", "~ 1.2.3"}, {"1.2.9", "~ >1.2.3"}, {"1.2.9", "~>=1.2.3"},
	    {"0.0.9", "~0.0.1"}, {"9.0.0", "~*"}, {"1.2.3-b", "~1.2.3-a"}};
	static const struct pair out[] = {{"1.3.0", "~1.2.3"},
	    {"1.2.2", "~1.2.3"}, {"1.3.0", "~1.2"}, {"2.0.0", "~1"},
	    {"1.2.3", "~<1.2.3"}, {"1.2.3", "~"}, {"1.2.3", "~~1.2.3"},
	    {"1.3.0-0", "~1.2.3-a"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_partial_versions(void)
{
	static const struct pair in[] = {{"1.2.3", "1"}, {"1.2.3", "1.2"},
	    {"1.2.3", "1.x"}, {"1.2.3", "1.2.*"}, {"1.2.3", "1.X.x"},
	    {"1.2.3", "=1.2"}, {"2.0.0", ">1"}, {"1.3.0", ">1.2"},
	    {"1.2.9", "<=1.2"}, {"1.1.9", "<1.2"}, {"1.2.0", ">=1.2"},
	    {"1.2.3", ">=vv==1.x"}, {"1.2.3", "1.2.x-a+b"}, {"1.2.3", ">=x"}};
	static const struct pair out[] = {{"2.0.0", "1"}, {"1.3.0", "1.2"},
	    {"1.9.9", ">1"}, {"1.2.9", ">1.2"}, {"1.3.0", "<=1.2"},
	    {"1.2.0", "<1.2"}, {"1.2.3", "x.2"}, {"1.2.3", "1.x.3"},
	    {"1.2.3", ">x"}, {"0.0.0", "<*"}, {"1.2.3", "1."},
	    {"1.2.3", "1.2-a"}, {"1.2.3", "1.2.3.4"}, {"1.2.3", "01"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_hyphens(void)
{
	static const struct pair in[] = {{"1.2.3", "1.2.3 - 2.3.4"},
	    {"2.3.4", "1.2.3 - 2.3.4"}, {"2.3.9", "1.2 - 2.3"},
	    {"2.9.9", "1 - 2"}, {"0.0.1", "x - 2"}, {"9.0.0", "1 - *"},
	    {"1.5.0", "v1.2.3 - v2.0.0"}, {"1.5.0", "==1 - =v=2"},
	    {"2.0.0-a", "1.0.0 - =2.0.0-b"}, {"1.5.0", "1.0.0+a - 2.0.0+b"}};
	static const struct pair out[] = {{"2.3.5", "1.2.3 - 2.3.4"},
	    {"1.2.2", "1.2.3 - 2.3.4"}, {"3.0.0", "1 - 2"},
	    {"1.5.0", "=1.2.3 - 2"}, {"1.5.0", "1 - =2.0.0"}, {"1.5.0", "1 -2"},
	    {"1.5.0", "1 - 2 - 3"}, {"1.5.0", "1 - "}, {"1.5.0", "1 - 2 <3"},
	    {"1.5.0", "^1 - 2"}, {"2.3.5-0", "1.2.3 - 2.3"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_any_and_unions(void)
{
	static const struct pair in[] = {{"1.2.3", ""}, {"1.2.3", "  "},
	    {"1.2.3", "*"}, {"1.2.3", "x"}, {"1.2.3", "||"},
	    {"1.2.3", "2 || 1"}, {"1.2.3", "2||"}, {"1.2.3", "<0.0.0||1.2.x"},
	    {"1.2.3", "* 1.2.3"}, {"1.2.3-a", "9 || 1.2.3-a"}};
	static const struct pair out[] = {{"1.2.3", "2 || 3"},
	    {"1.2.3", "1.2.3 | 2"}, {"1.2.3", "1 ||| 2"}, {"1.2.3", "1 || a"},
	    {"1.2.3", "a || 1"}, {"1.2.3", "1 || 01"}, {"", ""}, {"a", "*"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_pre_releases_need_one_of_the_same_parts(void)
{
	static const struct pair in[] = {{"1.2.3-a", ">=1.2.3-a"},
	    {"1.2.3-b", ">1.2.3-a <2"}, {"1.2.3-a", "<=1.2.3-a || 9"},
	    {"1.2.4", ">1.2.3-a"}, {"0.0.0-a", ">=0.0.0 <0.0.0-b"},
	    {"1.2.3-a", "<1.2.3 >=1.2.3-0"}};
	static const struct pair out[] = {{"1.2.3-a", "*"}, {"1.2.3-a", ""},
	    {"1.2.3-a", "^1"}, {"1.2.3-a", "<1.2.3"}, {"1.2.3-a", ">1.2.2-a"},
	    {"1.2.3-a", "1.2.3"}, {"1.2.3-a", "* || 1.2.3-a"},
	    {"1.2.3-a", "1.2.3-a || >=0.0.0"}, {"1.2.3-a", ">1 || "},
	    {"0.0.0-a", ">=v0.0.0 <0.0.0-b"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_order_of_pre_releases(void)
{
	static const char *const rising[] = {"0", "1", "2", "10",
	    "9007199254740992", "-", "1-", "A", "a", "a.0", "a.1", "a.a", "a-",
	    "a0", "b"};
	size_t n = sizeof(rising) / sizeof(rising[0]);
	char version[40], range[40];

	for (size_t i = 0; i < n * n; i++) {
		snprintf(version, sizeof(version), "1.0.0-%s", rising[i / n]);
		snprintf(range, sizeof(range), "<1.0.0-%s", rising[i % n]);
		if (satisfies(version, range) != (i / n < i % n))
			check_fail(__FILE__, __LINE__, "%s %s", version, range);
	}
}

/* They are doubles there; what differs less than a double can tell is equal. */
static void
test_large_numbers(void)
{
	static const struct pair in[] = {
	    {"1.0.0-9007199254740993.5", "1.0.0-9007199254740992.7"},
	    {"1.0.0-99999999999999999999", "1.0.0-100000000000000000000"},
	    {"1.0.0-9007199254740995", "1.0.0-9007199254740996"},
	    {"1.0.0-18014398509481983", "1.0.0-18014398509481984"},
	    {"1.0.0-18014398509481983", "<1.0.0-18014398509481988"},
	    {"1.0.0-99999999999999999", "<1.0.0-1000000000000000000"},
	    {"1.9007199254740991.0", "^1.9007199254740991.0"},
	    {"9007199254740990.5.0", "^9007199254740990"},
	    {"1.2.3", "^x.9007199254740992"},
	    {"9007199254740990.0.0", "<9007199254740991"}};
	static const struct pair out[] = {
	    {"1.0.0-9007199254740990", "1.0.0-9007199254740991"},
	    {"1.0.0-9007199254740993", "1.0.0-9007199254740994"},
	    {"1.0.0-9007199254740997", "1.0.0-9007199254740998"},
	    {"1.2.3", "<9007199254740992.0.0"}, {"1.2.3", "<=9007199254740991"},
	    {"9007199254740991.0.0", "^9007199254740991"},
	    {"1.2.3", ">=0 || 99999999999999999999999999.0.0"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

/* node-semver takes these out before it looks at what is left. */
static void
test_stars_and_builds_out_of_place(void)
{
	static const struct pair in[] = {{"1.2.3", "1.2.3*"},
	    {"1.2.3", "*1.2.3"}, {"1.2.3", "1.2.3>=*"}, {"1.2.3", "1.2.3> *"},
	    {"1.2.3", "1.*2.3"}, {"9.0.0", ">=0.0.0*"}, {"1.2.3", "+a 1.2.3"},
	    {"1.2.3", "^ +a 1.2.3 +b"}, {"1.2.3", "+a +b 1.2.3 - 2"},
	    {"1.2.3", "1 - +a 2"}};
	static const struct pair out[] = {{"1.2.3", "1.2.3**"}, {"1.2.3", "**"},
	    {"1.2.3", "^1.2.3*"}, {"1.2.3", "1.2.3*>"}, {"1.2.3", "1.2.3><*"},
	    {"1.2.3", "1.2.3 +"}, {"1.2.3", "++a 1.2.3"},
	    {"1.2.3", "+a +b +c 1.2.3 - 2"}, {"1.2.3", "1 - 2 +a +b"},
	    {"1.2.3", "1 +a - 2"}, {"1.2.3", "1*.2.3-v = 1"}};

	CHECK_ALL(in, true);
	CHECK_ALL(out, false);
}

static void
test_any_byte(void)
{
	static const struct pair out[] = {{"1.2.3", "1.2.3\xff"},
	    {"1.2.3", "\xe2\x80 1.2.3"}, {"1.2.3", "\x80"}, {"1.2.3", "\xef"},
	    {"1.2.3", "1.2.3\u200b"}, {"1.2.3", "1.2.3\xc2\x85"}};
	struct pgt_slice one = pgt_slice_of("1.2.3"), none = {NULL, 0};

	CHECK_ALL(out, false);
	CHECK(satisfies("1.2.3", "\u3000>\u20001.2.2\u2028<\u00a02\u205f"));
	CHECK(!pgt_semver_is_version((struct pgt_slice){"1.2.3\0", 6}));
	CHECK(!pgt_semver_satisfies(one, (struct pgt_slice){"\0", 1}));
	CHECK(!pgt_semver_satisfies(one, (struct pgt_slice){"1.2.3\0*", 7}));
	CHECK(pgt_semver_satisfies(one, (struct pgt_slice){"1.2.34", 5}));
	CHECK(pgt_semver_satisfies(one, none));
	CHECK(!pgt_semver_satisfies(none, none));
	CHECK(!pgt_semver_is_version(none));
}

/* A block of just n bytes: begins with text, goes on with c. */
static struct pgt_slice
long_text(const char *text, char c, size_t n)
{
	char *p = malloc(n);

	CHECK(p != NULL && n >= strlen(text));
	memset(p, c, n);
	memcpy(p, text, strlen(text));
	return (struct pgt_slice){p, n};
}

static void
test_256_bytes_are_read_and_no_more(void)
{
	static const char ends[] = "a1 +|";
	struct pgt_slice one = pgt_slice_of("1.2.3"), s;

	for (size_t n = PGT_SEMVER_MAX - 1; n < PGT_SEMVER_MAX + 2; n++) {
		bool fits = n <= PGT_SEMVER_MAX;

		s = long_text("1.2.3-a", 'a', n);
		CHECK(pgt_semver_is_version(s) == fits);
		CHECK(!pgt_semver_satisfies(one, s));
		CHECK(pgt_semver_satisfies(s, s) == fits);
		free((void *)s.p);
		s = long_text("1.2.3", ' ', n);
		CHECK(pgt_semver_is_version(s) == fits);
		CHECK(pgt_semver_satisfies(one, s) == fits);
		free((void *)s.p);
	}
	for (const char *c = ends; *c != '\0'; c++) {
		s = long_text("1.2.3-", *c, PGT_SEMVER_MAX);
		pgt_semver_satisfies(s, s);
		pgt_semver_satisfies(one, s);
		free((void *)s.p);
	}
}

static const struct check_test tests[] = {
    {test_versions, "what is a version, and what is none"},
    {test_operators, "operators, with and without space behind them"},
    {test_carets, "a caret keeps the first part that is not 0"},
    {test_tildes, "a tilde keeps the second part"},
    {test_partial_versions, "versions of which parts are unknown"},
    {test_hyphens, "from one version to another"},
    {test_any_and_unions, "any version, and one of several sets"},
    {test_pre_releases_need_one_of_the_same_parts,
	"a pre-release needs a comparator that has one of the same parts"},
    {test_order_of_pre_releases, "the order of pre-releases"},
    {test_large_numbers, "numbers at the end of what JS can count"},
    {test_stars_and_builds_out_of_place, "stars and builds out of place"},
    {test_any_byte, "any byte, zero and broken UTF-8 among them"},
    {test_256_bytes_are_read_and_no_more, "256 bytes are read and no more"},
};

CHECK_MAIN(tests)
