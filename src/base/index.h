/*
 * Names in order, for questions that a hash can't answer: which names begin
 * with this prefix? A treap of embedded nodes, O(log n) expected; priorities
 * come from the owner's seeded generator, so no peer can choose its shape.
 */
#ifndef PGT_INDEX_H
#define PGT_INDEX_H

#include <stdint.h>

#include "base/slice.h"

struct pgt_index_node {
	struct pgt_index_node *left, *right;
	uint64_t priority;
	struct pgt_slice name; /* bytes live as long as the node is in */
};

struct pgt_index {
	struct pgt_index_node *root;
};

/* Puts node in under name, which is not in yet. Cannot fail. */
void pgt_index_add(struct pgt_index *x, struct pgt_index_node *node,
    struct pgt_slice name, uint64_t priority);

/* Takes node, which is in, out. */
void pgt_index_remove(struct pgt_index *x, struct pgt_index_node *node);

/*
 * The first name at (or, if it says so, behind) this one that begins with
 * prefix; NULL where there is none. Starting at prefix itself and going on
 * behind each answer visits all of them in order, whatever is added or
 * removed meanwhile.
 */
struct pgt_index_node *pgt_index_next(const struct pgt_index *x,
    struct pgt_slice prefix, struct pgt_slice at, bool behind);

#endif
