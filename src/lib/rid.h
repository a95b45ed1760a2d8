/* Ids of requests, and which requests have ended lately. */
#ifndef PGT_RID_H
#define PGT_RID_H

#include <stdint.h>

#include "base/rand.h"
#include "base/slice.h"

#define PGT_RID_SIZE 37 /* a uuid's text, with its zero */

/* So many requests that have ended are remembered. */
#define PGT_RIDS_KEPT 4096

enum pgt_rid_end {
	PGT_RID_UNKNOWN, /* not ours, or not any more */
	PGT_RID_REPLIED, /* its final reply has come */
	PGT_RID_LEFT	 /* ended before that: nobody waited any longer */
};

struct pgt_rid {
	uint64_t half;	/* of its uuid */
	uint16_t place; /* among those that have ended */
	char text[PGT_RID_SIZE];
};

struct pgt_rids {
	struct pgt_rand rand;
	uint16_t n; /* made so far */
	uint64_t *ended;
};

/* 0 or -ENOMEM. */
int pgt_rids_init(struct pgt_rids *rids, uint64_t seed);
void pgt_rids_clear(struct pgt_rids *rids);

/* One that was not there before. */
void pgt_rids_make(struct pgt_rids *rids, struct pgt_rid *rid);

/* Its request has ended like that. */
void pgt_rids_end(
    struct pgt_rids *rids, const struct pgt_rid *rid, enum pgt_rid_end end);

/* What is known of a request that is not in flight, by its text. */
enum pgt_rid_end pgt_rids_find(
    const struct pgt_rids *rids, struct pgt_slice text);

#endif
