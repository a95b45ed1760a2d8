/* What a client counts; above all replies that nobody waits for. */
#include <stdio.h>

#include "rig.h"

static struct pigato_client_counters
count(void)
{
	struct pigato_client_counters n = PIGATO_CLIENT_COUNTERS;

	CHECK_INT(pigato_client_counters(rig.c, &n), 0);
	return n;
}

static struct fake_mail *
send_and_hold(const char *name, const struct pigato_request_opts *opts)
{
	struct fake_mail *m;

	rig_request("s", name, opts);
	RIG_UNTIL((m = rig_held(0, name)) != NULL);
	return m;
}

static void
test_an_exchange(void)
{
	struct pigato_client_counters n;
	struct fake_mail *m;

	rig_open(1);
	n = count();
	CHECK_INT(n.size, sizeof(n));
	CHECK_INT(n.requests + n.connects, 0);
	m = send_and_hold("a", NULL);
	fake_reply(&rig.broker[0], m, "6", "0", "1");
	fake_reply(&rig.broker[0], m, "6", "-1", "2");
	fake_reply(&rig.broker[0], m, "3", "-1", "3");
	m = send_and_hold("b", NULL);
	fake_reply(&rig.broker[0], m, "3", "0", "4");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	n = count();
	CHECK_INT(n.requests, 2);
	CHECK_INT(n.sent, 2);
	CHECK_INT(n.partials, 2);
	CHECK_INT(n.replies, 2);
	CHECK_INT(n.connects, 1);
	CHECK_INT(n.doubled + n.late + n.stray + n.malformed, 0);
	CHECK_INT(n.disconnects, 0);
	rig_close();
}

static void
test_doubled(void)
{
	struct fake_mail *m;

	rig_open(1);
	m = send_and_hold("a", NULL);
	fake_reply(&rig.broker[0], m, "3", "0", "1");
	fake_reply(&rig.broker[0], m, "3", "0", "2");
	fake_reply(&rig.broker[0], m, "6", "0", "3");
	RIG_UNTIL(count().doubled == 2);
	CHECK_INT(count().replies, 1);
	CHECK_INT(count().partials, 0);
	CHECK_INT(count().late + count().stray, 0);
	CHECK_TEXT(rig.log, "start\nconnect 0\na final 1\n");
	rig_close();
}

/* Each has ended before the reply came, and never by one. */
static void
test_late(void)
{
	struct pigato_request_opts soon = PIGATO_REQUEST_OPTS;
	struct pigato_request *r;
	struct fake_mail *m;

	rig_open(1);
	soon.timeout_ms = 1;
	rig_request("s", "timeout", NULL);
	RIG_UNTIL(rig_held(0, "timeout") != NULL);
	rig_request("s", "soon", &soon);
	RIG_UNTIL(rig_logged("soon final TIMEOUT"));
	RIG_UNTIL((m = rig_held(0, "soon")) != NULL);
	fake_reply(&rig.broker[0], m, "6", "0", "1");
	fake_reply(&rig.broker[0], m, "3", "0", "2");
	r = rig_request("s", "unwanted", NULL);
	RIG_UNTIL((m = rig_held(0, "unwanted")) != NULL);
	pigato_request_cancel(r);
	fake_reply(&rig.broker[0], m, "3", "0", "3");
	RIG_UNTIL(count().late == 3);
	CHECK_INT(count().doubled + count().stray + count().replies, 0);
	rig_close();
}

/* What a broker says of a request that is elsewhere by now. */
static void
test_late_of_a_broker_that_was_left(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	struct fake_mail left;
	struct fake_mail *m;

	rig_open(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(count().connects == 2);
	o.retry = true;
	left = *send_and_hold("a", &o);
	fake_close(&rig.broker[0]);
	RIG_UNTIL((m = rig_held(1, "a")) != NULL);
	CHECK_INT(count().requests, 1);
	CHECK_INT(count().sent, 2);
	fake_open(&rig.broker[0]);
	RIG_UNTIL(count().connects == 3);
	fake_reply(&rig.broker[0], &left, "3", "0", "1");
	RIG_UNTIL(count().late == 1);
	CHECK_INT(pigato_client_in_flight(rig.c), 1);
	fake_reply(&rig.broker[1], m, "3", "0", "2");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(count().disconnects, 1);
	CHECK_INT(count().doubled + count().stray, 0);
	rig_close();
}

static void
test_stray(void)
{
	static const char *const rids[] = {
	    "", "r1", "00000000-0000-4000-8000-000000000000"};
	struct fake_mail *m;
	char peer[256];

	rig_open(1);
	m = send_and_hold("a", NULL);
	snprintf(peer, sizeof(peer), "%s", m->peer);
	for (size_t i = 0; i < sizeof(rids) / sizeof(rids[0]); i++)
		fake_send(&rig.broker[0], peer, "C", "3", "", rids[i], "0",
		    "null", "{}", NULL);
	RIG_UNTIL(count().stray == 3);
	CHECK_INT(count().doubled + count().late + count().replies, 0);
	fake_send(&rig.broker[0], peer, "C", "9", NULL);
	fake_send(&rig.broker[0], peer, "W", "1", NULL);
	RIG_UNTIL(count().malformed == 2);
	rig_close();
}

/* A stop and a start are the same client still. */
static void
test_they_go_on(void)
{
	rig_open(1);
	rig.broker[0].is_echo = true;
	for (int i = 0; i < 2; i++) {
		rig_request("s", "a", NULL);
		RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
		pigato_client_stop(rig.c);
	}
	CHECK_INT(count().requests, 2);
	CHECK_INT(count().replies, 2);
	CHECK_INT(count().connects, 2);
	CHECK_INT(count().disconnects, 0); /* as with the events */
	rig_close();
}

/* Who was compiled before or after us gets what he knows, or nothing there. */
static void
test_other_sizes(void)
{
	struct {
		struct pigato_client_counters n;
		uint64_t later;
	} newer = {PIGATO_CLIENT_COUNTERS, 7};
	struct pigato_client_counters n = PIGATO_CLIENT_COUNTERS;

	rig_open(1);
	rig_request("s", "a", NULL);
	newer.n.size = sizeof(newer);
	CHECK_INT(pigato_client_counters(rig.c, &newer.n), 0);
	CHECK_INT(newer.n.size, sizeof(newer));
	CHECK_INT(newer.n.requests, 1);
	CHECK_INT(newer.later, 0);
	n.size = offsetof(struct pigato_client_counters, sent);
	n.sent = 7;
	CHECK_INT(pigato_client_counters(rig.c, &n), 0);
	CHECK_INT(n.requests, 1);
	CHECK_INT(n.sent, 7);
	n.size--;
	CHECK_INT(pigato_client_counters(rig.c, &n), PIGATO_ERR_INVALID);
	rig_close();
}

static const struct check_test tests[] = {
    {test_an_exchange, "requests and replies"},
    {test_doubled, "replies to a request that had its final reply"},
    {test_late, "replies to a request that had ended without"},
    {test_late_of_a_broker_that_was_left, "replies of a broker it has left"},
    {test_stray, "replies to no request, and what is no message"},
    {test_they_go_on, "they go on from start to start"},
    {test_other_sizes, "the struct may be an older or a newer one"},
};

CHECK_MAIN(tests)
