/* Each piece of mail is held against what may be said just then. */
#include <string.h>

#include "model.h"

/* The broker keeps so many in their order at least. */
#define MAX_ORDERED 500

static bool
is_same(struct pgt_slice got, const struct model_bytes *want)
{
	return pgt_slice_equal(got, (struct pgt_slice){want->p, want->n});
}

/* ---- to clients ---- */

/* What the worker said is passed on as it is. */
static bool
is_as_said(const struct model *m, const struct pgt_packet *p)
{
	static const enum pgt_field fields[] = {
	    PGT_F_RID, PGT_F_CODE, PGT_F_DATA, PGT_F_OPTS};
	const struct pgt_packet *q = &m->said;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if ((p->field[fields[i]] == NULL) !=
			(q->field[fields[i]] == NULL) ||
		    !pgt_slice_equal(pgt_packet_view(p, fields[i]),
			pgt_packet_view(q, fields[i])))
			return false;
	if (p->n_tail != q->n_tail)
		return false;
	for (size_t i = 0; i < p->n_tail; i++)
		if (!pgt_slice_equal(pgt_frame_view(&p->tail[i]),
			pgt_frame_view(&q->tail[i])))
			return false;
	return true;
}

static bool
is_error(const struct pgt_packet *p, const char *json)
{
	return pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "-1") &&
	       pgt_slice_is(pgt_packet_view(p, PGT_F_DATA), json) &&
	       pgt_slice_is(pgt_packet_view(p, PGT_F_OPTS), "{}") &&
	       p->n_tail == 0;
}

/* Did all who could serve r reject it, or is its worker another one now? */
static bool
is_hopeless(struct model *m, const struct model_request *r)
{
	const struct model_peer *w;
	size_t i;

	if (!r->meant->failfast)
		return false;
	for (i = 0; i < m->n_peers; i++) {
		w = &m->peers[i];
		if (model_may_serve(m, r, w) && !model_was_rejected(r, w))
			return false;
	}
	if (r->meant->worker == NULL)
		return true;
	i = model_find_peer(m, pgt_slice_of(r->meant->worker));
	return i < m->n_peers && m->peers[i].is_registered;
}

static void
on_final(struct model *m, size_t client, const struct pgt_packet *p)
{
	struct model_request *r =
	    model_find(m, client, pgt_packet_view(p, PGT_F_RID));

	model_must(m, r != NULL, "a final reply to a request that is over");
	switch (r->end) {
	case END_REPLY:
		model_must(m,
		    r->is_gapped ? is_error(p, "\"PARTIAL_LOST\"")
				 : is_as_said(m, p),
		    "the final reply is the worker's");
		break;
	case END_LOST:
		model_must(m, is_error(p, "\"WORKER_LOST\""),
		    "a lost worker is told as WORKER_LOST");
		break;
	case END_CORE:
		model_check_dir_reply(m, r, p);
		break;
	case END_INFO:
		model_check_info(m, r, p);
		break;
	case END_DENIED:
		model_must(m, is_error(p, "\"DENIED\""),
		    "who is no operator is denied");
		break;
	case END_CANCELLED:
		model_must(m, is_error(p, "\"CANCELLED\""),
		    "a cancelled request is told as CANCELLED");
		break;
	case END_KEPT:
		if (r->is_gapped)
			model_must(m, is_error(p, "\"PARTIAL_LOST\""),
			    "a replay with a gap is told as PARTIAL_LOST");
		else
			model_check_replayed(m, r, p);
		break;
	case END_NO_WORKER:
		model_must(m, is_error(p, "\"NO_WORKER\""),
		    "no worker is told as NO_WORKER");
		break;
	case END_BUSY:
		model_must(
		    m, is_error(p, "\"BUSY\""), "a limit is told as BUSY");
		m->n_busy++;
		break;
	case END_DRAINING:
		model_must(m, is_error(p, "\"DRAINING\""),
		    "a drain is told as DRAINING");
		m->n_draining++;
		break;
	case END_NOT:
		if (m->is_late && is_error(p, "\"DRAINING\"")) {
			model_must(m,
			    m->n_registered == 0 && r->state == M_WAITS,
			    "the workers go first");
			m->n_draining++;
			break;
		}
		model_must(m, r->state == M_WAITS && is_hopeless(m, r),
		    "a final reply needs a reason");
		model_must(m, is_error(p, "\"NO_WORKER\""),
		    "no worker is told as NO_WORKER");
	}
	m->n_finals++;
	if (r->end == END_CANCELLED && r->state == M_RUNS)
		model_make_ghost(m, r);
	else
		model_remove(m, r);
}

