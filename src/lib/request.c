/*
 * A request in flight: from pigato_client_request() until its end is told.
 * It allocates all that it will ever need at birth; nothing after that can
 * fail for want of memory.
 */
#include "lib/client.h"

#include "base/alloc.h"
#include "base/container.h"
#include "lib/error.h"
#include "lib/json.h"
#include "lib/response.h"

/* Longer is as good as for ever; sums with it stay in bounds. */
#define TIMEOUT_MAX_MS (INT64_C(1) << 60)

/* ---- birth and death ---- */

static void
request_free(struct pigato_request *r)
{
	pgt_frame_clear(&r->service);
	pgt_frame_clear(&r->rid);
	pgt_frame_clear(&r->data);
	pgt_frame_clear(&r->opts);
	pgt_free(r);
}

static int
fill_frames(struct pigato_request *r, const char *service,
    struct pgt_slice data, const struct pigato_request_opts *opts)
{
	struct pgt_frame *frames[] = {&r->service, &r->rid, &r->data};
	struct pgt_slice bytes[] = {
	    pgt_slice_of(service), pgt_slice_of(r->id.text), data};

	for (size_t i = 0; i < 3; i++)
		if (pgt_frame_from(frames[i], bytes[i]) < 0)
			return PIGATO_ERR_NOMEM;
	return pgt_request_opts_write(opts, r->timeout_ms, &r->opts);
}

static int
enter_tables(struct pigato_client *c, struct pigato_request *r)
{
	struct pgt_key key = {.s = {r->id.text, PGT_RID_SIZE - 1}};

	if (pgt_timer_open(&c->timers, &r->timer, 0) < 0)
		return PIGATO_ERR_NOMEM;
	if (pgt_map_add(&c->requests, &r->node, &key) == 0) {
		/* A reply to one that is alone is found without a hash. */
		if (pigato_client_in_flight(c) == 1)
			c->requests.last = &r->node;
		return PIGATO_OK;
	}
	pgt_timer_close(&c->timers, &r->timer);
	return PIGATO_ERR_NOMEM;
}

static int
request_new(struct pigato_client *c, const char *service, struct pgt_slice data,
    const struct pigato_request_opts *opts, struct pigato_request **out)
{
	struct pigato_request *r = pgt_alloc(sizeof(*r));
	int rc;

	if (r == NULL)
		return PIGATO_ERR_NOMEM;
	pgt_frame_init(&r->service);
	pgt_frame_init(&r->rid);
	pgt_frame_init(&r->data);
	pgt_frame_init(&r->opts);
	pgt_rids_make(&c->rids, &r->id);
	r->client = c;
	r->broker = PGT_NO_BROKER;
	r->timeout_ms =
	    opts->timeout_ms != 0 ? opts->timeout_ms : c->timeout_ms;
	if (r->timeout_ms > TIMEOUT_MAX_MS)
		r->timeout_ms = TIMEOUT_MAX_MS;
	r->retry = opts->retry;
	r->heard_at = pgt_now();
	r->beat_at = INT64_MAX;
	if (opts->heartbeat)
		r->beat_at = r->heard_at + c->links.conf.heartbeat_ms;
	rc = fill_frames(r, service, data, opts);
	if (rc == PIGATO_OK)
		rc = enter_tables(c, r);
	if (rc != PIGATO_OK) {
		request_free(r);
		return rc;
	}
	*out = r;
	return PIGATO_OK;
}

/* Out of all tables: whoever is called back cannot find it any more. */
static void
leave_tables(struct pigato_request *r)
{
	struct pigato_client *c = r->client;

	pgt_map_remove(&c->requests, &r->node);
	pgt_timer_close(&c->timers, &r->timer);
	pgt_rids_end(
	    &c->rids, &r->id, r->is_replied ? PGT_RID_REPLIED : PGT_RID_LEFT);
	TAILQ_REMOVE(r->list, r, next);
	r->list = NULL;
}

/* The callback may end r, where it has not ended already. */
static void
call_back(
    struct pigato_request *r, int error, bool is_final, struct pgt_frame *data)
{
	struct pigato_client *c = r->client;
	struct pigato_response response;

	pgt_response_init(&response, error, is_final, data);
	c->n_callbacks++;
	if (r->fn != NULL)
		r->fn(r, &response, r->arg);
	c->n_callbacks--;
	pgt_response_clear(&response);
}

void
pgt_request_end(struct pigato_request *r, int error, struct pgt_frame *data)
{
	struct pigato_client *c = r->client;

	pgt_client_hold(c);
	leave_tables(r);
	call_back(r, error, true, data);
	request_free(r);
	pgt_client_release(c);
}

