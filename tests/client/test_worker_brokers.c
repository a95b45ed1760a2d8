/*
 * What becomes of a worker when something happens to its brokers. Intervals
 * are short where a silence has to be waited for, and nothing but that is.
 */
#include <stdio.h>
#include <zmq.h>

#include "wrig.h"

/* The broker is another one when it comes back: it knows nobody. */
static void
test_registers_anew_with_a_broker_back(void)
{
	wrig_open(2);
	wrig_start();
	wrig_kill(0);
	WRIG_UNTIL(wrig_logged("disconnect 0"));
	CHECK(pigato_worker_is_connected(wrig.w));
	wrig_kill(1);
	WRIG_UNTIL(wrig_logged("disconnect 1"));
	CHECK(!pigato_worker_is_connected(wrig.w));
	wrig_revive(0);
	WRIG_UNTIL(wrig_logged("connect 0") && wrig.broker[0].beat[0] != '\0');
	CHECK_TEXT(wrig.broker[0].heard,
	    "bye\nready echo\nbeat {\"concurrency\":100}\n");
	CHECK_TEXT(wrig.log, "disconnect 0\ndisconnect 1\nconnect 0\n");
	CHECK_TEXT(wrig.broker[0].peer, pigato_worker_id(wrig.w));
	wrig_close();
}

/*
 * Its replies may have been lost on their way, and with it its turn: only
 * the broker can say what has become of the request, and it is told so.
 */
static void
test_handles_of_a_lost_connection(void)
{
	struct pigato_reply *a, *b, *other;

	wrig_open(2);
	wrig_start();
	a = wrig_get(0, "a", "1");
	b = wrig_get(0, "b", "2");
	other = wrig_get(1, "a", "3");
	CHECK_INT(pigato_worker_in_flight(wrig.w), 3);
	wrig_kill(0);
	WRIG_UNTIL(wrig_logged("disconnect 0"));
	CHECK_INT(pigato_worker_in_flight(wrig.w), 1);
	CHECK(!pigato_reply_is_active(a) && !pigato_reply_is_ended(a));
	CHECK(pigato_reply_is_active(other));
	CHECK_INT(pigato_reply_write(a, "1", 1), PIGATO_ERR_NO_BROKER);
	CHECK_INT(pigato_reply_heartbeat(a), PIGATO_ERR_NO_BROKER);
	CHECK_INT(pigato_reply_set_cache(a, 1), 0);
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_NO_BROKER);
	CHECK(pigato_reply_is_ended(a));
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_STATE);
	CHECK_INT(pigato_reply_reject(b), PIGATO_ERR_NO_BROKER);
	CHECK_TEXT(pigato_reply_request_id(b, NULL), "b");
	wrig_forget();
	wrig_revive(0);
	WRIG_UNTIL(wrig_logged("connect 0"));
	wrig_sync(0);
	CHECK_TEXT(wrig.broker[0].heard,
	    "bye\nready echo\nbeat {\"concurrency\":100}\n");
	/* The same rid may come again: from now on it is another request. */
	CHECK(wrig_get(0, "a", "4") != a);
	CHECK_INT(pigato_reply_end(other, "1", 1), 0);
	wrig_close();
}

static void
say(const char *type)
{
	fake_send(
	    &wrig.broker[0].fake, wrig.broker[0].peer, "W", type, (char *)NULL);
}

/*
 * PIGATO's own broker gives a new worker what was waiting for one, and then
 * answers its READY. Those requests used to be dropped.
 */
static void
test_requests_before_the_first_answer(void)
{
	wrig_open(1);
	wrig.broker[0].manner = WRIG_IS_SILENT;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 1);
	wrig_ask(0, "a", "1");
	say("4");
	wrig_ask(0, "b", "1");
	say("1");
	wrig_sync(0);
	CHECK_TEXT(wrig.log,
	    "start\nrequest echo c a 1\nrequest echo c b 1\nconnect 0\n");
	CHECK_INT(pigato_reply_end(wrig.rep[0], "1", 1), 0);
	wrig_sync(0);
	CHECK(wrig_heard(0, "final c a 0 1 {}"));
	wrig_close();
}

/*
 * What a broker that knew us says before it has answered READY is for our
 * former self; once it has said W 5 there is none.
 */
static void
test_requests_for_the_former_self(void)
{
	wrig_open(1);
	wrig_start();
	wrig.broker[0].manner = WRIG_IS_SILENT;
	wrig_kill(0);
	wrig_revive(0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 2);
	wrig_ask(0, "a", "1");
	say("4");
	wrig_ask(0, "b", "1");
	say("1");
	wrig_sync(0);
	CHECK_TEXT(wrig.log, "disconnect 0\nconnect 0\n");
	wrig_kill(0);
	wrig_revive(0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 3);
	wrig_forget();
	wrig_ask(0, "a", "1");
	say("5");
	wrig_ask(0, "b", "1");
	say("1");
	wrig_sync(0);
	CHECK_TEXT(wrig.log, "request echo c b 1\nconnect 0\n");
	wrig_close();
}

