/*
 * The order of versions. Numbers of a pre-release may have any length and are
 * doubles in JS: two that round to one are equal. So large ones are rounded
 * here as a double is, to 53 bits, in integers; strtod() asks the locale.
 */
#include "base/semver_parts.h"

#define N_BITS	53 /* of what a double can tell apart */
#define N_EXACT 15 /* as many digits always fit */
#define N_WORDS 28 /* PGT_SEMVER_MAX digits, and a bit for rounding up */

struct number {
	uint32_t word[N_WORDS]; /* the lowest first */
};

/* ---- large numbers ---- */

static void
read_digits(struct number *x, struct pgt_slice digits)
{
	uint64_t carry;

	*x = (struct number){.word = {0}};
	for (size_t i = 0; i < digits.n; i++) {
		carry = (uint64_t)(digits.p[i] - '0');
		for (size_t k = 0; k < N_WORDS; k++) {
			carry += (uint64_t)x->word[k] * 10;
			x->word[k] = (uint32_t)carry;
			carry >>= 32;
		}
	}
}

static bool
has_bit(const struct number *x, size_t i)
{
	return (x->word[i / 32] >> i % 32 & 1) != 0;
}

static void
flip_bit(struct number *x, size_t i)
{
	x->word[i / 32] ^= (uint32_t)1 << i % 32;
}

/* Clears the bits below n; returns whether one was set. */
static bool
clear_below(struct number *x, size_t n)
{
	bool was_set = false;

	for (size_t i = 0; i < n; i++)
		if (has_bit(x, i)) {
			flip_bit(x, i);
			was_set = true;
		}
	return was_set;
}

/* To what a double can hold; of two as near, to the even one. */
static void
round_number(struct number *x)
{
	size_t n = sizeof(x->word) * 8;
	bool is_half, is_more;

	while (n > 0 && !has_bit(x, n - 1))
		n--;
	if (n <= N_BITS)
		return;
	n -= N_BITS;
	is_half = has_bit(x, n - 1);
	is_more = clear_below(x, n - 1);
	clear_below(x, n);
	if (!is_half || (!is_more && !has_bit(x, n)))
		return;
	for (; has_bit(x, n); n++)
		flip_bit(x, n);
	flip_bit(x, n);
}

static int
compare_rounded(struct pgt_slice a, struct pgt_slice b)
{
	struct number x, y;

	read_digits(&x, a);
	read_digits(&y, b);
	round_number(&x);
	round_number(&y);
	for (size_t i = N_WORDS; i-- > 0;)
		if (x.word[i] != y.word[i])
			return x.word[i] < y.word[i] ? -1 : 1;
	return 0;
}

/* No number begins with a zero, so the longer one is larger, if not rounded. */
static int
compare_numbers(struct pgt_slice a, struct pgt_slice b)
{
	if (a.n > b.n + 1 || b.n > a.n + 1 ||
	    (a.n != b.n && a.n <= N_EXACT && b.n <= N_EXACT))
		return a.n < b.n ? -1 : 1;
	if (a.n <= N_EXACT && b.n <= N_EXACT)
		return pgt_slice_compare(a, b);
	return compare_rounded(a, b);
}

/* ---- pre-releases ---- */

static bool
is_number(struct pgt_slice id)
{
	pgt_scan_take_run(&id, PGT_SCAN_DIGITS);
	return id.n == 0;
}

/* Numbers come before other identifiers. */
static int
compare_ids(struct pgt_slice a, struct pgt_slice b)
{
	bool is_a = is_number(a), is_b = is_number(b);

	if (is_a && is_b)
		return compare_numbers(a, b);
	if (is_a || is_b)
		return is_a ? -1 : 1;
	return pgt_slice_compare(a, b);
}

static struct pgt_slice
next_id(struct pgt_slice *ids)
{
	struct pgt_slice id = pgt_scan_take_run(ids, PGT_SEMVER_ID);

	pgt_scan_take(ids, '.');
	return id;
}

static int
compare_pre(struct pgt_slice a, struct pgt_slice b)
{
	struct pgt_slice x, y;

	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0);
	while (a.n > 0 && b.n > 0) {
		x = next_id(&a);
		y = next_id(&b);
		/* Two that differ and yet are rounded to one end it: equal. */
		if (!pgt_slice_equal(x, y))
			return compare_ids(x, y);
	}
	return (a.n > 0) - (b.n > 0);
}

/* ---- versions ---- */

int
pgt_semver_compare_parts(
    const struct pgt_semver_version *a, const struct pgt_semver_version *b)
{
	for (size_t i = 0; i < 3; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

int
pgt_semver_compare(
    const struct pgt_semver_version *a, const struct pgt_semver_version *b)
{
	int c = pgt_semver_compare_parts(a, b);

	return c != 0 ? c : compare_pre(a->pre, b->pre);
}
