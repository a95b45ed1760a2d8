/*
 * Where requests wait, and how they leave.
 *
 * A service's queue is first come, first served. Only a request that was
 * rejected can be unable to run while workers are free; it steps aside, so
 * that those behind it go on: to `parked` if somebody present may still take
 * it, to `held` if all have rejected it. Parked ones are offered first when a
 * slot comes free, a few at a time; held ones return to the queue when the
 * pool has a new worker. What returns to a queue finds its place by arrival. A
 * target's queue is its worker's business alone.
 */
#include "broker/dispatch.h"

#include "broker/edge.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/ghost.h"
#include "broker/match.h"
#include "broker/reject.h"
#include "broker/request.h"
#include "broker/room.h"
#include "broker/run.h"
#include "broker/service.h"
#include "broker/trace.h"
#include "broker/worker.h"

/* False: no memory for the message, r stays where it is. */
static bool
give(struct broker *b, struct request *r, struct worker *w)
{
	const struct pgt_packet p = {
	    .verb = PGT_TO_WORKER_REQUEST,
	    .peer = &w->id,
	    .field =
		{
		    [PGT_F_CLIENT] = &r->client->id,
		    [PGT_F_SERVICE] = &r->service->name,
		    [PGT_F_RID] = &r->rid,
		    [PGT_F_DATA] = &r->data,
		    [PGT_F_OPTS] = r->has_opts ? &r->opts : NULL,
		},
	    .tail = r->tail != NULL ? r->tail->f : NULL,
	    .n_tail = r->tail != NULL ? r->tail->n : 0,
	    .shared = ~0U,
	};

	if (effect_send(b, &p) < 0)
		return false;
	TRACE(b, TRACE_DEBUG, "request given",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid),
	    T_FRAME("worker", &w->id));
	worker_add_request(b, w, r);
	return true;
}

static void
fail_fast(struct broker *b, struct request *r)
{
	figures_no_worker(b, r);
	request_fail(b, r, "\"NO_WORKER\"");
}

/* ---- a service's queue ---- */

/* New workers have come since held was last looked at: all of it returns. */
static void
revive_held(struct service *s)
{
	uint64_t newest = service_pool_newest(s);
	struct request *r;

	if (newest <= s->held_at)
		return;
	s->held_at = newest;
	while ((r = TAILQ_FIRST(&s->held)) != NULL)
		request_move_back(r, &s->queue, &s->returned);
}

/* All who are present have rejected r. May end r. */
static void
hold(struct broker *b, struct request *r)
{
	struct service *s = r->service;

	if (r->failfast) {
		fail_fast(b, r);
		return;
	}
	s->held_at = service_pool_newest(s);
	request_move_aside(r, &s->held);
}

/* Parked ones from *at on; *at is then the first not looked at. */
static size_t
offer_parked(struct broker *b, struct service *s, struct request **at)
{
	struct request *r = *at, *next;
	struct worker *w;
	size_t n = 0, in_vain = 0;

	for (; r != NULL && in_vain < MAX_LOOKS; r = next) {
		if (!service_pool_has_slot(s))
			break;
		next = TAILQ_NEXT(r, link);
		w = b->policy->pick(b, s, r);
		if (w != NULL) {
			if (!give(b, r, w))
				break;
			n++;
			continue;
		}
		in_vain++;
		if (reject_is_by_all(r))
			hold(b, r);
	}
	*at = r;
	return n;
}

/*
 * The first ones, for who came first is served first; then, from where the
 * last look ended, some of those behind them. Returns how many were given.
 */
static size_t
dispatch_parked(struct broker *b, struct service *s)
{
	struct request *r = TAILQ_FIRST(&s->parked);
	size_t n = offer_parked(b, s, &r);

	if (r == NULL || !service_pool_has_slot(s))
		return n;
	if (s->next_parked != NULL)
		r = s->next_parked;
	n += offer_parked(b, s, &r);
	s->next_parked = r;
	return n;
}

