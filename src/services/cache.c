/*
 * The reply cache (PROTOCOL 7) as a core service: it answers before dispatch,
 * looks at the replies of workers, and takes requests for $cache.
 */
#include "services/cache.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "services/services.h"

static const struct broker_cache_conf *
conf_of(const struct core *core)
{
	return &core_conf(core)->cache;
}

/* ---- answering ---- */

static bool
cache_answer(struct core *core, struct request *r)
{
	struct cache *c = core_state(core);
	struct cache_entry *e;

	if (!conf_of(core)->is_on || core_request_is_nocache(r) ||
	    core_request_is_special(r))
		return false;
	e = cache_find(c, r);
	if (e == NULL)
		return false;
	if (e->parts.first->next != NULL)
		return cache_replay(c, r, &e->parts);
	return core_send_final(core, r, e->parts.first) == 0;
}

static bool
cache_would_answer(
    const struct core *core, struct pgt_slice name, struct pgt_slice data)
{
	return conf_of(core)->is_on && cache_has(core_state(core), name, data);
}

/* ---- keeping ---- */

/* How long may the reply be kept? 0: not at all. */
static int64_t
ttl_of(struct cache *c, const struct pgt_packet *p)
{
	const int64_t max = conf_of(c->core)->max_ttl_ms;
	struct pgt_reply_opts o;

	if (!pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "0") ||
	    pgt_reply_opts_read(&o, pgt_packet_view(p, PGT_F_OPTS), &c->seen) <
		0)
		return 0;
	return max >= 0 && o.cache_ms > max ? max : o.cache_ms;
}

static void
keep(struct cache *c, struct request *r, const struct pgt_packet *p,
    int64_t ttl_ms)
{
	struct cache_stream *s = cache_stream_of(r);
	struct cache_parts parts;

	cache_parts_init(&parts);
	if (cache_parts_add(&parts, p) < 0)
		return;
	if (s != NULL)
		cache_stream_move(c, s, &parts);
	if (cache_add(c, r, &parts, ttl_ms) == -EFBIG)
		c->stats.refused++;
	cache_parts_clear(&parts);
}

static void
on_final(struct cache *c, struct request *r, const struct pgt_packet *p)
{
	int64_t ttl_ms = ttl_of(c, p);

	if (ttl_ms == 0 || core_request_is_gapped(r) ||
	    core_request_is_old(c->core, r))
		return;
	if (core_request_had_partials(r) && cache_stream_of(r) == NULL)
		c->stats.refused++;
	else
		keep(c, r, p, ttl_ms);
}

/*
 * The reply to a request that went past the cache is kept like any: who asked
 * for a fresh one would not want the next to get an older one.
 */
static void
cache_on_reply(struct core *core, struct request *r, const struct pgt_packet *p)
{
	if (!conf_of(core)->is_on || core_request_is_special(r))
		return;
	if (p->verb == PGT_WORKER_PARTIAL)
		cache_on_partial(core_state(core), r, p);
	else
		on_final(core_state(core), r, p);
}

static void
cache_on_end(struct core *core, struct core_hold *h)
{
	cache_forget(core_state(core), h);
}

/* ---- figures ---- */

static void
cache_look(const struct core *core, struct core_overview *o)
{
	const struct broker_cache_conf *conf = conf_of(core);
	const struct cache *c = core_state(core);

	o->has_cache = true;
	o->cache = (struct core_cache){
	    .n = c->stats,
	    .n_entries = c->n_live,
	    .n_bytes = cache_memory(c),
	    .max_bytes = conf->max_memory,
	    .max_entry_bytes = conf->max_entry,
	    .max_ttl_ms = conf->max_ttl_ms,
	    .is_on = conf->is_on,
	};
}

static void
cache_on_reset(struct core *core)
{
	struct cache *c = core_state(core);

	c->stats = (struct core_cache_counts){0};
}

/* ---- time and settings ---- */

static void
cache_on_timer(struct core *core, struct core_timer *t)
{
	struct cache *c = core_state(core);

	if (t == &c->sweep_timer)
		cache_sweep(c);
	else if (t == &c->replay_timer)
		cache_end_replay(c);
	else
		cache_expire(c, PGT_CONTAINER(t, struct cache_entry, timer));
}

static void
cache_on_conf(struct core *core)
{
	struct cache *c = core_state(core);

	if (!conf_of(core)->is_on)
		cache_flush_all(c);
	else
		cache_sweep(c);
}

/* ---- birth and death ---- */

static int
cache_open(struct core *core)
{
	struct cache *c = pgt_alloc(sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	c->core = core;
	TAILQ_INIT(&c->replays);
	if (cache_store_init(c) < 0)
		goto fail;
	if (core_timer_open(core, &c->replay_timer) < 0) {
		cache_store_clear(c);
		goto fail;
	}
	core_set_state(core, c);
	return 0;
fail:
	pgt_free(c);
	return -ENOMEM;
}

static void
cache_close(struct core *core)
{
	struct cache *c = core_state(core);

	core_timer_close(&c->replay_timer);
	cache_store_clear(c);
	pgt_free(c);
}

static void
cache_check(const struct core *core)
{
	cache_store_check(core_state(core));
}

const struct core_ops cache_service = {
    .name = "$cache",
    .admin = true,
    .open = cache_open,
    .close = cache_close,
    .on_request = cache_on_command,
    .answer = cache_answer,
    .would_answer = cache_would_answer,
    .on_reply = cache_on_reply,
    .on_end = cache_on_end,
    .on_timer = cache_on_timer,
    .on_conf = cache_on_conf,
    .on_reset = cache_on_reset,
    .look = cache_look,
    .check = cache_check,
};
