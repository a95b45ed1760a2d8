/* A worker's turn: mail first, then what is due, then what was parked. */
#include "lib/worker.h"

#include <errno.h>

#include "lib/error.h"

/* So many events a turn, that a busy program may do something else as well. */
#define EVENTS_A_TURN 1000

int
pigato_worker_fd(const struct pigato_worker *w)
{
	if (w->links.conf.channel.epoll_fd < 0)
		errno = EMFILE;
	return w->links.conf.channel.epoll_fd;
}

static int64_t
due_at(const struct pigato_worker *w)
{
	int64_t at = INT64_MAX;

	if (w->is_feed_due || (w->is_draining && w->is_leave_due))
		return 0;
	for (size_t i = 0; i < w->links.n; i++)
		if (w->posts[i].state == PGT_POST_REFUSED &&
		    w->posts[i].ready_at < at)
			at = w->posts[i].ready_at;
	return at;
}

int
pigato_worker_timeout(const struct pigato_worker *w)
{
	/* Asking libzmq changes what is known of it; no worker is const. */
	return pgt_links_timeout((struct pgt_links *)&w->links, due_at(w));
}

static void
read_mail(struct pigato_worker *w, int64_t now)
{
	struct pgt_link_event ev;

	pgt_links_look(&w->links, now);
	for (unsigned n = 0; n < EVENTS_A_TURN; n++) {
		if (!pgt_links_next(&w->links, now, &ev))
			break;
		pgt_worker_on_event(w, &ev);
	}
}

static void
process(struct pigato_worker *w)
{
	int64_t now = pgt_now();

	pgt_worker_hold(w);
	read_mail(w, now);
	for (size_t i = 0; i < w->links.n; i++)
		pgt_post_serve(w, &w->posts[i], now);
	if (w->is_feed_due)
		pgt_worker_feed(w);
	if (w->is_leave_due)
		pgt_worker_drain_step(w);
	pgt_worker_release(w);
}

int
pigato_worker_process(struct pigato_worker *w)
{
	if (w->n_callbacks > 0)
		return PIGATO_ERR_STATE;
	process(w);
	return PIGATO_OK;
}

int
pigato_worker_run(struct pigato_worker *w)
{
	unsigned n_starts;
	int rc;

	if (w->n_callbacks > 0)
		return PIGATO_ERR_STATE;
	pgt_worker_hold(w);
	rc = w->is_started ? PIGATO_OK : pigato_worker_start(w);
	n_starts = w->n_starts;
	while (rc == PIGATO_OK && w->is_started && w->n_starts == n_starts) {
		rc = pgt_error_of_errno(
		    pgt_links_sleep(&w->links, pigato_worker_timeout(w)));
		if (rc == PIGATO_OK)
			process(w);
	}
	pgt_worker_release(w);
	return rc;
}
