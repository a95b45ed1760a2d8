/*
 * Brokers that refuse a worker, READY after READY, and those that only seem to:
 * W 5 is also what they say to one they do not know any more.
 */
#include "wrig.h"

static void
say_bye(int i)
{
	fake_send(
	    &wrig.broker[i].fake, wrig.broker[i].peer, "W", "5", (char *)NULL);
}

static void
test_told_once_while_it_goes_on(void)
{
	wrig_open(1);
	wrig.broker[0].manner = WRIG_REFUSES;
	CHECK(!pigato_worker_is_denied(wrig.w));
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("error 0 DENIED"));
	CHECK_INT(wrig.broker[0].n_ready, 5);
	CHECK(pigato_worker_is_denied(wrig.w));
	WRIG_UNTIL(wrig.broker[0].n_ready == 6);
	wrig.broker[0].manner = WRIG_GREETS;
	WRIG_UNTIL(wrig_logged("connect 0"));
	CHECK(!pigato_worker_is_denied(wrig.w));
	CHECK_TEXT(wrig.log, "start\nerror 0 DENIED\nconnect 0\n");
	wrig_close();
}

/* As where the broker's settings were changed: it is told anew. */
static void
test_denied_after_it_was_registered(void)
{
	wrig_open(1);
	wrig_start();
	wrig.broker[0].manner = WRIG_REFUSES;
	say_bye(0);
	WRIG_UNTIL(wrig_logged("error 0 DENIED"));
	CHECK_TEXT(wrig.log, "disconnect 0\nerror 0 DENIED\n");
	wrig_kill(0);
	WRIG_UNTIL(!pigato_worker_is_denied(wrig.w));
	wrig_revive(0);
	wrig_forget();
	WRIG_UNTIL(wrig_logged("error 0 DENIED"));
	CHECK_TEXT(wrig.log, "error 0 DENIED\n");
	wrig_close();
}

/* It forgets us again and again, but takes us each time. */
static void
test_forgotten_is_not_denied(void)
{
	wrig_open(1);
	wrig_start();
	for (int i = 0; i < 7; i++) {
		wrig_forget();
		say_bye(0);
		WRIG_UNTIL(wrig_logged("connect 0"));
		CHECK_TEXT(wrig.log, "disconnect 0\nconnect 0\n");
	}
	CHECK(!pigato_worker_is_denied(wrig.w));
	wrig_close();
}

/* What a broker says to mail of before it says at once, and many times. */
static void
test_many_good_byes_are_not_a_denial(void)
{
	wrig_open(1);
	wrig_start();
	wrig.broker[0].manner = WRIG_IS_SILENT;
	for (int i = 0; i < 20; i++)
		say_bye(0);
	WRIG_UNTIL(wrig.broker[0].n_ready == 3);
	CHECK_TEXT(wrig.log, "disconnect 0\n");
	CHECK(!pigato_worker_is_denied(wrig.w));
	wrig_close();
}

static void
test_one_of_two_denies(void)
{
	wrig_open(2);
	wrig.broker[0].manner = WRIG_REFUSES;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("error 0 DENIED") && wrig_logged("connect 1"));
	CHECK(!pigato_worker_is_denied(wrig.w));
	wrig.broker[1].manner = WRIG_REFUSES;
	say_bye(1);
	WRIG_UNTIL(wrig_logged("error 1 DENIED"));
	CHECK(pigato_worker_is_denied(wrig.w));
	pigato_worker_stop(wrig.w);
	CHECK(!pigato_worker_is_denied(wrig.w));
	wrig_close();
}

static void
free_it(enum pigato_event event)
{
	if (event != PIGATO_ON_ERROR)
		return;
	pigato_worker_free(wrig.w);
	wrig.w = NULL;
}

static void
test_freed_when_it_is_told(void)
{
	wrig_open(1);
	wrig.broker[0].manner = WRIG_REFUSES;
	wrig.on_event = free_it;
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("stop"));
	CHECK_TEXT(wrig.log, "start\nerror 0 DENIED\nstop\n");
	wrig.w = NULL;
	wrig_close();
}

static const struct check_test tests[] = {
    {test_told_once_while_it_goes_on, "a denial is told once"},
    {test_denied_after_it_was_registered, "… anew after each connection"},
    {test_forgotten_is_not_denied, "a broker that forgets does not deny"},
    {test_many_good_byes_are_not_a_denial, "many W 5 at once are no denial"},
    {test_one_of_two_denies, "one of two brokers denies"},
    {test_freed_when_it_is_told, "the worker may be freed when it is told"},
};

CHECK_MAIN(tests)
