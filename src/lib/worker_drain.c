/*
 * A drain: each broker is told concurrency 0, and what comes all the same is
 * rejected, for others to do. When nothing is in flight, and every broker has
 * shown that it has read all we said, the worker stops: then no request can
 * be on its way to us, and no reply on its way from us.
 *
 * READY, said again, is answered by W 1 in its turn (PROTOCOL 3). PIGATO's
 * own broker answers that only once, but heartbeats each time, and sends
 * hardly any by itself: so many of them will do as well.
 */
#include "lib/worker.h"

#define BEATS 3

static void
ask(struct pigato_worker *w, struct pgt_post *post)
{
	post->is_asked = true;
	post->is_dirty = false;
	post->n_beats = 0;
	for (int i = 0; i < BEATS; i++)
		pgt_post_beat(w, post);
	pgt_post_again(w, post);
}

static bool
is_live(const struct pgt_post *post)
{
	return post->state == PGT_POST_KNOWN || post->state == PGT_POST_ASKED;
}

int
pigato_worker_drain(struct pigato_worker *w)
{
	struct pigato_reply *rep;

	if (!w->is_started)
		return PIGATO_ERR_STATE;
	if (w->is_draining)
		return PIGATO_OK;
	w->is_draining = true;
	w->is_leave_due = true;
	for (struct pgt_post *p = w->posts; p < w->posts + w->links.n; p++) {
		while ((rep = TAILQ_FIRST(&p->parked)) != NULL)
			pgt_reply_give_back(rep);
		if (is_live(p))
			ask(w, p);
	}
	return PIGATO_OK;
}

void
pgt_worker_drain_step(struct pigato_worker *w)
{
	bool is_over = true;

	w->is_leave_due = false;
	if (!w->is_draining || w->n_open > 0)
		return;
	for (struct pgt_post *p = w->posts; p < w->posts + w->links.n; p++) {
		if (!is_live(p))
			continue;
		if (!p->is_asked && p->is_dirty)
			ask(w, p);
		is_over = is_over && !p->is_asked;
	}
	if (is_over)
		pigato_worker_stop(w);
}

void
pgt_post_answered(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p)
{
	bool is_answer = false;

	if (p->verb == PGT_TO_WORKER_READY) {
		if (post->n_unready > 0)
			post->n_unready--;
		is_answer = post->n_unready == 0;
	} else if (p->verb == PGT_TO_WORKER_HEARTBEAT &&
		   p->field[PGT_F_RID] == NULL) {
		is_answer = ++post->n_beats >= BEATS;
	}
	if (!post->is_asked || !is_answer)
		return;
	post->is_asked = false;
	w->is_leave_due = true;
}
