/*
 * What core services may see of the broker, row by row. Each function takes
 * a bounded number of steps, so that no answer stalls the loop: who wants all
 * of a table asks again.
 */
#include "base/container.h"
#include "broker/client.h"
#include "broker/core.h"
#include "broker/figures.h"
#include "broker/service.h"
#include "broker/worker.h"

/* ---- the whole ---- */

/* Counters stand before what there is now. */
static void
subtract(struct broker_stats *stats, const struct broker_stats *from)
{
	const size_t n = offsetof(struct broker_stats, n_clients);
	uint64_t *to = (uint64_t *)stats;

	for (size_t i = 0; i < n / sizeof(*to); i++)
		to[i] -= ((const uint64_t *)from)[i];
}

void
core_look(const struct core *c, struct core_overview *o)
{
	const struct broker *b = c->b;
	const struct core *each;

	*o = (struct core_overview){.has_cache = false};
	o->stats = *broker_stats(c->b);
	subtract(&o->stats, &b->stats_at_reset);
	o->in_queue = b->figures.in_queue;
	o->at_worker = b->figures.at_worker;
	o->loop = &b->loop;
	o->dispatch = b->policy->name;
	o->is_draining = broker_is_draining(b);
	o->reset_ms = b->now - b->reset_at;
	o->version = b->version;
	TAILQ_FOREACH (each, &b->cores, link)
		if (each->ops->look != NULL)
			each->ops->look(each, o);
}

void
core_process(const struct core *c, struct broker_process *p)
{
	const struct broker_conf *conf = &c->b->conf;

	*p = (struct broker_process){
	    .pid = -1,
	    .started_at_s = -1,
	    .now_at_s = -1,
	    .uptime_ms = -1,
	    .rss_bytes = -1,
	    .cpu_user_us = -1,
	    .cpu_system_us = -1,
	    .open_files = -1,
	    .max_open_files = -1,
	};
	if (conf->process != NULL)
		conf->process(conf->process_arg, p);
}

/* ---- workers ---- */

static const char *
worker_state(const struct worker *w)
{
	if (w->is_draining)
		return "draining";
	if (w->is_unreachable)
		return "unreachable";
	if (w->concurrency == 0)
		return "paused";
	return worker_has_slot(w) ? "free" : "busy";
}

static uint64_t
count_waiting_for(const struct worker *w)
{
	return w->target == NULL ? 0
				 : w->target->n_requests - w->target->n_running;
}

static struct core_worker
view_worker(const struct broker *b, const struct worker *w)
{
	const struct figures *f = &w->figures;

	return (struct core_worker){
	    .id = pgt_frame_view(&w->id),
	    .service = pgt_frame_view(&w->service->name),
	    .state = worker_state(w),
	    .concurrency = w->concurrency,
	    .registered_ms = b->now - w->ready_at,
	    .silent_ms = b->now - w->heard_at,
	    .n_running = w->n_running,
	    .n_waiting = count_waiting_for(w),
	    .n_ghosts = w->n_ghosts,
	    .n = figures_counts(b, f),
	    .at_worker = figures_times(b, f, f->at_worker),
	};
}

bool
core_find_worker(
    const struct core *c, struct pgt_slice id, struct core_worker *row)
{
	const struct worker *w = worker_find(c->b, id);

	if (w == NULL)
		return false;
	*row = view_worker(c->b, w);
	return true;
}

struct worker_seer {
	const struct broker *b;
	core_see_worker_fn fn;
	void *arg;
};

static void
see_worker(void *arg, struct pgt_map_node *node)
{
	const struct worker_seer *see = arg;
	struct core_worker row =
	    view_worker(see->b, PGT_CONTAINER(node, struct worker, node));

	see->fn(see->arg, &row);
}

uint64_t
core_scan_workers(
    const struct core *c, uint64_t cursor, core_see_worker_fn fn, void *arg)
{
	struct worker_seer see = {c->b, fn, arg};

	return pgt_map_scan(&c->b->workers, cursor, see_worker, &see);
}