static size_t
dispatch_queue(struct broker *b, struct service *s)
{
	struct request *r;
	struct worker *w;
	size_t n = 0;

	while ((r = TAILQ_FIRST(&s->queue)) != NULL) {
		w = b->policy->pick(b, s, r);
		if (w == NULL) {
			if (!service_pool_has_slot(s))
				break;
			if (reject_is_by_all(r))
				hold(b, r);
			else
				request_move_aside(r, &s->parked);
		} else if (give(b, r, w)) {
			n++;
		} else {
			break;
		}
	}
	return n;
}

static enum waits
waits_of(const struct service *s)
{
	if (!TAILQ_EMPTY(&s->queue))
		return WAITS_HUNGRY;
	if (!TAILQ_EMPTY(&s->parked) || !TAILQ_EMPTY(&s->held))
		return WAITS_ASIDE;
	return WAITS_NOT;
}

static size_t
dispatch_service(struct broker *b, struct service *s)
{
	size_t n;

	if (s->is_paused) {
		edge_set_waits(s, WAITS_NOT);
		return 0;
	}
	if (!TAILQ_EMPTY(&s->held))
		revive_held(s);
	n = TAILQ_EMPTY(&s->parked) ? 0 : dispatch_parked(b, s);
	n += dispatch_queue(b, s);
	edge_set_waits(s, waits_of(s));
	return n;
}

/* ---- a target's queue ---- */

static bool
serves(const struct worker *w, const struct request *r)
{
	return match_serves(pgt_frame_view(&w->service->name),
	    pgt_frame_view(&r->service->name));
}

/* Until a worker of that id registers anew. May end r. */
static void
hold_for_target(struct broker *b, struct request *r)
{
	if (r->failfast)
		fail_fast(b, r);
	else
		request_move_aside(r, &r->target->held);
}

static void
dispatch_target(struct broker *b, struct worker *w)
{
	struct request *r;

	while (w->target != NULL && worker_has_slot(w) &&
	       (r = TAILQ_FIRST(&w->target->queue)) != NULL) {
		if (r->service->is_paused)
			request_move_aside(r, &r->service->paused);
		else if (!serves(w, r))
			hold_for_target(b, r);
		else if (!give(b, r, w))
			break;
	}
}

/* ---- what the rest of the broker asks for ---- */

/* Is there nobody, now, who could serve it? */
static bool
must_fail_fast(const struct request *r)
{
	if (!r->failfast)
		return false;
	if (r->target != NULL)
		return r->target->worker == NULL ||
		       !serves(r->target->worker, r);
	return service_pool_size(r->service) == 0;
}

bool
dispatch_would_wait(const struct request *r)
{
	const struct target *t = r->target;

	if (must_fail_fast(r))
		return false;
	if (r->service->is_paused)
		return true;
	if (t == NULL)
		return !TAILQ_EMPTY(&r->service->queue) ||
		       !service_pool_has_slot(r->service);
	return !TAILQ_EMPTY(&t->queue) || t->worker == NULL ||
	       !worker_has_slot(t->worker) || !serves(t->worker, r);
}

bool
dispatch_refuse(struct broker *b, struct request *r)
{
	if (!must_fail_fast(r))
		return false;
	fail_fast(b, r);
	return true;
}

void
dispatch_enqueue(struct broker *b, struct request *r)
{
	room_set_waiting(b, r, true);
	if (dispatch_refuse(b, r))
		return;
	if (r->target != NULL) {
		request_move_last(r, &r->target->queue);
		if (r->target->worker != NULL)
			dispatch_target(b, r->target->worker);
	} else {
		request_move_last(r, &r->service->queue);
		dispatch_service(b, r->service);
	}
}

