/* What is kept, and how it leaves. */
#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "services/cache.h"

static const struct broker_cache_conf *
conf_of(const struct cache *c)
{
	return &core_conf(c->core)->cache;
}

size_t
cache_memory(const struct cache *c)
{
	return c->bytes + pgt_map_cost(&c->services) +
	       pgt_map_cost(&c->entries);
}

/* ---- entries ---- */

bool
cache_is_live(const struct cache *c, const struct cache_entry *e)
{
	return e->node.key.a == e->service->epoch && e->node.key.a > c->floor;
}

static void
remove_entry(struct cache *c, struct cache_entry *e)
{
	struct cache_service *s = e->service;

	if (cache_is_live(c, e)) {
		c->n_live--;
		s->n_live--;
	}
	c->bytes -= e->cost;
	TAILQ_REMOVE(&c->used, e, used);
	TAILQ_REMOVE(&s->entries, e, link);
	pgt_map_remove(&c->entries, &e->node);
	core_timer_close(&e->timer);
	pgt_frame_clear(&e->data);
	cache_parts_clear(&e->parts);
	pgt_free(e);
	cache_service_settle(c, s);
}

/* An entry that changes before its time, or at it. */
static void
tell_of(struct cache *c, const char *event, const struct cache_entry *e)
{
	const struct pgt_slice name = pgt_frame_view(&e->service->name);
	const struct pgt_slice data = pgt_frame_view(&e->data);

	if (conf_of(c)->notices && cache_is_live(c, e))
		cache_tell(c, event, &name, &data);
}

static void
evict(struct cache *c, struct cache_entry *e)
{
	if (cache_is_live(c, e))
		c->stats.evicted++;
	tell_of(c, "evict", e);
	remove_entry(c, e);
}

void
cache_expire(struct cache *c, struct cache_entry *e)
{
	if (cache_is_live(c, e))
		c->stats.expired++;
	tell_of(c, "expire", e);
	remove_entry(c, e);
}

static struct cache_entry *
find_entry(
    const struct cache *c, const struct cache_service *s, struct pgt_slice data)
{
	const struct pgt_key key = {.a = s->epoch, .s = data};

	if (s->epoch <= c->floor)
		return NULL;
	return PGT_CONTAINER(
	    pgt_map_find(&c->entries, &key), struct cache_entry, node);
}

/* NULL: nothing is kept of it. */
static const struct cache_service *
find_live_service(const struct cache *c, struct pgt_slice name)
{
	const struct cache_service *s =
	    c->n_live > 0 ? cache_service_find(c, name) : NULL;

	return s != NULL && s->epoch > c->floor && s->n_live > 0 ? s : NULL;
}

/* Timers are served a thousand at a time: an entry may be past its own. */
static struct cache_entry *
find_fresh_entry(
    const struct cache *c, const struct cache_service *s, struct pgt_slice data)
{
	struct cache_entry *e = find_entry(c, s, data);

	return e != NULL && e->dies_at > core_now(c->core) ? e : NULL;
}

bool
cache_has(const struct cache *c, struct pgt_slice name, struct pgt_slice data)
{
	const struct cache_service *s = find_live_service(c, name);

	return s != NULL && find_fresh_entry(c, s, data) != NULL;
}

/* Where nothing is kept of a service, its data is not even hashed. */
struct cache_entry *
cache_find(struct cache *c, const struct request *r)
{
	const struct cache_service *s =
	    find_live_service(c, core_request_name(r));
	struct cache_entry *e;

	if (s == NULL)
		return NULL;
	e = find_fresh_entry(c, s, core_request_data(r));
	if (e == NULL) {
		c->stats.misses++;
		return NULL;
	}
	c->stats.hits++;
	TAILQ_REMOVE(&c->used, e, used);
	TAILQ_INSERT_TAIL(&c->used, e, used);
	return e;
}

/* ---- room ---- */

bool
cache_make_room(struct cache *c, size_t bytes)
{
	const size_t max = (size_t)conf_of(c)->max_memory;
	struct cache_entry *e;

	for (size_t i = 0; i < CACHE_BATCH; i++) {
		if (cache_memory(c) + bytes <= max)
			return true;
		e = TAILQ_FIRST(&c->used);
		if (e == NULL)
			return false;
		evict(c, e);
	}
	return cache_memory(c) + bytes <= max;
}

static void
sweep_later(struct cache *c)
{
	if (!core_timer_is_armed(&c->sweep_timer))
		core_timer_arm(&c->sweep_timer, core_now(c->core) + 1);
}

/* The next to be freed before its time, or NULL. */
static struct cache_entry *
next_dead(struct cache *c)
{
	struct cache_service *s;
	struct cache_entry *e;

	while ((s = TAILQ_FIRST(&c->swept)) != NULL) {
		e = TAILQ_FIRST(&s->entries);
		if (!cache_is_live(c, e))
			return e;
		TAILQ_REMOVE(&c->swept, s, swept);
		s->is_swept = false;
	}
	e = TAILQ_FIRST(&c->used);
	if (e != NULL && (!cache_is_live(c, e) ||
			     cache_memory(c) > (size_t)conf_of(c)->max_memory))
		return e;
	return NULL;
}

