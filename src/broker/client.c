/*
 * A client's id is kept once, however many requests it has. Those without
 * requests stay in a list of bounded length, for most clients come back.
 */
#include "broker/client.h"

#include "base/alloc.h"
#include "base/container.h"

struct client *
client_find(const struct broker *b, enum broker_port port, struct pgt_slice id)
{
	const struct pgt_key key = {.s = id};

	return PGT_CONTAINER(
	    pgt_map_find(&b->clients[port], &key), struct client, node);
}

static void
client_free(struct broker *b, struct client *c)
{
	TAILQ_REMOVE(&b->idle_clients, c, idle);
	b->n_idle_clients--;
	pgt_map_remove(&b->clients[c->port], &c->node);
	pgt_frame_clear(&c->id);
	pgt_free(c);
}

static void
add_idle(struct broker *b, struct client *c)
{
	TAILQ_INSERT_TAIL(&b->idle_clients, c, idle);
	b->n_idle_clients++;
	if (b->n_idle_clients > MAX_IDLE)
		client_free(b, TAILQ_FIRST(&b->idle_clients));
}

static struct client *
client_new(struct broker *b, enum broker_port port, struct pgt_frame *id)
{
	struct client *c = pgt_alloc(sizeof(*c));
	struct pgt_key key = {0};

	if (c == NULL)
		return NULL;
	c->port = port;
	pgt_frame_init(&c->id);
	pgt_frame_move(&c->id, id);
	c->serial = ++b->last_serial;
	key.s = pgt_frame_view(&c->id);
	if (pgt_map_add(&b->clients[port], &c->node, &key) < 0) {
		pgt_frame_move(id, &c->id);
		pgt_frame_clear(&c->id);
		pgt_free(c);
		return NULL;
	}
	add_idle(b, c);
	b->stats.new_clients++;
	return c;
}

struct client *
client_require(struct broker *b, enum broker_port port, struct pgt_frame *id)
{
	struct client *c = client_find(b, port, pgt_frame_view(id));

	return c != NULL ? c : client_new(b, port, id);
}

void
client_hold(struct broker *b, struct client *c)
{
	if (c->n_requests++ == 0) {
		TAILQ_REMOVE(&b->idle_clients, c, idle);
		b->n_idle_clients--;
	}
}

void
client_drop(struct broker *b, struct client *c)
{
	if (--c->n_requests == 0)
		add_idle(b, c);
}

void
client_free_all(struct broker *b)
{
	struct client *c;

	while ((c = TAILQ_FIRST(&b->idle_clients)) != NULL)
		client_free(b, c);
}
