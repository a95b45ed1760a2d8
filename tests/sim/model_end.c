/* After a step: what was owed has been paid, and nobody waits in vain. */
#include "model.h"

/* As many rejected requests as the broker looks at in one go. */
#define MAX_LOOKS 16

/* ---- time ---- */

static void
expire(struct model *m, struct model_request *r)
{
	m->n_expired++;
	if (r->state == M_WAITS) {
		model_remove(m, r);
		return;
	}
	model_make_ghost(m, r);
}

static void
expire_all(struct model *m)
{
	for (size_t i = m->n_requests; i-- > 0;) {
		/* One that was removed may have let another slip here. */
		if (i >= m->n_requests)
			continue;
		if (m->requests[i]->state != M_GHOST &&
		    model_is_past(m, m->requests[i]))
			expire(m, m->requests[i]);
	}
}

static void
check_lives(struct model *m)
{
	const struct model_peer *w;
	int64_t at;

	for (size_t i = 0; i < m->n_peers; i++) {
		w = &m->peers[i];
		if (!w->is_registered)
			continue;
		model_must(m, w->beaten_at + m->max_heartbeat > m->now,
		    "a worker gets a heartbeat in time");
		at = w->heard_at + m->max_life;
		if (at < m->grace_until)
			at = m->grace_until;
		model_must(m, m->now < at + m->max_heartbeat,
		    "a silent worker is lost");
	}
}

static void
check_notice(struct model *m)
{
	int64_t ms = 6 + (int64_t)MODEL_MAX_PEERS / 50;

	if (m->core != CORE_NONE && m->changed_at >= 0)
		model_must(m, m->now < m->changed_at + ms,
		    "the directory is published in time");
}

static void
check_drain(struct model *m)
{
	if (m->is_late)
		model_must(m, m->n_registered == 0 && m->n_requests == 0,
		    "nothing is left of a drain at its timeout");
}

/* All timers that are due have been served. */
static void
settle(struct model *m)
{
	expire_all(m);
	for (size_t i = 0; i < m->n_requests; i++)
		model_must(m, m->requests[i]->end != END_KEPT,
		    "a replay comes to its end at once");
	check_drain(m);
	m->is_settling = false;
	check_lives(m);
	check_notice(m);
}

/* ---- what was owed ---- */

/* The end of a stream is sent by a timer, which is due at once. */
static bool
is_replayed_later(const struct model *m, const struct model_request *r)
{
	return r->end == END_KEPT && model_waits_for_end(r) &&
	       (m->event != EV_TIME || m->is_settling);
}

static void
check_owed(struct model *m)
{
	const struct model_request *r;

	model_must(m, m->want.verb == PGT_MALFORMED, "a signal is owed");
	model_must(m, m->partial == NULL, "a partial reply is owed");
	if (m->event == EV_STOP)
		model_must(m, m->n_good_byes == m->n_registered,
		    "a good-bye to each worker is owed");
	for (size_t i = 0; i < m->n_requests; i++) {
		r = m->requests[i];
		model_must(m,
		    r->end == END_NOT || is_replayed_later(m, r) ||
			(m->is_settling && model_is_past(m, r)),
		    "a final reply is owed");
	}
}

/* ---- who waits ---- */

static size_t
count_rejected(const struct model *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_requests; i++)
		n += m->requests[i]->state == M_WAITS &&
		     m->requests[i]->n_rejected > 0;
	return n;
}

/* It has a worker of its own, and that one has a slot. */
static void
check_target_waits(struct model *m, const struct model_request *r)
{
	size_t i = model_find_peer(m, pgt_slice_of(r->meant->worker));
	const struct model_peer *w = &m->peers[i];

	if (i == m->n_peers || !w->is_registered || !model_has_slot(w))
		return;
	model_must(m, !r->meant->failfast, "failfast, and it waits");
	model_must(m, !model_may_serve(m, r, w) || model_was_rejected(r, w),
	    "a request waits though its worker is free");
}

static void
check_waits(struct model *m, const struct model_request *r)
{
	const struct model_peer *w;

	for (size_t i = 0; i < m->n_peers; i++) {
		w = &m->peers[i];
		if (w->is_registered && model_has_slot(w))
			model_must(m,
			    !model_may_serve(m, r, w) ||
				model_was_rejected(r, w),
			    "a request waits though a worker is free");
	}
}

static void
check_all_waits(struct model *m)
{
	const struct model_request *r;
	bool has_few = count_rejected(m) <= MAX_LOOKS;

	model_count_running(m);
	for (size_t i = 0; i < m->n_requests; i++) {
		r = m->requests[i];
		if (r->state != M_WAITS || r->end == END_KEPT ||
		    m->names[r->name].is_paused)
			continue;
		if (r->meant->worker != NULL)
			check_target_waits(m, r);
		else if (has_few || r->n_rejected == 0)
			check_waits(m, r);
	}
}

/* One whose last request the transport refused is looked at in time. */
static void
check_drains(struct model *m)
{
	for (size_t i = 0; i < m->n_peers; i++)
		model_must(m,
		    m->peers[i].is_unreachable ||
			!model_has_drained(m, &m->peers[i]),
		    "a drained worker may go");
}

/* ---- figures ---- */

static void
check_stats(struct model *m, const struct broker_stats *stats)
{
	size_t n_ghosts = 0;

	for (size_t i = 0; i < m->n_requests; i++)
		n_ghosts += m->requests[i]->state == M_GHOST;
	model_must(m, stats->n_ghosts == n_ghosts, "as many ghosts");
	model_must(m, stats->n_requests == m->n_requests - n_ghosts,
	    "as many requests");
	model_must(m, stats->n_workers == m->n_registered, "as many workers");
	model_must(m, stats->requests == m->last_serial, "requests so far");
	model_must(m, stats->partials >= m->n_partials, "partials so far");
	model_must(m, stats->rejects == m->n_rejects, "rejections so far");
	model_must(m, stats->late == m->n_late, "late replies so far");
	model_must(m, stats->no_memory == 0, "memory for all");
	model_must(m, stats->busy == m->n_busy, "busy so far");
	model_must(m, stats->draining == m->n_draining, "draining so far");
	model_check_room(m, stats);
}

void
model_end(struct model *m, int64_t due, const struct broker_stats *stats)
{
	check_owed(m);
	if (m->is_settling && (due < 0 || due > m->now))
		settle(m);
	if (m->is_settling)
		return;
	check_all_waits(m);
	check_drains(m);
	check_stats(m, stats);
}
