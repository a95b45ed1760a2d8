/*
 * Memory, behind one hook, so that tests can make the nth allocation fail.
 * Everything in base, the wire, the broker and the services allocates here.
 */
#ifndef PGT_ALLOC_H
#define PGT_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* Gives zeroed memory of n bytes, or NULL. n is at least 1. */
void *pgt_alloc(size_t n);

/* Gives back what pgt_alloc() gave; takes NULL. */
void pgt_free(void *p);

/* What malloc(3) of glibc takes for n bytes, near enough for a budget. */
size_t pgt_alloc_cost(size_t n);

/*
 * For tests: the nth allocation of this thread from now on fails (1 is the
 * next), and every one behind it too. 0 turns this off. Returns how many were
 * asked for since the last call.
 */
size_t pgt_alloc_fail_at(size_t n);

/*
 * For what must allocate elsewhere (a frame asks libzmq): true where this
 * allocation is to fail. Counts as one.
 */
bool pgt_alloc_fails(void);

/*
 * How many allocations have failed so far: for callers of a library that
 * allocates here but does not say why it failed.
 */
size_t pgt_alloc_failures(void);

#endif
