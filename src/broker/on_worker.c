/* What workers send (PROTOCOL 1, 3). Who breaks the protocol is let go. */
#include "broker/on.h"

#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/dispatch.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/ghost.h"
#include "broker/match.h"
#include "broker/reject.h"
#include "broker/request.h"
#include "broker/run.h"
#include "broker/service.h"
#include "broker/trace.h"
#include "broker/worker.h"

/* w may be NULL: then a stranger is told to register. */
static void
protocol_error(
    struct broker *b, struct worker *w, struct pgt_frame *peer, const char *why)
{
	b->stats.protocol_errors++;
	TRACE(b, TRACE_WARN, "worker broke the protocol",
	    T_FRAME("id", w != NULL ? &w->id : peer), T_WORDS("why", why));
	effect_signal(b, PGT_TO_WORKER_DISCONNECT, w != NULL ? &w->id : peer);
	if (w != NULL)
		worker_lost(b, w, "protocol error");
}

/* ---- READY ---- */

/* NULL: the name is fine. */
static const char *
why_not_name(const struct broker *b, struct pgt_slice name)
{
	const struct service *s;

	if (name.n == 0)
		return "empty service name";
	if (name.p[name.n - 1] == '*' && name.n > MAX_WILDCARD + 1)
		return "wildcard too long";
	if (!match_is_core(name))
		return NULL;
	s = service_find(b, name);
	if (s != NULL && s->core != NULL)
		return "service is built in";
	return b->conf.external_core ? NULL : "core services not allowed";
}

static void
enlist(struct broker *b, struct pgt_packet *p)
{
	struct service *s =
	    service_require(b, pgt_packet_view(p, PGT_F_SERVICE));
	struct worker *w;

	if (s == NULL || worker_new(b, p->peer, s, &w) < 0) {
		b->stats.no_memory++;
		return;
	}
	TRACE(b, TRACE_INFO, "worker ready", T_FRAME("service", &s->name),
	    T_FRAME("id", &w->id));
	effect_signal(b, PGT_TO_WORKER_READY, &w->id);
	dispatch_feed(b, w);
}

static void
on_ready(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct pgt_slice name = pgt_packet_view(p, PGT_F_SERVICE);
	const char *why;

	if (w != NULL) {
		if (pgt_slice_equal(pgt_frame_view(&w->service->name), name))
			effect_signal(b, PGT_TO_WORKER_READY, &w->id);
		else
			protocol_error(b, w, p->peer, "second service name");
		return;
	}
	why = why_not_name(b, name);
	if (why != NULL)
		protocol_error(b, NULL, p->peer, why);
	else
		enlist(b, p);
}

/* ---- HEARTBEAT ---- */

static void
on_heartbeat(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct pgt_worker_opts o;

	if (pgt_worker_opts_read(&o, pgt_packet_view(p, PGT_F_OPTS)) < 0) {
		b->stats.no_memory++;
		return;
	}
	effect_signal(b, PGT_TO_WORKER_HEARTBEAT, &w->id);
	if (o.update && match_is_core(pgt_frame_view(&w->service->name)))
		core_notice(b);
	if (!o.has_concurrency || o.concurrency == w->concurrency)
		return;
	w->concurrency = o.concurrency;
	TRACE(b, TRACE_DEBUG, "worker concurrency", T_FRAME("id", &w->id),
	    T_INT("concurrency", w->concurrency));
	worker_settle(b, w);
	dispatch_feed(b, w);
}

/* ---- replies ---- */

/* The ghost's worker worked on for another, who gets what it says. */
static struct request *
take_proxy(struct broker *b, struct request *ghost, const struct pgt_packet *p)
{
	struct request *r = ghost->proxy;

	if (p->verb != PGT_WORKER_PARTIAL && --ghost->n_owed == 0)
		request_free(b, ghost);
	return r;
}

/*
 * The request that w replies to. NULL: it holds none of that rid, or one
 * that had expired, and all that is to be done about it is done.
 */
static struct request *
find_answered(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct pgt_slice client = pgt_packet_view(p, PGT_F_CLIENT);
	struct pgt_slice rid = pgt_packet_view(p, PGT_F_RID);
	struct request *r = request_find_at(b, client, rid, w);

	if (r != NULL)
		return r;
	r = ghost_find_at(b, client, rid, w);
	if (r == NULL) {
		protocol_error(b, w, p->peer, "reply to no request of its own");
		return NULL;
	}
	if (r->proxy != NULL)
		return take_proxy(b, r, p);
	/* PROTOCOL 2: a late reply is swallowed. */
	b->stats.late++;
	TRACE(b, TRACE_DEBUG, "late reply swallowed", T_TEXT("client", client),
	    T_TEXT("rid", rid), T_FRAME("worker", &w->id));
	if (p->verb != PGT_WORKER_PARTIAL && --r->n_owed == 0)
		request_free(b, r);
	return NULL;
}

/*
 * The worker's frames go on to the client as they are; where others wait for
 * them, or the worker knows the request by another's name, they are shared.
 */
static int
forward(struct broker *b, struct request *r, struct pgt_packet *p,
    enum pgt_verb verb)
{
	struct pgt_packet out = *p;

