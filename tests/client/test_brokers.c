/* A broker that is absent, silent, gone, or back again. */
#include <stdio.h>

#include "rig.h"

static const struct pigato_request_opts again = {
    .size = sizeof(again), .retry = true};

static void
test_events(void)
{
	rig_open(1);
	CHECK_INT(pigato_client_timeout(rig.c), -1);
	CHECK(pigato_client_fd(rig.c) >= 0);
	CHECK(!pigato_client_is_connected(rig.c));
	CHECK_INT(pigato_client_start(rig.c), 0);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(pigato_client_is_connected(rig.c));
	pigato_client_stop(rig.c);
	pigato_client_stop(rig.c);
	CHECK(!pigato_client_is_connected(rig.c));
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(pigato_client_is_connected(rig.c));
	fake_close(&rig.broker[0]);
	RIG_UNTIL(!pigato_client_is_connected(rig.c));
	fake_open(&rig.broker[0]);
	RIG_UNTIL(pigato_client_is_connected(rig.c));
	pigato_client_free(rig.c);
	rig.c = NULL;
	CHECK_TEXT(rig.log, "start\nconnect 0\nstop\n"
			    "start\nconnect 0\ndisconnect 0\nconnect 0\n"
			    "stop\n");
	rig_close();
}

static void
test_bad_endpoints(void)
{
	static const char *const bad[] = {"", " , ", "localhost:1", "tcp://",
	    "inproc://x", "tcp://127.0.0.1:port", "udp://127.0.0.1:1",
	    "tcp://127.0.0.1:5,whatever"};
	struct pigato_client *c;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = pigato_client_new(bad[i]);
		CHECK_INT(pigato_client_start(c), PIGATO_ERR_INVALID);
		CHECK_INT(pigato_client_request(
			      c, "s", "1", 1, NULL, NULL, NULL, NULL),
		    PIGATO_ERR_INVALID);
		CHECK_INT(pigato_client_timeout(c), -1);
		pigato_client_free(c);
	}
	pigato_client_free(NULL);
	c = pigato_client_new(NULL);
	CHECK_INT(pigato_client_start(c), 0);
	CHECK_INT(pigato_client_process(c), 0);
	pigato_client_free(c);
}

static void
test_settings(void)
{
	char prefix[300];

	rig_open(1);
	memset(prefix, 'p', sizeof(prefix));
	prefix[201] = '\0';
	CHECK_INT(pigato_client_set_prefix(rig.c, prefix), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_prefix(rig.c, ""), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_prefix(rig.c, NULL), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_prefix(rig.c, prefix + 1), 0);
	CHECK_INT(pigato_client_set_heartbeat(rig.c, 9, 3), PIGATO_ERR_INVALID);
	CHECK_INT(
	    pigato_client_set_heartbeat(rig.c, 10, 0), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_policy(rig.c, 7), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_autostart(rig.c, false), 0);
	CHECK_INT(
	    pigato_client_request(rig.c, "s", "1", 1, NULL, NULL, NULL, NULL),
	    PIGATO_ERR_STATE);
	pigato_client_set_data(rig.c, prefix);
	CHECK(pigato_client_data(rig.c) == prefix);
	CHECK_INT(pigato_client_start(rig.c), 0);
	rig_request("s", "a", NULL);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	CHECK_INT(strlen(rig_held(0, "a")->peer), 200 + 37);
	rig_close();
}

static void
test_waits_for_an_answer(void)
{
	rig_open_with(1, 20, 1000);
	rig.broker[0].is_mute = true;
	rig_request("s", "a", NULL);
	rig_request("s", "b", NULL);
	RIG_UNTIL(rig.broker[0].n_beats >= 2);
	CHECK_INT(rig.broker[0].n_requests, 0);
	CHECK(!pigato_client_is_connected(rig.c));
	rig.broker[0].is_mute = false;
	rig.broker[0].is_echo = true;
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "start\nconnect 0\na final a\nb final b\n");
	rig_close();
}

static void
test_nobody_there(void)
{
	static const struct pigato_request_opts soon = {
	    .size = sizeof(soon), .timeout_ms = 20};

	rig_open(1);
	fake_close(&rig.broker[0]);
	rig_request("s", "a", &soon);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "start\na final NO_BROKER\n");
	rig_close();
}

