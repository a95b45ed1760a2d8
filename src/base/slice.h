/*
 * A view of bytes that somebody else owns. Never ended by a zero: whatever
 * comes from the wire may hold any byte.
 */
#ifndef PGT_SLICE_H
#define PGT_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct pgt_slice {
	const char *p; /* may be NULL where n is 0 */
	size_t n;
};

/* The view of a string literal or any other C string. */
static inline struct pgt_slice
pgt_slice_of(const char *text)
{
	return (struct pgt_slice){text, strlen(text)};
}

static inline bool
pgt_slice_equal(struct pgt_slice a, struct pgt_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
pgt_slice_is(struct pgt_slice a, const char *text)
{
	return pgt_slice_equal(a, pgt_slice_of(text));
}

static inline bool
pgt_slice_has_prefix(struct pgt_slice a, struct pgt_slice prefix)
{
	return a.n >= prefix.n &&
	       (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

/* Less than, equal to or greater than zero, by bytes, then by length. */
static inline int
pgt_slice_compare(struct pgt_slice a, struct pgt_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* What is left of a behind its first n bytes; n is at most a.n. */
static inline struct pgt_slice
pgt_slice_from(struct pgt_slice a, size_t n)
{
	/* No sum with NULL, which is undefined even for 0. */
	return n == 0 ? a : (struct pgt_slice){a.p + n, a.n - n};
}

/* The first n bytes of a; n is at most a.n. */
static inline struct pgt_slice
pgt_slice_head(struct pgt_slice a, size_t n)
{
	return (struct pgt_slice){a.p, n};
}

#endif
