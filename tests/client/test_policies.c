/* Several brokers, and brokers that have no room. */
#include "rig.h"

static const struct pigato_request_opts again = {
    .size = sizeof(again), .retry = true};

static void
test_failover(void)
{
	struct fake_mail old, *m;

	rig_open(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig_request("s", "a", &again);
	rig_request("s", "b", NULL);
	RIG_UNTIL(rig_held(0, "b") != NULL);
	old = *rig_held(0, "a");
	fake_close(&rig.broker[0]);
	RIG_UNTIL((m = rig_held(1, "a")) != NULL);
	CHECK_TEXT(m->frame[3], old.frame[3]);
	CHECK(pigato_client_is_connected(rig.c));
	rig_request("s", "c", NULL);
	RIG_UNTIL(rig_held(1, "c") != NULL);
	CHECK(rig_held(1, "b") == NULL);
	rig.log[0] = '\0';
	fake_open(&rig.broker[0]);
	RIG_UNTIL(rig_logged("connect 0"));
	rig_request("s", "d", NULL);
	RIG_UNTIL((m = rig_held(0, "d")) != NULL);
	/* Who has been left has no say any more. */
	fake_reply(&rig.broker[0], &old, "3", "0", "old");
	fake_reply(&rig.broker[0], m, "3", "0", "4");
	RIG_UNTIL(rig_logged("d final 4"));
	fake_reply(&rig.broker[1], rig_held(1, "a"), "3", "0", "1");
	fake_reply(&rig.broker[1], rig_held(1, "c"), "3", "0", "3");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 1);
	CHECK_TEXT(rig.log, "connect 0\nd final 4\na final 1\nc final 3\n");
	rig_close();
}

/* A broker that answered dies: those who wait go to the next at once. */
static void
test_failover_by_silence(void)
{
	rig_open_with(2, 20, 10);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig.broker[0].is_deaf = true;
	rig.broker[1].is_echo = true;
	rig_request("s", "a", &again);
	rig_request("s", "b", NULL);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("disconnect 0"));
	CHECK(rig_logged("a final a"));
	CHECK(rig_logged("b final NO_BROKER"));
	rig_close();
}

static void
test_spread(void)
{
	rig_open(2);
	CHECK_INT(pigato_client_set_policy(rig.c, PIGATO_SPREAD), 0);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig.broker[0].is_echo = rig.broker[1].is_echo = true;
	for (int i = 0; i < 10; i++)
		rig_request("s", "a", &again);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.broker[0].n_requests, 5);
	CHECK_INT(rig.broker[1].n_requests, 5);
	rig.log[0] = '\0';
	fake_close(&rig.broker[1]);
	RIG_UNTIL(rig_logged("disconnect 1"));
	for (int i = 0; i < 10; i++)
		rig_request("s", "a", &again);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.broker[0].n_requests, 15);
	/* One that is back has its share again. */
	fake_open(&rig.broker[1]);
	RIG_UNTIL(rig_logged("connect 1"));
	for (int i = 0; i < 10; i++)
		rig_request("s", "a", &again);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.broker[0].n_requests, 20);
	CHECK_INT(rig.broker[1].n_requests, 10);
	rig_close();
}

/* The first in the list is not there: the second one serves. */
static void
test_first_that_answers(void)
{
	rig_open(2);
	fake_close(&rig.broker[0]);
	rig.broker[1].is_echo = true;
	rig_request("s", "a", NULL);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "start\nconnect 1\na final a\n");
	rig_close();
}

static void
test_full_pipe(void)
{
	static char big[20000];
	const size_t n = 3000;

	rig_open(1);
	memset(big, 'z', sizeof(big));
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(pigato_client_is_connected(rig.c));
	rig.is_silent = true;
	rig.broker[0].is_echo = true;
	for (size_t i = 0; i < n; i++)
		CHECK_INT(pigato_client_request(rig.c, "s", big, sizeof(big),
			      NULL, rig_on_response, NULL, NULL),
		    0);
	CHECK_INT(pigato_client_in_flight(rig.c), n);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.n_ok, n);
	CHECK_INT(rig.broker[0].n_requests, n);
	rig_close();
}

