/* What always holds; it walks everything. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/container.h"
#include "services/cache.h"

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static size_t
parts_cost(const struct cache_parts *l)
{
	const struct core_part *part;
	size_t cost = 0;

	for (part = l->first; part != NULL; part = part->next) {
		must(part->next != NULL || l->last == &part->next);
		cost += pgt_alloc_cost(
		    sizeof(*part) + part->n * sizeof(part->f[0]));
		for (size_t i = 0; i < part->n; i++)
			cost += pgt_frame_cost(pgt_frame_view(&part->f[i]).n);
	}
	return cost;
}

static void
check_entry(const struct cache *c, const struct cache_entry *e)
{
	must(e->parts.first != NULL);
	must(parts_cost(&e->parts) == e->parts.cost);
	must(e->cost == pgt_alloc_cost(sizeof(*e)) + CACHE_TIMER_COST +
			    pgt_frame_cost(pgt_frame_view(&e->data).n) +
			    e->parts.cost);
	must(core_timer_is_armed(&e->timer));
	must(PGT_CONTAINER(pgt_map_find(&c->entries, &e->node.key),
		 struct cache_entry, node) == e);
}

/* The live and the dead do not mix; returns the number of both. */
static size_t
check_service(
    const struct cache *c, const struct cache_service *s, size_t *live)
{
	const struct cache_entry *e;
	size_t n = 0, n_live = 0;

	TAILQ_FOREACH (e, &s->entries, link) {
		must(e->service == s);
		must(cache_is_live(c, e) || n_live == 0);
		n_live += cache_is_live(c, e);
		n++;
	}
	must(n > 0 && (s->epoch <= c->floor || n_live == s->n_live));
	must(
	    n_live == n || s->is_swept || core_timer_is_armed(&c->sweep_timer));
	*live += n_live;
	return n;
}

void
cache_store_check(const struct cache *c)
{
	const struct pgt_map_node *node;
	const struct cache_service *s;
	const struct cache_entry *e;
	size_t bytes = c->stream_bytes, n = 0, n_live = 0;

	TAILQ_FOREACH (e, &c->used, used) {
		check_entry(c, e);
		bytes += e->cost;
	}
	for (node = c->services.head; node != NULL; node = node->hh.next) {
		s = PGT_CONTAINER((void *)node, struct cache_service, node);
		bytes += cache_service_cost(s);
		n += check_service(c, s, &n_live);
	}
	must(n == pgt_map_count(&c->entries) && n_live == c->n_live);
	must(bytes == c->bytes);
	must(TAILQ_EMPTY(&c->swept) || core_timer_is_armed(&c->sweep_timer));
	must(cache_memory(c) <= (size_t)core_conf(c->core)->cache.max_memory ||
	     TAILQ_EMPTY(&c->used) || core_timer_is_armed(&c->sweep_timer));
}
