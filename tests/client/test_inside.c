/* Anything may be called inside a callback, also what ends the caller. */
#include <stdio.h>

#include "rig.h"

static const struct pigato_request_opts again = {
    .size = sizeof(again), .retry = true};

static void (*deed)(
    struct pigato_request *r, const struct pigato_response *response);
static struct pigato_request *other;

/* Logs as ever, then does the deed. */
static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	rig_on_response(r, response, arg);
	deed(r, response);
}

static struct pigato_request *
request(const char *name)
{
	struct pigato_request *r = NULL;

	CHECK_INT(pigato_client_request(rig.c, "s", name, strlen(name), &again,
		      on_response, (void *)name, &r),
	    0);
	return r;
}

static void
free_client(struct pigato_request *r, const struct pigato_response *response)
{
	(void)r;
	(void)response;
	/* Each one that is cancelled comes by here again. */
	pigato_client_free(rig.c);
	CHECK_INT(
	    pigato_client_request(rig.c, "s", "1", 1, NULL, NULL, NULL, NULL),
	    PIGATO_ERR_STATE);
	CHECK_INT(pigato_client_start(rig.c), PIGATO_ERR_STATE);
	rig_say("freed");
}

static void
answer(const char *name, const char *type)
{
	struct fake_mail *m;

	RIG_UNTIL((m = rig_held(0, name)) != NULL);
	fake_reply(&rig.broker[0], m, type, "0", "1");
}

/* Until that is in the log: the client is gone with it. */
static void
process_and_forget(const char *line)
{
	struct pigato_client *c = rig.c;

	rig_begin_wait();
	while (!rig_logged(line)) {
		fake_turn(&rig.broker[0]);
		CHECK_INT(pigato_client_process(c), 0);
	}
	rig.c = NULL;
}

static void
test_free_in_final(void)
{
	rig_open(1);
	deed = free_client;
	request("a");
	request("b");
	request("c");
	answer("a", "3");
	process_and_forget("freed");
	CHECK_TEXT(rig.log, "start\nconnect 0\na final 1\n"
			    "b final CANCELLED\n"
			    "freed\n"
			    "c final CANCELLED\n"
			    "freed\n"
			    "stop\n"
			    "freed\n");
	rig_close();
}

static void
test_free_in_partial(void)
{
	rig_open(1);
	deed = free_client;
	request("a");
	answer("a", "6");
	process_and_forget("freed");
	CHECK_TEXT(rig.log, "start\nconnect 0\na partial 1\n"
			    "a final CANCELLED\nfreed\nstop\nfreed\n");
	rig_close();
}

static void
cancel_self_and_other(
    struct pigato_request *r, const struct pigato_response *response)
{
	pigato_request_cancel(r);
	if (pigato_response_is_final(response)) {
		CHECK_INT(pigato_request_heartbeat(r), PIGATO_ERR_STATE);
		CHECK_INT(strlen(pigato_request_id(r)), 36);
	}
	if (other != NULL && other != r) {
		struct pigato_request *o = other;

		other = NULL;
		pigato_request_cancel(o);
	}
}

static void
test_cancel(void)
{
	rig_open(1);
	deed = cancel_self_and_other;
	request("a");
	other = request("b");
	request("c");
	answer("a", "6");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 1);
	CHECK_TEXT(rig.log, "start\nconnect 0\na partial 1\n"
			    "a final CANCELLED\nb final CANCELLED\n");
	answer("c", "3");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	rig_close();
}

static void
test_cancel_outside(void)
{
	struct pigato_request *r;

	rig_open(1);
	r = rig_request("s", "a", NULL);
	pigato_request_cancel(r);
	CHECK_TEXT(rig.log, "start\na final CANCELLED\n");
	r = rig_request("s", "b", NULL);
	RIG_UNTIL(rig_held(0, "b") != NULL);
	CHECK(rig_held(0, "a") == NULL);
	pigato_request_cancel(r);
	answer("b", "3");
	r = rig_request("s", "c", NULL);
	answer("c", "3");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "start\na final CANCELLED\nconnect 0\n"
			    "b final CANCELLED\nc final 1\n");
	rig_close();
}

static int n_left;

static void
request_more(struct pigato_request *r, const struct pigato_response *response)
{
	(void)r;
	if (pigato_response_is_final(response) && n_left-- > 0)
		request("more");
}

static void
test_request(void)
{
	rig_open(1);
	deed = request_more;
	n_left = 100;
	rig.is_silent = true;
	rig.broker[0].is_echo = true;
	request("first");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.n_ok, 101);
	rig_close();
}

static void
stop_and_start(struct pigato_request *r, const struct pigato_response *response)
{
	(void)r;
	if (pigato_response_error(response) == PIGATO_ERR_CANCELLED) {
		CHECK_INT(pigato_client_request(
			      rig.c, "s", "1", 1, NULL, NULL, NULL, NULL),
		    PIGATO_ERR_STATE);
		return;
	}
	pigato_client_stop(rig.c);
	CHECK_INT(pigato_client_start(rig.c), 0);
	deed = request_more;
	n_left = 0;
	request("again");
}