/* ---- W 5 ---- */

static void
test_registers_anew_when_told_to(void)
{
	struct pigato_reply *a;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "1");
	wrig_forget();
	say("5");
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK_TEXT(wrig.log, "disconnect 0\nconnect 0\n");
	CHECK(!pigato_reply_is_active(a));
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_NO_BROKER);
	wrig_sync(0);
	/* No W 5 of ours: it knows us no more, and the connection stands. */
	CHECK_TEXT(
	    wrig.broker[0].heard, "ready echo\nbeat {\"concurrency\":100}\n");
	wrig_close();
}

/*
 * READY answered by W 5 for ever: one at once, then more and more seldom, of
 * which the first wait is seen here: 100 ms at least for each of two.
 */
static void
test_backs_off_from_one_who_refuses(void)
{
	void *watch;

	wrig_open(1);
	wrig.broker[0].manner = WRIG_REFUSES;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 2);
	watch = zmq_stopwatch_start();
	WRIG_UNTIL(wrig.broker[0].n_ready == 4);
	CHECK(zmq_stopwatch_stop(watch) >= (100 + 200 - 50) * 1000);
	CHECK_TEXT(wrig.log, "start\n");
	wrig.broker[0].manner = WRIG_GREETS;
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK_INT(wrig.broker[0].n_ready, 5);
	wrig_close();
}

/*
 * While it waits there is nothing to be heard: that is no silence of the
 * broker's, which would be left and come to by another connection.
 */
static void
test_no_silence_while_it_waits(void)
{
	wrig_open(1);
	CHECK_INT(pigato_worker_set_heartbeat(wrig.w, 50, 3), 0);
	wrig.broker[0].manner = WRIG_REFUSES;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig.broker[0].n_ready >= 5); /* 400 ms before the last */
	CHECK(!wrig_heard(0, "bye"));
	wrig_close();
}

/* W 5s that were on their way already do not delay the answer to READY. */
static void
test_a_burst_of_refusals(void)
{
	wrig_open(1);
	wrig_start();
	for (int i = 0; i < 20; i++)
		say("5");
	WRIG_UNTIL(wrig_logged("connect 0"));
	wrig_sync(0);
	CHECK_INT(wrig.broker[0].n_ready, 2);
	wrig_close();
}

/* ---- silence ---- */

static void
test_leaves_a_silent_broker(void)
{
	struct pigato_reply *a;

	wrig_open(1);
	CHECK_INT(pigato_worker_set_heartbeat(wrig.w, 100, 3), 0);
	wrig_start();
	a = wrig_get(0, "a", "1");
	wrig_forget();
	wrig.broker[0].fake.is_deaf = true;
	WRIG_UNTIL(wrig_logged("disconnect 0"));
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_NO_BROKER);
	wrig.broker[0].fake.is_deaf = false;
	WRIG_UNTIL(wrig_logged("connect 0"));
	/* It may have seen our heartbeats, or tries in between. */
	CHECK(strstr(wrig.broker[0].heard, "bye\nready echo\n") != NULL);
	CHECK(!wrig_heard(0, "final c a 0 1 {}"));
	wrig_close();
}

static void
test_a_broker_that_comes_late(void)
{
	wrig_open(2);
	wrig_kill(0);
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("connect 1"));
	wrig_get(1, "a", "1");
	wrig_revive(0);
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK(wrig_heard(0, "ready echo"));
	WRIG_UNTIL(pigato_worker_in_flight(wrig.w) == 1);
	CHECK(!wrig_logged("disconnect 1"));
	wrig_close();
}

/* ---- what breaks the protocol ---- */

static void
test_malformed_mail(void)
{
	struct fake *f = &wrig.broker[0].fake;
	const char *peer = wrig.broker[0].peer;

	wrig_open(1);
	wrig_start();
	fake_send(f, peer, "W", (char *)NULL);
	fake_send(f, peer, "W", "2", "c", "echo", "", "a", (char *)NULL);
	fake_send(f, peer, "W", "9", (char *)NULL);
	fake_send(f, peer, "C", "3", "", "a", "0", "1", "{}", (char *)NULL);
	fake_send(f, peer, "X", "1", (char *)NULL);
	fake_send(f, peer, "W", "2", "", "echo", "", "a", "1", (char *)NULL);
	wrig_sync(0);
	CHECK_TEXT(wrig.log,
	    "error 0 PROTOCOL\nerror 0 PROTOCOL\nerror 0 PROTOCOL\n"
	    "error 0 PROTOCOL\nerror 0 PROTOCOL\nerror 0 PROTOCOL\n");
	CHECK_TEXT(wrig.broker[0].heard, "");
	CHECK_INT(wrig.n_rep, 0);
	wrig_close();
}

