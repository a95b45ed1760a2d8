/*
 * A hash table of embedded nodes (uthash), keyed by two numbers and a slice.
 * The hash is keyed (SipHash), so that no peer can choose collisions.
 */
#ifndef PGT_MAP_H
#define PGT_MAP_H

#include <stdint.h>

/* uthash wants these before its header is read. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "base/slice.h"

#define PGT_MAP_SEED 16

struct pgt_key {
	uint64_t a, b;	    /* 0 where a number is not part of the key */
	struct pgt_slice s; /* bytes live as long as the node is in the map */
};

struct pgt_map_node {
	struct pgt_key key;
	UT_hash_handle hh;
};

struct pgt_map {
	struct pgt_map_node *head; /* uthash's; order of arrival */
	struct pgt_map_node *last; /* found last, most likely the next one */
	unsigned char seed[PGT_MAP_SEED];
};

/* An empty map. The seed should not be known to peers. */
void pgt_map_init(struct pgt_map *m, const unsigned char seed[PGT_MAP_SEED]);

/*
 * Puts node in under key. 0, or -EEXIST (key is in) or -ENOMEM and the map is
 * as it was. The node does not move while it is in.
 */
int pgt_map_add(
    struct pgt_map *m, struct pgt_map_node *node, const struct pgt_key *key);

/* Takes node, which is in, out. Frees all memory with the last one. */
void pgt_map_remove(struct pgt_map *m, struct pgt_map_node *node);

/* The node under key, or NULL. */
struct pgt_map_node *pgt_map_find(
    const struct pgt_map *m, const struct pgt_key *key);

size_t pgt_map_count(const struct pgt_map *m);

typedef void (*pgt_map_fn)(void *arg, struct pgt_map_node *node);

/*
 * Visits a few nodes, in no order. Begins at cursor 0; returns where to go on,
 * 0 at the end. What is in from the first call to the last is visited at least
 * once, whatever comes and goes meanwhile; it may be twice. fn changes nothing.
 */
uint64_t pgt_map_scan(
    const struct pgt_map *m, uint64_t cursor, pgt_map_fn fn, void *arg);
/* The one that is in for the longest time, or NULL. */
static inline struct pgt_map_node *
pgt_map_first(const struct pgt_map *m)
{
	return m->head;
}

/* What malloc takes for the table itself; the nodes are their owners'. */
size_t pgt_map_cost(const struct pgt_map *m);

/*
 * Each node in the order of arrival. The body may take out the node it
 * stands on and no other.
 */
#define PGT_MAP_EACH(m, node, next)                                            \
	for ((node) = (m)->head;                                               \
	     (node) != NULL && ((next) = (node)->hh.next, 1); (node) = (next))

#endif