static void
test_stop_and_start(void)
{
	rig_open(1);
	deed = stop_and_start;
	request("a");
	request("b");
	answer("a", "6");
	RIG_UNTIL(rig_held(0, "again") != NULL);
	answer("again", "3");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log,
	    "start\nconnect 0\na partial 1\na final CANCELLED\n"
	    "b final CANCELLED\nstop\nstart\nconnect 0\nagain final 1\n");
	rig_close();
}

static void
block(struct pigato_request *r, const struct pigato_response *response)
{
	struct pigato_response *reply;
	struct pigato_stream *s;

	(void)r;
	(void)response;
	CHECK_INT(pigato_client_process(rig.c), PIGATO_ERR_STATE);
	CHECK_INT(pigato_client_wait(rig.c, -1), PIGATO_ERR_STATE);
	CHECK_INT(pigato_client_call(rig.c, "s", "1", 1, NULL, &reply),
	    PIGATO_ERR_STATE);
	CHECK_INT(pigato_client_call_json(rig.c, "s", NULL, NULL, NULL),
	    PIGATO_ERR_STATE);
	CHECK_INT(pigato_stream_open(&s, rig.c, "s", "1", 1, NULL), 0);
	CHECK_INT(pigato_stream_next(s, -1, &reply), PIGATO_ERR_STATE);
	CHECK_INT(pigato_stream_next(s, 0, &reply), PIGATO_ERR_TIMEOUT);
	pigato_stream_close(s);
}

static void
test_blocking_is_refused(void)
{
	rig_open(1);
	deed = block;
	request("a");
	answer("a", "3");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("a final 1"));
	rig_close();
}

static enum pigato_event event_for_free;

static void
free_on_event(struct pigato_client *c, enum pigato_event event,
    const char *endpoint, int error, void *arg)
{
	(void)endpoint;
	(void)error;
	(void)arg;
	if (event != event_for_free)
		return;
	pigato_client_free(c);
	rig.c = NULL;
	rig_say("freed");
}

/* What has the event told, where a request is at the broker. */
static void
provoke(enum pigato_event event)
{
	struct fake *f = &rig.broker[0];

	switch (event) {
	case PIGATO_ON_DISCONNECT:
		fake_close(f);
		break;
	case PIGATO_ON_ERROR:
		fake_send(f, rig_held(0, "a")->peer, "C", "?", (char *)NULL);
		break;
	case PIGATO_ON_STOP:
		pigato_client_stop(rig.c);
		break;
	default: /* it is told before */
		break;
	}
}

/* The rig is told that there is no client any more by the callback itself. */
static void
test_free_on_events(void)
{
	for (int event = PIGATO_ON_START; event <= PIGATO_ON_ERROR; event++) {
		bool at_start = event == PIGATO_ON_START;

		rig_open(1);
		event_for_free = (enum pigato_event)event;
		pigato_client_on_event(rig.c, free_on_event, NULL);
		CHECK_INT(pigato_client_request(rig.c, "s", "a", 1, &again,
			      rig_on_response, (void *)"a", NULL),
		    at_start ? PIGATO_ERR_STATE : 0);
		RIG_UNTIL(rig.c == NULL || rig_held(0, "a") != NULL);
		if (rig.c != NULL)
			provoke(event_for_free);
		RIG_UNTIL(rig.c == NULL);
		CHECK(at_start || rig_logged("a final CANCELLED"));
		CHECK(rig_logged("freed"));
		rig_close();
	}
}

/* Those that end with their broker cancel each other, and free it all. */
static void
cancel_next(struct pigato_request *r, const struct pigato_response *response)
{
	cancel_self_and_other(r, response);
	if (pigato_response_error(response) == PIGATO_ERR_NO_BROKER) {
		pigato_client_free(rig.c);
		rig.c = NULL;
	}
}

static void
test_doomed(void)
{
	static const struct pigato_request_opts forever = {
	    .size = sizeof(forever), .timeout_ms = -1};
	static const char *const names[] = {"a", "b", "c", "d"};

	rig_open(1);
	deed = cancel_next;
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(
		    pigato_client_request(rig.c, "s", names[i], 1, &forever,
			on_response, (void *)names[i], i == 2 ? &other : NULL),
		    0);
	RIG_UNTIL(rig_held(0, "d") != NULL);
	fake_close(&rig.broker[0]);
	RIG_UNTIL(rig.c == NULL);
	CHECK_TEXT(rig.log,
	    "start\nconnect 0\ndisconnect 0\na final NO_BROKER\n"
	    "c final CANCELLED\nb final CANCELLED\nd final CANCELLED\n"
	    "stop\n");
	rig_close();
}

static const struct check_test tests[] = {
    {test_free_in_final, "free the client in a final reply"},
    {test_free_in_partial, "free the client in a partial reply"},
    {test_cancel, "cancel the one that calls back, and another"},
    {test_cancel_outside, "cancel outside of callbacks"},
    {test_request, "request in a callback"},
    {test_stop_and_start, "stop and start, no requests in between"},
    {test_blocking_is_refused, "what blocks is refused in a callback"},
    {test_free_on_events, "free the client in each kind of event"},
    {test_doomed, "those that end together may end each other"},
};

CHECK_MAIN(tests)
