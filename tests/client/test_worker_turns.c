/* How many requests at once: concurrency, places, and the end of it all. */
#include <poll.h>
#include <stdio.h>

#include "wrig.h"

static void
ask_three(int i)
{
	wrig_ask(i, "a", "1");
	wrig_ask(i, "b", "2");
	wrig_ask(i, "c", "3");
}

static void
read_all(void)
{
	size_t n = wrig.broker[0].n_beats;

	/* Its answer to our heartbeat comes behind what it has said before. */
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 1), 0);
	WRIG_UNTIL(wrig.broker[0].n_beats > n);
	for (int i = 0; i < 20; i++)
		wrig_turn(__FILE__, __LINE__, "turns");
}

/*
 * A broker learns of the concurrency only after READY: by then it may have
 * given a hundred requests to a worker that wants one at a time.
 */
static void
test_more_than_the_concurrency_waits(void)
{
	wrig_open(2);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 1), 0);
	wrig_start();
	ask_three(0);
	wrig_ask(1, "d", "4");
	WRIG_UNTIL(wrig.n_rep == 2);
	read_all();
	CHECK_INT(wrig.n_rep, 2); /* one of each broker */
	CHECK_INT(pigato_worker_in_flight(wrig.w), 2);
	CHECK(wrig_logged("request echo c a 1"));
	CHECK(wrig_logged("request echo c d 4"));
	wrig_forget();
	CHECK_INT(pigato_reply_end(wrig.rep[0], "1", 1), 0);
	CHECK_INT(pigato_reply_end(wrig.rep[1], "1", 1), 0);
	CHECK_TEXT(wrig.log, ""); /* not inside of what ended the first */
	CHECK_INT(pigato_worker_timeout(wrig.w), 0);
	CHECK_INT(pigato_worker_process(wrig.w), 0);
	CHECK_TEXT(wrig.log, "request echo c b 2\n");
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, -1), 0);
	CHECK_INT(pigato_worker_process(wrig.w), 0);
	CHECK_TEXT(wrig.log, "request echo c b 2\nrequest echo c c 3\n");
	wrig_close();
}

static void
test_pause(void)
{
	wrig_open(1);
	wrig_start();
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 0), 0);
	ask_three(0); /* on their way when we said so */
	WRIG_UNTIL(wrig_heard(0, "beat {\"concurrency\":0}"));
	for (int i = 0; i < 20; i++)
		wrig_turn(__FILE__, __LINE__, "turns");
	CHECK_INT(wrig.n_rep, 0);
	CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 3), 0);
	WRIG_UNTIL(wrig.n_rep == 3);
	CHECK_TEXT(wrig.log,
	    "request echo c a 1\nrequest echo c b 2\nrequest echo c c 3\n");
	wrig_close();
}

/* Nobody has begun them: with the broker they are gone without a word. */
static void
test_waiting_ones_go_with_their_broker(void)
{
	wrig_open(1);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 0), 0);
	wrig_start();
	ask_three(0);
	for (int i = 0; i < 20; i++)
		wrig_turn(__FILE__, __LINE__, "turns");
	fake_send(
	    &wrig.broker[0].fake, wrig.broker[0].peer, "W", "5", (char *)NULL);
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, -1), 0);
	wrig_sync(0);
	CHECK_INT(wrig.n_rep, 0);
	/* And with their worker. */
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 0), 0);
	ask_three(0);
	for (int i = 0; i < 20; i++)
		wrig_turn(__FILE__, __LINE__, "turns");
	wrig_close();
}

/* ---- drain ---- */

static void
test_drain_of_nothing(void)
{
	wrig_open(2);
	wrig_start();
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	CHECK_INT(pigato_worker_start(wrig.w), PIGATO_ERR_STATE);
	WRIG_UNTIL(wrig_logged("stop"));
	WRIG_UNTIL(wrig_heard(0, "bye") && wrig_heard(1, "bye"));
	CHECK_TEXT(wrig.broker[0].heard,
	    "beat {\"concurrency\":0}\nready echo\nbye\n");
	CHECK_TEXT(wrig.log, "stop\n");
	CHECK_INT(pigato_worker_drain(wrig.w), PIGATO_ERR_STATE);
	wrig_start();
	wrig_close();
}

