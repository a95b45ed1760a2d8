/* What time brings, and what the transport gives back. */
#include "broker/on.h"

#include "base/container.h"
#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/dispatch.h"
#include "broker/drain.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/ghost.h"
#include "broker/request.h"
#include "broker/trace.h"
#include "broker/worker.h"

/* A worker may be a client too: what that said is from the same peer. */
static void
hear_client(const struct broker *b, struct worker *w)
{
	const struct client *c =
	    client_find(b, PORT_PUBLIC, pgt_frame_view(&w->id));

	if (c != NULL && c->heard_at > w->heard_at)
		w->heard_at = c->heard_at;
}

/*
 * PROTOCOL 3. Signs of life only write heard_at; here somebody looks. When it
 * was us who slept, the worker gets an interval more: its heartbeats lie
 * unread. What waits though the worker is free, for want of memory or because
 * there were too many to look at, is looked at again.
 */
static void
on_worker_timer(struct broker *b, struct worker *w)
{
	if (b->now >= worker_dies_at(b, w))
		hear_client(b, w);
	if (b->now >= worker_dies_at(b, w) && b->now >= b->grace_until) {
		b->stats.silent++;
		worker_dismiss(b, w, "silent");
		return;
	}
	if (b->now >= w->beat_at) {
		effect_signal(b, PGT_TO_WORKER_HEARTBEAT, &w->id);
		w->beat_at = INT64_MAX;
	}
	worker_arm(b, w);
	dispatch_feed(b, w);
}

/* PROTOCOL 2: expiry is silent; the worker's slot is free again. */
static void
expire(struct broker *b, struct request *r)
{
	figures_expired(b, r);
	TRACE(b, TRACE_DEBUG, "request expired",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
	dispatch_abandon(b, r);
}

static void
on_request_timer(struct broker *b, struct request *r)
{
	int64_t at = r->heard_at + r->timeout_ms;

	if (b->now >= at)
		expire(b, r);
	else
		pgt_timer_arm(&b->timers, &r->timer, at);
}

void
on_timer(struct broker *b, struct pgt_timer *t)
{
	switch ((enum timer_kind)t->kind) {
	case T_WORKER:
		on_worker_timer(b, PGT_CONTAINER(t, struct worker, timer));
		break;
	case T_REQUEST:
		on_request_timer(b, PGT_CONTAINER(t, struct request, timer));
		break;
	case T_NOTICE:
		core_notify(b);
		break;
	case T_DRAIN:
		drain_on_timer(b);
		break;
	case T_CORE:
		core_on_timer(PGT_CONTAINER(t, struct core_timer, timer));
		break;
	}
}

/* ---- what could not be sent ---- */

/* What p would have given w; it may have expired since, for another's sake. */
static struct request *
find_given(
    const struct broker *b, const struct worker *w, const struct pgt_packet *p)
{
	struct pgt_slice client = pgt_packet_view(p, PGT_F_CLIENT);
	struct pgt_slice rid = pgt_packet_view(p, PGT_F_RID);
	struct request *r = request_find_at(b, client, rid, w);

	if (r != NULL)
		return r;
	r = ghost_find_at(b, client, rid, w);
	return r != NULL ? r->proxy : NULL;
}

/*
 * The worker is away, or does not read: it gets nothing until it is heard
 * again; the request has not been with it and goes to another. Only liveness
 * declares death.
 */
static void
on_unsent_request(struct broker *b, const struct pgt_packet *p)
{
	struct worker *w = worker_find(b, pgt_frame_view(p->peer));
	struct request *r;

	if (w == NULL)
		return;
	if (!w->is_unreachable) {
		w->is_unreachable = true;
		b->stats.n_unreachable++;
		worker_settle(b, w);
		TRACE(b, TRACE_INFO, "worker unreachable",
		    T_FRAME("service", &w->service->name),
		    T_FRAME("id", &w->id));
	}
	r = find_given(b, w, p);
	if (r == NULL)
		return;
	if (r->proxy != NULL)
		request_free(b, r->proxy);
	figures_returned(b, r);
	worker_remove_request(b, r);
	dispatch_requeue(b, r);
}

/* The client misses a part: what comes later must not look complete. */
static void
on_unsent_partial(struct broker *b, const struct pgt_packet *p)
{
	const struct client *c =
	    client_find(b, p->port, pgt_frame_view(p->peer));
	struct request *r = NULL;

	b->stats.undelivered++;
	if (c != NULL)
		r = request_find(b, c, pgt_packet_view(p, PGT_F_RID));
	if (r != NULL)
		r->is_gapped = true;
}

void
on_unsent(struct broker *b, struct effect *fx)
{
	struct pgt_packet p;

	pgt_wire_decode(&p, &fx->msg, PGT_FROM_BROKER, true);
	p.port = fx->port;
	b->stats.unsent++;
	/* No line of it: whoever cannot read it would be sent that, too. */
	if (p.verb == PGT_TO_CLIENT_PARTIAL && core_unsent(b, &p))
		return;
	TRACE(b, TRACE_DEBUG, "not sent", T_FRAME("peer", p.peer),
	    T_WORDS("what", pgt_verb_name(p.verb)));
	if (p.verb == PGT_TO_WORKER_REQUEST)
		on_unsent_request(b, &p);
	else if (p.verb == PGT_TO_CLIENT_PARTIAL)
		on_unsent_partial(b, &p);
	else if (p.verb == PGT_TO_CLIENT_REPLY)
		b->stats.undelivered++;
}