static void
on_partial(struct model *m, size_t client, const struct pgt_packet *p)
{
	struct model_request *r =
	    model_find(m, client, pgt_packet_view(p, PGT_F_RID));

	model_must(m, r != NULL, "a partial reply to a request that is over");
	m->n_partials++;
	if (r->end == END_KEPT) {
		model_check_replayed(m, r, p);
		return;
	}
	model_must(m, r == m->partial, "a partial reply nobody just gave");
	model_must(m, is_as_said(m, p), "the partial reply is the worker's");
	m->partial = NULL;
}

/* ---- requests to workers ---- */

static void
check_bytes(
    struct model *m, const struct model_request *r, const struct pgt_packet *p)
{
	model_must(m,
	    is_same(pgt_packet_view(p, PGT_F_SERVICE), &m->names[r->name].text),
	    "a worker is told the name that was asked for");
	model_must(m, is_same(pgt_packet_view(p, PGT_F_DATA), &r->data),
	    "a worker gets the data unchanged");
	model_must(m,
	    is_same(pgt_packet_view(p, PGT_F_OPTS), &r->opts) &&
		(p->field[PGT_F_OPTS] != NULL) == r->has_opts,
	    "a worker gets the options unchanged");
	model_must(m, p->n_tail == r->n_tail, "a worker gets all frames");
	for (size_t i = 0; i < r->n_tail; i++)
		model_must(m, is_same(pgt_frame_view(&p->tail[i]), &r->tail[i]),
		    "a worker gets further frames unchanged");
}

/* Must o be given to w before r is? */
static bool
is_first(struct model *m, const struct model_request *o,
    const struct model_request *r, const struct model_peer *w)
{
	return o->state == M_WAITS && o->end == END_NOT &&
	       !m->names[o->name].is_paused && o->serial < r->serial &&
	       o->n_rejected == 0 &&
	       (o->meant->worker == NULL) == (r->meant->worker == NULL) &&
	       (o->meant->worker != NULL || o->name == r->name) &&
	       model_may_serve(m, o, w) &&
	       !(m->is_settling && model_is_past(m, o));
}

/* First come, first served; what comes back has its place by arrival. */
static void
check_turn(
    struct model *m, const struct model_request *r, const struct model_peer *w)
{
	if (r->n_rejected > 0 || m->n_requests > MAX_ORDERED)
		return;
	for (size_t i = 0; i < m->n_requests; i++)
		model_must(m, !is_first(m, m->requests[i], r, w),
		    "first come, first served");
}

/* Would the policy rather have a than b? */
static bool
is_better(const struct model *m, const struct model_peer *a,
    const struct model_peer *b)
{
	if (strcmp(m->conf.dispatch, "rr") == 0)
		return a->given_at < b->given_at;
	if (strcmp(m->conf.dispatch, "load") != 0)
		return false;
	if (a->n_running != b->n_running)
		return a->n_running < b->n_running;
	return a->n_served < b->n_served;
}

static void
check_choice(
    struct model *m, const struct model_request *r, const struct model_peer *w)
{
	const struct model_peer *o;

	if (r->meant->worker != NULL || m->is_settling)
		return;
	for (size_t i = 0; i < m->n_peers; i++) {
		o = &m->peers[i];
		if (model_may_serve(m, r, o) && model_has_slot(o) &&
		    !model_was_rejected(r, o))
			model_must(m, !is_better(m, o, w),
			    "the policy would choose another worker");
	}
}

