/* Peers that do their work, in any order and at any time. */
#include "act.h"

#include "say.h"

static void
do_request(struct world *w)
{
	struct pgt_msg m;

	if (w->m->n_requests < w->want_requests || world_chance(w, 20))
		say_request(w, &m);
	else
		say_answer(w, &m);
	world_send(w, &m);
}

static void
do_answer(struct world *w)
{
	struct pgt_msg m;

	if (w->m->n_requests < w->want_requests / 2)
		say_request(w, &m);
	else
		say_answer(w, &m);
	world_send(w, &m);
}

static void
do_client_heartbeat(struct world *w)
{
	struct pgt_msg m;

	say_client_heartbeat(w, &m);
	world_send(w, &m);
}

static void
do_ready(struct world *w)
{
	struct pgt_msg m;

	say_ready(w, &m);
	world_send(w, &m);
}

static void
do_heartbeat(struct world *w)
{
	struct pgt_msg m;

	say_heartbeat(w, &m);
	world_send(w, &m);
}

static void
do_disconnect(struct world *w)
{
	struct pgt_msg m;

	say_disconnect(w, &m);
	world_send(w, &m);
}

static void
do_rudely(struct world *w)
{
	if (world_chance(w, 25 * w->rude))
		act_rudely(w);
}

/* Those who work send heartbeats in time, unless they are silent. */
static void
beat_all(struct world *w)
{
	int64_t every = w->conf.heartbeat_ms * w->conf.heartbeat_liveness / 3;
	struct world_peer *p;
	struct pgt_msg m;

	for (size_t i = w->n_clients; i < w->n_peers; i++) {
		p = &w->peers[i];
		if (!p->was_told_ready || p->is_silent ||
		    w->now - p->sent_at < every)
			continue;
		say_start(w, &m, i, "4");
		world_send(w, &m);
	}
}

static void
do_wait(struct world *w)
{
	beat_all(w);
	world_set_time(w,
	    w->now + (int64_t)world_below(w, world_chance(w, 90) ? 60 : 1200));
}

static void
do_wait_for_deadline(struct world *w)
{
	int64_t due = broker_deadline(w->b);

	beat_all(w);
	if (due >= w->now)
		world_set_time(w, due);
}

/* A message comes before the timers that are due are served. */
static void
do_lag(struct world *w)
{
	w->now += (int64_t)world_below(w, 300);
}

static void
do_sleep(struct world *w)
{
	beat_all(w);
	world_set_time(w, w->now + (int64_t)world_below(w, 100000));
}

static void
do_silence(struct world *w)
{
	struct world_peer *p =
	    &w->peers[w->n_clients + world_below(w, w->n_workers)];

	p->is_silent = !p->is_silent && world_chance(w, 60);
}

static void
do_block(struct world *w)
{
	struct world_peer *p =
	    &w->peers[world_below(w, w->n_clients + w->n_workers)];

	p->is_blocked = world_chance(w, 20);
}

static int64_t
one_of(struct world *w, const int64_t *values)
{
	return values[world_below(w, 4)];
}

/* About as much as is there, so that some is kept out. */
static int64_t
limit(struct world *w, uint64_t each)
{
	if (world_chance(w, 85))
		return -1;
	return 1 + (int64_t)world_below(w, each * w->want_requests);
}

static void
set_limits(struct world *w, struct broker_conf *conf)
{
	conf->max_clients = world_chance(w, 85)
				? -1
				: 1 + (int64_t)world_below(w, w->n_clients);
	conf->max_queue = limit(w, 1);
	conf->max_queue_bytes = limit(w, 1100);
	conf->max_service_queue = limit(w, 1);
	conf->max_service_queue_bytes = limit(w, 400);
	conf->max_memory = limit(w, 1500);
}

static void
do_conf(struct world *w)
{
	static const char *const policies[] = {"load", "rand", "rr"};
	struct broker_conf conf = w->conf;

	conf.dispatch = policies[world_below(w, 3)];
	conf.heartbeat_ms = one_of(w, (int64_t[]){2500, 2500, 400, 6000});
	conf.heartbeat_liveness = one_of(w, (int64_t[]){3, 3, 1, 2});
	conf.default_timeout_ms = one_of(w, (int64_t[]){60000, 5000, -1, 200});
	conf.max_timeout_ms = one_of(w, (int64_t[]){-1, -1, 30000, 100});
	conf.default_concurrency = one_of(w, (int64_t[]){100, 1, 3, -1});
	conf.external_core = world_chance(w, 50);
	conf.slowlog_max = (int64_t)world_below(w, 4);
	conf.slowlog_time_ms = world_chance(w, 30) ? -1 : 20;
	conf.drain_timeout_ms = one_of(w, (int64_t[]){30000, 2000, -1, 0});
	set_limits(w, &conf);
	world_set_conf(w, &conf);
}

static void
do_drain(struct world *w)
{
	if (world_chance(w, 8)) /* not much happens behind it */
		world_drain(w);
}

static void
do_stop(struct world *w)
{
	world_stop(w);
}

static const struct action {
	unsigned weight;
	void (*run)(struct world *w);
} actions[] = {
    {2600, do_request},
    {2600, do_answer},
    {300, do_client_heartbeat},
    {500, do_ready},
    {200, do_heartbeat},
    {40, do_disconnect},
    {400, do_rudely},
    {500, do_wait},
    {200, do_wait_for_deadline},
    {40, do_lag},
    {3, do_sleep},
    {30, do_silence},
    {60, do_block},
    {6, do_conf},
    {1, do_drain},
    {2, do_stop},
    {60, act_operate},
};

#define N_ACTIONS (sizeof(actions) / sizeof(actions[0]))

void
act(struct world *w)
{
	unsigned total = 0;
	uint64_t at;
	size_t i = 0;

	for (size_t k = 0; k < N_ACTIONS; k++)
		total += actions[k].weight;
	for (at = world_below(w, total); at >= actions[i].weight; i++)
		at -= actions[i].weight;
	actions[i].run(w);
}
