/*
 * Each thread has counters of its own: a program may use two handles of the
 * library in two threads. It pays one comparison for an allocation.
 */
#include "base/alloc.h"

#include <stdlib.h>

/* A few bytes for each thread, which every program has room for at once. */
#ifdef __GNUC__
#define OF_THREAD _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define OF_THREAD _Thread_local
#endif

/* Of glibc's malloc(3) on 64 bits. */
#define GRAIN  16
#define LEAST  32
#define PAGE   4096
#define MAPPED ((size_t)128 * 1024)

static OF_THREAD size_t fail_at; /* 0: never */
static OF_THREAD size_t n_asked;
static OF_THREAD size_t n_failed;

bool
pgt_alloc_fails(void)
{
	n_asked++;
	if (fail_at == 0 || n_asked < fail_at)
		return false;
	n_failed++;
	return true;
}

void *
pgt_alloc(size_t n)
{
	void *p;

	if (pgt_alloc_fails())
		return NULL;
	p = calloc(1, n);
	if (p == NULL)
		n_failed++;
	return p;
}

void
pgt_free(void *p)
{
	free(p);
}

/* A word in front, 16 at a time; large ones are mapped, in whole pages. */
size_t
pgt_alloc_cost(size_t n)
{
	if (n >= MAPPED)
		return (n + 2 * sizeof(size_t) + PAGE - 1) / PAGE * PAGE;
	n = (n + sizeof(size_t) + GRAIN - 1) / GRAIN * GRAIN;
	return n < LEAST ? LEAST : n;
}

size_t
pgt_alloc_fail_at(size_t n)
{
	size_t asked = n_asked;

	fail_at = n;
	n_asked = 0;
	return asked;
}

size_t
pgt_alloc_failures(void)
{
	return n_failed;
}
