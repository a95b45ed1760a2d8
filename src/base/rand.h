/*
 * Seeded chance (splitmix64): same seed, same sequence. Fit for a draw of
 * lots among workers, not for secrets.
 */
#ifndef PGT_RAND_H
#define PGT_RAND_H

#include <stdint.h>

struct pgt_rand {
	uint64_t state;
};

void pgt_rand_init(struct pgt_rand *r, uint64_t seed);
uint64_t pgt_rand_next(struct pgt_rand *r);

/* Uniform in 0 … n - 1; n is at least 1. */
uint64_t pgt_rand_below(struct pgt_rand *r, uint64_t n);

#endif