/* A pipe that is full when its broker goes: nothing is sent twice or lost. */
static void
test_full_pipe_lost(void)
{
	static char big[20000];
	const size_t n = 3000;

	rig_open(2);
	memset(big, 'z', sizeof(big));
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig.broker[0].is_deaf = true;
	rig.is_silent = true;
	for (size_t i = 0; i < n; i++)
		CHECK_INT(pigato_client_request(rig.c, "s", big, sizeof(big),
			      &again, rig_on_response, NULL, NULL),
		    0);
	fake_close(&rig.broker[0]);
	rig.broker[1].is_echo = true;
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.n_ok, n);
	CHECK_INT(rig.broker[1].n_requests, n);
	rig_close();
}

/* What it refuses goes elsewhere with retry, and ends without. */
static void
test_draining(void)
{
	rig_open(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig.broker[1].is_echo = true;
	rig_request("s", "a", &again);
	rig_request("s", "b", NULL);
	RIG_UNTIL(rig_held(0, "b") != NULL);
	fake_reply(&rig.broker[0], rig_held(0, "a"), "3", "-1", "\"DRAINING\"");
	fake_reply(&rig.broker[0], rig_held(0, "b"), "3", "-1", "\"DRAINING\"");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("a final a"));
	CHECK(rig_logged("b final DRAINING \"DRAINING\""));
	CHECK_INT(rig.broker[0].n_requests, 2);
	/* It gets no more, as long as it is there. */
	rig_request("s", "c", NULL);
	RIG_UNTIL(rig_logged("c final c"));
	CHECK_INT(rig.broker[0].n_requests, 2);
	rig_close();
}

/* The only one, or all of them: it is told, and used nevertheless. */
static void
test_all_draining(void)
{
	rig_open(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig_request("s", "a", &again);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	fake_reply(&rig.broker[0], rig_held(0, "a"), "3", "-1", "\"DRAINING\"");
	RIG_UNTIL(rig_held(1, "a") != NULL);
	fake_reply(&rig.broker[1], rig_held(1, "a"), "3", "-1", "\"DRAINING\"");
	RIG_UNTIL(rig_logged("a final DRAINING \"DRAINING\""));
	rig.broker[0].is_echo = true;
	rig_request("s", "b", &again);
	RIG_UNTIL(rig_logged("b final b"));
	/* One that comes back is as good as any. */
	rig.broker[1].is_echo = true;
	fake_close(&rig.broker[0]);
	RIG_UNTIL(rig_logged("disconnect 0"));
	rig.log[0] = '\0';
	fake_open(&rig.broker[0]);
	RIG_UNTIL(rig_logged("connect 0"));
	rig_request("s", "c", NULL);
	RIG_UNTIL(rig_logged("c final c"));
	CHECK_INT(rig.broker[0].n_requests, 3);
	rig_close();
}

/* BUSY is the program's to know, whatever other brokers there are. */
static void
test_busy(void)
{
	rig_open(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	rig_request("s", "a", &again);
	RIG_UNTIL(rig_held(0, "a") != NULL);
	fake_reply(&rig.broker[0], rig_held(0, "a"), "3", "-1", "\"BUSY\"");
	RIG_UNTIL(rig_logged("a final BUSY \"BUSY\""));
	CHECK_INT(rig.broker[1].n_requests, 0);
	rig_close();
}

static const struct check_test tests[] = {
    {test_draining, "a broker that drains: retry goes elsewhere"},
    {test_all_draining, "… if there is one that does not"},
    {test_busy, "BUSY is an error like any other"},
    {test_failover, "failover: the first in the list that answers"},
    {test_failover_by_silence, "failover from a silent one"},
    {test_first_that_answers, "failover: the first is absent from the start"},
    {test_spread, "spread: each in turn"},
    {test_full_pipe, "what does not fit into the pipe is sent later"},
    {test_full_pipe_lost, "a full pipe is lost, and nothing with it"},
};

CHECK_MAIN(tests)
