/* The heap against an array that is searched. */
#include "base/heap.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/rand.h"
#include "check.h"

#define N 300

/* A heap and what should be in it. */
struct model {
	struct pgt_heap h;
	struct pgt_heap_node node[N];
	uint64_t key[N];
	bool in[N];
	size_t n;
};

static void
open_model(struct model *m)
{
	*m = (struct model){.n = 0};
	pgt_heap_init(&m->h);
	for (size_t i = 0; i < N; i++)
		CHECK_INT(pgt_heap_reserve(&m->h), 0);
}

static void
compare(const struct model *m)
{
	const struct pgt_heap_node *top = pgt_heap_top(&m->h);
	uint64_t least = UINT64_MAX;
	bool seen[N] = {false};

	for (size_t i = 0; i < N; i++) {
		CHECK_INT(pgt_heap_has(&m->node[i]), m->in[i]);
		if (!m->in[i])
			continue;
		CHECK(pgt_heap_key(&m->h, &m->node[i]) == m->key[i]);
		if (m->key[i] < least)
			least = m->key[i];
	}
	CHECK_INT(top == NULL, m->n == 0);
	CHECK(top == NULL || m->key[top - m->node] == least);
	for (size_t i = 0; i < m->n; i++) {
		size_t who = (size_t)(pgt_heap_at(&m->h, i) - m->node);

		CHECK(who < N && m->in[who] && !seen[who]);
		seen[who] = true;
	}
}

static void
set(struct model *m, size_t i, uint64_t key)
{
	pgt_heap_set(&m->h, &m->node[i], key);
	m->n += !m->in[i];
	m->in[i] = true;
	m->key[i] = key;
}

static void
take(struct model *m, size_t i)
{
	pgt_heap_remove(&m->h, &m->node[i]);
	m->n -= m->in[i];
	m->in[i] = false;
}

/* Few different keys: ties everywhere. Many: none. */
static void
run_random(uint64_t seed, uint64_t n_keys)
{
	static struct model m;
	struct pgt_rand r;

	open_model(&m);
	pgt_rand_init(&r, seed);
	for (int step = 0; step < 4000; step++) {
		size_t i = pgt_rand_below(&r, N);

		/* It fills up, then empties, twice. */
		if (pgt_rand_below(&r, 10) < (step / 1000 % 2 == 0 ? 7U : 3U))
			set(&m, i, pgt_rand_below(&r, n_keys));
		else
			take(&m, i);
		compare(&m);
	}
	pgt_heap_clear(&m.h);
}

static void
test_random_operations_agree_with_a_model(void)
{
	run_random(1, UINT64_MAX);
	run_random(2, 5);
	run_random(3, 1);
}

static void
test_they_leave_in_order(void)
{
	static struct model m;
	struct pgt_rand r;
	uint64_t last = 0;

	open_model(&m);
	pgt_rand_init(&r, 4);
	for (size_t i = 0; i < N; i++)
		set(&m, i, pgt_rand_below(&r, 1000));
	for (size_t i = 0; i < N; i++) {
		struct pgt_heap_node *top = pgt_heap_top(&m.h);
		uint64_t key = pgt_heap_key(&m.h, top);

		CHECK(key >= last);
		last = key;
		take(&m, (size_t)(top - m.node));
	}
	CHECK(pgt_heap_top(&m.h) == NULL);
	pgt_heap_clear(&m.h);
}

static void
test_any_node_leaves_from_any_size(void)
{
	static struct model m;
	struct pgt_rand r;

	pgt_rand_init(&r, 5);
	for (size_t n = 1; n <= 40; n++)
		for (size_t gone = 0; gone < n; gone++) {
			open_model(&m);
			for (size_t i = 0; i < n; i++)
				set(&m, i, pgt_rand_below(&r, 20));
			take(&m, gone);
			compare(&m);
			take(&m, gone); /* not in any more: nothing happens */
			compare(&m);
			pgt_heap_clear(&m.h);
		}
}

static void
test_extreme_keys(void)
{
	static struct model m;

	open_model(&m);
	set(&m, 0, UINT64_MAX);
	set(&m, 1, 0);
	set(&m, 2, (uint64_t)INT64_MAX + 1);
	compare(&m);
	set(&m, 1, UINT64_MAX);
	CHECK(pgt_heap_top(&m.h) == &m.node[2]);
	pgt_heap_clear(&m.h);
	CHECK(pgt_heap_top(&m.h) == NULL);
}

static void
test_no_memory_leaves_it_as_it_was(void)
{
	struct pgt_heap h;
	struct pgt_heap_node node[16] = {{0}};

	pgt_heap_init(&h);
	pgt_alloc_fail_at(1);
	CHECK_INT(pgt_heap_reserve(&h), -ENOMEM);
	pgt_alloc_fail_at(0);
	for (size_t i = 0; i < 16; i++) {
		CHECK_INT(pgt_heap_reserve(&h), 0);
		pgt_heap_set(&h, &node[i], 16 - i);
	}
	pgt_alloc_fail_at(1);
	CHECK_INT(pgt_heap_reserve(&h), -ENOMEM);
	CHECK(pgt_heap_top(&h) == &node[15]);
	/* What is given back can be had again without memory. */
	pgt_heap_remove(&h, &node[3]);
	pgt_heap_release(&h);
	CHECK_INT(pgt_heap_reserve(&h), 0);
	CHECK_INT(pgt_alloc_fail_at(0), 1);
	CHECK_INT(pgt_heap_reserve(&h), 0);
	CHECK(pgt_heap_top(&h) == &node[15]);
	pgt_heap_clear(&h);
}

static const struct check_test tests[] = {
    {test_random_operations_agree_with_a_model,
	"random operations agree with a model"},
    {test_they_leave_in_order, "they leave in order"},
    {test_any_node_leaves_from_any_size, "any node leaves a heap of any size"},
    {test_extreme_keys, "keys may be as small and large as they get"},
    {test_no_memory_leaves_it_as_it_was,
	"a reservation that fails leaves the heap as it was"},
};

CHECK_MAIN(tests)
