/*
 * A run is in the map while it may be joined: until its first partial reply,
 * for who joined later would see a torn stream. Its leader is a request like
 * any other; nothing but what is here knows of those behind it. When the
 * leader expires at its worker the next one has its slot, and the leader's
 * ghost passes on what the worker says: it knows the run by the leader's name.
 */
#include "broker/run.h"

#include "base/alloc.h"
#include "base/container.h"
#include "broker/dispatch.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/ghost.h"
#include "broker/request.h"
#include "broker/room.h"
#include "broker/trace.h"
#include "broker/worker.h"

static bool
covers(struct pgt_slice pattern, struct pgt_slice name)
{
	if (pattern.n == 0 || pattern.p[pattern.n - 1] != '*')
		return pgt_slice_equal(pattern, name);
	return pgt_slice_has_prefix(
	    name, pgt_slice_head(pattern, pattern.n - 1));
}

bool
run_is_wanted(const struct broker_conf *conf, struct pgt_slice name)
{
	for (size_t i = 0; i < conf->n_coalesce; i++)
		if (covers(pgt_slice_of(conf->coalesce[i]), name))
			return true;
	return false;
}

/* ---- birth and death ---- */

static struct pgt_key
key_of(const struct request *r)
{
	return (struct pgt_key){
	    .a = (uint64_t)(uintptr_t)r->service,
	    .s = pgt_frame_view(&r->data),
	};
}

static void
run_close(struct broker *b, struct run *run)
{
	if (run->is_open)
		pgt_map_remove(&b->runs, &run->node);
	run->is_open = false;
}

static void
run_free(struct broker *b, struct run *run)
{
	run_close(b, run);
	pgt_free(run);
}

/* ---- who joins ---- */

/* Further frames are data too, and a worker asked by its id has its own. */
static bool
may_share(const struct request *r)
{
	return (r->coalesce || r->service->coalesces) && !r->nocache &&
	       r->target == NULL && r->tail == NULL;
}

static struct run *
find_open(const struct broker *b, const struct request *r)
{
	const struct pgt_key key = key_of(r);

	return PGT_CONTAINER(pgt_map_find(&b->runs, &key), struct run, node);
}

bool
run_may_join(struct broker *b, const struct request *r)
{
	struct run *run = may_share(r) ? find_open(b, r) : NULL;

	/* A flush was to make what comes later see what is new. */
	if (run != NULL && request_is_old(b, run->leader)) {
		run_close(b, run);
		run = NULL;
	}
	/* Rejected, it would wait for workers to come, which failfast must
	 * not. */
	return run != NULL && !(r->failfast && run->leader->rejects != NULL);
}

