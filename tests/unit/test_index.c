/* The index against an array that is searched. */
#include "base/index.h"

#include <stdio.h>

#include "base/rand.h"
#include "check.h"

#define N 400

struct model {
	struct pgt_index x;
	struct pgt_index_node node[N];
	char name[N][8];
	bool in[N];
};

/* What pgt_index_next() should find. */
static const struct pgt_index_node *
search(const struct model *m, struct pgt_slice prefix, struct pgt_slice at,
    bool behind)
{
	const struct pgt_index_node *best = NULL;

	for (size_t i = 0; i < N; i++) {
		struct pgt_slice name = pgt_slice_of(m->name[i]);
		int c = pgt_slice_compare(name, at);

		if (m->in[i] && (c > 0 || (c == 0 && !behind)) &&
		    (best == NULL || pgt_slice_compare(name, best->name) < 0))
			best = &m->node[i];
	}
	return best != NULL && pgt_slice_has_prefix(best->name, prefix) ? best
									: NULL;
}

/* Depth of the tree; checks order and priorities on the way. */
static int
measure(const struct pgt_index_node *t)
{
	int l, r;

	if (t == NULL)
		return 0;
	if (t->left != NULL) {
		CHECK(pgt_slice_compare(t->left->name, t->name) < 0);
		CHECK(t->left->priority <= t->priority);
	}
	if (t->right != NULL) {
		CHECK(pgt_slice_compare(t->right->name, t->name) > 0);
		CHECK(t->right->priority <= t->priority);
	}
	l = measure(t->left);
	r = measure(t->right);
	return 1 + (l > r ? l : r);
}

static void
check_random_question(const struct model *m, struct pgt_rand *r)
{
	struct pgt_slice name = pgt_slice_of(m->name[pgt_rand_below(r, N)]);
	struct pgt_slice prefix =
	    pgt_slice_head(name, pgt_rand_below(r, name.n + 1));
	bool behind = pgt_rand_below(r, 2) == 0;

	CHECK(pgt_index_next(&m->x, prefix, prefix, behind) ==
	      search(m, prefix, prefix, behind));
	CHECK(pgt_index_next(&m->x, prefix, name, behind) ==
	      search(m, prefix, name, behind));
}

static void
run_random(uint64_t seed, uint64_t n_priorities)
{
	static struct model m;
	struct pgt_rand r;

	m = (struct model){.x = {NULL}};
	pgt_rand_init(&r, seed);
	for (unsigned i = 0; i < N; i++) /* 0, 1, 2, 3, 10, 11, …: base four */
		snprintf(
		    m.name[i], sizeof(m.name[i]), "%.*o", 1 + (int)(i % 4), i);
	for (size_t i = 0; i < N; i++) /* names are unique */
		for (size_t j = 0; j < i; j++)
			if (strcmp(m.name[i], m.name[j]) == 0)
				snprintf(
				    m.name[i], sizeof(m.name[i]), "x%zu", i);
	for (int step = 0; step < 5000; step++) {
		size_t i = pgt_rand_below(&r, N);

		if (m.in[i])
			pgt_index_remove(&m.x, &m.node[i]);
		else
			pgt_index_add(&m.x, &m.node[i], pgt_slice_of(m.name[i]),
			    pgt_rand_below(&r, n_priorities));
		m.in[i] = !m.in[i];
		check_random_question(&m, &r);
		if (step % 50 == 0)
			measure(m.x.root);
	}
}

static void
test_random_operations_agree_with_a_model(void)
{
	run_random(11, UINT64_MAX);
	run_random(12, 3); /* priorities that are often equal */
	run_random(13, 1);
}

static void
test_any_node_leaves(void)
{
	static const char *const names[] = {"m", "f", "t", "c", "h", "p", "w",
	    "a", "d", "g", "j", "n", "r", "u", "z"};
	enum { COUNT = sizeof(names) / sizeof(names[0]) };
	struct pgt_index_node node[COUNT];
	struct pgt_index x;
	struct pgt_rand r;

	pgt_rand_init(&r, 14);
	for (int round = 0; round < 50; round++)
		for (size_t gone = 0; gone < COUNT; gone++) {
			x.root = NULL;
			for (size_t i = 0; i < COUNT; i++)
				pgt_index_add(&x, &node[i],
				    pgt_slice_of(names[i]), pgt_rand_next(&r));
			pgt_index_remove(&x, &node[gone]);
			measure(x.root);
			for (size_t i = 0; i < COUNT; i++)
				CHECK((pgt_index_next(&x, node[i].name,
					   node[i].name, false) == &node[i]) ==
				      (i != gone));
		}
}

static void
test_it_stays_shallow_whatever_the_order(void)
{
	enum { COUNT = 10000 };
	static struct pgt_index_node node[COUNT];
	static char name[COUNT][16];
	struct pgt_index x = {NULL};
	struct pgt_rand r;

	pgt_rand_init(&r, 15);
	for (int i = 0; i < COUNT; i++) {
		snprintf(name[i], sizeof(name[i]), "%05d", i);
		pgt_index_add(
		    &x, &node[i], pgt_slice_of(name[i]), pgt_rand_next(&r));
	}
	CHECK(measure(x.root) < 50); /* 14 if it were perfect */
}

static void
test_a_prefix_is_walked_in_order_while_names_come_and_go(void)
{
	static const char *const names[] = {
	    "a", "svc", "svc@1", "svc@1.0", "svc@2", "svc@3", "svd"};
	struct pgt_index_node node[7], *at;
	struct pgt_index x = {NULL};
	struct pgt_slice prefix = pgt_slice_of("svc@");
	struct pgt_rand r;

	pgt_rand_init(&r, 16);
	for (size_t i = 0; i < 7; i++)
		pgt_index_add(
		    &x, &node[i], pgt_slice_of(names[i]), pgt_rand_next(&r));
	at = pgt_index_next(&x, prefix, prefix, false);
	CHECK(at == &node[2]);
	pgt_index_remove(&x, at); /* the one it stands on */
	at = pgt_index_next(&x, prefix, at->name, true);
	CHECK(at == &node[3]);
	pgt_index_remove(&x, &node[4]); /* the one behind it */
	at = pgt_index_next(&x, prefix, at->name, true);
	CHECK(at == &node[5]);
	CHECK(pgt_index_next(&x, prefix, at->name, true) == NULL);
}

static void
test_an_empty_index_and_an_empty_prefix(void)
{
	struct pgt_slice none = {NULL, 0};
	struct pgt_index x = {NULL};
	struct pgt_index_node a, b;

	CHECK(pgt_index_next(&x, none, none, false) == NULL);
	pgt_index_add(&x, &a, pgt_slice_of("\xff"), 1);
	pgt_index_add(&x, &b, none, 2);
	CHECK(pgt_index_next(&x, none, none, false) == &b);
	CHECK(pgt_index_next(&x, none, none, true) == &a);
	pgt_index_remove(&x, &b);
	CHECK(pgt_index_next(&x, none, none, false) == &a);
	pgt_index_remove(&x, &a);
	CHECK(x.root == NULL);
}

static const struct check_test tests[] = {
    {test_random_operations_agree_with_a_model,
	"random operations agree with a model"},
    {test_any_node_leaves, "any node leaves, and no other"},
    {test_it_stays_shallow_whatever_the_order,
	"it stays shallow whatever the order of arrival"},
    {test_a_prefix_is_walked_in_order_while_names_come_and_go,
	"a prefix is walked in order while names come and go"},
    {test_an_empty_index_and_an_empty_prefix,
	"an empty index, an empty name, an empty prefix"},
};

CHECK_MAIN(tests)
