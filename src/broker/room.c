/*
 * Every request is accounted for from its arrival until it is over or a ghost,
 * by the bytes of its frames and a fixed sum for what they are kept in: one
 * addition, and one subtraction of the same. A limit is for new requests
 * alone: what has been accepted may always come back to its queue, and is
 * never dropped to make room.
 */
#include "broker/room.h"

/* The keys of the tables are client's id, service's name and rid. */
static uint64_t
size_of(const struct request *r)
{
	uint64_t n = BROKER_REQUEST_OVERHEAD;

	n += r->client->node.key.s.n;
	n += r->service->node.key.s.n;
	n += r->node.key.s.n;
	n += pgt_frame_view(&r->data).n;
	n += pgt_frame_view(&r->opts).n;
	return n + (r->tail != NULL ? pgt_msg_size(r->tail) : 0);
}

void
room_add(struct broker *b, struct request *r)
{
	r->size = size_of(r);
	b->stats.held_bytes += r->size;
	if (r->client->n_pending++ == 0)
		b->stats.n_asking++;
}

void
room_remove(struct broker *b, struct request *r)
{
	if (r->size == 0)
		return;
	room_set_waiting(b, r, false);
	b->stats.held_bytes -= r->size;
	r->size = 0;
	if (--r->client->n_pending == 0)
		b->stats.n_asking--;
}

void
room_set_waiting(struct broker *b, struct request *r, bool waits)
{
	struct service *s = r->service;

	if (r->is_waiting == waits)
		return;
	r->is_waiting = waits;
	if (waits) {
		s->n_waiting++;
		s->waiting_bytes += r->size;
		b->stats.n_waiting++;
		b->stats.waiting_bytes += r->size;
	} else {
		s->n_waiting--;
		s->waiting_bytes -= r->size;
		b->stats.n_waiting--;
		b->stats.waiting_bytes -= r->size;
	}
}

/* A limit of 0 or less is none. */
static bool
is_over(uint64_t n, int64_t limit)
{
	return limit > 0 && n > (uint64_t)limit;
}

const char *
room_lacks(const struct broker *b, const struct request *r)
{
	const struct broker_conf *conf = &b->conf;

	if (is_over(b->stats.held_bytes, conf->max_memory))
		return "max_memory";
	if (r->client->n_pending == 1 &&
	    is_over(b->stats.n_asking, conf->max_clients))
		return "max_clients";
	return NULL;
}

const char *
room_lacks_queue(const struct broker *b, const struct request *r)
{
	const struct broker_conf *conf = &b->conf;
	const struct service *s = r->service;

	if (is_over(b->stats.n_waiting + 1, conf->max_queue))
		return "max_queue";
	if (is_over(b->stats.waiting_bytes + r->size, conf->max_queue_bytes))
		return "max_queue_bytes";
	if (is_over(s->n_waiting + 1, conf->max_service_queue))
		return "max_service_queue";
	if (is_over(s->waiting_bytes + r->size, conf->max_service_queue_bytes))
		return "max_service_queue_bytes";
	return NULL;
}
