/*
 * Which worker would get a request now, and why each other one would not
 * (PROTOCOL 11.5). It asks the policy, as dispatch does, and takes back the
 * draw of lots: nothing has happened.
 */
#include <errno.h>

#include "base/container.h"
#include "broker/core.h"
#include "broker/core_table.h"
#include "broker/match.h"
#include "broker/reject.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/worker.h"

struct route {
	struct broker *b;
	struct service *s;
	const struct request *r;    /* pending, or made up */
	const struct worker *named; /* of has_name; NULL: there is none */
	bool has_name;
	bool is_kept; /* no worker is asked */
	const struct worker *chosen;
	struct core_route *answer;
	core_see_route_fn fn;
	void *arg;
	size_t n_workers, n_names, max;
};

static bool
serves(const struct route *t, const struct worker *w)
{
	return match_serves(
	    pgt_frame_view(&w->service->name), pgt_frame_view(&t->s->name));
}

/* ---- who ---- */

static const struct worker *
pick(struct route *t)
{
	struct pgt_rand saved = t->b->rand;
	const struct worker *w = t->named;

	if (t->r->worker != NULL)
		return t->r->worker;
	if (t->s->core != NULL || t->s->is_paused || t->is_kept)
		return NULL;
	if (t->has_name)
		return w != NULL && worker_has_slot(w) && serves(t, w) &&
			       !reject_is_by(t->r, w)
			   ? w
			   : NULL;
	w = t->b->policy->pick(t->b, t->s, t->r);
	t->b->rand = saved;
	return w;
}

/* ---- why not ---- */

static const char *
why(const struct route *t, const struct worker *w)
{
	if (w == t->r->worker)
		return "has_it";
	if (w == t->chosen)
		return "chosen";
	if (t->has_name && w != t->named)
		return "not_named";
	if (!serves(t, w))
		return "not_its_service";
	if (w->is_draining)
		return "draining";
	if (w->is_unreachable)
		return "unreachable";
	if (reject_is_by(t->r, w))
		return "rejected";
	if (w->concurrency == 0)
		return "paused";
	if (!worker_has_slot(w))
		return "busy";
	if (t->is_kept)
		return "reply_is_kept";
	return t->s->is_paused ? "service_paused" : "other_first";
}

static void
tell_worker(struct route *t, const struct worker *w)
{
	if (t->n_workers++ >= t->max) {
		t->answer->is_cut = true;
		return;
	}
	t->fn(t->arg, &(const struct core_route_row){
			  .worker = pgt_frame_view(&w->id),
			  .service = pgt_frame_view(&w->service->name),
			  .why = why(t, w),
			  .n_running = w->n_running,
			  .concurrency = w->concurrency,
		      });
}

/* Those already told of apart. */
static void
tell_list(struct route *t, const struct worker_list *list)
{
	const struct worker *w = TAILQ_FIRST(list);

	for (; w != NULL && !t->answer->is_cut; w = TAILQ_NEXT(w, link))
		if (w != t->chosen && w != t->named)
			tell_worker(t, w);
}

static void
tell_workers(struct route *t)
{
	const struct edge *e;

	if (t->chosen != NULL)
		tell_worker(t, t->chosen);
	if (t->named != NULL && t->named != t->chosen)
		tell_worker(t, t->named);
	TAILQ_FOREACH (e, &t->s->pool, pool) {
		tell_list(t, &e->server->workers);
		if (e->server != t->s)
			tell_list(t, &e->server->leaving);
	}
	tell_list(t, &t->s->leaving);
}

static bool
tell_name(void *arg, const struct service *s, const char *reason)
{
	struct route *t = arg;

	if (t->n_names++ >= t->max) {
		t->answer->is_cut = true;
		return false;
	}
	t->fn(t->arg, &(const struct core_route_row){
			  .service = pgt_frame_view(&s->name),
			  .why = reason,
			  .n_workers = s->n_workers,
		      });
	return true;
}

/* ---- the whole ---- */

static int
find_request(struct route *t, const struct core_route_ask *ask)
{
	t->r = request_find_anywhere(t->b, ask->client, ask->rid);
	if (t->r == NULL)
		return -ENOENT;
	t->s = t->r->service;
	t->has_name = t->r->target != NULL;
	if (t->has_name)
		t->named = t->r->target->worker;
	return 0;
}

static int
find_name(struct route *t, const struct core_route_ask *ask)
{
	t->s = service_require(t->b, ask->service);
	if (t->s == NULL)
		return -ENOMEM;
	t->has_name = ask->has_worker;
	if (t->has_name)
		t->named = worker_find(t->b, ask->worker);
	t->is_kept =
	    ask->has_data && !t->has_name && t->b->drain == DRAIN_NOT &&
	    core_would_answer(t->b, pgt_frame_view(&t->s->name), ask->data);
	return 0;
}

static void
answer(struct route *t)
{
	const struct service *s = t->s;

	*t->answer = (struct core_route){
	    .service = pgt_frame_view(&s->name),
	    .is_core = s->core != NULL,
	    .is_paused = s->is_paused,
	    .is_kept = t->is_kept,
	    .dispatch = t->b->policy->name,
	    .n_waiting = s->n_waiting,
	    .has_worker = t->chosen != NULL,
	};
	if (t->chosen != NULL)
		t->answer->worker = pgt_frame_view(&t->chosen->id);
}

int
core_route(const struct core *c, const struct core_route_ask *ask, size_t max,
    struct core_route *result, core_see_route_fn fn, void *arg)
{
	const struct request made_up = {0};
	struct route t = {
	    .b = c->b,
	    .r = &made_up,
	    .answer = result,
	    .fn = fn,
	    .arg = arg,
	    .max = max,
	};
	int rc = ask->has_request ? find_request(&t, ask) : find_name(&t, ask);

	if (rc < 0)
		return rc;
	t.chosen = pick(&t);
	answer(&t);
	if (t.s->core != NULL)
		return 0;
	tell_workers(&t);
	match_each_passed_over(t.b, t.s, tell_name, &t);
	return 0;
}
