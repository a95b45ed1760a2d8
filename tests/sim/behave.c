/*
 * The end of a run. What is owed is known from the wire (the model), and
 * everything is done to let the broker pay it.
 */
#include "act.h"

static struct pgt_slice
id_of(const struct world *w, size_t peer)
{
	return (struct pgt_slice){w->peers[peer].id, w->peers[peer].n_id};
}

static void
start(struct world *w, struct pgt_msg *m, size_t peer, const char *type)
{
	world_start(w, m, peer);
	world_add_text(m, "W");
	world_add_text(m, type);
}

static void
send_ready(struct world *w, size_t peer, size_t name)
{
	struct pgt_msg m;

	start(w, &m, peer, "1");
	world_add(&m, model_name_of(w->m, name));
	world_send(w, &m);
}

static void
send_disconnect(struct world *w, size_t peer)
{
	struct pgt_msg m;

	start(w, &m, peer, "5");
	world_send(w, &m);
}

static void
open_all(struct world *w, size_t peer)
{
	struct pgt_msg m;

	start(w, &m, peer, "4");
	world_add_text(&m, "");
	world_add_text(&m, "{\"concurrency\":-1}");
	world_send(w, &m);
}

static void
answer(struct world *w, const struct model_request *r)
{
	struct pgt_msg m;

	start(w, &m, r->worker, "3");
	world_add(&m, id_of(w, r->client));
	world_add_text(&m, "");
	world_add(&m, (struct pgt_slice){r->rid.p, r->rid.n});
	world_add_text(&m, "0");
	world_add_text(&m, "\"done\"");
	world_send(w, &m);
}

/* All that runs there is answered, then it comes anew under that name. */
static void
call(struct world *w, size_t peer, size_t name)
{
	const struct model_request *r;

	for (size_t i = w->m->n_requests; i-- > 0;) {
		if (i >= w->m->n_requests)
			continue;
		r = w->m->requests[i];
		if (r->state == M_RUNS && r->worker == peer)
			answer(w, r);
	}
	if (w->m->peers[peer].is_registered)
		send_disconnect(w, peer);
	/* Nobody can register under the empty name. */
	if (model_name_of(w->m, name).n == 0)
		name = model_require_name(w->m, pgt_slice_of("*"));
	send_ready(w, peer, name);
}

/* Whoever it waits for comes; who was rejected by it comes as a new one. */
static void
call_worker(struct world *w, const struct model_request *r)
{
	const char *id = r->meant->worker;

	call(w, model_find_peer(w->m, pgt_slice_of(id != NULL ? id : "helper")),
	    r->name);
}

/* One that is not a ghost; NULL: all have been answered. */
static const struct model_request *
next_request(const struct world *w)
{
	for (size_t i = 0; i < w->m->n_requests; i++)
		if (w->m->requests[i]->state != M_GHOST)
			return w->m->requests[i];
	return NULL;
}

void
act_behave(struct world *w)
{
	struct broker_conf conf = w->conf;
	const struct model_request *r;
	size_t max_rounds;

	for (size_t i = 0; i < w->n_peers; i++)
		w->peers[i].is_blocked = false;
	conf.external_core = true;
	conf.default_concurrency = -1;
	world_set_conf(w, &conf);
	for (size_t i = 0; i < w->n_peers; i++)
		if (w->m->peers[i].is_registered)
			open_all(w, i);
	for (size_t i = 0; i < w->m->n_names; i++)
		if (w->m->names[i].is_paused)
			act_resume(w, i);
	max_rounds = 100 + 20 * w->m->n_requests;
	while ((r = next_request(w)) != NULL) {
		model_must(w->m, max_rounds-- > 0,
		    "everybody behaves, and a request is never answered");
		if (r->state == M_RUNS)
			answer(w, r);
		else if (r->end == END_KEPT)
			world_set_time(w, w->now); /* the end of its stream */
		else
			call_worker(w, r);
	}
}
