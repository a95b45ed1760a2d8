/* Birth and death, and step(): one switch over event types. */
#include "broker/broker.h"

#include "base/alloc.h"
#include "base/container.h"
#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/dispatch.h"
#include "broker/drain.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/on.h"
#include "broker/policy.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/slowlog.h"
#include "broker/state.h"
#include "broker/trace.h"
#include "broker/worker.h"

static void
init_map(struct broker *b, struct pgt_map *m)
{
	uint64_t seed[2] = {pgt_rand_next(&b->rand), pgt_rand_next(&b->rand)};
	unsigned char bytes[PGT_MAP_SEED];

	memcpy(bytes, seed, sizeof(bytes));
	pgt_map_init(m, bytes);
}

static void
init_tables(struct broker *b)
{
	for (int i = 0; i < BROKER_N_PORTS; i++)
		init_map(b, &b->clients[i]);
	init_map(b, &b->services);
	init_map(b, &b->workers);
	init_map(b, &b->requests);
	init_map(b, &b->targets);
	init_map(b, &b->wildcards);
	init_map(b, &b->runs);
	TAILQ_INIT(&b->idle_clients);
	TAILQ_INIT(&b->idle_services);
	TAILQ_INIT(&b->dirty);
	TAILQ_INIT(&b->cores);
	TAILQ_INIT(&b->slow);
	pgt_timers_init(&b->timers);
	effect_init(b);
}

struct broker *
broker_new(const struct broker_conf *conf, uint64_t seed)
{
	struct broker *b = pgt_alloc(sizeof(*b));

	if (b == NULL)
		return NULL;
	b->conf = *conf;
	b->heard_level = -1;
	trace_settle(b);
	b->version = 1;
	b->policy = policy_find(conf->dispatch);
	pgt_rand_init(&b->rand, seed);
	init_tables(b);
	if (pgt_timer_open(&b->timers, &b->notice, T_NOTICE) < 0 ||
	    drain_init(b) < 0) {
		pgt_timers_clear(&b->timers);
		pgt_free(b);
		return NULL;
	}
	return b;
}

/* One that ends may end others. */
static void
free_requests(struct broker *b)
{
	struct pgt_map_node *node;

	while ((node = b->requests.head) != NULL)
		request_free(b, PGT_CONTAINER(node, struct request, node));
}

void
broker_free(struct broker *b)
{
	if (b == NULL)
		return;
	free_requests(b);
	core_free_all(b);
	worker_free_all(b);
	service_free_all(b);
	client_free_all(b);
	effect_clear(b);
	slowlog_trim(b, 0);
	figures_clear(b, &b->figures);
	pgt_timers_clear(&b->timers);
	pgt_free(b);
}

/* ---- events ---- */

static void
on_message(struct broker *b, struct pgt_packet *p)
{
	if (p->peer == NULL || p->verb == PGT_MALFORMED)
		on_malformed(b, p);
	else if (p->verb == PGT_CLIENT_REQUEST)
		on_client_request(b, p);
	else if (p->verb == PGT_CLIENT_HEARTBEAT)
		on_client_heartbeat(b, p);
	else if (p->port == PORT_PUBLIC)
		on_worker(b, p);
	else
		on_misplaced(b, p);
}

static void
on_time(struct broker *b)
{
	struct pgt_timer *t;
	int64_t due = pgt_timers_next(&b->timers);

	if (due >= 0 && due <= b->now)
		pgt_times_add(
		    &b->loop.late_us, (uint64_t)(b->now_us - due * 1000));
	for (int i = 0; i < MAX_TIMERS; i++) {
		t = pgt_timers_pop(&b->timers, b->now);
		if (t == NULL)
			break;
		on_timer(b, t);
		/* Its share of what is left is enough for a step. */
		if (t == &b->drain_timer)
			break;
	}
}

/* The free workers stand by the old policy's key: all are placed anew. */
static void
on_conf(struct broker *b, const struct broker_conf *conf)
{
	struct pgt_map_node *node, *next;
	struct worker *w;

	b->conf = *conf;
	trace_settle(b);
	b->policy = policy_find(conf->dispatch);
	slowlog_trim(
	    b, conf->slowlog_max > 0 ? (uint64_t)conf->slowlog_max : 0);
	service_heed_conf(b);
	core_heed_conf(b);
	PGT_MAP_EACH (&b->workers, node, next) {
		w = PGT_CONTAINER(node, struct worker, node);
		worker_settle(b, w);
		worker_arm(b, w);
	}
	drain_on_conf(b);
}

static void
on_turn(struct broker *b, const struct event *ev)
{
	b->stats.turns++;
	b->stats.full_turns += ev->is_full;
	pgt_times_add(&b->loop.turn_us, (uint64_t)ev->turn_us);
	if (ev->n_messages > 0)
		pgt_times_add(&b->loop.messages, ev->n_messages);
}

static void
on_stop(struct broker *b)
{
	struct pgt_map_node *node, *next;

	PGT_MAP_EACH (&b->workers, node, next)
		effect_signal(b, PGT_TO_WORKER_DISCONNECT,
		    &PGT_CONTAINER(node, struct worker, node)->id);
}

/* Timers served late by more than an interval: it was us who slept. */
static void
set_now(struct broker *b, int64_t now, int64_t now_us)
{
	int64_t due = pgt_timers_next(&b->timers);

	b->now = now;
	if (!b->has_begun)
		b->reset_at = now;
	b->has_begun = true;
	/* An event that is less exact than the last one is no older. */
	now_us = now_us != 0 ? now_us : now * 1000;
	b->now_us = now_us > b->now_us ? now_us : b->now_us;
	if (due >= 0 && now - due > b->conf.heartbeat_ms)
		b->grace_until = now + b->conf.heartbeat_ms;
}

void
broker_step(struct broker *b, struct event *ev)
{
	set_now(b, ev->now, ev->now_us);
	switch (ev->type) {
	case EV_MESSAGE:
		on_message(b, ev->packet);
		break;
	case EV_TIME:
		on_time(b);
		break;
	case EV_UNSENT:
		on_unsent(b, ev->effect);
		break;
	case EV_CONF:
		on_conf(b, ev->conf);
		break;
	case EV_DRAIN:
		drain_start(b);
		break;
	case EV_TURN:
		on_turn(b, ev);
		break;
	case EV_STOP:
		on_stop(b);
		break;
	}
	dispatch_all_dirty(b);
	drain_settle(b);
}

bool
broker_is_draining(const struct broker *b)
{
	return b->drain != DRAIN_NOT;
}

bool
broker_is_drained(const struct broker *b)
{
	return b->drain != DRAIN_NOT && b->stats.n_requests == 0;
}

int64_t
broker_deadline(const struct broker *b)
{
	return pgt_timers_next(&b->timers);
}

const struct broker_stats *
broker_stats(struct broker *b)
{
	b->stats.n_clients = 0;
	for (int i = 0; i < BROKER_N_PORTS; i++)
		b->stats.n_clients += pgt_map_count(&b->clients[i]);
	b->stats.n_services = pgt_map_count(&b->services);
	b->stats.n_idle_clients = b->n_idle_clients;
	b->stats.n_idle_services = b->n_idle_services;
	b->stats.n_spare = b->n_spare;
	return &b->stats;
}