static void
on_given(struct model *m, size_t worker, const struct pgt_packet *p)
{
	struct model_peer *w = &m->peers[worker];
	struct model_request *r = model_find_called(
	    m, pgt_packet_view(p, PGT_F_CLIENT), pgt_packet_view(p, PGT_F_RID));

	model_must(m, r != NULL, "a worker gets a request that is over");
	model_must(
	    m, r->state == M_WAITS, "a request runs at a worker already");
	model_must(m, r->end == END_NOT, "a request that ends runs again");
	model_must(m, !r->had_partials, "a stream begins anew");
	model_must(m, !m->names[r->name].is_paused, "a paused name's request");
	model_must(m, w->is_registered, "a request to no registered worker");
	model_must(m, !w->is_unreachable, "a request to an unreachable worker");
	model_must(m, !model_was_rejected(r, w),
	    "a request to a worker that rejected it");
	model_must(m, model_may_serve(m, r, w),
	    "a request to a worker that does not serve it");
	model_count_running(m);
	model_must(m, model_has_slot(w), "a worker gets more than it can run");
	check_bytes(m, r, p);
	check_turn(m, r, w);
	check_choice(m, r, w);
	r->state = M_RUNS;
	r->worker = worker;
	w->n_served++;
	w->given_at = ++m->n_given;
}

/* ---- signals ---- */

static bool
is_interest(const struct model *m, const struct pgt_packet *p)
{
	const struct model_request *r = m->want.interest;

	if (r == NULL || p->field[PGT_F_RID] == NULL)
		return r == NULL && p->field[PGT_F_RID] == NULL;
	return is_same(pgt_packet_view(p, PGT_F_RID), &r->rid) &&
	       is_same(
		   pgt_packet_view(p, PGT_F_CLIENT), &m->peers[r->client].id);
}

/* Once an interval, or for the last time. */
static void
on_timed(struct model *m, size_t peer, const struct pgt_packet *p)
{
	struct model_peer *w = &m->peers[peer];
	int64_t life = m->conf.heartbeat_ms * m->conf.heartbeat_liveness;

	model_must(m, w->is_registered, "a signal to no worker");
	if (p->verb == PGT_TO_WORKER_HEARTBEAT) {
		w->beaten_at = m->now;
		return;
	}
	model_must(m, p->verb == PGT_TO_WORKER_DISCONNECT,
	    "time brings heartbeats and disconnects");
	model_must(m,
	    m->is_late || model_has_drained(m, w) ||
		(m->now >= w->heard_at + life && m->now >= m->grace_until),
	    "a worker that lives is lost");
	model_lose(m, peer);
}

static void
on_signal(struct model *m, size_t peer, const struct pgt_packet *p)
{
	if (m->event == EV_TIME) {
		on_timed(m, peer, p);
		return;
	}
	if (m->event == EV_STOP) {
		model_must(m,
		    p->verb == PGT_TO_WORKER_DISCONNECT &&
			m->peers[peer].is_registered,
		    "good-bye to workers");
		m->n_good_byes++;
		return;
	}
	/* The last thing it had to do is done. */
	if (p->verb == PGT_TO_WORKER_DISCONNECT && p->verb != m->want.verb &&
	    model_has_drained(m, &m->peers[peer])) {
		model_lose(m, peer);
		return;
	}
	model_must(m,
	    p->verb == m->want.verb && peer == m->want.peer &&
		is_interest(m, p),
	    "a signal nobody asked for");
	m->want.verb = PGT_MALFORMED;
}

void
model_mail(struct model *m, struct effect *fx)
{
	struct pgt_packet p;
	size_t peer;

	if (fx->type == FX_PUBLISH) {
		model_must(m, fx->msg.n == 1, "what is published is a frame");
		model_check_published(m, pgt_frame_view(&fx->msg.f[0]));
		return;
	}
	pgt_wire_decode(&p, &fx->msg, PGT_FROM_BROKER, true);
	model_must(m, p.verb != PGT_MALFORMED, "mail that can be read");
	peer = model_find_peer_at(m, fx->port, pgt_frame_view(p.peer));
	model_must(m, peer < m->n_peers, "mail to a peer there is");
	if (p.verb == PGT_TO_CLIENT_REPLY)
		on_final(m, peer, &p);
	else if (p.verb == PGT_TO_CLIENT_PARTIAL)
		on_partial(m, peer, &p);
	else if (p.verb == PGT_TO_WORKER_REQUEST)
		on_given(m, peer, &p);
	else
		on_signal(m, peer, &p);
}
