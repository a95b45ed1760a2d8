/*
 * A request whose responses wait in a queue until they are asked for. Its end
 * is the last one in; what cannot be queued for want of memory ends it.
 *
 * While its owner waits for a response, a callback may close it: then it is
 * freed by the one who waits.
 */
#include "lib/client.h"

#include "base/alloc.h"
#include "lib/error.h"
#include "lib/response.h"

struct pigato_stream {
	struct pigato_client *client;	/* valid while there is a request */
	struct pigato_request *request; /* NULL: it has ended */
	STAILQ_HEAD(, pigato_response) queue;
	bool is_short;	/* of memory: the end could not be queued */
	bool is_held;	/* somebody waits */
	bool is_closed; /* while he did */
};

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct pigato_stream *s = arg;
	struct pigato_response *kept = NULL;

	if (pigato_response_is_final(response))
		s->request = NULL;
	if (!s->is_short)
		kept = pigato_response_keep(response);
	r->client->is_woken = s->is_held;
	if (kept != NULL) {
		STAILQ_INSERT_TAIL(&s->queue, kept, next);
		return;
	}
	s->is_short = true;
	pigato_request_cancel(r);
}

int
pigato_stream_open(struct pigato_stream **out, struct pigato_client *c,
    const char *service, const char *data, size_t size,
    const struct pigato_request_opts *opts)
{
	struct pigato_stream *s = pgt_alloc(sizeof(*s));
	int rc;

	if (s == NULL)
		return PIGATO_ERR_NOMEM;
	s->client = c;
	STAILQ_INIT(&s->queue);
	rc = pigato_client_request(
	    c, service, data, size, opts, on_response, s, &s->request);
	if (rc == PIGATO_OK)
		*out = s;
	else
		pgt_free(s);
	return rc;
}

static void
stream_free(struct pigato_stream *s)
{
	struct pigato_response *response;

	while ((response = STAILQ_FIRST(&s->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&s->queue, next);
		pigato_response_free(response);
	}
	pgt_free(s);
}

/* Until there is a response, or an end, or it is closed. */
static int
wait_for(struct pigato_stream *s, int64_t timeout_ms)
{
	struct pigato_client *c = s->client;
	int64_t until = pgt_client_instant(timeout_ms);
	int rc = 0;

	if (c->n_callbacks > 0 || s->is_held)
		return timeout_ms == 0 ? PIGATO_ERR_TIMEOUT : PIGATO_ERR_STATE;
	pgt_client_hold(c);
	s->is_held = true;
	do
		rc = pgt_client_wait_once(c, until);
	while (rc == 0 && STAILQ_EMPTY(&s->queue) && s->request != NULL &&
	       !s->is_closed && (until == INT64_MAX || pgt_now() < until));
	s->is_held = false;
	pgt_client_release(c);
	return pgt_error_of_errno(rc);
}

/* The first of the queue; what it returns says which kind it is. */
static int
take_first(struct pigato_stream *s, struct pigato_response **response)
{
	struct pigato_response *first = STAILQ_FIRST(&s->queue);

	STAILQ_REMOVE_HEAD(&s->queue, next);
	*response = first;
	return first->is_final ? first->error : PIGATO_OK;
}

static int
take_nothing(struct pigato_stream *s)
{
	if (s->request != NULL)
		return PIGATO_ERR_TIMEOUT;
	if (!s->is_short)
		return PIGATO_ERR_STATE;
	s->is_short = false;
	return PIGATO_ERR_NOMEM;
}

int
pigato_stream_next(struct pigato_stream *s, int64_t timeout_ms,
    struct pigato_response **response)
{
	int rc = PIGATO_OK;

	*response = NULL;
	if (STAILQ_EMPTY(&s->queue) && s->request != NULL)
		rc = wait_for(s, timeout_ms);
	if (s->is_closed) {
		stream_free(s);
		return PIGATO_ERR_CANCELLED;
	}
	if (rc != PIGATO_OK)
		return rc;
	if (STAILQ_EMPTY(&s->queue))
		return take_nothing(s);
	return take_first(s, response);
}

void
pigato_stream_close(struct pigato_stream *s)
{
	if (s == NULL)
		return;
	if (s->request != NULL)
		pigato_request_cancel(s->request);
	if (s->is_held)
		s->is_closed = true;
	else
		stream_free(s);
}
