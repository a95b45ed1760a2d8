/* What clients send (PROTOCOL 1, 2). Their mistakes are counted, no more. */
#include "broker/on.h"

#include <errno.h>

#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/dispatch.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/request.h"
#include "broker/room.h"
#include "broker/run.h"
#include "broker/service.h"
#include "broker/target.h"
#include "broker/trace.h"
#include "broker/worker.h"

/* A request in its tables. 0 or a negative errno. */
static int
enter(struct broker *b, struct client *c, struct pgt_packet *p,
    struct pgt_request_opts *o, struct request **out)
{
	struct service *s =
	    service_require(b, pgt_packet_view(p, PGT_F_SERVICE));
	struct target *t = NULL;
	int rc;

	if (s == NULL)
		return -ENOMEM;
	if (request_is_elsewhere(b, c, pgt_packet_view(p, PGT_F_RID)))
		return -EEXIST;
	if (o->worker_id != NULL && s->core == NULL) {
		t = target_hold(b, o);
		if (t == NULL)
			return -ENOMEM;
	}
	rc = request_new(b, c, s, p, o, out);
	if (rc == 0)
		(*out)->target = t;
	else if (t != NULL)
		target_drop(b, t);
	return rc;
}

/* One line now and then: what refuses may refuse a flood. */
static void
tell_refused(struct broker *b, const struct request *r, const char *limit)
{
	TRACE(b, TRACE_DEBUG, "request refused: busy",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid),
	    T_WORDS("limit", limit));
	if (b->now < b->tell_refused_at)
		return;
	b->tell_refused_at = b->now + REFUSED_TELL_MS;
	TRACE(b, TRACE_WARN, "requests are refused", T_WORDS("limit", limit),
	    T_FRAME("service", &r->service->name),
	    T_INT("busy", (int64_t)b->stats.busy));
}

/* What can be given to a worker at once needs no room to wait. */
static const char *
find_limit(const struct broker *b, const struct request *r, bool joins)
{
	const char *limit = room_lacks(b, r);

	if (limit != NULL)
		return limit;
	limit = room_lacks_queue(b, r);
	return limit != NULL && (joins || dispatch_would_wait(r)) ? limit
								  : NULL;
}

/* PROTOCOL 8: limits are for what is new. May end r. */
static void
admit(struct broker *b, struct request *r)
{
	bool joins = run_may_join(b, r);
	const char *limit = find_limit(b, r, joins);

	if (limit == NULL && joins) {
		run_join(b, r);
		return;
	}
	if (limit == NULL) {
		run_open(b, r);
		dispatch_enqueue(b, r);
		return;
	}
	b->stats.busy++;
	tell_refused(b, r, limit);
	request_fail(b, r, "\"BUSY\"");
}

static void
start(struct broker *b, struct request *r)
{
	figures_arrived(b, r);
	TRACE(b, TRACE_DEBUG, "request", T_FRAME("client", &r->client->id),
	    T_FRAME("rid", &r->rid), T_FRAME("service", &r->service->name));
	if (r->service->core != NULL)
		core_take(r->service->core, r);
	else if (b->drain != DRAIN_NOT)
		request_refuse(b, r);
	else if (b->n_answering == 0 || !core_answer(b, r))
		admit(b, r);
}

static void
refuse(struct broker *b, struct client *c, struct pgt_packet *p, int rc)
{
	if (rc != -EEXIST) {
		b->stats.no_memory++;
		return;
	}
	/* PROTOCOL 2: a rid repeated while the first is pending is ignored. */
	b->stats.duplicates++;
	TRACE(b, TRACE_DEBUG, "request repeated", T_FRAME("client", &c->id),
	    T_TEXT("rid", pgt_packet_view(p, PGT_F_RID)));
}

void
on_client_request(struct broker *b, struct pgt_packet *p)
{
	struct client *c = client_require(b, p->port, p->peer);
	struct pgt_request_opts o;
	struct request *r;
	int rc;

	if (c == NULL) {
		b->stats.no_memory++;
		return;
	}
	c->heard_at = b->now;
	rc = pgt_request_opts_read(
	    &o, pgt_packet_view(p, PGT_F_OPTS), &b->opts_seen);
	if (rc == 0) {
		rc = enter(b, c, p, &o, &r);
		pgt_request_opts_clear(&o);
	}
	if (rc == 0)
		start(b, r);
	else
		refuse(b, c, p, rc);
}

/* PROTOCOL 1: still interested in rid; its worker is told. */
static void
pass_interest(struct broker *b, struct pgt_packet *p)
{
	struct client *c = client_find(b, p->port, pgt_frame_view(p->peer));
	struct request *r = NULL, *known;

	if (c != NULL)
		r = request_find(b, c, pgt_packet_view(p, PGT_F_RID));
	if (r != NULL && r->is_kept)
		r->heard_at = b->now;
	if (r != NULL && r->run != NULL)
		r = r->run->leader;
	if (r == NULL || r->worker == NULL)
		return;
	known = r->proxy != NULL ? r->proxy : r;
	effect_send(b, &(const struct pgt_packet){
			   .verb = PGT_TO_WORKER_HEARTBEAT,
			   .peer = &r->worker->id,
			   .field =
			       {
				   [PGT_F_CLIENT] = &known->client->id,
				   [PGT_F_RID] = &known->rid,
			       },
			   .shared = ~0U,
		       });
}

/* PROTOCOL 1: PIGATO-RUBY keeps its busy workers alive so. */
static void
refresh_worker(struct broker *b, struct pgt_slice id)
{
	struct worker *w = worker_find(b, id);

	if (w != NULL)
		w->heard_at = b->now;
}

static void
answer_heartbeat(struct broker *b, struct pgt_packet *p)
{
	effect_send(b, &(const struct pgt_packet){
			   .verb = PGT_TO_CLIENT_HEARTBEAT,
			   .port = p->port,
			   .peer = p->peer,
		       });
}

void
on_client_heartbeat(struct broker *b, struct pgt_packet *p)
{
	struct pgt_slice kind = pgt_packet_view(p, PGT_F_KIND);

	/* PROTOCOL 3: anything a worker sends counts. */
	if (p->port == PORT_PUBLIC)
		refresh_worker(b, pgt_frame_view(p->peer));
	if (p->field[PGT_F_RID] == NULL)
		answer_heartbeat(b, p);
	else if (p->field[PGT_F_KIND] == NULL ||
		 pgt_slice_is(kind, "request") || pgt_slice_is(kind, "req"))
		pass_interest(b, p);
	else if (pgt_slice_is(kind, "worker"))
		refresh_worker(b, pgt_packet_view(p, PGT_F_RID));
}