void
run_join(struct broker *b, struct request *r)
{
	room_set_waiting(b, r, true);
	if (dispatch_refuse(b, r))
		return;
	b->stats.coalesced++;
	TRACE(b, TRACE_DEBUG, "request joined another",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
	r->run = find_open(b, r);
	request_move_last(r, &r->run->joined);
}

/* Without memory r runs for itself. */
void
run_open(struct broker *b, struct request *r)
{
	struct pgt_key key;
	struct run *run;

	if (!may_share(r))
		return;
	run = pgt_alloc(sizeof(*run));
	if (run == NULL)
		return;
	key = key_of(r);
	if (pgt_map_add(&b->runs, &run->node, &key) < 0) {
		pgt_free(run);
		return;
	}
	run->is_open = true;
	run->leader = r;
	TAILQ_INIT(&run->joined);
	r->run = run;
}

bool
run_is_shared(const struct request *r)
{
	return r->run != NULL && !TAILQ_EMPTY(&r->run->joined);
}

/* ---- replies ---- */

void
run_partial(struct broker *b, struct request *r, const struct pgt_packet *p)
{
	struct request *j;

	if (r->run == NULL)
		return;
	run_close(b, r->run);
	TAILQ_FOREACH (j, &r->run->joined, link) {
		j->heard_at = b->now;
		j->had_partials = true;
		figures_partial(b, j, pgt_packet_view(p, PGT_F_DATA).n);
		if (j->is_gapped ||
		    effect_part(b, j, PGT_TO_CLIENT_PARTIAL, p) < 0)
			j->is_gapped = true;
	}
}

/* Where there is no memory for it, the client sees its timeout. */
void
run_final(struct broker *b, struct request *r, const struct pgt_packet *p,
    bool is_error)
{
	size_t n = pgt_packet_view(p, PGT_F_DATA).n;
	struct request *j;
	int rc;

	if (r->run == NULL)
		return;
	while ((j = TAILQ_FIRST(&r->run->joined)) != NULL) {
		rc = j->is_gapped ? effect_error(b, j, "\"PARTIAL_LOST\"")
				  : effect_part(b, j, PGT_TO_CLIENT_REPLY, p);
		if (rc == 0) {
			figures_replied(b, j, n, is_error);
			TRACE(b, TRACE_DEBUG, "request done",
			    T_FRAME("client", &j->client->id),
			    T_FRAME("rid", &j->rid));
		}
		request_free(b, j);
	}
}

/* ---- when the leader ends ---- */

void
run_lost(struct broker *b, struct request *r)
{
	struct request *j, *next;

	if (r->run == NULL)
		return;
	for (j = TAILQ_FIRST(&r->run->joined); j != NULL; j = next) {
		next = TAILQ_NEXT(j, link);
		if (!j->retry || j->had_partials)
			request_lose(b, j);
	}
}

/* What was learned of the run goes with it: who rejected it, its stream. */
static void
lead(struct run *run, struct request *next, struct request *old)
{
	run->leader = next;
	if (run->is_open)
		run->node.key.s = pgt_frame_view(&next->data);
	old->run = NULL;
	next->rejects = old->rejects;
	old->rejects = NULL;
	next->hold = old->hold;
	old->hold = NULL;
}

/* What the worker says to `ghost` is for r, which has its slot. */
static void
run_at(struct broker *b, struct worker *w, struct request *r,
    struct request *ghost)
{
	figures_given(b, r, w);
	room_set_waiting(b, r, false);
	request_move_last(r, &w->running);
	request_set_worker(b, r, w);
	r->proxy = ghost;
	ghost->proxy = r;
}

bool
run_take_over(struct broker *b, struct request *r)
{
	struct worker *w = r->worker;
	struct request *ghost = r->proxy, *next;

	if (!run_is_shared(r))
		return false;
	next = TAILQ_FIRST(&r->run->joined);
	TRACE(b, TRACE_DEBUG, "request takes over",
	    T_FRAME("client", &next->client->id), T_FRAME("rid", &next->rid),
	    T_FRAME("worker", &w->id));
	lead(r->run, next, r);
	if (ghost != NULL)
		request_free(b, r);
	else
		ghost = ghost_make(b, r);
	if (ghost != NULL)
		run_at(b, w, next, ghost);
	else
		dispatch_requeue(b, next);
	return true;
}

void
run_leave(struct broker *b, struct request *r)
{
	struct run *run = r->run;
	struct request *next;

	r->run = NULL;
	if (run == NULL || run->leader != r)
		return;
	while ((next = TAILQ_FIRST(&run->joined)) != NULL) {
		/* It may be refused, and end: it is nobody's leader yet. */
		next->run = NULL;
		if (b->drain == DRAIN_LATE) {
			request_refuse(b, next);
			continue;
		}
		if (dispatch_refuse(b, next))
			continue;
		next->run = run;
		lead(run, next, r);
		TRACE(b, TRACE_DEBUG, "request leads",
		    T_FRAME("client", &next->client->id),
		    T_FRAME("rid", &next->rid));
		dispatch_requeue(b, next);
		return;
	}
	run_free(b, run);
}