static void
test_timeout(void)
{
	struct pigato_request_opts soon = {
	    .size = sizeof(soon), .timeout_ms = 50};
	struct pigato_request_opts fed = {
	    .size = sizeof(fed), .timeout_ms = 500};
	struct pigato_request_opts late = {
	    .size = sizeof(late), .timeout_ms = 1200};
	struct fake_mail *m;

	rig_open(1);
	rig_request("s", "late", &late);
	rig_request("s", "soon", &soon);
	rig_request("s", "fed", &fed);
	RIG_UNTIL(rig_held(0, "fed") != NULL);
	rig.log[0] = '\0';
	rig.is_silent = true;
	/* Partial replies keep the one alive while the others end. */
	RIG_UNTIL((m = rig_held(0, "fed"),
	    fake_reply(&rig.broker[0], m, "6", "0", "1"),
	    pigato_client_in_flight(rig.c) == 1));
	rig.is_silent = false;
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("fed final TIMEOUT"));
	rig_close();
}

static size_t
n_asked(const char *rid)
{
	const struct fake *f = &rig.broker[0];
	size_t n = 0;

	for (size_t i = 0; i < f->n_mail; i++)
		n += f->mail[i].n == 4 &&
		     strcmp(f->mail[i].frame[1], "4") == 0 &&
		     strcmp(f->mail[i].frame[2], "request") == 0 &&
		     strcmp(f->mail[i].frame[3], rid) == 0;
	return n;
}

static void
test_heartbeats(void)
{
	struct pigato_request_opts o = {.size = sizeof(o), .heartbeat = true};
	struct pigato_request *a, *b;
	char id[40];

	rig_open_with(1, 10, 1000);
	a = rig_request("s", "a", &o);
	b = rig_request("s", "b", NULL);
	CHECK_INT(pigato_request_heartbeat(b), PIGATO_ERR_NO_BROKER);
	snprintf(id, sizeof(id), "%s", pigato_request_id(a));
	RIG_UNTIL(n_asked(id) >= 3);
	RIG_UNTIL(rig.broker[0].n_beats >= 3);
	CHECK_INT(n_asked(pigato_request_id(b)), 0);
	CHECK_INT(pigato_request_heartbeat(b), 0);
	RIG_UNTIL(n_asked(pigato_request_id(b)) == 1);
	rig_close();
}

/* What becomes of each kind of request, see client_broker.c. */
static void
test_connection_lost(void)
{
	static const struct pigato_request_opts forever = {
	    .size = sizeof(forever), .timeout_ms = -1};
	struct fake_mail *m, retried, kept;

	rig_open(1);
	rig_request("s", "retried", &again);
	rig_request("s", "begun", &again);
	rig_request("s", "kept", NULL);
	rig_request("s", "endless", &forever);
	RIG_UNTIL((m = rig_held(0, "endless")) != NULL);
	m = rig_held(0, "begun");
	fake_reply(&rig.broker[0], m, "6", "0", "1");
	RIG_UNTIL(rig_logged("begun partial 1"));
	retried = *rig_held(0, "retried");
	kept = *rig_held(0, "kept");
	rig.log[0] = '\0';
	fake_forget(&rig.broker[0]);
	fake_close(&rig.broker[0]);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 2);
	CHECK_TEXT(rig.log, "disconnect 0\nbegun final PARTIAL_LOST\n"
			    "endless final NO_BROKER\n");
	fake_open(&rig.broker[0]);
	RIG_UNTIL((m = rig_held(0, "retried")) != NULL);
	CHECK_TEXT(m->peer, retried.peer);
	CHECK_TEXT(m->frame[3], retried.frame[3]);
	CHECK(rig_held(0, "kept") == NULL);
	fake_reply(&rig.broker[0], m, "3", "0", "1");
	fake_reply(&rig.broker[0], &kept, "3", "0", "2");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("retried final 1"));
	CHECK(rig_logged("kept final 2"));
	rig_close();
}

/* What a broker that is back still works on is not sent to it again. */
static void
test_still_at_work(void)
{
	struct fake_mail work;
	size_t n_beats;

	rig_open(1);
	rig_request("s", "a", &again);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	work = *rig_held(0, "a");
	n_beats = rig.broker[0].n_beats;
	fake_close(&rig.broker[0]);
	RIG_UNTIL(rig_logged("disconnect 0"));
	rig.broker[0].is_mute = true;
	fake_open(&rig.broker[0]);
	RIG_UNTIL(rig.broker[0].n_beats > n_beats);
	fake_reply(&rig.broker[0], &work, "6", "0", "1");
	RIG_UNTIL(rig_logged("a partial 1"));
	fake_reply(&rig.broker[0], &work, "3", "0", "2");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("a final 2"));
	CHECK_INT(rig.broker[0].n_requests, 1);
	rig_close();
}

