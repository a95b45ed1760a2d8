/*
 * An edge stands in up to three lists: the name's pool, the server's watchers
 * and, while the name has requests waiting, the server's hungry or aside.
 */
#include "broker/edge.h"

#include "base/alloc.h"
#include "broker/service.h"

struct edge *
edge_new(struct service *name)
{
	struct edge *e = pgt_alloc(sizeof(*e));

	if (e != NULL)
		e->name = name;
	return e;
}

void
edge_free(struct edge *e)
{
	pgt_free(e);
}

/* The list of those that wait so; NULL: they do not. */
static struct edge_list *
waiting_at(struct service *server, enum waits waits)
{
	switch (waits) {
	case WAITS_HUNGRY:
		return &server->hungry;
	case WAITS_ASIDE:
		return &server->aside;
	case WAITS_NOT:
		break;
	}
	return NULL;
}

static void
start_waiting(struct edge *e)
{
	struct edge_list *list = waiting_at(e->server, e->name->waits);

	if (list != NULL)
		TAILQ_INSERT_TAIL(list, e, waiting);
}

static void
stop_waiting(struct edge *e)
{
	struct edge_list *list = waiting_at(e->server, e->name->waits);

	if (list != NULL)
		TAILQ_REMOVE(list, e, waiting);
}

void
edge_link(struct broker *b, struct edge *e, struct service *server)
{
	e->server = server;
	TAILQ_INSERT_TAIL(&e->name->pool, e, pool);
	TAILQ_INSERT_TAIL(&server->watchers, e, watch);
	start_waiting(e);
	e->name->held_at = 0;
	if (e->name->waits != WAITS_NOT)
		service_mark_dirty(b, e->name);
}

void
edge_unlink(struct edge *e)
{
	TAILQ_REMOVE(&e->name->pool, e, pool);
	TAILQ_REMOVE(&e->server->watchers, e, watch);
	stop_waiting(e);
}

void
edge_set_waits(struct service *s, enum waits waits)
{
	struct edge *e;

	if (s->waits == waits)
		return;
	TAILQ_FOREACH (e, &s->pool, pool)
		stop_waiting(e);
	s->waits = waits;
	TAILQ_FOREACH (e, &s->pool, pool)
		start_waiting(e);
}
