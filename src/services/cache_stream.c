/*
 * Replies with partial replies. Whether one may be kept is told by its end, so
 * the start of each is noted with its request; all those notes together have a
 * share of the memory. A replay ends a step after it has begun: by then the
 * transport has told whether it took all of it, for a stream with a gap must
 * not look complete.
 */
#include "base/alloc.h"
#include "services/cache.h"

/* Streams under way may have the nth part of the memory. */
#define SHARE 4

#define STREAM_COST pgt_alloc_cost(sizeof(struct cache_stream))

/* ---- noting ---- */

static struct cache_stream *
note_of(const struct request *r)
{
	return (struct cache_stream *)(void *)core_held(r);
}

static void
count(struct cache *c, size_t more, size_t less)
{
	c->bytes = c->bytes + more - less;
	c->stream_bytes = c->stream_bytes + more - less;
}

static bool
has_room(struct cache *c, size_t cost)
{
	const size_t max = (size_t)core_conf(c->core)->cache.max_memory;

	return c->stream_bytes + cost <= max / SHARE &&
	       cache_make_room(c, cost);
}

/* NULL: its beginning was not noted, or there is no room. */
static struct cache_stream *
require_stream(struct cache *c, struct request *r)
{
	struct cache_stream *s = note_of(r);

	if (s != NULL || core_request_had_partials(r) ||
	    !has_room(c, STREAM_COST))
		return s;
	s = pgt_alloc(sizeof(*s));
	if (s == NULL)
		return NULL;
	cache_parts_init(&s->parts);
	count(c, STREAM_COST, 0);
	core_hold(c->core, r, &s->note.hold);
	return s;
}

static void
give_up(struct cache *c, struct cache_stream *s)
{
	count(c, 0, s->parts.cost);
	cache_parts_clear(&s->parts);
	s->is_over = true;
}

void
cache_on_partial(struct cache *c, struct request *r, const struct pgt_packet *p)
{
	const size_t max = (size_t)core_conf(c->core)->cache.max_entry;
	const size_t cost = cache_part_cost(p);
	struct cache_stream *s = require_stream(c, r);

	if (s == NULL || s->is_over)
		return;
	if (s->parts.cost + cost > max || !has_room(c, cost) ||
	    cache_parts_add(&s->parts, p) < 0)
		give_up(c, s);
	else
		count(c, cost, 0);
}

struct cache_stream *
cache_stream_of(const struct request *r)
{
	struct cache_stream *s = note_of(r);

	return s == NULL || s->is_over ? NULL : s;
}

void
cache_stream_move(
    struct cache *c, struct cache_stream *s, struct cache_parts *parts)
{
	count(c, 0, s->parts.cost);
	cache_parts_prepend(parts, &s->parts);
	s->is_over = true;
}

static void
free_stream(struct cache *c, struct cache_stream *s)
{
	give_up(c, s);
	count(c, 0, STREAM_COST);
	pgt_free(s);
}

/* ---- replaying ---- */

static void
unlist(struct cache *c, struct cache_replay *p)
{
	if (p->is_listed)
		TAILQ_REMOVE(&c->replays, p, link);
	p->is_listed = false;
}

static void
free_replay(struct cache *c, struct cache_replay *p)
{
	unlist(c, p);
	if (p->end != NULL)
		cache_part_free(p->end);
	pgt_free(p);
}

static struct cache_replay *
replay_new(struct request *r, struct core_part *end)
{
	struct cache_replay *p = pgt_alloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	p->note.is_replay = true;
	p->r = r;
	p->end = cache_part_share(end);
	if (p->end == NULL) {
		pgt_free(p);
		return NULL;
	}
	return p;
}

bool
cache_replay(
    struct cache *c, struct request *r, const struct cache_parts *parts)
{
	struct core_part *part = parts->first, *end = part;
	struct cache_replay *p;

	while (end->next != NULL)
		end = end->next;
	p = replay_new(r, end);
	if (p == NULL)
		return false;
	if (core_send_partial(c->core, r, part) < 0) {
		free_replay(c, p);
		return false;
	}
	for (part = part->next; part != end; part = part->next)
		core_send_partial(c->core, r, part);
	core_adopt(c->core, r);
	core_hold(c->core, r, &p->note.hold);
	TAILQ_INSERT_TAIL(&c->replays, p, link);
	p->is_listed = true;
	core_timer_arm(&c->replay_timer, core_now(c->core));
	return true;
}

/* One whose end cannot be sent is left to expire. */
void
cache_end_replay(struct cache *c)
{
	struct cache_replay *p = TAILQ_FIRST(&c->replays);

	if (p == NULL)
		return;
	unlist(c, p);
	if (!TAILQ_EMPTY(&c->replays))
		core_timer_arm(&c->replay_timer, core_now(c->core));
	core_send_final(c->core, p->r, p->end);
}

void
cache_forget(struct cache *c, struct core_hold *h)
{
	struct cache_note *note = (struct cache_note *)(void *)h;

	if (note->is_replay)
		free_replay(c, (struct cache_replay *)(void *)note);
	else
		free_stream(c, (struct cache_stream *)(void *)note);
}