void
pgt_request_partial(struct pigato_request *r, int error, struct pgt_frame *data)
{
	struct pigato_client *c = r->client;

	pgt_client_hold(c);
	r->heard_at = pgt_now();
	r->had_partial = true;
	call_back(r, error, false, data);
	pgt_client_release(c);
}

/* ---- time ---- */

static int64_t
expires_at(const struct pigato_request *r)
{
	return r->timeout_ms < 0 ? INT64_MAX : r->heard_at + r->timeout_ms;
}

/* Partial replies only write heard_at: the timer, too early, looks again. */
void
pgt_request_arm(struct pigato_request *r)
{
	int64_t at = expires_at(r);

	if (r->beat_at < at)
		at = r->beat_at;
	if (at == INT64_MAX)
		pgt_timer_disarm(&r->client->timers, &r->timer);
	else
		pgt_timer_arm(&r->client->timers, &r->timer, at);
}

void
pgt_request_on_timer(struct pigato_request *r, int64_t now)
{
	struct pigato_client *c = r->client;

	if (now >= expires_at(r)) {
		bool is_lonely =
		    r->list == &c->waiting && !pgt_links_are_up(&c->links);

		pgt_request_end(r,
		    is_lonely ? PIGATO_ERR_NO_BROKER : PIGATO_ERR_TIMEOUT,
		    NULL);
		return;
	}
	if (now >= r->beat_at) {
		r->beat_at = now + c->links.conf.heartbeat_ms;
		pigato_request_heartbeat(r);
	}
	pgt_request_arm(r);
}

/* ---- the caller's ---- */

/* Started, now or before; a callback may have had other ideas. */
static int
require_started(struct pigato_client *c)
{
	int rc = PIGATO_OK;

	if (c->is_freed || c->is_stopping)
		return PIGATO_ERR_STATE;
	if (!c->is_started && c->autostart)
		rc = pigato_client_start(c);
	if (rc == PIGATO_OK && !c->is_started)
		rc = PIGATO_ERR_STATE;
	return rc;
}

static int
send_request(struct pigato_client *c, const char *service,
    struct pgt_slice data, const struct pigato_request_opts *from,
    struct pigato_request **out)
{
	struct pigato_request_opts opts;
	int rc;

	if (service == NULL || service[0] == '\0')
		return PIGATO_ERR_INVALID;
	rc = pgt_request_opts_take(&opts, from);
	if (rc == PIGATO_OK)
		rc = require_started(c);
	if (rc == PIGATO_OK)
		rc = request_new(c, service, data, &opts, out);
	return rc;
}

int
pigato_client_request(struct pigato_client *c, const char *service,
    const char *data, size_t size, const struct pigato_request_opts *opts,
    pigato_response_fn fn, void *arg, struct pigato_request **out)
{
	struct pgt_slice bytes = {data, size};
	struct pigato_request *r;
	int rc;

	if (data == NULL)
		bytes = pgt_slice_of("null");
	pgt_client_hold(c);
	rc = send_request(c, service, bytes, opts, &r);
	if (rc == PIGATO_OK) {
		c->counters.requests++;
		r->fn = fn;
		r->arg = arg;
		pgt_client_send(c, r);
		if (out != NULL)
			*out = r;
	}
	pgt_client_release(c);
	return rc;
}

int
pigato_client_request_json(struct pigato_client *c, const char *service,
    const struct json_t *data, const struct pigato_request_opts *opts,
    pigato_response_fn fn, void *arg, struct pigato_request **out)
{
	char *text;
	size_t n;
	int rc = pgt_json_write(data, &text, &n);

	if (rc != PIGATO_OK)
		return rc;
	rc = pigato_client_request(c, service, text, n, opts, fn, arg, out);
	pgt_free(text);
	return rc;
}

const char *
pigato_request_id(const struct pigato_request *r)
{
	return r->id.text;
}

int
pigato_request_heartbeat(struct pigato_request *r)
{
	struct pigato_client *c = r->client;
	struct pgt_link *l;

	if (r->list == NULL)
		return PIGATO_ERR_STATE;
	l = r->broker == PGT_NO_BROKER ? NULL : &c->links.link[r->broker];
	if (l == NULL || !l->is_up)
		return PIGATO_ERR_NO_BROKER;
	return pgt_client_beat(l, r) == 0 ? PIGATO_OK : PIGATO_ERR_BUSY;
}

void
pigato_request_cancel(struct pigato_request *r)
{
	if (r->list != NULL)
		pgt_request_end(r, PIGATO_ERR_CANCELLED, NULL);
}
