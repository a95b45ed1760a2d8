/* What peers and time bring: what must follow is written down. */
#include <string.h>

#include "model.h"

/* Longest wildcard that may be registered, its star included. */
#define MAX_WILDCARD 1025

static void
want(struct model *m, enum pgt_verb verb, size_t peer)
{
	m->want = (struct model_want){.verb = verb, .peer = peer};
}

/* ---- clients ---- */

static int64_t
timeout_of(const struct model *m, const struct model_request *r)
{
	int64_t max = m->conf.max_timeout_ms;
	int64_t ms = r->meant->timeout_ms;

	if (ms == 0)
		ms = m->conf.default_timeout_ms;
	return max >= 0 && (ms < 0 || ms > max) ? max : ms;
}

static void
on_request(struct model *m, size_t client)
{
	const struct pgt_packet *p = &m->said;
	struct model_request *r;
	struct pgt_slice name = pgt_packet_view(p, PGT_F_SERVICE);

	/* PROTOCOL 2, 6.4: repeated while the first is pending, ignored. */
	if (model_find_called(m, pgt_frame_view(p->peer),
		pgt_packet_view(p, PGT_F_RID)) != NULL)
		return;
	r = model_add(m, p);
	r->client = client;
	r->name = model_require_name(m, name);
	r->heard_at = m->now;
	r->timeout_ms = timeout_of(m, r);
	r->size += m->peers[client].id.n + name.n;
	if (pgt_slice_is(name, "$info"))
		model_operate(m, r);
	else if (m->core == CORE_DIR && pgt_slice_is(name, "$dir"))
		r->end = END_CORE;
	else if (m->drain_at >= 0)
		r->end = END_DRAINING;
	else if (model_is_answered(m, r))
		r->end = END_KEPT;
	else if (model_is_busy(m, r))
		r->end = END_BUSY;
	else if (r->meant->failfast && !model_has_anybody(m, r))
		r->end = END_NO_WORKER;
}

static void
on_interest(struct model *m, size_t client)
{
	const struct model_request *r =
	    model_find(m, client, pgt_packet_view(&m->said, PGT_F_RID));

	if (r == NULL || r->state != M_RUNS)
		return;
	want(m, PGT_TO_WORKER_HEARTBEAT, r->worker);
	m->want.interest = r;
}

static void
on_client_heartbeat(struct model *m, size_t client)
{
	struct pgt_slice kind = pgt_packet_view(&m->said, PGT_F_KIND);
	size_t w;

	if (m->said.field[PGT_F_RID] == NULL) {
		want(m, PGT_TO_CLIENT_HEARTBEAT, client);
	} else if (m->said.field[PGT_F_KIND] == NULL ||
		   pgt_slice_is(kind, "req") || pgt_slice_is(kind, "request")) {
		on_interest(m, client);
	} else if (pgt_slice_is(kind, "worker")) {
		w = model_find_peer(m, pgt_packet_view(&m->said, PGT_F_RID));
		if (w < m->n_peers)
			m->peers[w].heard_at = m->now;
	}
}

/* ---- workers ---- */

static void
on_error(struct model *m, size_t worker)
{
	want(m, PGT_TO_WORKER_DISCONNECT, worker);
	if (m->peers[worker].is_registered)
		model_lose(m, worker);
}

static bool
may_register(const struct model *m, struct pgt_slice name)
{
	if (name.n == 0 || (name.n > MAX_WILDCARD && name.p[name.n - 1] == '*'))
		return false;
	if (name.p[0] != '$')
		return true;
	if (model_is_built_in(m, name))
		return false;
	return m->conf.external_core;
}

static void
on_ready(struct model *m, size_t worker)
{
	struct pgt_slice name = pgt_packet_view(&m->said, PGT_F_SERVICE);
	struct model_peer *w = &m->peers[worker];
	bool is_fine = w->is_registered
			   ? pgt_slice_equal(name, model_name_of(m, w->name))
			   : may_register(m, name);

	if (!is_fine) {
		on_error(m, worker);
		return;
	}
	want(m, PGT_TO_WORKER_READY, worker);
	if (!w->is_registered)
		model_register(m, worker, model_require_name(m, name));
}

static void
on_worker_heartbeat(struct model *m, size_t worker)
{
	struct model_peer *w = &m->peers[worker];
	const struct vocab_worker *meant =
	    vocab_find_worker(pgt_packet_view(&m->said, PGT_F_OPTS));

	want(m, PGT_TO_WORKER_HEARTBEAT, worker);
	if (meant->has_concurrency)
		w->concurrency = meant->concurrency;
	if (meant->update && model_name_of(m, w->name).p[0] == '$' &&
	    m->changed_at < 0)
		m->changed_at = m->now;
}

static void
on_reject(struct model *m, struct model_request *r, const struct model_peer *w)
{
	/* The start of the stream is out: nobody else can go on with it. */
	if (r->had_partials) {
		r->end = END_LOST;
		return;
	}
	model_add_rejection(r, w);
	r->state = M_WAITS;
	if (r->meant->worker != NULL && r->meant->failfast)
		r->end = END_NO_WORKER;
	m->n_rejects++;
}

static void
on_partial(struct model *m, struct model_request *r)
{
	r->heard_at = m->now;
	r->had_partials = true;
	m->partial = r->is_gapped ? NULL : r;
}

