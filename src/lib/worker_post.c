/*
 * How a worker comes to be registered, and stays so.
 *
 * What was on its way when a connection ended may be lost, and nobody can
 * tell what. So the socket is not used again, lest something of old be read
 * by a broker that does not know us yet; and a broker that may remember us is
 * told W 5 before READY: it gives what we held to another worker, or ends it
 * with WORKER_LOST, instead of waiting for a reply that never comes. Until it
 * has answered READY what it says is meant for our former self, if there was
 * one, and if it has not said W 5 since. Where there is none, requests may
 * come before the answer: PIGATO's own broker says first what was waiting.
 */
#include "lib/worker.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/error.h"

/* Between two READYs that are answered by W 5. */
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 10000

/*
 * So many READYs, one after the other, are refused until that is taken for a
 * denial. W 5 also answers what we said before the broker forgot us; but that
 * comes in a rush, and these take 700 ms at least.
 */
#define REFUSALS 5

/* From the end of a connection to the next try. */
#define RECONNECT_MS 100

/* ---- what we say ---- */

static int
say(struct pgt_post *post, enum pgt_verb verb)
{
	struct pgt_packet p = {.verb = verb};

	return pgt_link_send(post->link, &p);
}

int
pgt_post_beat(struct pigato_worker *w, struct pgt_post *post)
{
	struct pgt_packet p = {.verb = PGT_WORKER_HEARTBEAT};
	int64_t n = w->is_draining ? 0 : w->concurrency;
	struct pgt_frame opts;
	char text[PGT_FRAME_SMALL + 1]; /* see CONCURRENCY_MAX */
	int rc;

	snprintf(text, sizeof(text), "{\"concurrency\":%" PRId64 "}", n);
	pgt_frame_from(&opts, pgt_slice_of(text));
	p.field[PGT_F_OPTS] = &opts;
	rc = pgt_link_send(post->link, &p);
	pgt_frame_clear(&opts);
	return rc;
}

void
pgt_post_again(struct pigato_worker *w, struct pgt_post *post)
{
	struct pgt_packet p = {.verb = PGT_WORKER_READY};

	p.field[PGT_F_SERVICE] = &w->service;
	p.shared = 1U << PGT_F_SERVICE;
	post->was_ready = true;
	post->n_unready++;
	pgt_link_send(post->link, &p);
}

void
pgt_post_ready(struct pigato_worker *w, struct pgt_post *post)
{
	post->state = PGT_POST_ASKED;
	pgt_post_again(w, post);
	pgt_post_beat(w, post);
}

void
pgt_post_leave(struct pigato_worker *w, struct pgt_post *post)
{
	bool is_there = post->state != PGT_POST_AWAY;

	if (is_there && post->was_ready)
		say(post, PGT_WORKER_DISCONNECT);
	pgt_link_close(
	    post->link, &w->links.conf, is_there ? PGT_LINGER_MS : 0);
	post->state = PGT_POST_AWAY;
	post->n_refused = 0;
}

/* ---- what is lost ---- */

void
pgt_post_drop(struct pigato_worker *w, struct pgt_post *post)
{
	struct pigato_reply *rep;

	while ((rep = TAILQ_FIRST(&post->open)) != NULL)
		pgt_reply_leave(rep);
	while ((rep = TAILQ_FIRST(&post->parked)) != NULL)
		pgt_reply_destroy(rep);
	post->is_asked = false;
	post->is_dirty = false;
	w->is_leave_due = true;
}

/* Tells as the last thing that is done. */
static void
on_gone(struct pigato_worker *w, struct pgt_post *post,
    const struct pgt_link_event *ev)
{
	bool was_known = post->state == PGT_POST_KNOWN;

	post->state = PGT_POST_AWAY;
	post->backoff_ms = 0;
	post->n_refused = 0;
	post->n_unready = 0;
	pgt_post_drop(w, post);
	if (ev->kind == PGT_LINK_LOST || w->is_draining)
		pgt_link_close(post->link, &w->links.conf, 0);
	if (ev->kind == PGT_LINK_LOST && !w->is_draining)
		post->link->open_at = pgt_now() + RECONNECT_MS;
	if (was_known)
		pgt_worker_tell(
		    w, PIGATO_ON_DISCONNECT, post->link->endpoint, PIGATO_OK);
}

/* ---- registration ---- */

static void
on_connected(struct pigato_worker *w, struct pgt_post *post)
{
	if (w->is_draining) {
		pgt_link_close(post->link, &w->links.conf, 0);
		return;
	}
	post->is_fresh = !post->was_ready;
	if (post->was_ready)
		say(post, PGT_WORKER_DISCONNECT);
	pgt_post_ready(w, post);
}