/* Lost by its connection, then by silence: it is there when its broker is. */
static void
test_endless_with_retry(void)
{
	static const struct pigato_request_opts endless = {
	    .size = sizeof(endless), .retry = true, .timeout_ms = -1};

	rig_open_with(1, 10, 20);
	rig_request("s", "a", &endless);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	fake_forget(&rig.broker[0]);
	fake_close(&rig.broker[0]);
	RIG_UNTIL(rig_logged("disconnect 0"));
	fake_open(&rig.broker[0]);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	fake_forget(&rig.broker[0]);
	rig.log[0] = '\0';
	rig.broker[0].is_deaf = true;
	RIG_UNTIL(rig_logged("disconnect 0"));
	CHECK_INT(pigato_client_in_flight(rig.c), 1);
	rig.broker[0].is_echo = true;
	rig.broker[0].is_deaf = false;
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("a final a"));
	rig_close();
}

static void
test_silence(void)
{
	struct fake_mail *m;
	char peer[256];

	rig_open_with(1, 10, 20);
	rig_request("s", "retried", &again);
	rig_request("s", "begun", &again);
	rig_request("s", "kept", NULL);
	RIG_UNTIL(rig_held(0, "kept") != NULL);
	m = rig_held(0, "begun");
	fake_reply(&rig.broker[0], m, "6", "0", "1");
	RIG_UNTIL(rig_logged("begun partial 1"));
	snprintf(peer, sizeof(peer), "%s", m->peer);
	rig.broker[0].is_deaf = true;
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 1);
	CHECK(rig_logged("disconnect 0"));
	CHECK(rig_logged("begun final NO_BROKER"));
	CHECK(rig_logged("kept final NO_BROKER"));
	CHECK(!pigato_client_is_connected(rig.c));
	fake_forget(&rig.broker[0]);
	rig.broker[0].is_deaf = false;
	RIG_UNTIL((m = rig_held(0, "retried")) != NULL);
	CHECK_TEXT(m->peer, peer);
	rig.broker[0].is_echo = true;
	fake_reply(&rig.broker[0], m, "3", "0", "1");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("retried final 1"));
	rig_close();
}

static void
test_stop_cancels(void)
{
	char first[256];

	rig_open(1);
	rig_request("s", "a", NULL);
	rig_request("s", "b", &again);
	RIG_UNTIL(rig_held(0, "b") != NULL);
	snprintf(first, sizeof(first), "%s", rig_held(0, "b")->peer);
	pigato_client_stop(rig.c);
	CHECK_INT(pigato_client_in_flight(rig.c), 0);
	CHECK_TEXT(rig.log, "start\nconnect 0\na final CANCELLED\n"
			    "b final CANCELLED\nstop\n");
	rig_request("s", "c", NULL);
	RIG_UNTIL(rig_held(0, "c") != NULL);
	CHECK(strcmp(rig_held(0, "c")->peer, first) != 0);
	rig_close();
	CHECK(rig_logged("c final CANCELLED"));
}

/* More than the system takes at once. */
static void
test_stop_lingers(void)
{
	static char data[64 * 1024];
	const size_t n = 200;

	rig_open(1);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0"));
	rig.is_silent = true;
	memset(data, '1', sizeof(data));
	for (size_t i = 0; i < n; i++)
		CHECK_INT(pigato_client_request(rig.c, "s", data, sizeof(data),
			      NULL, rig_on_response, NULL, NULL),
		    0);
	pigato_client_process(rig.c);
	pigato_client_stop(rig.c);
	RIG_UNTIL(rig.broker[0].n_requests == n);
	rig_close();
}

static const struct check_test tests[] = {
    {test_events, "start, stop, connections and their ends are told"},
    {test_bad_endpoints, "endpoints that make no sense are told at start"},
    {test_settings, "settings, and what they may not be"},
    {test_waits_for_an_answer, "requests wait until a broker has answered"},
    {test_nobody_there, "without any broker they end so"},
    {test_timeout, "a timeout counts from the last sign of life"},
    {test_heartbeats, "heartbeats, and those of requests"},
    {test_connection_lost, "what becomes of requests: connection lost"},
    {test_still_at_work, "a broker that is back goes on with its work"},
    {test_endless_with_retry, "… with retry and no timeout: it waits for it"},
    {test_silence, "what becomes of requests: a silent broker"},
    {test_stop_cancels, "stop cancels, start makes a new identity"},
    {test_stop_lingers, "… and what was sent before leaves"},
};

CHECK_MAIN(tests)
