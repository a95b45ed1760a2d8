/*
 * A name exists while requests ask for it, workers are registered under it or
 * a core service holds it; then for a while in a list of bounded length, so
 * that the next request finds its pool made.
 */
#include "broker/service.h"

#include "base/alloc.h"
#include "base/container.h"
#include "broker/core_table.h"
#include "broker/figures.h"
#include "broker/match.h"
#include "broker/run.h"

struct service *
service_find(const struct broker *b, struct pgt_slice name)
{
	const struct pgt_key key = {.s = name};

	return PGT_CONTAINER(
	    pgt_map_find(&b->services, &key), struct service, node);
}

static void
leave_idle(struct broker *b, struct service *s)
{
	if (!s->is_idle)
		return;
	TAILQ_REMOVE(&b->idle_services, s, idle);
	b->n_idle_services--;
	b->n_idle_bytes -= s->node.key.s.n;
	s->is_idle = false;
}

static void
service_free(struct broker *b, struct service *s)
{
	leave_idle(b, s);
	if (s->is_dirty)
		TAILQ_REMOVE(&b->dirty, s, dirty);
	match_close(s);
	pgt_index_remove(&b->names, &s->index);
	pgt_map_remove(&b->services, &s->node);
	pgt_heap_clear(&s->free_workers);
	figures_clear(b, &s->figures);
	pgt_frame_clear(&s->name);
	pgt_free(s);
}

static void
init_lists(struct service *s)
{
	TAILQ_INIT(&s->queue);
	TAILQ_INIT(&s->parked);
	TAILQ_INIT(&s->held);
	TAILQ_INIT(&s->paused);
	TAILQ_INIT(&s->pool);
	TAILQ_INIT(&s->watchers);
	TAILQ_INIT(&s->hungry);
	TAILQ_INIT(&s->aside);
	TAILQ_INIT(&s->workers);
	TAILQ_INIT(&s->leaving);
	pgt_heap_init(&s->free_workers);
}

static struct service *
service_new(struct broker *b, struct pgt_slice name)
{
	struct service *s = pgt_alloc(sizeof(*s));
	struct pgt_key key = {0};

	if (s == NULL)
		return NULL;
	init_lists(s);
	s->figures.epoch = b->epoch;
	if (pgt_frame_from(&s->name, name) < 0)
		goto fail;
	key.s = pgt_frame_view(&s->name);
	if (pgt_map_add(&b->services, &s->node, &key) < 0)
		goto fail;
	s->coalesces = run_is_wanted(&b->conf, key.s);
	pgt_index_add(&b->names, &s->index, key.s, pgt_rand_next(&b->rand));
	if (match_open(b, s) < 0) {
		service_free(b, s);
		return NULL;
	}
	return s;
fail:
	pgt_frame_clear(&s->name);
	pgt_free(s);
	return NULL;
}

struct service *
service_require(struct broker *b, struct pgt_slice name)
{
	struct service *s = service_find(b, name);

	if (s == NULL) {
		s = service_new(b, name);
		if (s != NULL)
			service_settle(b, s);
	}
	return s;
}

bool
service_is_of_use(const struct service *s)
{
	return s->n_requests > 0 || s->n_workers > 0 || s->n_leaving > 0 ||
	       s->core != NULL || s->is_paused;
}

void
service_settle(struct broker *b, struct service *s)
{
	if (service_is_of_use(s)) {
		leave_idle(b, s);
		return;
	}
	if (s->is_idle)
		return;
	TAILQ_INSERT_TAIL(&b->idle_services, s, idle);
	b->n_idle_services++;
	b->n_idle_bytes += s->node.key.s.n;
	s->is_idle = true;
	/* Never this one: who asked for it goes on with it. */
	while (b->n_idle_services > MAX_IDLE ||
	       (b->n_idle_bytes > MAX_IDLE_BYTES && b->n_idle_services > 1))
		service_free(b, TAILQ_FIRST(&b->idle_services));
}

int
service_add_worker(struct broker *b, struct service *s, struct worker *w)
{
	int rc = pgt_heap_reserve(&s->free_workers);

	if (rc < 0)
		return rc;
	if (s->n_workers == 0) {
		rc = match_came(b, s);
		if (rc < 0) {
			pgt_heap_release(&s->free_workers);
			return rc;
		}
	}
	TAILQ_INSERT_TAIL(&s->workers, w, link);
	b->stats.n_served += s->n_workers == 0;
	s->n_workers++;
	service_settle(b, s);
	core_notice(b);
	return 0;
}

void
service_remove_worker(struct broker *b, struct service *s, struct worker *w)
{
	pgt_heap_remove(&s->free_workers, &w->free);
	pgt_heap_release(&s->free_workers);
	TAILQ_REMOVE(&s->workers, w, link);
	s->n_workers--;
	b->stats.n_served -= s->n_workers == 0;
	if (s->n_workers == 0) {
		match_went(b, s);
	}
	service_settle(b, s);
	core_notice(b);
}

void
service_move_leaving(struct broker *b, struct service *s, struct worker *w)
{
	s->n_leaving++; /* s stays */
	service_remove_worker(b, s, w);
	TAILQ_INSERT_TAIL(&s->leaving, w, link);
}

void
service_drop_leaving(struct broker *b, struct service *s, struct worker *w)
{
	TAILQ_REMOVE(&s->leaving, w, link);
	s->n_leaving--;
	service_settle(b, s);
}

size_t
service_pool_size(const struct service *s)
{
	const struct edge *e;
	size_t n = 0;

	TAILQ_FOREACH (e, &s->pool, pool)
		n += e->server->n_workers;
	return n;
}

uint64_t
service_pool_newest(const struct service *s)
{
	const struct edge *e;
	const struct worker *w;
	uint64_t newest = 0;

	TAILQ_FOREACH (e, &s->pool, pool) {
		w = TAILQ_LAST(&e->server->workers, worker_list);
		if (w != NULL && w->serial > newest)
			newest = w->serial;
	}
	return newest;
}

bool
service_pool_has_slot(const struct service *s)
{
	const struct edge *e;

	TAILQ_FOREACH (e, &s->pool, pool)
		if (pgt_heap_top(&e->server->free_workers) != NULL)
			return true;
	return false;
}

void
service_mark_dirty(struct broker *b, struct service *s)
{
	if (s->is_dirty)
		return;
	s->is_dirty = true;
	TAILQ_INSERT_TAIL(&b->dirty, s, dirty);
}

/* Idle ones, and those that a pause keeps: nothing else is left. */
void
service_heed_conf(struct broker *b)
{
	struct pgt_map_node *node, *next;
	struct service *s;

	PGT_MAP_EACH (&b->services, node, next) {
		s = PGT_CONTAINER(node, struct service, node);
		s->coalesces =
		    run_is_wanted(&b->conf, pgt_frame_view(&s->name));
	}
}

void
service_free_all(struct broker *b)
{
	struct pgt_map_node *node;

	while ((node = pgt_map_first(&b->services)) != NULL)
		service_free(b, PGT_CONTAINER(node, struct service, node));
}
