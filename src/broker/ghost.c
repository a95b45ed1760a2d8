/*
 * A ghost is found by (client, worker, rid), in the map of the requests: to
 * turn a request into one takes no memory that was not there.
 */
#include "broker/ghost.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/request.h"
#include "broker/room.h"
#include "broker/run.h"
#include "broker/target.h"

static struct request *
ghost_find(const struct broker *b, const struct client *c,
    const struct worker *w, struct pgt_slice rid)
{
	const struct pgt_key key = {c->serial, w->serial, rid};

	return PGT_CONTAINER(
	    pgt_map_find(&b->requests, &key), struct request, node);
}

struct request *
ghost_find_at(const struct broker *b, struct pgt_slice client,
    struct pgt_slice rid, const struct worker *w)
{
	const struct client *c;
	struct request *r = NULL;

	for (int port = 0; r == NULL && port < BROKER_N_PORTS; port++) {
		c = client_find(b, (enum broker_port)port, client);
		r = c != NULL ? ghost_find(b, c, w, rid) : NULL;
	}
	return r;
}

static void
release_payload(struct broker *b, struct request *r)
{
	pgt_timer_disarm(&b->timers, &r->timer);
	request_drop_payload(r);
	pgt_free(r->rejects);
	r->rejects = NULL;
}

/* Into the map under the ghost's key; an elder of that name is absorbed. */
static int
rename_ghost(struct broker *b, struct request *r)
{
	const struct pgt_key key = {
	    r->client->serial, r->worker->serial, pgt_frame_view(&r->rid)};
	struct request *elder = ghost_find(b, r->client, r->worker, key.s);

	r->n_owed = 1 + (elder != NULL ? elder->n_owed : 0);
	if (elder != NULL)
		request_free(b, elder);
	pgt_map_remove(&b->requests, &r->node);
	r->is_mapped = pgt_map_add(&b->requests, &r->node, &key) == 0;
	return r->is_mapped ? 0 : -ENOMEM;
}

struct request *
ghost_make(struct broker *b, struct request *r)
{
	struct worker *w = r->worker;

	if (rename_ghost(b, r) < 0) {
		b->stats.no_memory++;
		request_free(b, r);
		return NULL;
	}
	run_leave(b, r);
	core_end(r);
	room_remove(b, r);
	release_payload(b, r);
	request_set_worker(b, r, NULL);
	if (r->target != NULL)
		target_drop(b, r->target);
	r->target = NULL;
	r->worker = w;
	r->is_ghost = true;
	b->stats.n_requests--;
	b->stats.n_ghosts++;
	r->service->n_ghosts++;
	w->n_ghosts++;
	request_move_last(r, &w->ghosts);
	if (w->n_ghosts > MAX_GHOSTS)
		request_free(b, TAILQ_FIRST(&w->ghosts));
	return r;
}