static void
on_beat(struct pigato_worker *w, struct pgt_post *post)
{
	switch (post->state) {
	case PGT_POST_KNOWN:
		pgt_post_beat(w, post);
		break;
	case PGT_POST_ASKED:
		pgt_post_ready(w, post);
		break;
	default:
		post->link->asked_at = -1; /* nothing was asked: no judgement */
		break;
	}
}

/* How long READY is to wait; more from time to time. */
static int64_t
next_backoff(struct pigato_worker *w, struct pgt_post *post, int64_t now)
{
	int64_t ms = post->backoff_ms;

	if (post->state == PGT_POST_KNOWN &&
	    now - post->known_at >= BACKOFF_MAX_MS)
		ms = 0;
	post->backoff_ms = ms < BACKOFF_MIN_MS ? BACKOFF_MIN_MS : ms * 2;
	if (post->backoff_ms > BACKOFF_MAX_MS)
		post->backoff_ms = BACKOFF_MAX_MS;
	if (ms > 0)
		ms += (int64_t)pgt_rand_below(
		    &w->links.conf.rand, (uint64_t)ms / 8);
	return ms;
}

bool
pgt_post_is_denied(const struct pgt_post *post)
{
	return post->n_refused >= REFUSALS;
}

/* W 5: READY again, at once if that has not been of no use just now. */
static void
on_refused(struct pigato_worker *w, struct pgt_post *post)
{
	bool was_known = post->state == PGT_POST_KNOWN;
	bool was_denied = pgt_post_is_denied(post);
	int64_t now = pgt_now(), ms;

	if (post->state == PGT_POST_REFUSED)
		return;
	post->n_refused += post->state == PGT_POST_ASKED;
	ms = next_backoff(w, post, now);
	post->state = PGT_POST_REFUSED;
	post->is_fresh = true;
	post->ready_at = now + ms;
	post->n_unready = 0;
	pgt_post_drop(w, post);
	if (w->is_draining)
		pgt_post_leave(w, post);
	else if (ms == 0)
		pgt_post_ready(w, post);
	if (was_known)
		pgt_worker_tell(
		    w, PIGATO_ON_DISCONNECT, post->link->endpoint, PIGATO_OK);
	else if (pgt_post_is_denied(post) && !was_denied)
		pgt_worker_tell(w, PIGATO_ON_ERROR, post->link->endpoint,
		    PIGATO_ERR_DENIED);
}

static void
on_registered(struct pigato_worker *w, struct pgt_post *post)
{
	bool was_known = post->state == PGT_POST_KNOWN;

	post->state = PGT_POST_KNOWN;
	post->n_refused = 0;
	if (was_known)
		return;
	post->known_at = pgt_now();
	pgt_worker_tell(w, PIGATO_ON_CONNECT, post->link->endpoint, PIGATO_OK);
}

void
pgt_post_serve(struct pigato_worker *w, struct pgt_post *post, int64_t now)
{
	if (post->state == PGT_POST_REFUSED && now >= post->ready_at)
		pgt_post_ready(w, post);
}

/* ---- the router ---- */

static void
on_message(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p)
{
	bool is_known = post->state == PGT_POST_KNOWN;
	bool is_ours =
	    is_known || (post->state != PGT_POST_AWAY && post->is_fresh);

	if (is_known || post->state == PGT_POST_ASKED)
		pgt_post_answered(w, post, p);
	switch (p->verb) {
	case PGT_TO_WORKER_READY:
		if (post->state != PGT_POST_AWAY)
			on_registered(w, post);
		break;
	case PGT_TO_WORKER_DISCONNECT:
		if (post->state != PGT_POST_AWAY)
			on_refused(w, post);
		break;
	case PGT_TO_WORKER_REQUEST:
		if (is_ours)
			pgt_worker_on_request(w, post, p);
		break;
	case PGT_TO_WORKER_HEARTBEAT:
		if (is_ours)
			pgt_worker_on_beat(w, post, p);
		break;
	default:
		pgt_worker_tell(w, PIGATO_ON_ERROR, post->link->endpoint,
		    PIGATO_ERR_PROTOCOL);
		break;
	}
}

void
pgt_worker_on_event(struct pigato_worker *w, const struct pgt_link_event *ev)
{
	struct pgt_post *post = &w->posts[ev->link->index];

	switch (ev->kind) {
	case PGT_LINK_CONNECTED:
		on_connected(w, post);
		break;
	case PGT_LINK_BEAT:
		on_beat(w, post);
		break;
	case PGT_LINK_MESSAGE:
		on_message(w, post, &ev->packet);
		break;
	case PGT_LINK_LOST:
	case PGT_LINK_DEAD:
		on_gone(w, post, ev);
		break;
	case PGT_LINK_FAILED:
		pgt_worker_tell(w, PIGATO_ON_ERROR, ev->link->endpoint,
		    pgt_error_of_errno(ev->error));
		break;
	case PGT_LINK_ANSWERED: /* whatever it is, see its message */
	case PGT_LINK_WRITABLE: /* our links are never full */
		break;
	}
}
