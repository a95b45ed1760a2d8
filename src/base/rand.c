/* The only source of chance; nothing here asks the system for any. */
#include "base/rand.h"

void
pgt_rand_init(struct pgt_rand *r, uint64_t seed)
{
	r->state = seed;
}

uint64_t
pgt_rand_next(struct pgt_rand *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
pgt_rand_below(struct pgt_rand *r, uint64_t n)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % n;
	uint64_t v;

	do
		v = pgt_rand_next(r);
	while (v >= limit);
	return v % n;
}
