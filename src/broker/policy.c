/*
 * load and rr are an order of the free workers, kept by heaps: the top of the
 * heaps in the pool is the answer. rand draws from the heaps' arrays. Only a
 * request that was rejected makes them look further than that.
 */
#include "broker/policy.h"

#include "base/container.h"
#include "broker/reject.h"

#define SERVED_BITS 40
#define SERVED_MAX  ((UINT64_C(1) << SERVED_BITS) - 1)
#define LOAD_MAX    ((UINT64_C(1) << (64 - SERVED_BITS)) - 1)

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* PROTOCOL 5: fewest requests in flight, then fewest served so far. */
static uint64_t
key_load(const struct worker *w)
{
	return least(w->n_running, LOAD_MAX) << SERVED_BITS |
	       least(w->n_served, SERVED_MAX);
}

static uint64_t
key_rr(const struct worker *w)
{
	return w->given_at;
}

static uint64_t
key_rand(const struct worker *w)
{
	(void)w;
	return 0;
}

static struct worker *
top_of(const struct service *s)
{
	return PGT_CONTAINER(
	    pgt_heap_top(&s->free_workers), struct worker, free);
}

/*
 * The top that did not reject r. Those that did stand aside meanwhile; there
 * are no more of them than rejections of r.
 */
static struct worker *
pick_from(struct broker *b, struct service *server, const struct request *r)
{
	struct worker_list aside = TAILQ_HEAD_INITIALIZER(aside);
	struct worker *w, *found;

	while ((w = top_of(server)) != NULL && reject_is_by(r, w)) {
		pgt_heap_remove(&server->free_workers, &w->free);
		TAILQ_INSERT_TAIL(&aside, w, aside);
	}
	found = w;
	while ((w = TAILQ_FIRST(&aside)) != NULL) {
		TAILQ_REMOVE(&aside, w, aside);
		pgt_heap_set(
		    &server->free_workers, &w->free, b->policy->key(w));
	}
	return found;
}

static struct worker *
pick_least(struct broker *b, struct service *s, const struct request *r)
{
	struct worker *best = NULL, *w;
	struct edge *e;

	TAILQ_FOREACH (e, &s->pool, pool) {
		w = pick_from(b, e->server, r);
		if (w != NULL &&
		    (best == NULL || b->policy->key(w) < b->policy->key(best)))
			best = w;
	}
	return best;
}

/* The ith free worker of the pool, in no order; i is below their number. */
static struct worker *
free_worker_at(const struct service *s, uint64_t i)
{
	const struct edge *e = TAILQ_FIRST(&s->pool);

	for (; i >= e->server->free_workers.n; e = TAILQ_NEXT(e, pool))
		i -= e->server->free_workers.n;
	return PGT_CONTAINER(
	    pgt_heap_at(&e->server->free_workers, i), struct worker, free);
}

static uint64_t
count_free(const struct service *s)
{
	const struct edge *e;
	uint64_t n = 0;

	TAILQ_FOREACH (e, &s->pool, pool)
		n += e->server->free_workers.n;
	return n;
}

/* Few workers, many rejections: count who is left, then draw among them. */
static struct worker *
draw_from_few(
    struct broker *b, struct service *s, const struct request *r, uint64_t n)
{
	struct worker *w, *found = NULL;
	uint64_t n_left = 0;

	for (uint64_t i = 0; i < n; i++) {
		w = free_worker_at(s, i);
		if (!reject_is_by(r, w) &&
		    pgt_rand_below(&b->rand, ++n_left) == 0)
			found = w;
	}
	return found;
}

static struct worker *
pick_rand(struct broker *b, struct service *s, const struct request *r)
{
	uint64_t n = count_free(s);
	struct worker *w;

	if (n == 0)
		return NULL;
	if (r->rejects != NULL && n <= 2 * r->rejects->n)
		return draw_from_few(b, s, r, n);
	do /* at least every second one will do */
		w = free_worker_at(s, pgt_rand_below(&b->rand, n));
	while (reject_is_by(r, w));
	return w;
}

static const struct policy policies[] = {
    {"load", key_load, pick_least},
    {"rand", key_rand, pick_rand},
    {"rr", key_rr, pick_least},
};

const struct policy *
policy_find(const char *name)
{
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if (strcmp(policies[i].name, name) == 0)
			return &policies[i];
	return NULL;
}

bool
broker_knows_policy(const char *name)
{
	return policy_find(name) != NULL;
}
