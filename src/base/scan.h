/*
 * Reading a slice from its front. A function that takes moves the slice past
 * what it has taken; one that finds nothing to take leaves it. A class is a
 * string of the bytes that belong to it, never the zero byte.
 */
#ifndef PGT_SCAN_H
#define PGT_SCAN_H

#include "base/slice.h"

#define PGT_SCAN_DIGITS "0123456789"

/* Does in begin with a byte of the class? */
static inline bool
pgt_scan_is_at(struct pgt_slice in, const char *class)
{
	return in.n > 0 && memchr(class, in.p[0], strlen(class)) != NULL;
}

/* Takes the byte c. */
static inline bool
pgt_scan_take(struct pgt_slice *in, char c)
{
	if (in->n == 0 || in->p[0] != c)
		return false;
	*in = pgt_slice_from(*in, 1);
	return true;
}

/* Takes the byte c from the end. */
static inline bool
pgt_scan_drop(struct pgt_slice *in, char c)
{
	if (in->n == 0 || in->p[in->n - 1] != c)
		return false;
	in->n--;
	return true;
}

/* What was taken while before became now; nothing was dropped. */
static inline struct pgt_slice
pgt_scan_between(struct pgt_slice before, struct pgt_slice now)
{
	return pgt_slice_head(before, before.n - now.n);
}

/* Takes a run of the class, which may be empty, and returns it. */
static inline struct pgt_slice
pgt_scan_take_run(struct pgt_slice *in, const char *class)
{
	struct pgt_slice start = *in;

	while (pgt_scan_is_at(*in, class))
		*in = pgt_slice_from(*in, 1);
	return pgt_scan_between(start, *in);
}

#endif
