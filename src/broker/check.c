/*
 * The invariants, all of them: for the simulator and the fuzzer, which call
 * this after each step. It walks everything.
 */
#include <stdlib.h>

#include "base/container.h"
#include "broker/broker.h"
#include "broker/core_table.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/state.h"
#include "broker/worker.h"

#define MUST(condition)                                                        \
	do {                                                                   \
		if (!(condition))                                              \
			violated(#condition, __LINE__);                        \
	} while (0)

struct counts {
	size_t n_kept, n_requests, n_ghosts, n_listed, n_workers, n_admin;
	size_t n_open_runs;
	size_t n_running, n_draining, n_unreachable, n_paused;
	size_t n_times, n_ghosts_of_names;
	size_t n_targeted, n_running_targeted;
	uint64_t n_waiting, waiting_bytes, held_bytes; /* of requests */
	uint64_t n_to_wait, bytes_to_wait;	       /* of services */
	size_t n_asking, n_served, n_idle_bytes;
};

/* Its arguments are there to be seen in a debugger. */
static _Noreturn void
violated(const char *condition, int line)
{
	(void)condition;
	(void)line;
	abort();
}

static size_t
check_list(const struct request_list *list, const struct worker *w)
{
	const struct request *r;
	size_t n = 0;

	TAILQ_FOREACH (r, list, link) {
		MUST(r->list == list);
		MUST(r->worker == w);
		n++;
	}
	return n;
}

static void
check_ghosts(const struct worker *w)
{
	const struct request *r;

	TAILQ_FOREACH (r, &w->ghosts, link) {
		MUST(r->is_ghost && r->node.key.b == w->serial);
		MUST(!pgt_timer_is_armed(&r->timer));
		MUST(pgt_frame_view(&r->data).n == 0);
	}
}

static void
check_figures(const struct figures *f, struct counts *counts)
{
	if (f->in_queue != NULL)
		counts->n_times += sizeof(*f->in_queue);
	if (f->at_worker != NULL)
		counts->n_times += sizeof(*f->at_worker);
}

static void
check_worker(
    const struct broker *b, const struct worker *w, struct counts *counts)
{
	size_t running = check_list(&w->running, w);
	size_t ghosts = check_list(&w->ghosts, w);

	check_ghosts(w);
	MUST(w->n_running == running && w->n_ghosts == ghosts);
	MUST(ghosts <= MAX_GHOSTS);
	MUST(worker_find(b, pgt_frame_view(&w->id)) == w);
	MUST(pgt_timer_is_armed(&w->timer));
	MUST(worker_has_slot(w) == pgt_heap_has(&w->free));
	if (pgt_heap_has(&w->free))
		MUST(pgt_heap_key(&w->service->free_workers, &w->free) ==
		     b->policy->key(w));
	MUST(w->target == NULL || (w->target->worker == w && !w->is_draining));
	check_figures(&w->figures, counts);
	counts->n_listed += running + ghosts;
	counts->n_workers++;
	counts->n_draining += w->is_draining;
	counts->n_unreachable += w->is_unreachable;
}

static void
check_pool(const struct service *s)
{
	const struct edge *e;
	bool has_self = false;
	size_t n = 0;

	TAILQ_FOREACH (e, &s->pool, pool) {
		MUST(e->name == s && e->server->n_workers > 0);
		has_self |= e->server == s;
		n++;
	}
	MUST(has_self == (s->n_workers > 0));
	MUST(n <= 1 || memchr(s->node.key.s.p, '@', s->node.key.s.n) != NULL);
}

static size_t
count_edges(const struct edge_list *list, const struct service *server,
    enum waits waits)
{
	const struct edge *e;
	size_t n = 0;

	if (waits == WAITS_NOT) {
		TAILQ_FOREACH (e, list, watch) {
			MUST(e->server == server);
			n++;
		}
		return n;
	}
	TAILQ_FOREACH (e, list, waiting) {
		MUST(e->server == server && e->name->waits == waits);
		n++;
	}
	return n;
}

/* Who waits though somebody free may take it was forgotten. */
static void
check_nobody_waits_in_vain(const struct broker *b, const struct service *s)
{
	if (s->is_paused) {
		MUST(s->waits == WAITS_NOT);
		return;
	}
	MUST(TAILQ_EMPTY(&s->paused));
	if (b->stats.no_memory == 0 && service_pool_has_slot(s))
		MUST(TAILQ_EMPTY(&s->queue));
	if (!TAILQ_EMPTY(&s->queue))
		MUST(s->waits == WAITS_HUNGRY);
	else if (!TAILQ_EMPTY(&s->parked) || !TAILQ_EMPTY(&s->held))
		MUST(s->waits != WAITS_NOT);
}

static void
check_workers(
    const struct broker *b, const struct service *s, struct counts *counts)
{
	const struct worker *w;
	size_t n = 0, n_leaving = 0;

	TAILQ_FOREACH (w, &s->workers, link) {
		MUST(w->service == s && !w->is_draining);
		check_worker(b, w, counts);
		n++;
	}
	TAILQ_FOREACH (w, &s->leaving, link) {
		MUST(w->service == s && w->is_draining);
		check_worker(b, w, counts);
		n_leaving++;
	}
	MUST(n == s->n_workers && n_leaving == s->n_leaving);
	counts->n_served += n > 0;
}

static void
check_service(
    const struct broker *b, const struct service *s, struct counts *counts)
{
	counts->n_listed +=
	    check_list(&s->queue, NULL) + check_list(&s->parked, NULL) +
	    check_list(&s->held, NULL) + check_list(&s->paused, NULL);
	if (s->core != NULL)
		counts->n_listed += check_list(&s->core->requests, NULL);
	check_workers(b, s, counts);
	counts->n_to_wait += s->n_waiting;
	counts->bytes_to_wait += s->waiting_bytes;
	if (s->is_idle) {
		counts->n_idle_bytes += s->node.key.s.n;
		MUST(s->n_waiting == 0 && s->waiting_bytes == 0);
	}
	MUST(!s->is_dirty);
	MUST(s->is_idle == !service_is_of_use(s));
	MUST(s->n_running + s->n_ghosts <= s->n_requests);
	check_figures(&s->figures, counts);
	counts->n_running += s->n_running;
	counts->n_ghosts_of_names += s->n_ghosts;
	counts->n_paused += s->is_paused;
	MUST(count_edges(&s->hungry, s, WAITS_HUNGRY) +
		 count_edges(&s->aside, s, WAITS_ASIDE) <=
	     count_edges(&s->watchers, s, WAITS_NOT));
	check_pool(s);
	check_nobody_waits_in_vain(b, s);
}

static void
check_target(
    const struct broker *b, const struct target *t, struct counts *counts)
{
	const struct worker *w;

	counts->n_listed +=
	    check_list(&t->queue, NULL) + check_list(&t->held, NULL);
	MUST(t->n_requests > 0 && t->n_running <= t->n_requests);
	counts->n_targeted += t->n_running;
	w = worker_find(b, (struct pgt_slice){t->id, t->n_id});
	MUST(t->worker == (w != NULL && w->is_draining ? NULL : w));
	if (t->worker == NULL)
		return;
	MUST(t->worker->target == t);
	if (b->stats.no_memory == 0 && worker_has_slot(t->worker))
		MUST(TAILQ_EMPTY(&t->queue));
}

/* What has joined a run is in no list but the run's. */
static void
check_run(
    const struct broker *b, const struct request *r, struct counts *counts)
{
	const struct run *run = r->run;
	const struct request *j;

	MUST(!r->is_ghost && run->leader->run == run);
	if (run->leader != r) {
		MUST(r->list == &run->joined && r->worker == NULL);
		return;
	}
	counts->n_listed += check_list(&run->joined, NULL);
	counts->n_open_runs += run->is_open;
	TAILQ_FOREACH (j, &run->joined, link) {
		MUST(j->run == run && j->rejects == NULL && j->hold == NULL);
		MUST(!j->had_partials || !run->is_open);
	}
	if (run->is_open)
		MUST(PGT_CONTAINER(pgt_map_find(&b->runs, &run->node.key),
			 struct run, node) == run &&
		     run->node.key.s.p == pgt_frame_view(&r->data).p);
}

static void
check_proxy(const struct request *r)
{
	MUST(r->proxy->proxy == r && r->proxy->is_ghost != r->is_ghost);
	MUST(r->worker != NULL && r->worker == r->proxy->worker);
	MUST(r->is_ghost || r->run != NULL);
}

static void
check_room(const struct request *r, struct counts *counts)
{
	MUST(r->size > BROKER_REQUEST_OVERHEAD);
	MUST(r->client->n_pending > 0);
	MUST(r->is_waiting ==
	     (r->worker == NULL && r->service->core == NULL && !r->is_adopted));
	counts->held_bytes += r->size;
	if (!r->is_waiting)
		return;
	counts->n_waiting++;
	counts->waiting_bytes += r->size;
}

static void
check_client(const struct client *c, struct counts *counts)
{
	MUST(c->n_pending <= c->n_requests);
	counts->n_asking += c->n_pending > 0;
}

static void
check_stats(const struct broker *b, const struct counts *counts)
{
	const struct broker_stats *n = &b->stats;

	MUST(counts->n_requests == n->n_requests);
	MUST(counts->n_kept == b->n_kept);
	MUST(counts->n_ghosts == n->n_ghosts);
	MUST(counts->n_workers == n->n_workers);
	MUST(counts->n_served == n->n_served);
	MUST(counts->n_asking == n->n_asking);
	MUST(counts->n_waiting == n->n_waiting);
	MUST(counts->waiting_bytes == n->waiting_bytes);
	MUST(counts->held_bytes == n->held_bytes);
	MUST(counts->n_waiting == counts->n_to_wait);
	MUST(counts->waiting_bytes == counts->bytes_to_wait);
}

static void
check_request(
    const struct broker *b, const struct request *r, struct counts *counts)
{
	MUST(r->list != NULL && r->is_mapped);
	MUST(r->node.key.a == r->client->serial);
	MUST(pgt_slice_equal(r->node.key.s, pgt_frame_view(&r->rid)));
	MUST(r->client->n_requests > 0 && r->service->n_requests > 0);
	counts->n_admin += r->client->port == PORT_ADMIN;
	if (r->run != NULL)
		check_run(b, r, counts);
	if (r->proxy != NULL)
		check_proxy(r);
	if (r->is_ghost) {
		counts->n_ghosts++;
		MUST(r->size == 0 && !r->is_waiting);
		return;
	}
	check_room(r, counts);
	MUST(r->node.key.b == 0);
	MUST(r->n_attempts > 0 || r->worker == NULL);
	counts->n_running_targeted += r->target != NULL && r->worker != NULL;
	MUST(pgt_timer_is_armed(&r->timer) == (r->timeout_ms >= 0));
	counts->n_kept += r->is_kept;
	counts->n_requests++;
}

static void
check_slowlog(const struct broker *b)
{
	const struct slow *e;
	uint64_t n = 0, n_bytes = 0;

	TAILQ_FOREACH (e, &b->slow, link) {
		MUST(e->view.number <= b->stats.slow);
		n_bytes += sizeof(*e) + e->view.client.n + e->view.rid.n +
			   e->view.service.n + e->view.worker.n;
		n++;
	}
	MUST(n == b->stats.n_slow && n_bytes == b->stats.n_slow_bytes);
	MUST(n == 0 || n <= (uint64_t)b->conf.slowlog_max);
}

/* What each name and worker says of itself makes the whole. */
static void
check_totals(const struct broker_stats *stats, const struct counts *counts)
{
	MUST(counts->n_running == stats->n_running);
	MUST(counts->n_ghosts_of_names == stats->n_ghosts);
	MUST(counts->n_targeted == counts->n_running_targeted);
	MUST(counts->n_draining == stats->n_draining);
	MUST(counts->n_unreachable == stats->n_unreachable);
	MUST(counts->n_paused == stats->n_paused);
	MUST(counts->n_times == stats->n_times);
	MUST(stats->registered == stats->gone + stats->n_workers);
}

void
broker_check(const struct broker *b)
{
	const struct pgt_map_node *node;
	struct counts counts = {0};

	for (node = b->services.head; node != NULL; node = node->hh.next)
		check_service(b,
		    PGT_CONTAINER((void *)node, struct service, node), &counts);
	for (node = b->targets.head; node != NULL; node = node->hh.next)
		check_target(b,
		    PGT_CONTAINER((void *)node, struct target, node), &counts);
	for (node = b->requests.head; node != NULL; node = node->hh.next)
		check_request(b,
		    PGT_CONTAINER((void *)node, struct request, node), &counts);
	for (int i = 0; i < BROKER_N_PORTS; i++)
		for (node = b->clients[i].head; node != NULL;
		     node = node->hh.next)
			check_client(
			    PGT_CONTAINER((void *)node, struct client, node),
			    &counts);
	check_stats(b, &counts);
	/* Each request is in the map, and in exactly one list. */
	MUST(counts.n_listed == pgt_map_count(&b->requests));
	MUST(counts.n_admin == b->n_admin_requests);
	MUST(counts.n_workers == pgt_map_count(&b->workers));
	check_figures(&b->figures, &counts);
	check_totals(&b->stats, &counts);
	check_slowlog(b);
	MUST(b->n_idle_clients <= MAX_IDLE && b->n_idle_services <= MAX_IDLE);
	MUST(counts.n_idle_bytes == b->n_idle_bytes);
	MUST(b->n_idle_bytes <= MAX_IDLE_BYTES || b->n_idle_services == 1);
	/* A timer's room for each owner. */
	MUST(b->timers.heap.n_reserved == 2 + counts.n_workers +
					      pgt_map_count(&b->requests) +
					      b->n_core_timers);
	MUST(counts.n_open_runs == pgt_map_count(&b->runs));
	core_check(b);
}
