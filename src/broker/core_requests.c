/*
 * Requests as core services may see them: those there are, as core_view.c has
 * it, and the slow ones there were.
 */
#include "base/container.h"
#include "broker/core.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/worker.h"

/* Steps in the list of all requests, ghosts included. */
#define MAX_WALK 10000

static const char *
request_state(const struct request *r)
{
	const struct service *s = r->service;

	if (s->core != NULL || r->is_adopted)
		return "built_in";
	if (r->worker != NULL)
		return "in_flight";
	if (r->run != NULL && r->run->leader != r)
		return "joined";
	if (r->list == &s->paused)
		return "paused";
	if (r->list == &s->parked)
		return "parked";
	if (r->list == &s->held ||
	    (r->target != NULL && r->list == &r->target->held))
		return "held";
	return "queued";
}

/* Who has it, or who is to have it. */
static bool
find_worker_of(const struct request *r, struct pgt_slice *id)
{
	if (r->target != NULL)
		*id = (struct pgt_slice){r->target->id, r->target->n_id};
	else if (r->worker != NULL)
		*id = pgt_frame_view(&r->worker->id);
	return r->target != NULL || r->worker != NULL;
}

static struct core_request
view_request(const struct broker *b, const struct request *r)
{
	int64_t left = r->heard_at + r->timeout_ms - b->now;
	struct core_request row = {
	    .client = pgt_frame_view(&r->client->id),
	    .rid = pgt_frame_view(&r->rid),
	    .service = pgt_frame_view(&r->service->name),
	    .is_target = r->target != NULL,
	    .is_running = r->worker != NULL,
	    .is_core = r->service->core != NULL,
	    .is_admin = r->client->port == PORT_ADMIN,
	    .state = request_state(r),
	    .age_ms = (b->now_us - r->arrived_us) / 1000,
	    .state_ms = (b->now_us - r->since_us) / 1000,
	    .expires_ms = r->timeout_ms < 0 ? -1
			  : left > 0	    ? left
					    : 0,
	    .timeout_ms = r->timeout_ms,
	    .n_attempts = r->n_attempts,
	    .n_rejects = r->rejects != NULL ? r->rejects->n : 0,
	    .n_bytes = pgt_frame_view(&r->data).n,
	    .retry = r->retry,
	    .failfast = r->failfast,
	    .nocache = r->nocache,
	    .had_partials = r->had_partials,
	};

	row.has_worker = find_worker_of(r, &row.worker);
	return row;
}

bool
core_find_request(const struct core *c, struct pgt_slice client,
    struct pgt_slice rid, struct core_request *row)
{
	const struct request *r = request_find_anywhere(c->b, client, rid);

	if (r == NULL)
		return false;
	*row = view_request(c->b, r);
	return true;
}

struct request_seer {
	const struct broker *b;
	core_see_request_fn fn;
	void *arg;
	size_t left;
};

static void
see(struct request_seer *see, const struct request *r)
{
	struct core_request row = view_request(see->b, r);

	see->left--;
	see->fn(see->arg, &row);
}

static void
see_request(void *arg, struct pgt_map_node *node)
{
	const struct request *r = PGT_CONTAINER(node, struct request, node);

	if (!r->is_ghost)
		see(arg, r);
}

uint64_t
core_scan_requests(
    const struct core *c, uint64_t cursor, core_see_request_fn fn, void *arg)
{
	struct request_seer s = {c->b, fn, arg, SIZE_MAX};

	return pgt_map_scan(&c->b->requests, cursor, see_request, &s);
}

static void
see_list(struct request_seer *s, const struct request_list *list)
{
	const struct request *r = TAILQ_FIRST(list);

	for (; r != NULL && s->left > 0; r = TAILQ_NEXT(r, link))
		see(s, r);
}

void
core_each_running(const struct core *c, struct pgt_slice worker, size_t max,
    core_see_request_fn fn, void *arg)
{
	const struct worker *w = worker_find(c->b, worker);
	struct request_seer s = {c->b, fn, arg, max};

	if (w != NULL)
		see_list(&s, &w->running);
}

/* Parked ones are offered first. */
void
core_each_waiting(const struct core *c, struct pgt_slice service, size_t max,
    core_see_request_fn fn, void *arg)
{
	const struct service *name = service_find(c->b, service);
	struct request_seer s = {c->b, fn, arg, max};

	if (name == NULL)
		return;
	see_list(&s, &name->parked);
	see_list(&s, &name->queue);
	see_list(&s, &name->held);
	see_list(&s, &name->paused);
}

void
core_each_oldest(
    const struct core *c, size_t max, core_see_request_fn fn, void *arg)
{
	struct pgt_map_node *node = c->b->requests.head;
	struct request_seer s = {c->b, fn, arg, max};

	for (size_t i = 0; i < MAX_WALK && node != NULL && s.left > 0; i++) {
		see_request(&s, node);
		node = node->hh.next;
	}
}

/* ---- the slow log ---- */

void
core_each_slow(const struct core *c, size_t max, core_see_slow_fn fn, void *arg)
{
	const struct slow *e = TAILQ_LAST(&c->b->slow, slow_list);
	struct core_slow row;

	for (; e != NULL && max > 0;
	     max--, e = TAILQ_PREV(e, slow_list, link)) {
		row = e->view;
		row.ago_ms = (c->b->now_us - e->view.ended_us) / 1000;
		fn(arg, &row);
	}
}
