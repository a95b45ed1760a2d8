/* A request that is waited for; all else is served meanwhile. */
#include "lib/client.h"

#include <jansson.h>

#include "base/alloc.h"
#include "lib/error.h"
#include "lib/json.h"
#include "lib/response.h"

struct call {
	bool is_over;
	int error;
	struct pigato_response *response;
};

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct call *call = arg;

	if (!response->is_final)
		return;
	r->client->is_woken = true;
	call->is_over = true;
	call->error = response->error;
	/* An end that nobody has sent leaves no response. */
	if (call->error != PIGATO_OK && pgt_frame_view(&response->data).n == 0)
		return;
	call->response = pigato_response_keep(response);
	if (call->response == NULL)
		call->error = PIGATO_ERR_NOMEM;
}

/* The client is held. */
static int
wait_for(struct pigato_client *c, struct call *call, struct pigato_request *r)
{
	int rc = 0;

	while (!call->is_over && rc == 0)
		rc = pgt_client_wait_once(c, INT64_MAX);
	if (call->is_over)
		return call->error;
	pigato_request_cancel(r);
	return pgt_error_of_errno(rc);
}

int
pigato_client_call(struct pigato_client *c, const char *service,
    const char *data, size_t size, const struct pigato_request_opts *opts,
    struct pigato_response **response)
{
	struct call call = {0};
	struct pigato_request *r;
	int rc;

	if (response != NULL)
		*response = NULL;
	if (c->n_callbacks > 0)
		return PIGATO_ERR_STATE;
	pgt_client_hold(c);
	rc = pigato_client_request(
	    c, service, data, size, opts, on_response, &call, &r);
	if (rc == PIGATO_OK)
		rc = wait_for(c, &call, r);
	pgt_client_release(c);
	if (response != NULL)
		*response = call.response;
	else
		pigato_response_free(call.response);
	return rc;
}

/* What came, parsed; *reply stays NULL where nothing did. */
static int
read_reply(const struct pigato_response *response, int rc, json_t **reply)
{
	if (response == NULL || reply == NULL)
		return rc;
	*reply = pigato_response_json(response);
	if (rc == PIGATO_OK && *reply == NULL)
		return PIGATO_ERR_PROTOCOL;
	return rc;
}

int
pigato_client_call_json(struct pigato_client *c, const char *service,
    const struct json_t *data, const struct pigato_request_opts *opts,
    struct json_t **reply)
{
	struct pigato_response *response;
	char *text;
	size_t n;
	int rc = pgt_json_write(data, &text, &n);

	if (reply != NULL)
		*reply = NULL;
	if (rc != PIGATO_OK)
		return rc;
	rc = pigato_client_call(c, service, text, n, opts, &response);
	pgt_free(text);
	rc = read_reply(response, rc, reply);
	pigato_response_free(response);
	return rc;
}
