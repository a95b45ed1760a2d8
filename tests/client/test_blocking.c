/*
 * What blocks, and a loop that sleeps as long as it is told to: the broker is
 * a process of its own here. It does what the service's name says.
 */
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

/* Nothing here takes long; who sleeps too long is ended by a signal. */
#define PATIENCE_S 120

static struct fake fake;
static struct pigato_client *c;
static pid_t child;
static int leash; /* the broker leaves when we have closed it */

/* ---- the broker ---- */

static bool is_over;

static void
serve(const struct fake_mail *m)
{
	const char *service = m->frame[2];

	if (strcmp(service, "stream") == 0) {
		fake_reply(&fake, m, "6", "0", "1");
		fake_reply(&fake, m, "6", "0", "2");
	}
	if (strcmp(service, "echo") == 0 || strcmp(service, "stream") == 0)
		fake_reply(&fake, m, "3", "0", m->frame[4]);
	if (strcmp(service, "error") == 0)
		fake_reply(&fake, m, "3", "-1", m->frame[4]);
	if (strcmp(service, "die") == 0)
		is_over = true;
}

static void
run_broker(int in, int out)
{
	struct pollfd fd = {.fd = in, .events = POLLIN};

	fake_open(&fake);
	if (write(out, fake.endpoint, sizeof(fake.endpoint)) < 0)
		_exit(1);
	fake.serve = serve;
	while (!is_over && poll(&fd, 1, 1) == 0)
		fake_turn(&fake);
	fake_clear(&fake); /* for valgrind, which looks at us as well */
	_exit(0);
}

static void
stop(void)
{
	pigato_client_free(c);
	c = NULL;
	if (child > 0) {
		close(leash);
		waitpid(child, NULL, 0);
	}
	child = 0;
}