static void
on_answer(struct model *m, size_t worker)
{
	struct pgt_slice client = pgt_packet_view(&m->said, PGT_F_CLIENT);
	struct pgt_slice rid = pgt_packet_view(&m->said, PGT_F_RID);
	struct model_request *r = model_find_called(m, client, rid);

	if (r == NULL || r->state != M_RUNS || r->worker != worker) {
		r = model_find_called_ghost(m, client, worker, rid);
		if (r == NULL) {
			on_error(m, worker);
			return;
		}
		/* PROTOCOL 2: a late reply is swallowed. */
		m->n_late++;
		if (m->said.verb != PGT_WORKER_PARTIAL && --r->n_owed == 0)
			model_remove(m, r);
		return;
	}
	if (m->said.verb != PGT_WORKER_REJECT)
		model_heed_reply(m, r);
	if (m->said.verb == PGT_WORKER_PARTIAL)
		on_partial(m, r);
	else if (m->said.verb == PGT_WORKER_REJECT)
		on_reject(m, r, &m->peers[worker]);
	else
		r->end = END_REPLY;
}

static void
on_registered(struct model *m, size_t worker)
{
	switch (m->said.verb) {
	case PGT_WORKER_READY:
		on_ready(m, worker);
		break;
	case PGT_WORKER_HEARTBEAT:
		on_worker_heartbeat(m, worker);
		break;
	case PGT_WORKER_REPLY:
	case PGT_WORKER_PARTIAL:
	case PGT_WORKER_REJECT:
		on_answer(m, worker);
		break;
	case PGT_WORKER_DISCONNECT:
		model_lose(m, worker);
		break;
	default:
		on_error(m, worker);
	}
}

static void
on_worker(struct model *m, size_t worker)
{
	struct model_peer *w = &m->peers[worker];

	if (w->is_registered) {
		w->heard_at = m->now;
		w->is_unreachable = false;
		on_registered(m, worker);
	} else if (m->said.verb == PGT_WORKER_READY && m->is_late) {
		want(m, PGT_TO_WORKER_DISCONNECT, worker);
	} else if (m->said.verb == PGT_WORKER_READY) {
		on_ready(m, worker);
	} else if (m->said.verb != PGT_WORKER_DISCONNECT) {
		on_error(m, worker);
	}
}

static void
on_message(struct model *m, const struct pgt_packet *p, struct pgt_msg *msg)
{
	size_t peer;

	pgt_msg_clear(&m->said_msg);
	for (size_t i = 0; i < msg->n; i++)
		pgt_frame_from(
		    pgt_msg_push(&m->said_msg), pgt_frame_view(&msg->f[i]));
	pgt_wire_decode(&m->said, &m->said_msg, PGT_TO_BROKER, true);
	m->said.verb = p->verb; /* the transport may call it too long */
	if (msg->n == 0)
		return;
	peer = model_find_peer_at(
	    m, (enum broker_port)p->port, pgt_frame_view(&msg->f[0]));
	/* Of a worker too: one peer may be both. */
	if (p->verb != PGT_MALFORMED)
		m->peers[peer].heard_at = m->now;
	if (p->verb == PGT_CLIENT_REQUEST)
		on_request(m, peer);
	else if (p->verb == PGT_CLIENT_HEARTBEAT)
		on_client_heartbeat(m, peer);
	else if (p->port == PORT_PUBLIC &&
		 (p->verb != PGT_MALFORMED || p->side == 'W' ||
		     m->peers[peer].is_registered))
		on_worker(m, peer);
}

/* ---- the transport ---- */

static void
on_unsent(struct model *m, struct effect *fx)
{
	struct model_request *r;
	struct pgt_packet p;
	size_t peer;

	pgt_wire_decode(&p, &fx->msg, PGT_FROM_BROKER, true);
	peer = model_find_peer_at(m, fx->port, pgt_frame_view(p.peer));
	if (p.verb == PGT_TO_WORKER_REQUEST) {
		m->peers[peer].is_unreachable = true;
		r = model_find_called(m, pgt_packet_view(&p, PGT_F_CLIENT),
		    pgt_packet_view(&p, PGT_F_RID));
		if (r != NULL && r->state == M_RUNS && r->worker == peer)
			r->state = M_WAITS;
	} else if (p.verb == PGT_TO_CLIENT_PARTIAL) {
		r = model_find(m, peer, pgt_packet_view(&p, PGT_F_RID));
		if (r != NULL)
			r->is_gapped = true;
	}
}

/* ---- drain ---- */

static void
on_drain(struct model *m)
{
	if (m->drain_at < 0)
		m->drain_at = m->now;
}

/* At its timeout, served by a timer, everything ends. */
static void
look_at_drain(struct model *m)
{
	int64_t ms = m->conf.drain_timeout_ms;

	m->is_late = m->is_late || (m->drain_at >= 0 && ms >= 0 &&
				       m->now >= m->drain_at + ms);
}

void
model_begin(
    struct model *m, const struct event *ev, int64_t due, struct pgt_msg *msg)
{
	m->now = ev->now;
	m->event = ev->type;
	m->want = (struct model_want){.verb = PGT_MALFORMED};
	m->partial = NULL;
	m->n_good_byes = 0;
	/* It was the broker that slept: heartbeats lie unread. */
	if (due >= 0 && m->now - due > m->conf.heartbeat_ms)
		m->grace_until = m->now + m->conf.heartbeat_ms;
	switch (ev->type) {
	case EV_MESSAGE:
		on_message(m, ev->packet, msg);
		break;
	case EV_TIME:
		m->is_settling = true;
		look_at_drain(m);
		break;
	case EV_UNSENT:
		on_unsent(m, ev->effect);
		break;
	case EV_CONF:
		model_conf(m, ev->conf);
		break;
	case EV_DRAIN:
		on_drain(m);
		break;
	case EV_TURN:
	case EV_STOP:
		break;
	}
}
