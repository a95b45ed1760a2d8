/* Each feature once, in the words of its result. */
#include <stdio.h>
#include <string.h>

#include "lib/pigato.h"
#include "live.h"

static struct pigato_client *c;
static int n_failed;

static void
is(const char *what, const char *got, const char *want)
{
	if (got != NULL && strcmp(got, want) == 0)
		return;
	printf(
	    "%s: got %s, want %s\n", what, got == NULL ? "nothing" : got, want);
	n_failed++;
}

/* A call whose outcome is "ERROR data", or "data". */
static void
call_with(const char *service, const char *data,
    const struct pigato_request_opts *o, const char *want)
{
	struct pigato_response *response = NULL;
	char got[512] = "";
	int rc =
	    pigato_client_call(c, service, data, strlen(data), o, &response);

	snprintf(got, sizeof(got), "%s%s%s",
	    rc == PIGATO_OK ? "" : pigato_error_name(rc),
	    rc == PIGATO_OK || response == NULL ? "" : " ",
	    response == NULL ? "" : pigato_response_data(response, NULL));
	pigato_response_free(response);
	is(service, got, want);
}

static void
call(const char *service, const char *data, const char *want)
{
	call_with(service, data, NULL, want);
}

/* Until the workers are there. */
static void
wait_for_workers(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	o.worker_id = "W-die-0";
	o.timeout_ms = 30000;
	call_with("die", "1", &o, "WORKER_LOST \"WORKER_LOST\"");
	call("echo", "1", "1");
	call("stream", "1", "1");
	call("fail", "1", "REMOTE 1");
}

static void
calls(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	call("echo", "{\"a\":[1,2]}", "{\"a\":[1,2]}");
	call("fail", "{\"code\":1}", "REMOTE {\"code\":1}");
	call("fail", "\"REJECTED\"", "REJECTED \"REJECTED\"");
	call("$dir", "\"echo\"", "[\"W-echo-0\"]");
	o.failfast = true;
	call_with("nobody", "1", &o, "NO_WORKER \"NO_WORKER\"");
	o = (struct pigato_request_opts)PIGATO_REQUEST_OPTS;
	o.timeout_ms = 30;
	call_with("nobody", "1", &o, "TIMEOUT");
	o.timeout_ms = 0;
	o.worker_id = "W-echo-0";
	o.nocache = o.heartbeat = true;
	call_with("echo", "2", &o, "2");
	o.worker_id = "W-other";
	o.timeout_ms = 30;
	call_with("echo", "2", &o, "TIMEOUT");
}

static void
stream(void)
{
	struct pigato_response *response;
	struct pigato_stream *s;
	char got[64] = "";
	int rc;

	rc = pigato_stream_open(&s, c, "stream", "7", 1, NULL);
	while (rc == PIGATO_OK) {
		rc = pigato_stream_next(s, -1, &response);
		if (rc != PIGATO_OK)
			break;
		strcat(got, pigato_response_data(response, NULL));
		strcat(got, pigato_response_is_final(response) ? "." : ",");
		pigato_response_free(response);
	}
	pigato_stream_close(s);
	is("stream", got, "7,7,7,7.");
	is("its end", pigato_error_name(rc), "STATE");
}

/* What is cancelled is not heard of again, and does not harm others. */
static void
cancel(void)
{
	struct pigato_request *r;

	for (int i = 0; i < 10; i++)
		if (pigato_client_request(
			c, "echo", "1", 1, NULL, NULL, NULL, &r) == PIGATO_OK)
			pigato_request_cancel(r);
	call("echo", "\"after\"", "\"after\"");
	is("in flight", pigato_client_in_flight(c) == 0 ? "0" : "some", "0");
}

int
live_features(const char *address)
{
	c = pigato_client_new(address);
	if (c == NULL)
		return 1;
	wait_for_workers();
	calls();
	stream();
	cancel();
	pigato_client_stop(c);
	call("echo", "\"again\"", "\"again\"");
	pigato_client_free(c);
	return n_failed != 0;
}
