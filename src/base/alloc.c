/*
 * The counters are plain statics: they are touched by tests only, which are
 * single-threaded; the program pays one comparison for an allocation.
 */
#include "base/alloc.h"

#include <stdlib.h>

static size_t fail_at; /* 0: never */
static size_t n_asked;

bool
pgt_alloc_fails(void)
{
	n_asked++;
	return fail_at != 0 && n_asked >= fail_at;
}

void *
pgt_alloc(size_t n)
{
	return pgt_alloc_fails() ? NULL : calloc(1, n);
}

void
pgt_free(void *p)
{
	free(p);
}

size_t
pgt_alloc_fail_at(size_t n)
{
	size_t asked = n_asked;

	fail_at = n;
	n_asked = 0;
	return asked;
}