static void
test_drain_finishes_what_is_in_flight(void)
{
	struct pigato_reply *a;

	wrig_open(2);
	wrig_start();
	a = wrig_get(0, "a", "1");
	wrig_forget();
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 5), 0);
	wrig_ask(0, "b", "2"); /* on its way when it was told */
	WRIG_UNTIL(wrig_heard(0, "reject c b 0 null"));
	wrig_ask(1, "a", "2");
	WRIG_UNTIL(wrig_heard(1, "reject c a 0 null"));
	CHECK_INT(pigato_reply_write(a, "1", 1), 0);
	CHECK_INT(pigato_reply_end(a, "1", 1), 0);
	CHECK_TEXT(wrig.log, "");
	WRIG_UNTIL(wrig_logged("stop"));
	WRIG_UNTIL(wrig_heard(0, "bye"));
	/* READY is a question: has all been read? */
	CHECK_TEXT(wrig.broker[0].heard,
	    "beat {\"concurrency\":0}\nready echo\n"
	    "reject c b 0 null\npartial c a 0 1 {}\nfinal c a 0 1 {}\n"
	    "beat {\"concurrency\":0}\nready echo\nbye\n");
	wrig_close();
}

/* What was not begun may be done by another worker. */
static void
test_drain_gives_back_what_waits(void)
{
	wrig_open(1);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 1), 0);
	wrig_start();
	ask_three(0);
	WRIG_UNTIL(wrig.n_rep == 1);
	read_all();
	wrig_forget();
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	CHECK_INT(pigato_reply_end(wrig.rep[0], "1", 1), 0);
	WRIG_UNTIL(wrig_heard(0, "bye"));
	CHECK(wrig_heard(0, "reject c b 0 null"));
	CHECK(wrig_heard(0, "reject c c 0 null"));
	CHECK(wrig_heard(0, "final c a 0 1 {}"));
	CHECK_INT(wrig.n_rep, 1);
	wrig_close();
}

/* PIGATO's own broker answers READY once, and each heartbeat. */
static void
test_drain_where_ready_is_answered_once(void)
{
	wrig_open(1);
	wrig_start();
	wrig.broker[0].manner = WRIG_IS_SILENT;
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 2);
	for (int i = 0; i < 3; i++) {
		CHECK_TEXT(wrig.log, "");
		fake_send(&wrig.broker[0].fake, wrig.broker[0].peer, "W", "4",
		    (char *)NULL);
	}
	WRIG_UNTIL(wrig_logged("stop"));
	wrig_close();
}

/* Brokers that are not there are not waited for. */
static void
test_drain_without_brokers(void)
{
	struct pigato_reply *a;

	wrig_open(2);
	wrig_start();
	a = wrig_get(0, "a", "1");
	wrig_get(1, "b", "1");
	wrig_kill(0);
	WRIG_UNTIL(wrig_logged("disconnect 0"));
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	wrig_revive(0); /* it need not know us any more */
	wrig_kill(1);
	WRIG_UNTIL(wrig_logged("stop"));
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_NO_BROKER);
	wrig_close();
}

static void
test_drain_and_a_broker_that_lets_us_go(void)
{
	wrig_open(1);
	wrig_start();
	wrig_get(0, "a", "1");
	wrig.broker[0].manner = WRIG_REFUSES;
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("stop"));
	CHECK_INT(wrig.broker[0].n_ready, 2);
	wrig_close();
}

/* ---- run ---- */

static void
stop_it(enum pigato_event event)
{
	if (event == PIGATO_ON_START)
		pigato_worker_stop(wrig.w);
}

static void
free_it(enum pigato_event event)
{
	if (event != PIGATO_ON_START)
		return;
	pigato_worker_free(wrig.w);
	wrig.w = NULL;
}

static void
test_run_ends_with_a_stop(void)
{
	wrig_open(1);
	wrig.on_event = stop_it;
	CHECK_INT(pigato_worker_run(wrig.w), 0);
	CHECK_TEXT(wrig.log, "start\nstop\n");
	wrig.on_event = free_it;
	CHECK_INT(pigato_worker_run(wrig.w), 0);
	CHECK_TEXT(wrig.log, "start\nstop\nstart\nstop\n");
	wrig_close();
}

static const struct check_test tests[] = {
    {test_more_than_the_concurrency_waits, "more than asked for has to wait"},
    {test_pause, "concurrency 0 is a pause"},
    {test_waiting_ones_go_with_their_broker, "those that wait may be lost"},
    {test_drain_of_nothing, "a drain with nothing in flight"},
    {test_drain_finishes_what_is_in_flight, "a drain finishes, and rejects"},
    {test_drain_gives_back_what_waits, "… what was waiting as well"},
    {test_drain_where_ready_is_answered_once, "… at PIGATO's own broker"},
    {test_drain_without_brokers, "… and waits for no broker that is gone"},
    {test_drain_and_a_broker_that_lets_us_go, "… nor for one that says W 5"},
    {test_run_ends_with_a_stop, "run ends with a stop, or free"},
};

CHECK_MAIN(tests)
