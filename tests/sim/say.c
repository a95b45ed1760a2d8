/* Some of it rare: ids and data of any bytes, tails, rids used before. */
#include "say.h"

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

size_t
say_any_worker(struct world *w)
{
	size_t peer;

	do
		peer = w->n_clients + world_below(w, w->n_workers);
	while (w->peers[peer].is_silent && !world_chance(w, 1));
	return peer;
}

/* Preferably one that says nothing itself. */
static size_t
any_silent(struct world *w)
{
	size_t peer = say_any_worker(w);

	for (size_t i = w->n_clients; i < w->n_peers; i++)
		if (w->peers[i].is_silent && world_chance(w, 50))
			peer = i;
	return peer;
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
		    world_chance(w, 50) ? world_below(w, 2)
					: pgt_rand_next(&w->rand));
		world_add_text(m, text);
	}
}

void
say_request(struct world *w, struct pgt_msg *m)
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
		add_id(w, m, any_silent(w));
	else
		add_bytes(m, &old->rid);
}

void
say_client_heartbeat(struct world *w, struct pgt_msg *m)
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

void
say_start(struct world *w, struct pgt_msg *m, size_t peer, const char *type)
{
	world_start(w, m, peer);
	world_add_text(m, "W");
	world_add_text(m, type);
}

void
say_ready(struct world *w, struct pgt_msg *m)
{
	size_t peer = say_any_worker(w);

	for (int i = 0; i < 4 && w->peers[peer].was_told_ready; i++)
		peer = say_any_worker(w);
	/* It registers again, as it was, if it knows how. */
	say_start(w, m, peer, "1");
	if (w->peers[peer].was_told_ready && !world_chance(w, 5 * w->rude))
		world_add(m, model_name_of(w->m, w->m->peers[peer].name));
	else
		world_add_text(
		    m, vocab_servers[world_below(w, vocab_n_servers)]);
}

void
say_heartbeat(struct world *w, struct pgt_msg *m)
{
	say_start(w, m, say_any_worker(w), "4");
	if (world_chance(w, 20))
		return;
	world_add_text(m, "");
	if (world_chance(w, 80))
		world_add_text(
		    m, vocab_workers[world_below(w, vocab_n_workers)].text);
}

void
say_disconnect(struct world *w, struct pgt_msg *m)
{
	size_t peer = say_any_worker(w);

	say_start(w, m, peer, "5");
	w->peers[peer].was_told_ready = false;
}

/* status, data, opts, and what may stand behind them */
static void
add_result(struct world *w, struct pgt_msg *m)
{
	world_add_text(m, world_chance(w, 90) ? "0" : "-1");
	add_data(w, m, false);
	if (world_chance(w, 80))
		world_add_text(
		    m, vocab_replies[world_below(w, vocab_n_replies)]);
	else
		return;
	while (world_chance(w, 3) && m->n <= PGT_MSG_PEER_MAX)
		world_add_text(m, "tail");
}

void
say_answer(struct world *w, struct pgt_msg *m)
{
	static const char *const types[] = {"3", "3", "3", "6", "7"};
	const char *type = types[world_below(w, 5)];
	size_t peer = say_any_worker(w), job;
	struct world_peer *p;

	for (int i = 0; i < 8 && w->peers[peer].n_inbox == 0; i++)
		peer = say_any_worker(w);
	p = &w->peers[peer];
	if (p->n_inbox == 0) {
		say_heartbeat(w, m);
		return;
	}
	job = world_below(w, p->n_inbox);
	say_start(w, m, peer, type);
	add_id(w, m, p->inbox[job].client);
	world_add_text(m, "");
	add_bytes(m, &p->inbox[job].rid);
	add_result(w, m);
	/* Who forgets that it is done will say so again. */
	if (type != types[3] && !world_chance(w, 2 * w->rude))
		world_drop_job(p, job);
}

void
say_anything(struct world *w, struct pgt_msg *m)
{
	static void (*const builds[])(struct world *, struct pgt_msg *) = {
	    say_request, say_client_heartbeat, say_ready, say_heartbeat,
	    say_answer};

	builds[world_below(w, 5)](w, m);
}
