/*
 * Any two texts, with a line feed between, as version and range. What is no
 * version satisfies nothing; what is one equals itself and is on one side of
 * any other; and a range says the same with blanks around it, or twice.
 */
#include "base/semver.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two texts and what is put around them fit. */
struct buffer {
	char p[2 * PGT_SEMVER_MAX + 16];
	size_t n;
};

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
put(struct buffer *b, struct pgt_slice s)
{
	must(s.n <= sizeof(b->p) - b->n);
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

/* Is v in the range of sign, text and, where there is a middle, text again? */
static bool
is_in(struct pgt_slice v, const char *sign, struct pgt_slice text,
    const char *middle)
{
	struct buffer b = {.n = 0};

	put(&b, pgt_slice_of(sign));
	put(&b, text);
	put(&b, pgt_slice_of(middle));
	if (middle[0] != '\0')
		put(&b, text);
	return pgt_semver_satisfies(v, (struct pgt_slice){b.p, b.n});
}

static void
check_same(struct pgt_slice v)
{
	must(is_in(v, "", v, ""));
	must(is_in(v, "=", v, ""));
	must(is_in(v, ">=", v, ""));
	must(is_in(v, "<=", v, ""));
	must(is_in(v, "", v, " - "));
	must(is_in(v, "", v, " || "));
	must(!is_in(v, "<", v, ""));
	must(!is_in(v, ">", v, ""));
}

/* A pre-release may be on no side: then no comparator has its parts. */
static void
check_order(struct pgt_slice v, struct pgt_slice other)
{
	bool is_less = is_in(v, "<", other, "");
	bool is_more = is_in(v, ">", other, "");
	bool is_equal = is_in(v, "=", other, "");

	must(is_less + is_more + is_equal <= 1);
	if (v.n > 0 && memchr(v.p, '-', v.n) == NULL)
		must(is_less + is_more + is_equal == 1);
	must(!is_less || is_in(v, "<=", other, ""));
	must(!is_more || is_in(v, ">=", other, ""));
	must(!is_equal || is_in(other, "=", v, ""));
}

/* What gets longer here must stay below PGT_SEMVER_MAX. */
static void
check(struct pgt_slice v, struct pgt_slice range)
{
	bool satisfies = pgt_semver_satisfies(v, range);
	bool is_short = range.n < PGT_SEMVER_MAX / 2 - 8;

	if (!pgt_semver_is_version(v)) {
		must(!satisfies);
		return;
	}
	if (v.n < PGT_SEMVER_MAX / 2 - 8)
		check_same(v);
	if (!is_short)
		return;
	if (v.n < PGT_SEMVER_MAX - 8 && pgt_semver_is_version(range))
		check_order(v, range);
	must(is_in(v, " ", range, "") == satisfies);
	must(is_in(v, "", range, " || ") == satisfies);
}

/* Each text in a block of just its size, so that a read behind it is seen. */
static struct pgt_slice
copy_of(struct pgt_slice s)
{
	char *p = malloc(s.n > 0 ? s.n : 1);

	must(p != NULL);
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return (struct pgt_slice){p, s.n};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pgt_slice all = {(const char *)data, size}, v, range;
	const char *end = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t n = end == NULL ? size : (size_t)(end - all.p);

	v = copy_of(pgt_slice_head(all, n));
	range = copy_of(pgt_slice_from(all, end == NULL ? n : n + 1));
	check(v, range);
	free((void *)v.p);
	free((void *)range.p);
	return 0;
}
