/* A worker's life and settings. */
#include "lib/worker.h"

#include <errno.h>
#include <uuid.h>

#include "base/alloc.h"
#include "lib/error.h"

#define CONCURRENCY 100

/* More is as good as no limit; its heartbeat needs no memory. */
#define CONCURRENCY_MAX INT64_C(1000000000000000)

_Static_assert(sizeof(uuid_t) == PGT_MAP_SEED, "a uuid is a seed");

static int
init_posts(struct pigato_worker *w)
{
	size_t n = w->links.n;

	TAILQ_INIT(&w->left);
	w->posts = pgt_alloc((n > 0 ? n : 1) * sizeof(*w->posts));
	if (w->posts == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		w->posts[i].link = &w->links.link[i];
		TAILQ_INIT(&w->posts[i].open);
		TAILQ_INIT(&w->posts[i].parked);
	}
	return 0;
}

struct pigato_worker *
pigato_worker_new(const char *endpoints, const char *service)
{
	struct pigato_worker *w = pgt_alloc(sizeof(*w));
	struct pgt_slice name = pgt_slice_of(service == NULL ? "" : service);
	uuid_t uuid;

	if (w == NULL)
		return NULL;
	if (pgt_links_init(&w->links, 'W', endpoints) < 0)
		goto fail_links;
	if (init_posts(w) < 0)
		goto fail_posts;
	if (pgt_frame_from(&w->service, name) < 0)
		goto fail_service;
	uuid_generate(uuid);
	pgt_map_init(&w->replies, uuid);
	w->concurrency = CONCURRENCY;
	return w;
fail_service:
	pgt_free(w->posts);
fail_posts:
	pgt_links_clear(&w->links);
fail_links:
	pgt_free(w);
	return NULL;
}

void
pgt_worker_hold(struct pigato_worker *w)
{
	w->n_holds++;
}

void
pgt_worker_release(struct pigato_worker *w)
{
	if (--w->n_holds > 0 || !w->is_freed)
		return;
	pgt_links_clear(&w->links);
	pgt_free(w->posts);
	pgt_frame_clear(&w->service);
	pgt_free(w);
}

void
pgt_worker_tell(struct pigato_worker *w, enum pigato_event event,
    const char *endpoint, int error)
{
	if (w->on_event == NULL)
		return;
	pgt_worker_hold(w);
	w->n_callbacks++;
	w->on_event(w, event, endpoint, error, w->on_event_arg);
	w->n_callbacks--;
	pgt_worker_release(w);
}

static void
reset_posts(struct pigato_worker *w)
{
	for (struct pgt_post *p = w->posts; p < w->posts + w->links.n; p++) {
		p->state = PGT_POST_AWAY;
		p->was_ready = false;
		p->backoff_ms = 0;
		p->n_refused = 0;
		p->is_asked = false;
		p->is_dirty = false;
		p->n_unready = 0;
	}
}

int
pigato_worker_start(struct pigato_worker *w)
{
	int rc;

	if (w->is_draining || w->is_stopping || w->is_freed)
		return PIGATO_ERR_STATE;
	if (w->is_started)
		return PIGATO_OK;
	if (pgt_frame_view(&w->service).n == 0)
		return PIGATO_ERR_INVALID;
	if (w->on_request == NULL)
		return PIGATO_ERR_STATE;
	reset_posts(w);
	rc = pgt_links_start(&w->links, pgt_now());
	if (rc < 0)
		return pgt_error_of_errno(rc);
	w->is_started = true;
	w->n_starts++;
	pgt_worker_tell(w, PIGATO_ON_START, NULL, PIGATO_OK);
	return PIGATO_OK;
}

void
pigato_worker_stop(struct pigato_worker *w)
{
	if (!w->is_started)
		return;
	pgt_worker_hold(w);
	w->is_started = false;
	w->is_stopping = true;
	for (size_t i = 0; i < w->links.n; i++) {
		pgt_post_leave(w, &w->posts[i]);
		pgt_post_drop(w, &w->posts[i]);
	}
	pgt_links_stop(&w->links);
	w->is_draining = false;
	w->is_stopping = false;
	w->is_feed_due = false;
	w->is_leave_due = false;
	pgt_worker_tell(w, PIGATO_ON_STOP, NULL, PIGATO_OK);
	pgt_worker_release(w);
}

/* What the program still holds is on its own from now on. */
static void
disown_replies(struct pigato_worker *w)
{
	struct pigato_reply *rep;

	while ((rep = TAILQ_FIRST(&w->left)) != NULL) {
		TAILQ_REMOVE(&w->left, rep, next);
		rep->list = NULL;
		rep->worker = NULL;
	}
}

void
pigato_worker_free(struct pigato_worker *w)
{
	if (w == NULL || w->is_freed)
		return;
	pgt_worker_hold(w);
	w->is_freed = true;
	pigato_worker_stop(w);
	disown_replies(w);
	pgt_worker_release(w);
}

/* ---- settings ---- */

int
pigato_worker_set_prefix(struct pigato_worker *w, const char *prefix)
{
	if (w->is_started)
		return PIGATO_ERR_STATE;
	return pgt_error_of_errno(pgt_links_set_prefix(&w->links, prefix));
}

int
pigato_worker_set_heartbeat(
    struct pigato_worker *w, int64_t interval_ms, int liveness)
{
	if (w->is_started)
		return PIGATO_ERR_STATE;
	return pgt_error_of_errno(
	    pgt_links_set_heartbeat(&w->links, interval_ms, liveness));
}

int
pigato_worker_set_concurrency(struct pigato_worker *w, int64_t n)
{
	if (n < -1)
		return PIGATO_ERR_INVALID;
	w->concurrency = n < CONCURRENCY_MAX ? n : CONCURRENCY_MAX;
	if (!w->is_started || w->is_draining)
		return PIGATO_OK;
	w->is_feed_due = true;
	for (struct pgt_post *p = w->posts; p < w->posts + w->links.n; p++)
		if (p->state == PGT_POST_KNOWN || p->state == PGT_POST_ASKED)
			pgt_post_beat(w, p);
	return PIGATO_OK;
}

int
pigato_worker_on_request(
    struct pigato_worker *w, pigato_request_fn fn, void *arg)
{
	if (w->is_started)
		return PIGATO_ERR_STATE;
	if (fn == NULL)
		return PIGATO_ERR_INVALID;
	w->on_request = fn;
	w->on_request_arg = arg;
	return PIGATO_OK;
}

void
pigato_worker_on_event(
    struct pigato_worker *w, pigato_worker_event_fn fn, void *arg)
{
	w->on_event = fn;
	w->on_event_arg = arg;
}

void
pigato_worker_set_data(struct pigato_worker *w, void *data)
{
	w->data = data;
}

void *
pigato_worker_data(const struct pigato_worker *w)
{
	return w->data;
}

bool
pigato_worker_is_connected(const struct pigato_worker *w)
{
	for (size_t i = 0; i < w->links.n; i++)
		if (w->posts[i].state == PGT_POST_KNOWN)
			return true;
	return false;
}

bool
pigato_worker_is_denied(const struct pigato_worker *w)
{
	for (size_t i = 0; i < w->links.n; i++)
		if (!pgt_post_is_denied(&w->posts[i]))
			return false;
	return w->links.n > 0;
}

size_t
pigato_worker_in_flight(const struct pigato_worker *w)
{
	return w->n_open;
}

const char *
pigato_worker_id(const struct pigato_worker *w)
{
	return w->links.conf.channel.id;
}
