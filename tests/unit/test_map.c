/* The map against an array that is searched. */
#include "base/map.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/rand.h"
#include "check.h"

static const unsigned char seed[PGT_MAP_SEED] = "0123456789abcde";

static struct pgt_key
key_of(uint64_t a, uint64_t b, const char *p, size_t n)
{
	return (struct pgt_key){a, b, {p, n}};
}

static void
test_a_key_is_all_of_its_parts(void)
{
	static const char text[] = "ab\0cd";
	struct pgt_key key[] = {
	    key_of(0, 0, "", 0),
	    key_of(1, 0, "", 0),
	    key_of(0, 1, "", 0),
	    key_of(1, 1, "", 0),
	    key_of(0, 0, text, 1),
	    key_of(0, 0, text, 2),
	    key_of(0, 0, text, 3),
	    key_of(0, 0, text, 5),
	    key_of(0, 0, text + 1, 1),
	    key_of(7, 0, text, 2),
	    key_of(0, 7, text, 2),
	    key_of(UINT64_MAX, UINT64_MAX, text, 5),
	    /* One's bytes are the other's number. */
	    key_of(0, 0x41, "", 0),
	    key_of(0, 0, "\x41\0\0\0\0\0\0\0", 8),
	};
	enum { N = sizeof(key) / sizeof(key[0]) };
	struct pgt_map_node node[N];
	struct pgt_key absent = key_of(2, 0, text, 2);
	struct pgt_map m;

	pgt_map_init(&m, seed);
	CHECK(pgt_map_find(&m, &key[0]) == NULL);
	for (size_t i = 0; i < N; i++) {
		CHECK(pgt_map_find(&m, &key[i]) == NULL);
		CHECK_INT(pgt_map_add(&m, &node[i], &key[i]), 0);
	}
	CHECK_INT(pgt_map_count(&m), N);
	for (size_t i = 0; i < N; i++)
		CHECK(pgt_map_find(&m, &key[i]) == &node[i]);
	CHECK(pgt_map_find(&m, &absent) == NULL);
	for (size_t i = 0; i < N; i++) {
		pgt_map_remove(&m, &node[i]);
		CHECK(pgt_map_find(&m, &key[i]) == NULL);
	}
	CHECK_INT(pgt_map_count(&m), 0);
}

/* Bytes are found by content, not by where they lie. */
static void
test_keys_of_every_length(void)
{
	enum { N = 700 }; /* hashed from the stack up to 256 */
	static char text[N], copy[N];
	static struct pgt_map_node node[N];
	struct pgt_key key;
	struct pgt_map m;

	memset(text, 'x', N);
	memset(copy, 'x', N);
	pgt_map_init(&m, seed);
	for (size_t n = 0; n < N; n++) {
		key = key_of(0, 0, text, n);
		CHECK_INT(pgt_map_add(&m, &node[n], &key), 0);
	}
	for (size_t n = 0; n < N; n++) {
		key = key_of(0, 0, copy, n);
		CHECK(pgt_map_find(&m, &key) == &node[n]);
		key.b = 1;
		CHECK(pgt_map_find(&m, &key) == NULL);
		copy[n] = 'y';
		key = key_of(0, 0, copy, n + 1);
		CHECK(pgt_map_find(&m, &key) == NULL);
		copy[n] = 'x';
	}
	for (size_t n = 0; n < N; n++)
		pgt_map_remove(&m, &node[n]);
}

static void
test_long_keys_differ_in_their_numbers_too(void)
{
	static char text[1000];
	struct pgt_map_node node[3];
	struct pgt_key key[3];
	struct pgt_map m;

	pgt_map_init(&m, seed);
	for (size_t i = 0; i < 3; i++) {
		key[i] = key_of(i == 1, i == 2, text, sizeof(text));
		CHECK_INT(pgt_map_add(&m, &node[i], &key[i]), 0);
	}
	for (size_t i = 0; i < 3; i++)
		CHECK(pgt_map_find(&m, &key[i]) == &node[i]);
	for (size_t i = 0; i < 3; i++)
		pgt_map_remove(&m, &node[i]);
}

