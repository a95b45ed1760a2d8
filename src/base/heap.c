/*
 * Keys stand in the array beside the pointers: a sift compares without
 * touching the nodes, which matters once a million of them wait. Four
 * children a node: half the levels of a binary heap, same cache lines.
 */
#include "base/heap.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define FANOUT 4

void
pgt_heap_init(struct pgt_heap *h)
{
	*h = (struct pgt_heap){0};
}

void
pgt_heap_clear(struct pgt_heap *h)
{
	pgt_free(h->slot);
	pgt_heap_init(h);
}

int
pgt_heap_reserve(struct pgt_heap *h)
{
	struct pgt_heap_slot *slot;
	size_t cap = h->cap == 0 ? 16 : h->cap * 2;

	if (h->n_reserved == h->cap) {
		slot = pgt_alloc(cap * sizeof(*slot));
		if (slot == NULL)
			return -ENOMEM;
		if (h->n > 0)
			memcpy(slot, h->slot, h->n * sizeof(*slot));
		pgt_free(h->slot);
		h->slot = slot;
		h->cap = cap;
	}
	h->n_reserved++;
	return 0;
}

void
pgt_heap_release(struct pgt_heap *h)
{
	h->n_reserved--;
}

static void
put(struct pgt_heap *h, size_t i, struct pgt_heap_slot s)
{
	h->slot[i] = s;
	s.node->place = i + 1;
}

static size_t
sift_up(struct pgt_heap *h, size_t i, uint64_t key)
{
	size_t parent;

	for (; i > 0; i = parent) {
		parent = (i - 1) / FANOUT;
		if (h->slot[parent].key <= key)
			break;
		put(h, i, h->slot[parent]);
	}
	return i;
}

static size_t
sift_down(struct pgt_heap *h, size_t i, uint64_t key)
{
	size_t child, best, end;

	for (;; i = best) {
		child = i * FANOUT + 1;
		if (child >= h->n)
			return i;
		end = child + FANOUT < h->n ? child + FANOUT : h->n;
		for (best = child++; child < end; child++)
			if (h->slot[child].key < h->slot[best].key)
				best = child;
		if (h->slot[best].key >= key)
			return i;
		put(h, i, h->slot[best]);
	}
}

static void
settle(struct pgt_heap *h, size_t i, struct pgt_heap_slot s)
{
	i = sift_up(h, i, s.key);
	i = sift_down(h, i, s.key);
	put(h, i, s);
}

void
pgt_heap_set(struct pgt_heap *h, struct pgt_heap_node *node, uint64_t key)
{
	size_t i = node->place != 0 ? node->place - 1 : h->n++;

	settle(h, i, (struct pgt_heap_slot){key, node});
}

void
pgt_heap_remove(struct pgt_heap *h, struct pgt_heap_node *node)
{
	size_t i = node->place - 1;

	if (node->place == 0)
		return;
	node->place = 0;
	h->n--;
	if (i < h->n)
		settle(h, i, h->slot[h->n]);
}

struct pgt_heap_node *
pgt_heap_top(const struct pgt_heap *h)
{
	return h->n == 0 ? NULL : h->slot[0].node;
}

struct pgt_heap_node *
pgt_heap_at(const struct pgt_heap *h, size_t i)
{
	return h->slot[i].node;
}

uint64_t
pgt_heap_key(const struct pgt_heap *h, const struct pgt_heap_node *node)
{
	return h->slot[node->place - 1].key;
}
