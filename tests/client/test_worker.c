/* A worker's life, and what it says to be and stay registered. */
#include <stdio.h>

#include "wrig.h"

static void
test_registers(void)
{
	wrig_open(2);
	CHECK_TEXT(pigato_worker_id(wrig.w), "");
	CHECK(!pigato_worker_is_connected(wrig.w));
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	CHECK_TEXT(wrig.log, "start\n");
	CHECK(strncmp(pigato_worker_id(wrig.w), "W-", 2) == 0);
	WRIG_UNTIL(wrig.broker[0].beat[0] && wrig.broker[1].beat[0]);
	for (int i = 0; i < 2; i++) {
		CHECK_TEXT(wrig.broker[i].heard,
		    "ready echo\nbeat {\"concurrency\":100}\n");
		CHECK_TEXT(wrig.broker[i].peer, pigato_worker_id(wrig.w));
	}
	WRIG_UNTIL(wrig_logged("connect 0") && wrig_logged("connect 1"));
	CHECK(pigato_worker_is_connected(wrig.w));
	wrig_close();
}

static void
test_stops_and_starts(void)
{
	char id[256];

	wrig_open(1);
	wrig_start();
	snprintf(id, sizeof(id), "%s", pigato_worker_id(wrig.w));
	pigato_worker_stop(wrig.w);
	pigato_worker_stop(wrig.w);
	CHECK_TEXT(wrig.log, "stop\n");
	CHECK(!pigato_worker_is_connected(wrig.w));
	CHECK_INT(pigato_worker_timeout(wrig.w), -1);
	CHECK_INT(pigato_worker_process(wrig.w), 0);
	WRIG_UNTIL(wrig_heard(0, "bye"));
	CHECK_TEXT(wrig.broker[0].heard, "bye\n");
	wrig_start();
	CHECK(strcmp(id, pigato_worker_id(wrig.w)) != 0);
	pigato_worker_free(wrig.w);
	wrig.w = NULL;
	CHECK_TEXT(wrig.log, "stop\n");
	WRIG_UNTIL(wrig_heard(0, "bye"));
	wrig_close();
}

static void
test_what_must_be_before_start(void)
{
	struct pigato_worker *w;
	int fd;

	pigato_worker_free(NULL);
	w = pigato_worker_new("tcp://127.0.0.1:1", "echo");
	CHECK_INT(pigato_worker_start(w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_run(w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_on_request(w, NULL, NULL), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_worker_drain(w), PIGATO_ERR_STATE);
	CHECK_INT(pigato_worker_set_prefix(w, ""), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_worker_set_heartbeat(w, 9, 3), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_worker_set_concurrency(w, -2), PIGATO_ERR_INVALID);
	pigato_worker_free(w);
	wrig_open(1);
	CHECK_INT(pigato_worker_set_prefix(wrig.w, "my worker"), 0);
	fd = pigato_worker_fd(wrig.w);
	CHECK(fd >= 0);
	wrig_start();
	CHECK_INT(pigato_worker_fd(wrig.w), fd);
	CHECK(strncmp(wrig.broker[0].peer, "my worker-", 10) == 0);
	CHECK_INT(pigato_worker_set_prefix(wrig.w, "W"), PIGATO_ERR_STATE);
	CHECK_INT(
	    pigato_worker_set_heartbeat(wrig.w, 100, 3), PIGATO_ERR_STATE);
	CHECK_INT(
	    pigato_worker_on_request(wrig.w, NULL, NULL), PIGATO_ERR_STATE);
	wrig_close();
}

static void
nothing(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	(void)w;
	(void)data;
	(void)size;
	(void)arg;
	pigato_reply_free(rep);
}

static void
test_names_that_make_no_sense(void)
{
	static const char *const names[][2] = {
	    {"tcp://127.0.0.1:1", NULL},
	    {"tcp://127.0.0.1:1", ""},
	    {"", "echo"},
	    {"inproc://x", "echo"},
	    {"tcp://127.0.0.1:1,nonsense", "echo"},
	};
	struct pigato_worker *w;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		w = pigato_worker_new(names[i][0], names[i][1]);
		CHECK_INT(pigato_worker_on_request(w, nothing, NULL), 0);
		CHECK_INT(pigato_worker_start(w), PIGATO_ERR_INVALID);
		CHECK_INT(pigato_worker_run(w), PIGATO_ERR_INVALID);
		CHECK_INT(pigato_worker_timeout(w), -1);
		pigato_worker_free(w);
	}
}

static void
test_data_of_the_caller(void)
{
	wrig_open(1);
	CHECK(pigato_worker_data(wrig.w) == NULL);
	pigato_worker_set_data(wrig.w, &wrig);
	CHECK(pigato_worker_data(wrig.w) == &wrig);
	wrig_close();
}

/* ---- heartbeats ---- */

static void
test_beats(void)
{
	wrig_open(1);
	CHECK_INT(pigato_worker_set_heartbeat(wrig.w, 20, 1000), 0);
	wrig_start();
	WRIG_UNTIL(wrig.broker[0].n_beats > 5);
	CHECK_TEXT(wrig.log, "");
	CHECK_TEXT(wrig.broker[0].beat, "{\"concurrency\":100}");
	wrig_close();
}

static void
test_tells_its_concurrency_at_once(void)
{
	wrig_open(1);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 7), 0);
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(wrig_heard(0, "beat {\"concurrency\":7}"));
	CHECK_INT(wrig.broker[0].n_beats, 1);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 0), 0);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, -1), 0);
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, INT64_MAX), 0);
	WRIG_UNTIL(wrig_heard(0, "beat {\"concurrency\":1000000000000000}"));
	CHECK_TEXT(wrig.broker[0].heard,
	    "ready echo\n"
	    "beat {\"concurrency\":7}\n"
	    "beat {\"concurrency\":0}\n"
	    "beat {\"concurrency\":-1}\n"
	    "beat {\"concurrency\":1000000000000000}\n");
	wrig_close();
}

static const struct check_test tests[] = {
    {test_registers, "it registers with all its brokers"},
    {test_stops_and_starts, "it says good-bye, and comes under a new id"},
    {test_what_must_be_before_start, "what has to be done before it starts"},
    {test_names_that_make_no_sense, "names that make no sense"},
    {test_data_of_the_caller, "what the caller likes to find again"},
    {test_beats, "heartbeats tell its concurrency"},
    {test_tells_its_concurrency_at_once, "a new concurrency is told at once"},
};

CHECK_MAIN(tests)
