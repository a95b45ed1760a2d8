/* Peers that do their work, in any order and at any time. */
#include "act.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static size_t
any_client(struct world *w)
{
	if (world_chance(w, 3)) /* one that is a worker as well */
		return model_find_peer(w->m, pgt_slice_of("both"));
	return world_below(w, w->n_clients);
}

static size_t
any_worker(struct world *w)
{
	return w->n_clients + world_below(w, w->n_workers);
}

static void
add_id(struct world *w, struct pgt_msg *m, size_t peer)
{
	world_add(
	    m, (struct pgt_slice){w->peers[peer].id, w->peers[peer].n_id});
}

static void
add_bytes(struct pgt_msg *m, const struct model_bytes *b)
{
	world_add(m, (struct pgt_slice){b->p, b->n});
}

/* ---- clients ---- */

static const struct world_job *
any_recent(struct world *w)
{
	size_t n = w->n_recent < WORLD_RECENT ? w->n_recent : WORLD_RECENT;

	return n == 0 ? NULL : &w->recent[world_below(w, n)];
}

static void
remember(struct world *w, size_t client, struct pgt_slice rid)
{
	struct world_job *j = &w->recent[w->n_recent++ % WORLD_RECENT];

	free(j->rid.p);
	j->client = client;
	j->rid = world_copy(rid);
}

static void
add_rid(struct world *w, struct pgt_msg *m, size_t client)
{
	const struct world_job *old = any_recent(w);
	char text[300] = "";
	size_t n;

	if (old != NULL && world_chance(w, 4)) {
		add_bytes(m, &old->rid);
		return;
	}
	if (world_chance(w, 4)) /* few, so that clients have the same */
		n = (size_t)snprintf(
		    text, sizeof(text), "r%" PRIu64, world_below(w, 3));
	else
		n = (size_t)snprintf(
		    text, sizeof(text), "r%" PRIu64, w->n_rids++);
	if (world_chance(w, 1)) {
		text[0] = '\0';
		n = world_below(w, sizeof(text));
	}
	world_add(m, (struct pgt_slice){text, n});
	remember(w, client, (struct pgt_slice){text, n});
}

static void
add_data(struct world *w, struct pgt_msg *m, bool is_dir)
{
	static const char huge[150000];
	char text[48];

	if (is_dir) {
		world_add_text(m, vocab_dir[world_below(w, vocab_n_dir)]);
	} else if (world_below(w, 500) == 0) {
		world_add(
		    m, (struct pgt_slice){huge, world_below(w, sizeof(huge))});
	} else {
		snprintf(text, sizeof(text), "{\"n\":%" PRIu64 "}",
		    pgt_rand_next(&w->rand));
		world_add_text(m, text);
	}
}

static void
build_request(struct world *w, struct pgt_msg *m)
{
	const char *name = vocab_names[world_below(w, vocab_n_names)];
	const char *opts =
	    vocab_requests[world_below(w, vocab_n_requests)].text;
	size_t client = any_client(w);

	world_start(w, m, client);
	world_add_text(m, "C");
	world_add_text(m, "2");
	world_add_text(m, name);
	add_rid(w, m, client);
	add_data(w, m, pgt_slice_is(pgt_slice_of(name), "$dir"));
	if (opts != NULL)
		world_add_text(m, opts);
	while (opts != NULL && world_chance(w, 2) && m->n <= PGT_MSG_PEER_MAX)
		world_add_text(m, "more than this text need not be");
}

static void
build_interest(struct world *w, struct pgt_msg *m)
{
	static const char *const kinds[] = {
	    "request", "req", NULL, "worker", "else"};
	const char *kind = kinds[world_below(w, 5)];
	const struct world_job *old = any_recent(w);

	world_start(w, m, old == NULL ? any_client(w) : old->client);
	world_add_text(m, "C");
	world_add_text(m, "4");
	if (old == NULL)
		return;
	if (kind != NULL)
		world_add_text(m, kind);
	if (kind == kinds[3])
		add_id(w, m, any_worker(w));
	else
		add_bytes(m, &old->rid);
}

static void
build_client_heartbeat(struct world *w, struct pgt_msg *m)
{
	if (world_chance(w, 70)) {
		build_interest(w, m);
		return;
	}
	world_start(w, m, any_client(w));
	world_add_text(m, "C");
	world_add_text(m, "4");
}

/* ---- workers ---- */

static void
start_worker(struct world *w, struct pgt_msg *m, size_t peer, const char *type)
{
	world_start(w, m, peer);
	world_add_text(m, "W");
	world_add_text(m, type);
}