static void
test_each_visits_in_order_of_arrival_and_may_remove(void)
{
	struct pgt_map_node node[50], *at, *next;
	struct pgt_key key;
	struct pgt_map m;
	uint64_t expect = 0;

	pgt_map_init(&m, seed);
	PGT_MAP_EACH (&m, at, next)
		CHECK(false);
	for (uint64_t i = 0; i < 50; i++) {
		key = key_of(i, 0, "", 0);
		CHECK_INT(pgt_map_add(&m, &node[i], &key), 0);
	}
	PGT_MAP_EACH (&m, at, next) {
		CHECK_INT(at->key.a, expect++);
		if (at->key.a % 2 == 0)
			pgt_map_remove(&m, at);
	}
	CHECK_INT(expect, 50);
	CHECK_INT(pgt_map_count(&m), 25);
	PGT_MAP_EACH (&m, at, next)
		pgt_map_remove(&m, at);
	CHECK_INT(pgt_map_count(&m), 0);
	CHECK(m.head == NULL);
}

/* Keys of one length, so that only their bytes tell them apart. */
static void
test_random_operations_agree_with_a_model(void)
{
	enum { N = 2000 };
	static struct pgt_map_node node[N];
	static char text[N][16];
	static bool in[N];
	struct pgt_rand r;
	struct pgt_map m;
	size_t n = 0;

	pgt_rand_init(&r, 10);
	pgt_map_init(&m, seed);
	for (size_t i = 0; i < N; i++)
		snprintf(text[i], sizeof(text[i]), "id-%06zu", i);
	for (int step = 0; step < 50000; step++) {
		size_t i = pgt_rand_below(&r, N);
		struct pgt_key key = key_of(i % 3, 0, text[i], 9);

		CHECK(pgt_map_find(&m, &key) == (in[i] ? &node[i] : NULL));
		if (in[i])
			pgt_map_remove(&m, &node[i]);
		else
			CHECK_INT(pgt_map_add(&m, &node[i], &key), 0);
		in[i] = !in[i];
		n += in[i] ? 1 : (size_t)-1;
		CHECK_INT(pgt_map_count(&m), n);
	}
	for (size_t i = 0; i < N; i++)
		if (in[i])
			pgt_map_remove(&m, &node[i]);
	CHECK(m.head == NULL);
}

static void
check_is_in_order(const struct pgt_map *m, struct pgt_map_node *node, size_t n)
{
	struct pgt_map_node *at, *next;
	size_t i = 0;

	CHECK_INT(pgt_map_count(m), n);
	PGT_MAP_EACH (m, at, next)
		CHECK(at == &node[i++]);
	CHECK_INT(i, n);
	for (i = 0; i < n; i++)
		CHECK(pgt_map_find(m, &node[i].key) == &node[i]);
}

/* Every add fails once for want of memory wherever it needs any. */
static void
test_no_memory_leaves_the_map_as_it_was(void)
{
	enum { N = 1500 };
	static struct pgt_map_node node[N];
	struct pgt_map m;
	struct pgt_key key;
	int rc, failed = 0;

	pgt_map_init(&m, seed);
	for (uint64_t i = 0; i < N; i++) {
		key = key_of(i, 0, "same", 4);
		for (size_t nth = 1;; nth++) {
			pgt_alloc_fail_at(nth);
			rc = pgt_map_add(&m, &node[i], &key);
			pgt_alloc_fail_at(0);
			if (rc == 0)
				break;
			CHECK_INT(rc, -ENOMEM);
			failed++;
			CHECK(pgt_map_find(&m, &key) == NULL);
			check_is_in_order(&m, node, i);
		}
	}
	check_is_in_order(&m, node, N);
	CHECK(failed >= 5); /* table, buckets, and it has grown */
	for (size_t i = 0; i < N; i++)
		pgt_map_remove(&m, &node[i]);
	CHECK(m.head == NULL);
}

static void
test_a_key_that_is_in_is_refused(void)
{
	char first[] = "key", second[] = "key";
	struct pgt_key key = key_of(1, 2, first, 3);
	struct pgt_key same = key_of(1, 2, second, 3);
	struct pgt_map_node a, b;
	struct pgt_map m;

	pgt_map_init(&m, seed);
	CHECK_INT(pgt_map_add(&m, &a, &key), 0);
	CHECK_INT(pgt_map_add(&m, &b, &same), -EEXIST);
	CHECK_INT(pgt_map_count(&m), 1);
	CHECK(pgt_map_find(&m, &same) == &a);
	pgt_map_remove(&m, &a);
	/* Found last, and gone: it is not found again. */
	CHECK(pgt_map_find(&m, &key) == NULL);
	CHECK_INT(pgt_map_add(&m, &b, &same), 0);
	CHECK(pgt_map_find(&m, &key) == &b);
	pgt_map_remove(&m, &b);
	CHECK(pgt_map_find(&m, &key) == NULL);
}

