/*
 * What brokers ask of us. A request waits, parked, until there is a place for
 * it: a broker knows our concurrency only after it has answered READY, and
 * may have given us a hundred by then.
 */
#include "lib/worker.h"

#include <errno.h>

static bool
has_place(const struct pigato_worker *w, const struct pgt_post *post)
{
	return w->is_started &&
	       (w->concurrency < 0 || (int64_t)post->n_open < w->concurrency);
}

static void
run(struct pigato_worker *w, struct pigato_reply *rep)
{
	struct pgt_slice data = pgt_frame_view(&rep->data);

	pgt_reply_begin(rep);
	pgt_worker_hold(w);
	w->n_callbacks++;
	w->on_request(w, rep, data.p, data.n, w->on_request_arg);
	w->n_callbacks--;
	pgt_worker_release(w);
}

static void
feed(struct pigato_worker *w, struct pgt_post *post)
{
	struct pigato_reply *rep;

	while (has_place(w, post) && (rep = TAILQ_FIRST(&post->parked)) != NULL)
		run(w, rep);
}

void
pgt_worker_feed(struct pigato_worker *w)
{
	w->is_feed_due = false;
	for (size_t i = 0; i < w->links.n; i++)
		feed(w, &w->posts[i]);
}

/* It has not been begun: may another worker have it. */
static void
reject(struct pgt_post *post, const struct pgt_packet *from)
{
	struct pgt_packet p = {
	    .verb = PGT_WORKER_REJECT,
	    .field[PGT_F_CLIENT] = from->field[PGT_F_CLIENT],
	    .field[PGT_F_RID] = from->field[PGT_F_RID],
	};
	struct pgt_frame status, data;

	/* Small ones, which cannot fail. */
	pgt_frame_from(&status, pgt_slice_of("0"));
	pgt_frame_from(&data, pgt_slice_of("null"));
	p.field[PGT_F_CODE] = &status;
	p.field[PGT_F_DATA] = &data;
	pgt_link_send(post->link, &p);
	pgt_frame_clear(&status);
	pgt_frame_clear(&data);
	post->is_dirty = true;
}

/* Nobody has an empty id, and a rid that is pending is given once. */
void
pgt_worker_on_request(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p)
{
	struct pigato_reply *rep;
	int rc = -EEXIST;

	if (pgt_packet_view(p, PGT_F_CLIENT).n > 0)
		rc = pgt_reply_new(w, post, p, &rep);
	if (rc == -EEXIST) {
		pgt_worker_tell(w, PIGATO_ON_ERROR, post->link->endpoint,
		    PIGATO_ERR_PROTOCOL);
	} else if (rc < 0) {
		reject(post, p);
		pgt_worker_tell(
		    w, PIGATO_ON_ERROR, post->link->endpoint, PIGATO_ERR_NOMEM);
	} else if (w->is_draining) {
		pgt_reply_give_back(rep);
	} else {
		feed(w, post);
	}
}

void
pgt_worker_on_beat(
    struct pigato_worker *w, struct pgt_post *post, const struct pgt_packet *p)
{
	struct pigato_reply *rep;

	if (p->field[PGT_F_RID] == NULL)
		return;
	rep = pgt_reply_find(w, post, p);
	if (rep != NULL)
		rep->heard_at = pgt_now();
}
