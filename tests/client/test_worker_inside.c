/*
 * Anything may be called inside a callback, also what ends the caller. The
 * sanitizers and valgrind see what the eye does not.
 */
#include <stdio.h>

#include "wrig.h"

static enum pigato_event when;
static size_t n_deeds;

/* Until it has happened: the worker may be gone with it. */
static void
process_until_done(void)
{
	struct pigato_worker *w = wrig.w;

	wrig_begin_wait();
	while (n_deeds == 0) {
		fake_turn(&wrig.broker[0].fake);
		fake_turn(&wrig.broker[1].fake);
		CHECK_INT(pigato_worker_process(w), 0);
	}
}

static void
free_worker(void)
{
	n_deeds++;
	pigato_worker_free(wrig.w);
	/* Held by whoever called back: it still answers, if only by no. */
	pigato_worker_free(wrig.w);
	pigato_worker_stop(wrig.w);
	CHECK_INT(pigato_worker_start(wrig.w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_drain(wrig.w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_process(wrig.w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	wrig.w = NULL;
}

static void
free_in_request(struct pigato_reply *rep)
{
	CHECK_INT(pigato_reply_write(rep, "1", 1), 0);
	free_worker();
	CHECK_INT(pigato_reply_write(rep, "1", 1), PIGATO_ERR_STATE);
	CHECK_INT(pigato_reply_end(rep, "1", 1), PIGATO_ERR_STATE);
}

static void
test_free_in_a_request(void)
{
	wrig_open(2);
	wrig_start();
	n_deeds = 0;
	wrig_get(0, "a", "1");
	wrig.on_request = free_in_request;
	/* The second is the last: neither the third nor the other's. */
	wrig_ask(0, "b", "2");
	wrig_ask(0, "c", "3");
	wrig_ask(1, "d", "4");
	wrig_ask(1, "e", "5");
	process_until_done();
	CHECK_INT(wrig.n_rep, 2);
	CHECK_INT(pigato_reply_end(wrig.rep[0], "1", 1), PIGATO_ERR_STATE);
	WRIG_UNTIL(wrig_heard(0, "bye") && wrig_heard(1, "bye"));
	CHECK_INT(n_deeds, 1);
	wrig_close();
}

/* Waiting ones are called back for by another way. */
static void
test_free_in_a_request_that_had_waited(void)
{
	wrig_open(1);
	wrig_start();
	n_deeds = 0;
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 0), 0);
	wrig_ask(0, "a", "1");
	wrig_ask(0, "b", "2");
	for (int i = 0; i < 20; i++)
		wrig_turn(__FILE__, __LINE__, "turns");
	wrig.on_request = free_in_request;
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, -1), 0);
	process_until_done();
	CHECK_INT(wrig.n_rep, 1);
	wrig_close();
}

/* ---- events ---- */

static void
free_in_event(enum pigato_event event)
{
	if (event != when || wrig.w == NULL)
		return;
	free_worker();
}

static void
expect_freed(const char *log)
{
	CHECK(wrig.w == NULL);
	CHECK_INT(n_deeds, 1);
	CHECK_TEXT(wrig.log, log);
	wrig_close();
}

static void
open_for(enum pigato_event event)
{
	wrig_open(2);
	when = event;
	n_deeds = 0;
	wrig.on_event = free_in_event;
}

static void
test_free_in_events(void)
{
	open_for(PIGATO_ON_START);
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	expect_freed("start\nstop\n");

	open_for(PIGATO_ON_CONNECT);
	wrig.broker[1].manner = WRIG_IS_SILENT;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	process_until_done();
	expect_freed("start\nconnect 0\nstop\n");

	open_for(PIGATO_ON_DISCONNECT);
	wrig_start();
	wrig_get(0, "a", "1");
	wrig_get(1, "b", "1");
	wrig_forget();
	wrig_kill(0);
	process_until_done();
	expect_freed("disconnect 0\nstop\n");

	open_for(PIGATO_ON_ERROR);
	wrig_start();
	fake_send(
	    &wrig.broker[0].fake, wrig.broker[0].peer, "W", "?", (char *)NULL);
	fake_send(
	    &wrig.broker[0].fake, wrig.broker[0].peer, "W", "?", (char *)NULL);
	process_until_done();
	expect_freed("error 0 PROTOCOL\nstop\n");

	open_for(PIGATO_ON_STOP);
	wrig_start();
	wrig_get(0, "a", "1");
	wrig_forget();
	pigato_worker_stop(wrig.w);
	expect_freed("stop\n");
}