void
dispatch_requeue(struct broker *b, struct request *r)
{
	struct service *s = r->service;
	struct target *t = r->target;

	room_set_waiting(b, r, true);
	if (dispatch_refuse(b, r))
		return;
	if (t != NULL) {
		/* dispatch_feed() comes when its worker does, or is heard. */
		request_move_back(r, &t->queue, &t->returned);
	} else {
		request_move_back(r, &s->queue, &s->returned);
		service_mark_dirty(b, s);
	}
}

void
dispatch_rejected(struct broker *b, struct request *r, struct worker *w)
{
	worker_remove_request(b, r);
	room_set_waiting(b, r, true);
	if (r->target != NULL) {
		hold_for_target(b, r);
	} else {
		request_move_back(r, &r->service->queue, &r->service->returned);
		dispatch_service(b, r->service);
	}
	dispatch_feed(b, w);
}

static bool
has_free(const struct service *s)
{
	return pgt_heap_top(&s->free_workers) != NULL;
}

/*
 * With a worker free, dispatching a hungry name empties its queue or takes
 * the last slot; only want of memory can leave things as they are.
 */
static void
feed_hungry(struct broker *b, struct service *s)
{
	struct edge *e;

	while (has_free(s) && (e = TAILQ_FIRST(&s->hungry)) != NULL) {
		/* To the end: names take turns. */
		TAILQ_REMOVE(&s->hungry, e, waiting);
		TAILQ_INSERT_TAIL(&s->hungry, e, waiting);
		dispatch_service(b, e->name);
		if (has_free(s) && e == TAILQ_LAST(&s->hungry, edge_list))
			break;
	}
}

/* Rejected ones: a few names at a time, those of no use to the end. */
static void
feed_aside(struct broker *b, struct service *s)
{
	struct edge *e;
	size_t in_vain = 0;

	while (in_vain < MAX_LOOKS && has_free(s) &&
	       (e = TAILQ_FIRST(&s->aside)) != NULL) {
		TAILQ_REMOVE(&s->aside, e, waiting);
		TAILQ_INSERT_TAIL(&s->aside, e, waiting);
		in_vain = dispatch_service(b, e->name) > 0 ? 0 : in_vain + 1;
	}
}

void
dispatch_feed(struct broker *b, struct worker *w)
{
	if (w->is_draining) {
		worker_end_drain(b, w);
		return;
	}
	dispatch_target(b, w);
	feed_aside(b, w->service);
	feed_hungry(b, w->service);
}

/*
 * The worker goes on with it. Where it does so for others, or by the name of
 * one that expired before, r leaves nothing behind.
 */
static void
leave_worker(struct broker *b, struct request *r)
{
	if (run_take_over(b, r))
		return;
	if (r->proxy != NULL)
		request_free(b, r);
	else
		ghost_make(b, r);
}

void
dispatch_abandon(struct broker *b, struct request *r)
{
	struct worker *w = r->worker;

	if (w == NULL) {
		request_free(b, r);
		return;
	}
	leave_worker(b, r);
	worker_settle(b, w);
	dispatch_feed(b, w);
}

void
dispatch_pause(struct broker *b, struct service *s)
{
	b->stats.n_paused += !s->is_paused;
	s->is_paused = true;
	service_settle(b, s);
	dispatch_service(b, s);
}

void
dispatch_resume(struct broker *b, struct service *s)
{
	struct request *r;
	struct target *t;

	b->stats.n_paused -= s->is_paused;
	s->is_paused = false;
	while ((r = TAILQ_FIRST(&s->paused)) != NULL) {
		t = r->target;
		request_move_back(r, &t->queue, &t->returned);
		if (t->worker != NULL)
			dispatch_target(b, t->worker);
	}
	dispatch_service(b, s);
	service_settle(b, s);
}

void
dispatch_all_dirty(struct broker *b)
{
	struct service *s;

	while ((s = TAILQ_FIRST(&b->dirty)) != NULL) {
		TAILQ_REMOVE(&b->dirty, s, dirty);
		s->is_dirty = false;
		dispatch_service(b, s);
	}
}