void
core_each_worker_of(const struct core *c, struct pgt_slice service, size_t max,
    core_see_worker_fn fn, void *arg)
{
	const struct service *s = service_find(c->b, service);
	const struct worker *w = s == NULL ? NULL : TAILQ_FIRST(&s->workers);
	struct core_worker row;

	for (; w != NULL && max > 0; max--, w = TAILQ_NEXT(w, link)) {
		row = view_worker(c->b, w);
		fn(arg, &row);
	}
}

/* ---- services ---- */

static struct core_service
view_service(const struct broker *b, const struct service *s)
{
	const struct figures *f = &s->figures;

	return (struct core_service){
	    .name = pgt_frame_view(&s->name),
	    .is_core = s->core != NULL,
	    .is_paused = s->is_paused,
	    .n_workers = s->n_workers,
	    .n_pool = service_pool_size(s),
	    .n_draining = s->n_leaving,
	    .n_waiting = s->n_waiting,
	    .n_running = s->n_running,
	    .n = figures_counts(b, f),
	    .in_queue = figures_times(b, f, f->in_queue),
	    .at_worker = figures_times(b, f, f->at_worker),
	};
}

bool
core_find_service(
    const struct core *c, struct pgt_slice name, struct core_service *row)
{
	const struct service *s = service_find(c->b, name);

	if (s == NULL)
		return false;
	*row = view_service(c->b, s);
	return true;
}

bool
core_next_service(const struct core *c, struct pgt_slice prefix,
    struct pgt_slice at, bool behind, struct core_service *row)
{
	struct pgt_index_node *node;

	/* What begins with prefix stands at prefix or behind it. */
	if (pgt_slice_compare(at, prefix) < 0) {
		at = prefix;
		behind = false;
	}
	node = pgt_index_next(&c->b->names, prefix, at, behind);
	if (node == NULL)
		return false;
	*row = view_service(c->b, PGT_CONTAINER(node, struct service, index));
	return true;
}

/* ---- clients ---- */

static struct core_client
view_client(const struct broker *b, const struct client *c)
{
	struct pgt_slice id = pgt_frame_view(&c->id);

	return (struct core_client){
	    .id = id,
	    .n_requests = c->n_requests,
	    .n_sent = c->n_sent,
	    .idle_ms = b->now - c->heard_at,
	    .is_admin = c->port == PORT_ADMIN,
	    .is_worker = c->port == PORT_PUBLIC && worker_find(b, id) != NULL,
	};
}

struct client_seer {
	const struct broker *b;
	core_see_client_fn fn;
	void *arg;
};

static void
see_client(void *arg, struct pgt_map_node *node)
{
	const struct client_seer *see = arg;
	struct core_client row =
	    view_client(see->b, PGT_CONTAINER(node, struct client, node));

	see->fn(see->arg, &row);
}

void
core_each_client_of(
    const struct core *c, struct pgt_slice id, core_see_client_fn fn, void *arg)
{
	struct client_seer see = {c->b, fn, arg};
	struct client *client;

	for (int port = 0; port < BROKER_N_PORTS; port++) {
		client = client_find(c->b, (enum broker_port)port, id);
		if (client != NULL)
			see_client(&see, &client->node);
	}
}

/* Those of the public port, then, with the highest bit set, the others. */
uint64_t
core_scan_clients(
    const struct core *c, uint64_t cursor, core_see_client_fn fn, void *arg)
{
	const uint64_t admin = UINT64_C(1) << 63;
	struct client_seer see = {c->b, fn, arg};
	const struct pgt_map *m = &c->b->clients[PORT_PUBLIC];

	if ((cursor & admin) == 0) {
		cursor = pgt_map_scan(m, cursor, see_client, &see);
		return cursor != 0 ? cursor : admin;
	}
	m = &c->b->clients[PORT_ADMIN];
	cursor = pgt_map_scan(m, cursor & ~admin, see_client, &see);
	return cursor != 0 ? cursor | admin : 0;
}
