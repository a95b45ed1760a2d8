/*
 * A binary heap of embedded nodes that know their place: the least key is on
 * top, any node leaves in O(log n). Memory is reserved when an owner of a
 * node is born, so that adding can't fail.
 */
#ifndef PGT_HEAP_H
#define PGT_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pgt_heap_node {
	size_t place; /* in the array, from 1; 0: in no heap */
};

struct pgt_heap {
	struct pgt_heap_slot *slot;
	size_t n;
	size_t n_reserved;
	size_t cap;
};

struct pgt_heap_slot {
	uint64_t key;
	struct pgt_heap_node *node;
};

void pgt_heap_init(struct pgt_heap *h);

/* Frees the array; the nodes are the owners'. */
void pgt_heap_clear(struct pgt_heap *h);

/*
 * Room for one node more; undone by pgt_heap_release(). -ENOMEM leaves the
 * heap as it was.
 */
int pgt_heap_reserve(struct pgt_heap *h);
void pgt_heap_release(struct pgt_heap *h);

/* Puts node in, or gives it a new key where it is in already. Cannot fail. */
void pgt_heap_set(struct pgt_heap *h, struct pgt_heap_node *node, uint64_t key);

/* Takes node out; does nothing where it is not in. */
void pgt_heap_remove(struct pgt_heap *h, struct pgt_heap_node *node);

/* The node with the least key, NULL where there is none. */
struct pgt_heap_node *pgt_heap_top(const struct pgt_heap *h);

/* Any node by its place, 0 to n - 1, in no order: for a draw of lots. */
struct pgt_heap_node *pgt_heap_at(const struct pgt_heap *h, size_t i);

static inline bool
pgt_heap_has(const struct pgt_heap_node *node)
{
	return node->place != 0;
}

/* The key that node was given last; node is in h. */
uint64_t pgt_heap_key(
    const struct pgt_heap *h, const struct pgt_heap_node *node);

#endif
