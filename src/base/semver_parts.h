/*
 * What semver is made of, on one page; semver*.c and nobody else see it.
 *
 * Nothing is stored and nothing allocated: a text lives in a buffer of
 * PGT_SEMVER_MAX that no step outgrows, and a comparator is put to the version
 * as soon as it is read. A function that reads moves its slice past what it
 * has read. One that adds to a set is false where the text is malformed, and
 * with it all the range.
 */
#ifndef PGT_SEMVER_PARTS_H
#define PGT_SEMVER_PARTS_H

#include <stdint.h>

#include "base/scan.h"
#include "base/semver.h"

/* Classes of bytes. */
#define PGT_SEMVER_UNKNOWN "xX*"
#define PGT_SEMVER_PREFIX  "v= " /* before a version, without changing it */
#define PGT_SEMVER_ID                                                          \
	PGT_SCAN_DIGITS "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY" \
			"Z"

struct pgt_semver_text {
	char p[PGT_SEMVER_MAX];
	size_t n;
};

struct pgt_semver_version {
	int64_t part[3];      /* one value stands for all that are too large */
	struct pgt_slice pre; /* without its hyphen */
};

/* A version of which only the first parts may be known. */
struct pgt_semver_partial {
	struct pgt_semver_version v; /* 0 where unknown, then without pre */
	size_t n_known;
	bool has_late_part;    /* a number behind an unknown part: 1.x.3 */
	struct pgt_slice text; /* as it was written */
};

/* Comparators of which all must hold, and what they say so far. */
struct pgt_semver_set {
	const struct pgt_semver_version *v; /* the version in question */
	bool is_any; /* no comparator excludes anything */
	bool holds;
	bool names_pre; /* one is a pre-release of the same parts as v */
};

/* ---- semver_text.c ---- */

/* Appends s, which fits; it may be of t itself, further behind. */
void pgt_semver_text_put(struct pgt_semver_text *t, struct pgt_slice s);

/* Appends the first byte of in and takes it. */
void pgt_semver_text_put_one(struct pgt_semver_text *t, struct pgt_slice *in);

/*
 * Makes t of in: each run of white space, as JS sees it, becomes one blank.
 * False where in is too long.
 */
bool pgt_semver_text_squeeze(struct pgt_semver_text *t, struct pgt_slice in);

static inline struct pgt_slice
pgt_semver_text_view(const struct pgt_semver_text *t)
{
	return (struct pgt_slice){t->p, t->n};
}

/* Without one blank at each end. */
static inline struct pgt_slice
pgt_semver_text_trim(struct pgt_slice s)
{
	pgt_scan_take(&s, ' ');
	pgt_scan_drop(&s, ' ');
	return s;
}

/* ---- semver_version.c ---- */

/* Any identifiers with dots between; false where there is none. */
bool pgt_semver_skip_ids(struct pgt_slice *in);

/* A plus and identifiers behind it. */
bool pgt_semver_skip_build(struct pgt_slice *in);

/* Are all parts numbers that JS can count? */
bool pgt_semver_is_in_bounds(const struct pgt_semver_version *v);

/* All of in is one complete version. */
bool pgt_semver_read_version(struct pgt_slice in, struct pgt_semver_version *v);

/*
 * A prefix, then one to three parts with dots between, the third with a
 * pre-release. Writes p in any case.
 */
bool pgt_semver_read_partial(
    struct pgt_slice *in, struct pgt_semver_partial *p);

/* All of in is one partial version. */
bool pgt_semver_is_partial(struct pgt_slice in, struct pgt_semver_partial *p);

/* ---- semver_order.c ---- */

/* Both are less than, equal to or greater than zero. */
int pgt_semver_compare_parts(
    const struct pgt_semver_version *a, const struct pgt_semver_version *b);
int pgt_semver_compare(
    const struct pgt_semver_version *a, const struct pgt_semver_version *b);

/* ---- semver_set.c ---- */

/* A token stands between blanks: ^1.2, >=3.0.0-rc.1, * and the like. */
bool pgt_semver_set_add_token(
    struct pgt_semver_set *set, struct pgt_slice token);

/* from - to */
bool pgt_semver_set_add_hyphen(struct pgt_semver_set *set,
    const struct pgt_semver_partial *from, const struct pgt_semver_partial *to);

/* ---- semver_range.c ---- */

/* Is v in the range that is written in text, which is squeezed? */
bool pgt_semver_is_in_range(
    const struct pgt_semver_version *v, struct pgt_slice text);

#endif
