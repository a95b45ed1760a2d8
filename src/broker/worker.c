/*
 * A worker stands in its service's heap of free workers while it has a slot,
 * under the policy's key, and nowhere else: who is full costs nobody a look.
 */
#include "broker/worker.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "broker/dispatch.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/request.h"
#include "broker/room.h"
#include "broker/run.h"
#include "broker/service.h"
#include "broker/target.h"
#include "broker/trace.h"

struct worker *
worker_find(const struct broker *b, struct pgt_slice id)
{
	const struct pgt_key key = {.s = id};

	return PGT_CONTAINER(
	    pgt_map_find(&b->workers, &key), struct worker, node);
}

int64_t
worker_dies_at(const struct broker *b, const struct worker *w)
{
	return w->heard_at + b->conf.heartbeat_ms * b->conf.heartbeat_liveness;
}

void
worker_arm(struct broker *b, struct worker *w)
{
	int64_t next = b->now + b->conf.heartbeat_ms;
	int64_t at = w->beat_at < next ? w->beat_at : next;
	int64_t dies_at = worker_dies_at(b, w);

	w->beat_at = at;
	pgt_timer_arm(&b->timers, &w->timer,
	    dies_at > b->now && dies_at < at ? dies_at : at);
}

bool
worker_has_slot(const struct worker *w)
{
	return !w->is_unreachable && !w->is_draining &&
	       (w->concurrency < 0 || (int64_t)w->n_running < w->concurrency);
}

void
worker_settle(struct broker *b, struct worker *w)
{
	struct pgt_heap *free = &w->service->free_workers;

	if (worker_has_slot(w))
		pgt_heap_set(free, &w->free, b->policy->key(w));
	else
		pgt_heap_remove(free, &w->free);
}

static struct worker *
new_blank(struct broker *b, struct service *s)
{
	struct worker *w = pgt_alloc(sizeof(*w));

	if (w == NULL)
		return NULL;
	if (pgt_timer_open(&b->timers, &w->timer, T_WORKER) < 0) {
		pgt_free(w);
		return NULL;
	}
	pgt_frame_init(&w->id);
	w->serial = ++b->last_serial;
	w->service = s;
	TAILQ_INIT(&w->running);
	TAILQ_INIT(&w->ghosts);
	w->concurrency = b->conf.default_concurrency;
	w->heard_at = w->ready_at = b->now;
	w->figures.epoch = b->epoch;
	w->beat_at = INT64_MAX;
	return w;
}

static void
free_blank(struct broker *b, struct worker *w)
{
	pgt_timer_close(&b->timers, &w->timer);
	figures_clear(b, &w->figures);
	pgt_frame_clear(&w->id);
	pgt_free(w);
}

static void
join_target(struct broker *b, struct worker *w)
{
	struct target *t = target_find(b, pgt_frame_view(&w->id));
	struct request *r;

	if (t == NULL)
		return;
	w->target = t;
	t->worker = w;
	/* What the last one of that id rejected, this one may take. */
	while ((r = TAILQ_FIRST(&t->held)) != NULL)
		request_move_back(r, &t->queue, &t->returned);
}

int
worker_new(struct broker *b, struct pgt_frame *id, struct service *s,
    struct worker **out)
{
	struct worker *w = new_blank(b, s);
	struct pgt_key key = {0};

	if (w == NULL)
		return -ENOMEM;
	pgt_frame_move(&w->id, id);
	key.s = pgt_frame_view(&w->id);
	if (pgt_map_add(&b->workers, &w->node, &key) < 0)
		goto fail;
	if (service_add_worker(b, s, w) < 0) {
		pgt_map_remove(&b->workers, &w->node);
		goto fail;
	}
	join_target(b, w);
	worker_settle(b, w);
	worker_arm(b, w);
	b->stats.n_workers++;
	b->stats.registered++;
	*out = w;
	return 0;
fail:
	pgt_frame_move(id, &w->id);
	free_blank(b, w);
	return -ENOMEM;
}

