/*
 * A target exists while requests name it. The worker knows its target and
 * the other way round, so that no reply costs a search.
 */
#include "broker/target.h"

#include "base/alloc.h"
#include "base/container.h"
#include "broker/worker.h"

struct target *
target_find(const struct broker *b, struct pgt_slice worker_id)
{
	const struct pgt_key key = {.s = worker_id};

	return PGT_CONTAINER(
	    pgt_map_find(&b->targets, &key), struct target, node);
}

static struct target *
target_new(struct broker *b, struct pgt_request_opts *o)
{
	struct target *t = pgt_alloc(sizeof(*t));
	const struct pgt_key key = {.s = {o->worker_id, o->n_worker_id}};

	if (t == NULL)
		return NULL;
	if (pgt_map_add(&b->targets, &t->node, &key) < 0) {
		pgt_free(t);
		return NULL;
	}
	t->id = o->worker_id;
	t->n_id = o->n_worker_id;
	o->worker_id = NULL;
	TAILQ_INIT(&t->queue);
	TAILQ_INIT(&t->held);
	t->worker = worker_find(b, key.s);
	if (t->worker != NULL && t->worker->is_draining)
		t->worker = NULL;
	if (t->worker != NULL)
		t->worker->target = t;
	return t;
}

struct target *
target_hold(struct broker *b, struct pgt_request_opts *o)
{
	const struct pgt_slice id = {o->worker_id, o->n_worker_id};
	struct target *t = target_find(b, id);

	if (t == NULL)
		t = target_new(b, o);
	if (t != NULL)
		t->n_requests++;
	return t;
}

void
target_drop(struct broker *b, struct target *t)
{
	if (--t->n_requests > 0)
		return;
	if (t->worker != NULL)
		t->worker->target = NULL;
	pgt_map_remove(&b->targets, &t->node);
	pgt_free(t->id);
	pgt_free(t);
}