static void
build_ready(struct world *w, struct pgt_msg *m)
{
	size_t peer = any_worker(w);

	for (int i = 0; i < 4 && w->peers[peer].was_told_ready; i++)
		peer = any_worker(w);
	/* It registers again, as it was, if it knows how. */
	start_worker(w, m, peer, "1");
	if (w->peers[peer].was_told_ready && !world_chance(w, 5 * w->rude))
		world_add(m, model_name_of(w->m, w->m->peers[peer].name));
	else
		world_add_text(
		    m, vocab_servers[world_below(w, vocab_n_servers)]);
}

static void
build_heartbeat(struct world *w, struct pgt_msg *m)
{
	start_worker(w, m, any_worker(w), "4");
	if (world_chance(w, 20))
		return;
	world_add_text(m, "");
	if (world_chance(w, 80))
		world_add_text(
		    m, vocab_workers[world_below(w, vocab_n_workers)].text);
}

static void
build_disconnect(struct world *w, struct pgt_msg *m)
{
	size_t peer = any_worker(w);

	start_worker(w, m, peer, "5");
	w->peers[peer].was_told_ready = false;
}

/* status, data, opts, and what may stand behind them */
static void
add_result(struct world *w, struct pgt_msg *m)
{
	world_add_text(m, world_chance(w, 90) ? "0" : "-1");
	add_data(w, m, false);
	if (world_chance(w, 80))
		world_add_text(m, "{}");
	else
		return;
	while (world_chance(w, 3) && m->n <= PGT_MSG_PEER_MAX)
		world_add_text(m, "tail");
}

static void
build_answer(struct world *w, struct pgt_msg *m)
{
	static const char *const types[] = {"3", "3", "3", "6", "7"};
	const char *type = types[world_below(w, 5)];
	size_t peer = any_worker(w), job;
	struct world_peer *p;

	for (int i = 0; i < 8 && w->peers[peer].n_inbox == 0; i++)
		peer = any_worker(w);
	p = &w->peers[peer];
	if (p->n_inbox == 0) {
		build_heartbeat(w, m);
		return;
	}
	job = world_below(w, p->n_inbox);
	start_worker(w, m, peer, type);
	add_id(w, m, p->inbox[job].client);
	world_add_text(m, "");
	add_bytes(m, &p->inbox[job].rid);
	add_result(w, m);
	/* Who forgets that it is done will say so again. */
	if (type != types[3] && !world_chance(w, 2 * w->rude))
		world_drop_job(p, job);
}

void
act_build(struct world *w, struct pgt_msg *m)
{
	static void (*const builds[])(struct world *, struct pgt_msg *) = {
	    build_request, build_client_heartbeat, build_ready, build_heartbeat,
	    build_answer};

	builds[world_below(w, 5)](w, m);
}

/* ---- things that happen ---- */

static void
do_request(struct world *w)
{
	struct pgt_msg m;

	if (w->m->n_requests < w->want_requests || world_chance(w, 20))
		build_request(w, &m);
	else
		build_answer(w, &m);
	world_send(w, &m);
}

static void
do_answer(struct world *w)
{
	struct pgt_msg m;

	if (w->m->n_requests < w->want_requests / 2)
		build_request(w, &m);
	else
		build_answer(w, &m);
	world_send(w, &m);
}

static void
do_client_heartbeat(struct world *w)
{
	struct pgt_msg m;

	build_client_heartbeat(w, &m);
	world_send(w, &m);
}

static void
do_ready(struct world *w)
{
	struct pgt_msg m;

	build_ready(w, &m);
	world_send(w, &m);
}

static void
do_heartbeat(struct world *w)
{
	struct pgt_msg m;

	build_heartbeat(w, &m);
	world_send(w, &m);
}

static void
do_disconnect(struct world *w)
{
	struct pgt_msg m;

	build_disconnect(w, &m);
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
		start_worker(w, &m, i, "4");
		world_send(w, &m);
	}
}

static void
do_wait(struct world *w)
{
	beat_all(w);
	world_set_time(w, w->now + (int64_t)world_below(w, 60));
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
	struct world_peer *p = &w->peers[any_worker(w)];

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
	world_set_conf(w, &conf);
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
    {60, do_wait_for_deadline},
    {40, do_lag},
    {3, do_sleep},
    {30, do_silence},
    {60, do_block},
    {6, do_conf},
    {2, do_stop},
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
