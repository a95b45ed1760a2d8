/* A treap without parent links: adding splits, removing merges. */
#include "base/index.h"

#include <stddef.h>

/* All names below `name` go to *less, all others to *more. */
static void
split(struct pgt_index_node *t, struct pgt_slice name,
    struct pgt_index_node **less, struct pgt_index_node **more)
{
	while (t != NULL) {
		if (pgt_slice_compare(t->name, name) < 0) {
			*less = t;
			less = &t->right;
			t = t->right;
		} else {
			*more = t;
			more = &t->left;
			t = t->left;
		}
	}
	*less = NULL;
	*more = NULL;
}

/* The link under which name stands, or would hang. */
static struct pgt_index_node **
find_link(struct pgt_index *x, struct pgt_slice name, uint64_t priority)
{
	struct pgt_index_node **at = &x->root;
	int c;

	while (*at != NULL && (*at)->priority >= priority) {
		c = pgt_slice_compare(name, (*at)->name);
		if (c == 0)
			break;
		at = c < 0 ? &(*at)->left : &(*at)->right;
	}
	return at;
}

void
pgt_index_add(struct pgt_index *x, struct pgt_index_node *node,
    struct pgt_slice name, uint64_t priority)
{
	struct pgt_index_node **at = find_link(x, name, priority);

	node->name = name;
	node->priority = priority;
	split(*at, name, &node->left, &node->right);
	*at = node;
}

void
pgt_index_remove(struct pgt_index *x, struct pgt_index_node *node)
{
	struct pgt_index_node **at = find_link(x, node->name, 0);
	struct pgt_index_node *l = node->left, *r = node->right;

	while (l != NULL && r != NULL) {
		if (l->priority >= r->priority) {
			*at = l;
			at = &l->right;
			l = l->right;
		} else {
			*at = r;
			at = &r->left;
			r = r->left;
		}
	}
	*at = l != NULL ? l : r;
}

struct pgt_index_node *
pgt_index_next(const struct pgt_index *x, struct pgt_slice prefix,
    struct pgt_slice at, bool behind)
{
	struct pgt_index_node *t = x->root, *best = NULL;
	int c;

	while (t != NULL) {
		c = pgt_slice_compare(t->name, at);
		if (c > 0 || (c == 0 && !behind)) {
			best = t;
			t = t->left;
		} else {
			t = t->right;
		}
	}
	if (best != NULL && pgt_slice_has_prefix(best->name, prefix))
		return best;
	return NULL;
}