void
worker_add_request(struct broker *b, struct worker *w, struct request *r)
{
	figures_given(b, r, w);
	room_set_waiting(b, r, false);
	request_move_last(r, &w->running);
	request_set_worker(b, r, w);
	w->n_served++;
	w->given_at = ++b->n_given;
	worker_settle(b, w);
}

void
worker_remove_request(struct broker *b, struct request *r)
{
	struct worker *w = r->worker;

	request_set_worker(b, r, NULL);
	worker_settle(b, w);
}

/*
 * PROTOCOL 2: with retry back to the front, unless the client has seen part
 * of a reply; else the end.
 */
static void
lose_request(struct broker *b, struct request *r)
{
	bool may_retry = r->retry && !r->had_partials;

	run_lost(b, r);
	if (may_retry && b->drain == DRAIN_LATE) {
		request_refuse(b, r);
		return;
	}
	if (may_retry) {
		figures_retried(b, r);
		request_set_worker(b, r, NULL);
		TRACE(b, TRACE_DEBUG, "request retried",
		    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
		dispatch_requeue(b, r);
		return;
	}
	request_lose(b, r);
}

/* What names it waits for another of that id. */
static void
leave_target(struct worker *w)
{
	if (w->target != NULL)
		w->target->worker = NULL;
	w->target = NULL;
}

static void
leave_tables(struct broker *b, struct worker *w)
{
	pgt_map_remove(&b->workers, &w->node);
	leave_target(w);
	if (w->is_draining)
		service_drop_leaving(b, w->service, w);
	else
		service_remove_worker(b, w->service, w);
	b->stats.n_workers--;
	b->stats.n_draining -= w->is_draining;
	b->stats.n_unreachable -= w->is_unreachable;
}

static void
free_ghosts(struct broker *b, struct worker *w)
{
	struct request *r;

	while ((r = TAILQ_FIRST(&w->ghosts)) != NULL)
		request_free(b, r);
}

void
worker_lost(struct broker *b, struct worker *w, const char *why)
{
	struct request *r;

	TRACE(b, TRACE_INFO, "worker gone",
	    T_FRAME("service", &w->service->name), T_FRAME("id", &w->id),
	    T_WORDS("why", why), T_INT("running", (int64_t)w->n_running));
	b->stats.gone++;
	leave_tables(b, w);
	free_ghosts(b, w);
	/* Last given first: each goes to the front, so the order stays. */
	while ((r = TAILQ_LAST(&w->running, request_list)) != NULL)
		lose_request(b, r);
	free_blank(b, w);
}

void
worker_dismiss(struct broker *b, struct worker *w, const char *why)
{
	effect_signal(b, PGT_TO_WORKER_DISCONNECT, &w->id);
	worker_lost(b, w, why);
}

void
worker_drain(struct broker *b, struct worker *w)
{
	if (w->is_draining)
		return;
	TRACE(b, TRACE_INFO, "worker draining",
	    T_FRAME("service", &w->service->name), T_FRAME("id", &w->id),
	    T_INT("running", (int64_t)w->n_running));
	leave_target(w);
	w->is_draining = true;
	b->stats.n_draining++;
	service_move_leaving(b, w->service, w);
}

void
worker_end_drain(struct broker *b, struct worker *w)
{
	if (w->n_running > 0)
		return;
	b->stats.drained++;
	worker_dismiss(b, w, "drained");
}

void
worker_free_all(struct broker *b)
{
	struct pgt_map_node *node, *next;
	struct worker *w;
	struct request *r;

	PGT_MAP_EACH (&b->workers, node, next) {
		w = PGT_CONTAINER(node, struct worker, node);
		free_ghosts(b, w);
		while ((r = TAILQ_FIRST(&w->running)) != NULL)
			request_free(b, r);
		leave_tables(b, w);
		free_blank(b, w);
	}
}
