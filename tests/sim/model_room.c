/* PROTOCOL 8: what is held, and who is kept out; counted anew each time. */
#include "model.h"

struct room {
	uint64_t n_asking, n_waiting, waiting_bytes, held_bytes;
	uint64_t n_for_name, bytes_for_name; /* that wait, of one name */
};

static struct room
count(const struct model *m, size_t name, const struct model_request *spare)
{
	bool asks[MODEL_MAX_PEERS] = {false};
	const struct model_request *r;
	struct room room = {0};

	for (size_t i = 0; i < m->n_requests; i++) {
		r = m->requests[i];
		if (r == spare || r->state == M_GHOST)
			continue;
		room.n_asking += !asks[r->client];
		asks[r->client] = true;
		room.held_bytes += r->size;
		if (r->state != M_WAITS || r->end == END_KEPT)
			continue;
		room.n_waiting++;
		room.waiting_bytes += r->size;
		if (r->name == name) {
			room.n_for_name++;
			room.bytes_for_name += r->size;
		}
	}
	if (spare != NULL) {
		room.held_bytes += spare->size;
		room.n_asking += !asks[spare->client];
	}
	return room;
}

static bool
has_pending(const struct model *m, const struct model_request *r)
{
	for (size_t i = 0; i < m->n_requests; i++)
		if (m->requests[i] != r && m->requests[i]->state != M_GHOST &&
		    m->requests[i]->client == r->client)
			return true;
	return false;
}

/* Is nobody free who would get it at once? */
static bool
would_wait(struct model *m, const struct model_request *r)
{
	if (r->meant->failfast && !model_has_anybody(m, r))
		return false;
	if (m->names[r->name].is_paused)
		return true;
	model_count_running(m);
	for (size_t i = 0; i < m->n_peers; i++)
		if (model_may_serve(m, r, &m->peers[i]) &&
		    model_has_slot(&m->peers[i]))
			return false;
	return true;
}

static bool
is_over(uint64_t n, int64_t limit)
{
	return limit > 0 && n > (uint64_t)limit;
}

bool
model_is_busy(struct model *m, const struct model_request *r)
{
	const struct broker_conf *conf = &m->conf;
	struct room room = count(m, r->name, r);

	if (is_over(room.held_bytes, conf->max_memory))
		return true;
	if (!has_pending(m, r) && is_over(room.n_asking, conf->max_clients))
		return true;
	if (is_over(room.n_waiting + 1, conf->max_queue) ||
	    is_over(room.waiting_bytes + r->size, conf->max_queue_bytes) ||
	    is_over(room.n_for_name + 1, conf->max_service_queue) ||
	    is_over(
		room.bytes_for_name + r->size, conf->max_service_queue_bytes))
		return would_wait(m, r);
	return false;
}

void
model_check_room(struct model *m, const struct broker_stats *stats)
{
	struct room room = count(m, 0, NULL);

	model_must(m, stats->n_asking == room.n_asking, "as many clients");
	model_must(m, stats->n_waiting == room.n_waiting, "as many that wait");
	model_must(m, stats->waiting_bytes == room.waiting_bytes,
	    "as many bytes that wait");
	model_must(
	    m, stats->held_bytes == room.held_bytes, "as many bytes held");
}