static void
start(void)
{
	char endpoint[sizeof(fake.endpoint)];
	int in[2], out[2];

	stop();
	alarm(PATIENCE_S);
	CHECK(pipe(in) == 0 && pipe(out) == 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		close(in[1]);
		run_broker(in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	leash = in[1];
	CHECK_INT(read(out[0], endpoint, sizeof(endpoint)), sizeof(endpoint));
	close(out[0]);
	c = pigato_client_new(endpoint);
	CHECK(c != NULL);
}

/* ---- calls ---- */

static const struct pigato_request_opts soon = {
    .size = sizeof(soon), .timeout_ms = 30};
static const struct pigato_request_opts never = {
    .size = sizeof(never), .timeout_ms = -1};

static int
call(const char *service, const char *data,
    const struct pigato_request_opts *opts, const char *want)
{
	struct pigato_response *response;
	int rc =
	    pigato_client_call(c, service, data, strlen(data), opts, &response);

	CHECK((want == NULL) == (response == NULL));
	if (response != NULL) {
		CHECK_TEXT(pigato_response_data(response, NULL), want);
		CHECK_INT(pigato_response_error(response), rc);
	}
	pigato_response_free(response);
	return rc;
}

static void
test_call(void)
{
	start();
	for (int i = 0; i < 1000; i++)
		CHECK_INT(call("echo", "\"hi\"", NULL, "\"hi\""), 0);
	CHECK_INT(call("stream", "3", NULL, "3"), 0);
	CHECK_INT(
	    call("error", "{\"a\":1}", NULL, "{\"a\":1}"), PIGATO_ERR_REMOTE);
	CHECK_INT(call("error", "\"BUSY\"", NULL, "\"BUSY\""), PIGATO_ERR_BUSY);
	CHECK_INT(call("mute", "1", &soon, NULL), PIGATO_ERR_TIMEOUT);
	CHECK_INT(call("", "1", NULL, NULL), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_call(c, "echo", "1", 1, NULL, NULL), 0);
	CHECK_INT(call("die", "1", &never, NULL), PIGATO_ERR_NO_BROKER);
	CHECK_INT(call("echo", "1", &soon, NULL), PIGATO_ERR_NO_BROKER);
	stop();
}

static void
test_call_json(void)
{
	json_t *v = json_pack("[i,s]", 1, "two"), *reply;

	start();
	CHECK_INT(pigato_client_call_json(c, "echo", v, NULL, &reply), 0);
	CHECK(json_equal(v, reply));
	json_decref(reply);
	CHECK_INT(pigato_client_call_json(c, "error", v, NULL, &reply),
	    PIGATO_ERR_REMOTE);
	CHECK(json_equal(v, reply));
	json_decref(reply);
	CHECK_INT(pigato_client_call_json(c, "mute", v, &soon, &reply),
	    PIGATO_ERR_TIMEOUT);
	CHECK(reply == NULL);
	CHECK_INT(pigato_client_call_json(c, "echo", NULL, NULL, NULL), 0);
	json_decref(v);
	stop();
}

static int n_ended, n_ok;

static void
count(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)arg;
	n_ended += pigato_response_is_final(response);
	n_ok += pigato_response_error(response) == PIGATO_OK;
}

static void
test_wait(void)
{
	start();
	n_ended = n_ok = 0;
	CHECK_INT(pigato_client_wait(c, -1), 0);
	for (int i = 0; i < 5000; i++)
		CHECK_INT(pigato_client_request(
			      c, "echo", "1", 1, NULL, count, NULL, NULL),
		    0);
	CHECK_INT(pigato_client_wait(c, -1), 0);
	CHECK_INT(n_ended, 5000);
	CHECK_INT(n_ok, 5000);
	CHECK_INT(
	    pigato_client_request(c, "mute", "1", 1, &never, count, NULL, NULL),
	    0);
	CHECK_INT(pigato_client_wait(c, 0), PIGATO_ERR_TIMEOUT);
	CHECK_INT(pigato_client_wait(c, 20), PIGATO_ERR_TIMEOUT);
	stop();
	CHECK_INT(n_ended, 5001);
}

/* ---- streams ---- */

static void
expect(struct pigato_stream *s, int64_t timeout_ms, int error, const char *data)
{
	struct pigato_response *response;

	CHECK_INT(pigato_stream_next(s, timeout_ms, &response), error);
	CHECK((data == NULL) == (response == NULL));
	if (data != NULL)
		CHECK_TEXT(pigato_response_data(response, NULL), data);
	pigato_response_free(response);
}

static struct pigato_stream *
open_stream(const char *service, const struct pigato_request_opts *opts)
{
	struct pigato_stream *s = NULL;

	CHECK_INT(pigato_stream_open(&s, c, service, "3", 1, opts), 0);
	return s;
}

static void
test_stream(void)
{
	struct pigato_stream *s, *t;

	start();
	CHECK_INT(
	    pigato_stream_open(&s, c, "", "3", 1, NULL), PIGATO_ERR_INVALID);
	s = open_stream("stream", NULL);
	t = open_stream("stream", NULL);
	for (int i = 0; i < 2; i++) {
		expect(s, -1, 0, "1");
		expect(s, -1, 0, "2");
		expect(s, -1, 0, "3");
		expect(s, -1, PIGATO_ERR_STATE, NULL);
		pigato_stream_close(s);
		s = t;
	}
	s = open_stream("error", NULL);
	expect(s, -1, PIGATO_ERR_REMOTE, "3");
	expect(s, 0, PIGATO_ERR_STATE, NULL);
	pigato_stream_close(s);
	s = open_stream("mute", &soon);
	expect(s, 0, PIGATO_ERR_TIMEOUT, NULL);
	expect(s, -1, PIGATO_ERR_TIMEOUT, "");
	expect(s, -1, PIGATO_ERR_STATE, NULL);
	pigato_stream_close(s);
	s = open_stream("mute", &never);
	expect(s, 10, PIGATO_ERR_TIMEOUT, NULL);
	pigato_stream_close(s);
	CHECK_INT(pigato_client_in_flight(c), 0);
	pigato_stream_close(NULL);
	stop();
}

/* A stream outlives its client. */
static void
test_stream_without_client(void)
{
	struct pigato_stream *s;

	start();
	s = open_stream("mute", &never);
	expect(s, 10, PIGATO_ERR_TIMEOUT, NULL);
	stop();
	expect(s, -1, PIGATO_ERR_CANCELLED, "");
	expect(s, -1, PIGATO_ERR_STATE, NULL);
	pigato_stream_close(s);
}

static void
close_stream(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)response;
	pigato_stream_close(arg);
}

static void
free_client(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)response;
	(void)arg;
	pigato_client_free(c);
	c = NULL;
}

static void
test_gone_meanwhile(void)
{
	struct pigato_stream *s;

	start();
	s = open_stream("mute", &never);
	CHECK_INT(pigato_client_request(
		      c, "echo", "1", 1, NULL, close_stream, s, NULL),
	    0);
	expect(s, -1, PIGATO_ERR_CANCELLED, NULL);
	s = open_stream("mute", &never);
	CHECK_INT(pigato_client_request(
		      c, "echo", "1", 1, NULL, free_client, NULL, NULL),
	    0);
	expect(s, -1, PIGATO_ERR_CANCELLED, "");
	pigato_stream_close(s);
	start();
	CHECK_INT(pigato_client_request(
		      c, "echo", "1", 1, NULL, free_client, NULL, NULL),
	    0);
	CHECK_INT(call("mute", "1", &never, NULL), PIGATO_ERR_CANCELLED);
	start();
	CHECK_INT(pigato_client_request(
		      c, "echo", "1", 1, NULL, free_client, NULL, NULL),
	    0);
	CHECK_INT(pigato_client_wait(c, -1), 0);
	stop();
}

static const struct check_test tests[] = {
    {test_call, "calls, and all their ends"},
    {test_call_json, "calls with values of jansson"},
    {test_wait, "waiting for all"},
    {test_stream, "streams are pulled"},
    {test_stream_without_client, "a stream outlives its client"},
    {test_gone_meanwhile, "who waits notices that all is gone"},
};

CHECK_MAIN(tests)
