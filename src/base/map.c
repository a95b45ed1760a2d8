/*
 * uthash keeps, hashes and grows; this file gives it a keyed hash, our
 * allocator and a comparison of our keys. uthash tells of a lack of memory by
 * a callback: when an insertion was undone the node's handle has no table.
 */
#include "base/map.h"

#include <errno.h>
#include <sodium.h>

#include "base/alloc.h"
#include "base/container.h"

_Static_assert(PGT_MAP_SEED == crypto_shorthash_KEYBYTES, "SipHash's key");

/* Short keys are hashed from the stack, in one piece. */
#define ON_STACK 256

#undef uthash_malloc
#undef uthash_free
#define uthash_malloc(n)  pgt_alloc(n)
#define uthash_free(p, n) pgt_free(p)
#undef uthash_bzero
#define uthash_bzero(p, n) ((void)0) /* pgt_alloc() zeroes */
#undef uthash_nonfatal_oom
#define uthash_nonfatal_oom(node) (added = false)
#undef HASH_KEYCMP
#define HASH_KEYCMP(a, b, n) (!key_is_equal((a), (b)))

static bool
key_is_equal(const struct pgt_key *a, const struct pgt_key *b)
{
	return a->a == b->a && a->b == b->b && pgt_slice_equal(a->s, b->s);
}

static unsigned
hash_short(const unsigned char *seed, const struct pgt_key *key)
{
	unsigned char out[crypto_shorthash_BYTES], buf[ON_STACK + 16];
	unsigned h;

	memcpy(buf, &key->a, 8);
	memcpy(buf + 8, &key->b, 8);
	if (key->s.n > 0)
		memcpy(buf + 16, key->s.p, key->s.n);
	crypto_shorthash(out, buf, 16 + key->s.n, seed);
	memcpy(&h, out, sizeof(h));
	return h;
}

/* A long slice is hashed where it lies, the numbers beside its hash. */
static unsigned
hash_of(const struct pgt_map *m, const struct pgt_key *key)
{
	unsigned char out[crypto_shorthash_BYTES];
	struct pgt_key folded = *key;

	if (key->s.n <= ON_STACK)
		return hash_short(m->seed, key);
	crypto_shorthash(
	    out, (const unsigned char *)key->s.p, key->s.n, m->seed);
	folded.s = (struct pgt_slice){(const char *)out, sizeof(out)};
	return hash_short(m->seed, &folded);
}

void
pgt_map_init(struct pgt_map *m, const unsigned char seed[PGT_MAP_SEED])
{
	m->head = NULL;
	m->last = NULL;
	memcpy(m->seed, seed, PGT_MAP_SEED);
}

static struct pgt_map_node *
find_hashed(const struct pgt_map *m, const struct pgt_key *key, unsigned h)
{
	struct pgt_map_node *node;

	HASH_FIND_BYHASHVALUE(hh, m->head, key, sizeof(*key), h, node);
	return node;
}

int
pgt_map_add(
    struct pgt_map *m, struct pgt_map_node *node, const struct pgt_key *key)
{
	unsigned h = hash_of(m, key);
	bool added = true;

	if (find_hashed(m, key, h) != NULL)
		return -EEXIST;
	node->key = *key;
	HASH_ADD_KEYPTR_BYHASHVALUE(
	    hh, m->head, &node->key, sizeof(node->key), h, node);
	return added ? 0 : -ENOMEM;
}

void
pgt_map_remove(struct pgt_map *m, struct pgt_map_node *node)
{
	if (m->last == node)
		m->last = NULL;
	HASH_DEL(m->head, node);
}

struct pgt_map_node *
pgt_map_find(const struct pgt_map *m, const struct pgt_key *key)
{
	struct pgt_map_node *node = m->last;

	if (m->head == NULL)
		return NULL;
	/* Peers send several messages in a row: no hash for the same again. */
	if (node != NULL && key_is_equal(&node->key, key))
		return node;
	node = find_hashed(m, key, hash_of(m, key));
	if (node != NULL)
		((struct pgt_map *)m)->last = node; /* no map is ever const */
	return node;
}

size_t
pgt_map_cost(const struct pgt_map *m)
{
	if (m->head == NULL)
		return 0;
	return pgt_alloc_cost(sizeof(UT_hash_table)) +
	       pgt_alloc_cost(m->head->hh.tbl->num_buckets *
			      sizeof(struct UT_hash_bucket));
}

size_t
pgt_map_count(const struct pgt_map *m)
{
	return HASH_COUNT(m->head);
}

static uint64_t
reverse_bits(uint64_t v)
{
	v = (v >> 32) | (v << 32);
	v = (v >> 16 & UINT64_C(0x0000ffff0000ffff)) |
	    (v & UINT64_C(0x0000ffff0000ffff)) << 16;
	v = (v >> 8 & UINT64_C(0x00ff00ff00ff00ff)) |
	    (v & UINT64_C(0x00ff00ff00ff00ff)) << 8;
	v = (v >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f)) |
	    (v & UINT64_C(0x0f0f0f0f0f0f0f0f)) << 4;
	v = (v >> 2 & UINT64_C(0x3333333333333333)) |
	    (v & UINT64_C(0x3333333333333333)) << 2;
	return (v >> 1 & UINT64_C(0x5555555555555555)) |
	       (v & UINT64_C(0x5555555555555555)) << 1;
}

/*
 * A bucket at a time, their numbers counted up from the highest bit down: when
 * the table grows, a bucket's nodes go to buckets whose lower bits are its
 * own, and these are either all behind the cursor or all before it.
 */
uint64_t
pgt_map_scan(const struct pgt_map *m, uint64_t cursor, pgt_map_fn fn, void *arg)
{
	const UT_hash_table *table;
	const UT_hash_handle *hh;
	uint64_t mask;

	if (m->head == NULL)
		return 0;
	table = m->head->hh.tbl;
	mask = table->num_buckets - 1;
	hh = table->buckets[cursor & mask].hh_head;
	for (; hh != NULL; hh = hh->hh_next)
		fn(arg, PGT_CONTAINER((void *)hh, struct pgt_map_node, hh));
	return reverse_bits(reverse_bits(cursor | ~mask) + 1);
}