void
cache_sweep(struct cache *c)
{
	struct cache_entry *e;

	for (size_t i = 0; i < CACHE_BATCH; i++) {
		e = next_dead(c);
		if (e == NULL)
			return;
		evict(c, e);
	}
	sweep_later(c);
}

/* ---- adding ---- */

static struct cache_entry *
entry_new(struct cache *c, struct request *r)
{
	struct cache_entry *e = pgt_alloc(sizeof(*e));

	if (e == NULL)
		return NULL;
	if (core_request_keep_data(r, &e->data) < 0) {
		pgt_free(e);
		return NULL;
	}
	if (core_timer_open(c->core, &e->timer) < 0) {
		pgt_frame_clear(&e->data);
		pgt_free(e);
		return NULL;
	}
	cache_parts_init(&e->parts);
	return e;
}

static void
entry_free(struct cache_entry *e)
{
	core_timer_close(&e->timer);
	pgt_frame_clear(&e->data);
	pgt_free(e);
}

static int
enter(struct cache *c, struct cache_service *s, struct cache_entry *e)
{
	const struct pgt_key key = {
	    .a = s->epoch, .s = pgt_frame_view(&e->data)};
	struct cache_entry *elder = find_entry(c, s, key.s);
	int rc;

	/* s must not go with its last entry. */
	TAILQ_INSERT_TAIL(&s->entries, e, link);
	e->service = s;
	if (elder != NULL)
		remove_entry(c, elder);
	rc = pgt_map_add(&c->entries, &e->node, &key);
	if (rc < 0) {
		TAILQ_REMOVE(&s->entries, e, link);
		cache_service_settle(c, s);
		return rc;
	}
	TAILQ_INSERT_TAIL(&c->used, e, used);
	s->n_live++;
	c->n_live++;
	return 0;
}

static size_t
entry_cost(const struct request *r, const struct cache_parts *parts)
{
	return pgt_alloc_cost(sizeof(struct cache_entry)) + CACHE_TIMER_COST +
	       pgt_frame_cost(core_request_data(r).n) + parts->cost;
}

int
cache_add(struct cache *c, struct request *r, struct cache_parts *parts,
    int64_t ttl_ms)
{
	const size_t cost = entry_cost(r, parts);
	struct cache_service *s;
	struct cache_entry *e;

	if (cost > (size_t)conf_of(c)->max_entry ||
	    !cache_make_room(c, cost + pgt_alloc_cost(sizeof(*s))))
		return -EFBIG;
	e = entry_new(c, r);
	if (e == NULL)
		return -ENOMEM;
	s = cache_service_require(c, core_request_name(r));
	if (s == NULL || enter(c, s, e) < 0) {
		entry_free(e);
		return -ENOMEM;
	}
	cache_parts_prepend(&e->parts, parts);
	e->cost = cost;
	c->bytes += cost;
	e->dies_at = core_now(c->core) + ttl_ms;
	core_timer_arm(&e->timer, e->dies_at);
	c->stats.stored++;
	tell_of(c, "store", e);
	/* A table may have grown by it, or it has a long name. */
	cache_make_room(c, 0);
	return 0;
}

/* ---- flushing ---- */

size_t
cache_flush_all(struct cache *c)
{
	size_t n = c->n_live;

	core_mark_all(c->core);
	c->floor = c->last_epoch;
	c->n_live = 0;
	c->stats.flushed += n;
	sweep_later(c);
	return n;
}

size_t
cache_flush_service(struct cache *c, struct pgt_slice name)
{
	struct cache_service *s = cache_service_find(c, name);
	size_t n;

	core_mark(c->core, name);
	if (s == NULL)
		return 0;
	cache_service_renew(c, s);
	n = s->n_live;
	c->n_live -= n;
	s->epoch = ++c->last_epoch;
	s->n_live = 0;
	c->stats.flushed += n;
	if (!s->is_swept)
		TAILQ_INSERT_TAIL(&c->swept, s, swept);
	s->is_swept = true;
	sweep_later(c);
	return n;
}

size_t
cache_flush_entry(struct cache *c, struct pgt_slice name, struct pgt_slice data)
{
	struct cache_service *s = cache_service_find(c, name);
	struct cache_entry *e = NULL;

	core_mark(c->core, name);
	if (s != NULL)
		e = find_entry(c, s, data);
	if (e == NULL)
		return 0;
	remove_entry(c, e);
	c->stats.flushed++;
	return 1;
}

/* ---- birth and death ---- */

static void
init_map(struct cache *c, struct pgt_map *m)
{
	unsigned char seed[PGT_MAP_SEED];

	core_random(c->core, seed, sizeof(seed));
	pgt_map_init(m, seed);
}

int
cache_store_init(struct cache *c)
{
	init_map(c, &c->services);
	init_map(c, &c->entries);
	TAILQ_INIT(&c->used);
	TAILQ_INIT(&c->swept);
	return core_timer_open(c->core, &c->sweep_timer);
}

void
cache_store_clear(struct cache *c)
{
	struct cache_entry *e;

	while ((e = TAILQ_FIRST(&c->used)) != NULL)
		remove_entry(c, e);
	core_timer_close(&c->sweep_timer);
}