	if (r->run != NULL)
		return effect_part(b, r, verb, p);
	out.verb = verb;
	out.port = r->client->port;
	out.peer = p->field[PGT_F_CLIENT];
	out.shared = 0;
	return effect_send(b, &out);
}

static void
on_partial(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct request *r = find_answered(b, w, p);

	if (r == NULL)
		return;
	r->heard_at = b->now;
	figures_partial(b, r, pgt_packet_view(p, PGT_F_DATA).n);
	core_replied(b, r, p);
	r->had_partials = true;
	/* A gap can't be mended: what follows it would mislead. */
	if (r->is_gapped || forward(b, r, p, PGT_TO_CLIENT_PARTIAL) < 0)
		r->is_gapped = true;
	run_partial(b, r, p);
}

static bool
is_error(const struct pgt_packet *p)
{
	return p->field[PGT_F_CODE] != NULL &&
	       !pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "0");
}

static int
send_final(struct broker *b, struct request *r, struct pgt_packet *p)
{
	return r->is_gapped ? effect_error(b, r, "\"PARTIAL_LOST\"")
			    : forward(b, r, p, PGT_TO_CLIENT_REPLY);
}

static void
on_reply(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct request *r = find_answered(b, w, p);
	size_t n = pgt_packet_view(p, PGT_F_DATA).n;
	bool failed = is_error(p);

	if (r == NULL)
		return;
	core_replied(b, r, p);
	if (send_final(b, r, p) < 0)
		return;
	figures_replied(b, r, n, failed);
	TRACE(b, TRACE_DEBUG, "request done", T_FRAME("client", &r->client->id),
	    T_FRAME("rid", &r->rid), T_FRAME("worker", &w->id));
	run_final(b, r, p, failed);
	worker_remove_request(b, r);
	request_free(b, r);
	dispatch_feed(b, w);
}

static void
on_reject(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	struct request *r = find_answered(b, w, p);

	if (r == NULL)
		return;
	/* The start of the stream is out: nobody else can go on with it. */
	if (r->had_partials) {
		run_lost(b, r);
		request_lose(b, r);
		worker_settle(b, w);
		dispatch_feed(b, w);
		return;
	}
	if (reject_add(r, w) < 0) {
		b->stats.no_memory++;
		return;
	}
	figures_rejected(b, r);
	TRACE(b, TRACE_DEBUG, "request rejected",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid),
	    T_FRAME("worker", &w->id));
	dispatch_rejected(b, r, w);
}

/* ---- the router ---- */

static void
on_registered(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	switch (p->verb) {
	case PGT_WORKER_READY:
		on_ready(b, w, p);
		break;
	case PGT_WORKER_HEARTBEAT:
		on_heartbeat(b, w, p);
		break;
	case PGT_WORKER_REPLY:
		on_reply(b, w, p);
		break;
	case PGT_WORKER_PARTIAL:
		on_partial(b, w, p);
		break;
	case PGT_WORKER_REJECT:
		on_reject(b, w, p);
		break;
	case PGT_WORKER_DISCONNECT:
		worker_lost(b, w, "disconnect");
		break;
	default:
		protocol_error(b, w, p->peer, p->why);
	}
}

/* What waited is given when the message is dealt with: it may be the last. */
static void
on_heard_again(struct broker *b, struct worker *w, struct pgt_packet *p)
{
	w->is_unreachable = false;
	b->stats.n_unreachable--;
	worker_settle(b, w);
	on_registered(b, w, p);
	w = worker_find(b, pgt_frame_view(p->peer));
	if (w != NULL)
		dispatch_feed(b, w);
}

void
on_worker(struct broker *b, struct pgt_packet *p)
{
	struct worker *w = worker_find(b, pgt_frame_view(p->peer));

	if (w != NULL) {
		w->heard_at = b->now;
		if (w->is_unreachable)
			on_heard_again(b, w, p);
		else
			on_registered(b, w, p);
	} else if (p->verb == PGT_WORKER_READY && b->drain == DRAIN_LATE) {
		/* All have been sent away, and those who come again. */
		effect_signal(b, PGT_TO_WORKER_DISCONNECT, p->peer);
	} else if (p->verb == PGT_WORKER_READY) {
		on_ready(b, NULL, p);
	} else if (p->verb != PGT_WORKER_DISCONNECT) {
		protocol_error(b, NULL, p->peer, "not registered");
	}
}

void
on_malformed(struct broker *b, struct pgt_packet *p)
{
	if (p->peer != NULL && p->port == PORT_PUBLIC &&
	    (p->side == 'W' ||
		worker_find(b, pgt_frame_view(p->peer)) != NULL)) {
		on_worker(b, p);
		return;
	}
	b->stats.malformed++;
	TRACE(b, TRACE_WARN, "malformed message dropped",
	    T_TEXT("peer",
		p->peer != NULL ? pgt_frame_view(p->peer) : pgt_slice_of("")),
	    T_WORDS("why", p->why));
}

void
on_misplaced(struct broker *b, struct pgt_packet *p)
{
	p->why = "workers are not served at this address";
	on_malformed(b, p);
}