static void
test_free_when_told_to_leave(void)
{
	open_for(PIGATO_ON_DISCONNECT);
	wrig_start();
	fake_send(
	    &wrig.broker[1].fake, wrig.broker[1].peer, "W", "5", (char *)NULL);
	process_until_done();
	expect_freed("disconnect 1\nstop\n");
}

static void
test_free_at_the_end_of_a_drain(void)
{
	open_for(PIGATO_ON_STOP);
	wrig_start();
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	process_until_done();
	expect_freed("stop\n");
}

/* ---- other deeds ---- */

static void
start_anew(struct pigato_reply *rep)
{
	wrig.on_request = NULL;
	n_deeds++;
	pigato_worker_stop(wrig.w);
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	CHECK_INT(pigato_reply_end(rep, "1", 1), PIGATO_ERR_NO_BROKER);
}

/* What had come for the one before is not for the one behind. */
static void
test_stop_and_start_in_a_request(void)
{
	char peer[256];

	wrig_open(1);
	wrig_start();
	n_deeds = 0;
	snprintf(peer, sizeof(peer), "%s", wrig.broker[0].peer);
	wrig.on_request = start_anew;
	wrig_ask(0, "a", "1");
	wrig_ask(0, "b", "2");
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK(strcmp(peer, wrig.broker[0].peer) != 0);
	wrig_sync(0);
	CHECK_INT(n_deeds, 1);
	CHECK_INT(wrig.n_rep, 1);
	wrig_close();
}

static void
stop_and_start_in_event(enum pigato_event event)
{
	if (event != PIGATO_ON_STOP || n_deeds++ > 0)
		return;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
}

static void
test_start_in_the_stop(void)
{
	wrig_open(1);
	wrig_start();
	n_deeds = 0;
	wrig.on_event = stop_and_start_in_event;
	pigato_worker_stop(wrig.w);
	CHECK_TEXT(wrig.log, "stop\nstart\n");
	WRIG_UNTIL(wrig_logged("connect 0"));
	wrig_close();
}

static struct pigato_reply *other;

static void
end_both(struct pigato_reply *rep)
{
	if (other == NULL) {
		other = rep;
		return;
	}
	CHECK_INT(pigato_reply_end(other, "1", 1), 0);
	pigato_reply_free(other);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 3), 0);
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	pigato_reply_free(rep);
	wrig.n_rep = 0;
	n_deeds++;
}

static void
test_end_and_drain_in_a_request(void)
{
	wrig_open(1);
	wrig_start();
	n_deeds = 0;
	other = NULL;
	wrig.on_request = end_both;
	wrig_ask(0, "a", "1");
	wrig_ask(0, "b", "2");
	wrig_ask(0, "c", "3");
	WRIG_UNTIL(wrig_logged("stop"));
	CHECK_INT(n_deeds, 1);
	WRIG_UNTIL(wrig_heard(0, "bye"));
	CHECK(wrig_heard(0, "final c a 0 1 {}"));
	CHECK(wrig_heard(0, "reject c b 0 null"));
	CHECK(wrig_heard(0, "reject c c 0 null"));
	wrig_close();
}

static const struct check_test tests[] = {
    {test_free_in_a_request, "free in a request"},
    {test_free_in_a_request_that_had_waited, "… in one that had waited"},
    {test_free_in_events, "free in each event"},
    {test_free_when_told_to_leave, "free at a W 5"},
    {test_free_at_the_end_of_a_drain, "free at the end of a drain"},
    {test_stop_and_start_in_a_request, "stop and start in a request"},
    {test_start_in_the_stop, "start in the stop"},
    {test_end_and_drain_in_a_request, "end others, free and drain in one"},
};

CHECK_MAIN(tests)