/* PROTOCOL 2: a rid repeated while the first is pending is not run twice. */
static void
test_a_request_given_twice(void)
{
	struct fake *f = &wrig.broker[0].fake;
	const char *peer = wrig.broker[0].peer;
	struct pigato_reply *a;

	wrig_open(2);
	wrig_start();
	a = wrig_get(0, "a", "1");
	wrig_ask(0, "a", "1");
	wrig_sync(0);
	CHECK_TEXT(wrig.log, "request echo c a 1\nerror 0 PROTOCOL\n");
	CHECK_TEXT(wrig.broker[0].heard, "");
	/* Another client's, another broker's, or later, it is another one. */
	fake_send(f, peer, "W", "2", "ca", "echo", "", "", "1", (char *)NULL);
	fake_send(f, peer, "W", "2", "d", "echo", "", "a", "1", (char *)NULL);
	wrig_ask(1, "a", "1");
	WRIG_UNTIL(wrig.n_rep == 4);
	CHECK_INT(pigato_reply_end(a, "1", 1), 0);
	wrig_get(0, "a", "1");
	wrig_close();
}

/* ---- any bytes ---- */

static char long_rid[3000], long_data[100000];

static void
put(const char *bytes, size_t n, bool more)
{
	CHECK(zmq_send(wrig.broker[0].fake.router, bytes, n,
		  more ? ZMQ_SNDMORE : 0) >= 0);
}

/* W 2, or W 4, of a client with a zero in its id. */
static void
put_long(const char *type)
{
	bool is_request = strcmp(type, "2") == 0;

	put(wrig.broker[0].peer, strlen(wrig.broker[0].peer), true);
	put("W", 1, true);
	put(type, 1, true);
	put("c\0d", 3, true);
	if (is_request)
		put("", 0, true);
	put("", 0, true);
	put(long_rid, sizeof(long_rid), is_request);
	if (is_request)
		put(long_data, sizeof(long_data), false);
}

/* The reply's frames: a peer, W 3 client - rid status data opts. */
static void
expect_long_reply(void)
{
	static const struct {
		const char *bytes;
		size_t n;
	} want[9] = {[3] = {"c\0d", 3},
	    [5] = {long_rid, sizeof(long_rid)},
	    [7] = {long_data, sizeof(long_data)}};
	zmq_msg_t m;

	for (int i = 0; i < 9; i++) {
		zmq_msg_init(&m);
		CHECK(zmq_msg_recv(&m, wrig.broker[0].fake.router, 0) >= 0);
		CHECK(want[i].bytes == NULL ||
		      (zmq_msg_size(&m) == want[i].n &&
			  memcmp(zmq_msg_data(&m), want[i].bytes, want[i].n) ==
			      0));
		zmq_msg_close(&m);
	}
}

/* Ids and data may be long, hold any byte, or be empty. */
static void
test_any_bytes(void)
{
	struct pigato_reply *rep;
	size_t n;

	memset(long_rid, 'r', sizeof(long_rid));
	long_rid[1000] = '\0';
	memset(long_data, '1', sizeof(long_data));
	wrig_open(1);
	wrig_start();
	put_long("2");
	put_long("4");
	WRIG_UNTIL(wrig.n_rep == 1);
	rep = wrig.rep[0];
	CHECK_TEXT(pigato_reply_service(rep, &n), "");
	CHECK_INT(n, 0);
	CHECK(memcmp(pigato_reply_client_id(rep, &n), "c\0d", 4) == 0);
	CHECK_INT(n, 3);
	CHECK(memcmp(pigato_reply_request_id(rep, &n), long_rid,
		  sizeof(long_rid)) == 0);
	CHECK_INT(n, sizeof(long_rid));
	WRIG_UNTIL(pigato_reply_heard_ms_ago(rep) >= 0);
	CHECK_INT(pigato_reply_end(rep, long_data, sizeof(long_data)), 0);
	expect_long_reply();
	wrig_close();
}

static const struct check_test tests[] = {
    {test_registers_anew_with_a_broker_back, "a broker that was restarted"},
    {test_handles_of_a_lost_connection, "what was in flight there is lost"},
    {test_requests_before_the_first_answer, "requests before READY's answer"},
    {test_requests_for_the_former_self, "but none that is for its former self"},
    {test_registers_anew_when_told_to, "W 5: it registers anew"},
    {test_backs_off_from_one_who_refuses, "W 5 for ever: it backs off"},
    {test_no_silence_while_it_waits, "… and is not impatient meanwhile"},
    {test_a_burst_of_refusals, "many W 5 at once are one"},
    {test_leaves_a_silent_broker, "a silent broker is left, and tried again"},
    {test_a_broker_that_comes_late, "a broker that is not there yet"},
    {test_malformed_mail, "what breaks the protocol is told and dropped"},
    {test_a_request_given_twice, "a request that is pending is not run twice"},
    {test_any_bytes, "ids and data of any bytes"},
};

CHECK_MAIN(tests)