static void
test_another_seed_another_hash(void)
{
	static const unsigned char other[PGT_MAP_SEED] = "another seed...";
	struct pgt_map_node a, b;
	struct pgt_key key = key_of(1, 2, "key", 3);
	struct pgt_map m, n;

	pgt_map_init(&m, seed);
	pgt_map_init(&n, other);
	CHECK_INT(pgt_map_add(&m, &a, &key), 0);
	CHECK_INT(pgt_map_add(&n, &b, &key), 0);
	CHECK(a.hh.hashv != b.hh.hashv);
	pgt_map_remove(&m, &a);
	pgt_map_remove(&n, &b);
}

static void
count_visit(void *arg, struct pgt_map_node *node)
{
	unsigned *visits = arg;

	visits[node->key.a]++;
}

/*
 * Those that stay are each visited, while so many others come and go that the
 * table grows on the way; and the scan ends.
 */
static void
test_a_scan_visits_whatever_stays(void)
{
	enum { STAY = 300, ALL = 20000 };
	static struct pgt_map_node node[ALL];
	static unsigned visits[ALL];
	struct pgt_key key;
	struct pgt_map m;
	uint64_t cursor = 0;
	size_t n = STAY, steps = 0;

	pgt_map_init(&m, seed);
	CHECK(pgt_map_scan(&m, 0, count_visit, visits) == 0);
	for (size_t i = 0; i < STAY; i++) {
		key = key_of(i, 0, "", 0);
		CHECK_INT(pgt_map_add(&m, &node[i], &key), 0);
	}
	do {
		cursor = pgt_map_scan(&m, cursor, count_visit, visits);
		for (size_t i = 0; i < 200 && n < ALL; i++, n++) {
			key = key_of(n, 0, "", 0);
			CHECK_INT(pgt_map_add(&m, &node[n], &key), 0);
			if (i % 2 == 0)
				pgt_map_remove(&m, &node[n]);
		}
		CHECK(++steps < ALL);
	} while (cursor != 0);
	CHECK(steps > 100 && n == ALL);
	for (size_t i = 0; i < STAY; i++)
		CHECK(visits[i] >= 1 && visits[i] <= 2);
	for (size_t i = 0; i < STAY; i++)
		pgt_map_remove(&m, &node[i]);
	for (size_t i = STAY; i < ALL; i++)
		if ((i - STAY) % 200 % 2 != 0)
			pgt_map_remove(&m, &node[i]);
	CHECK(m.head == NULL);
}

static void
test_a_scan_of_a_map_at_rest_visits_each_once(void)
{
	enum { N = 5000 };
	static struct pgt_map_node node[N];
	static unsigned visits[N];
	struct pgt_key key;
	struct pgt_map m;
	uint64_t cursor = 0;

	pgt_map_init(&m, seed);
	for (size_t i = 0; i < N; i++) {
		key = key_of(i, 0, "", 0);
		CHECK_INT(pgt_map_add(&m, &node[i], &key), 0);
	}
	do
		cursor = pgt_map_scan(&m, cursor, count_visit, visits);
	while (cursor != 0);
	for (size_t i = 0; i < N; i++) {
		CHECK_INT(visits[i], 1);
		pgt_map_remove(&m, &node[i]);
	}
}

static const struct check_test tests[] = {
    {test_a_key_is_all_of_its_parts, "a key is all of its parts"},
    {test_keys_of_every_length, "keys of every length are found"},
    {test_long_keys_differ_in_their_numbers_too,
	"long keys differ in their numbers, too"},
    {test_each_visits_in_order_of_arrival_and_may_remove,
	"each visits in order of arrival and may remove"},
    {test_random_operations_agree_with_a_model,
	"random operations agree with a model"},
    {test_no_memory_leaves_the_map_as_it_was,
	"an add that finds no memory leaves the map as it was"},
    {test_a_key_that_is_in_is_refused,
	"a key that is in is refused, one that left is not"},
    {test_another_seed_another_hash, "another seed, another hash"},
    {test_a_scan_visits_whatever_stays,
	"a scan visits whatever stays, while the map grows"},
    {test_a_scan_of_a_map_at_rest_visits_each_once,
	"a scan of a map at rest visits each once"},
};

CHECK_MAIN(tests)
