/* What a worker's program may say about a request, and what it may know. */
#include <jansson.h>
#include <stdio.h>

#include "wrig.h"

static void
test_replies(void)
{
	struct pigato_reply *a, *b, *c, *d;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "1");
	b = wrig_get(0, "b", "{\"x\":2}");
	c = wrig_get(0, "c", "");
	d = wrig_get(0, "d", "4");
	CHECK_TEXT(wrig.log, "request echo c a 1\nrequest echo c b {\"x\":2}\n"
			     "request echo c c \nrequest echo c d 4\n");
	CHECK_INT(pigato_worker_in_flight(wrig.w), 4);
	CHECK(pigato_reply_is_active(a) && !pigato_reply_is_ended(a));
	CHECK_INT(pigato_reply_write(a, "10", 2), 0);
	CHECK_INT(pigato_reply_write(b, NULL, 0), 0);
	CHECK_INT(pigato_reply_write(a, "11", 2), 0);
	CHECK_INT(pigato_reply_end(a, "12", 2), 0);
	CHECK(!pigato_reply_is_active(a) && pigato_reply_is_ended(a));
	CHECK_INT(pigato_reply_error(b, "\"no\"", 4), 0);
	CHECK_INT(pigato_reply_reject(c), 0);
	CHECK_INT(pigato_reply_end(d, NULL, 0), 0);
	CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	wrig_sync(0);
	CHECK_TEXT(wrig.broker[0].heard, "partial c a 0 10 {}\n"
					 "partial c b 0 null {}\n"
					 "partial c a 0 11 {}\n"
					 "final c a 0 12 {}\n"
					 "final c b -1 \"no\" {}\n"
					 "reject c c 0 null\n"
					 "final c d 0 null {}\n");
	wrig_close();
}

static void
test_after_the_end(void)
{
	static int (*const last[])(struct pigato_reply *, const char *,
	    size_t) = {pigato_reply_end, pigato_reply_error};
	json_t *v = json_integer(1);
	struct pigato_reply *rep;

	wrig_open(1);
	wrig_start();
	for (int i = 0; i < 3; i++) {
		rep = wrig_get(0, "a", "[1]");
		CHECK_INT(
		    i < 2 ? last[i](rep, "1", 1) : pigato_reply_reject(rep), 0);
		wrig_sync(0);
		wrig_forget();
		CHECK_INT(pigato_reply_write(rep, "1", 1), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_end(rep, "1", 1), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_error(rep, "1", 1), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_reject(rep), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_write_json(rep, v), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_end_json(rep, v), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_error_text(rep, "x"), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_heartbeat(rep), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_set_cache(rep, 1), PIGATO_ERR_STATE);
		CHECK(pigato_reply_is_ended(rep));
		CHECK(!pigato_reply_is_active(rep));
		CHECK_TEXT(pigato_reply_request_id(rep, NULL), "a");
		wrig_sync(0);
		CHECK_TEXT(wrig.broker[0].heard, "");
	}
	json_decref(v);
	wrig_close();
}

static void
test_json(void)
{
	struct pigato_reply *a, *b;
	json_t *v;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "{\"x\":[1,2]}");
	v = pigato_reply_json(a);
	CHECK_INT(json_array_size(json_object_get(v, "x")), 2);
	CHECK_INT(pigato_reply_write_json(a, v), 0);
	CHECK_INT(json_object_set(v, "self", v) == 0, 0);
	CHECK_INT(pigato_reply_end_json(a, NULL), 0);
	json_decref(v);
	b = wrig_get(0, "b", "no JSON");
	CHECK(pigato_reply_json(b) == NULL);
	CHECK_INT(pigato_reply_error_text(b, NULL), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_reply_error_text(b, "\xff"), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_reply_error_text(b, "so \"bad\""), 0);
	wrig_sync(0);
	CHECK_TEXT(wrig.broker[0].heard,
	    "partial c a 0 {\"x\":[1,2]} {}\n"
	    "final c a 0 null {}\n"
	    "final c b -1 \"so \\\"bad\\\"\" {}\n");
	wrig_close();
}

/* JavaScript writes whole numbers up to 1e21 out in full. */
static void
test_json_with_large_numbers(void)
{
	static const struct {
		const char *text;
		int type;
		double value;
	} rows[] = {
	    {"9007199254740993", JSON_INTEGER, 9007199254740993.0},
	    {"9223372036854775807", JSON_INTEGER, 9223372036854775807.0},
	    {"9223372036854775808", JSON_REAL, 9223372036854775808.0},
	    {"-100000000000000000000", JSON_REAL, -1e20},
	};
	json_t *v;

	wrig_open(1);
	wrig_start();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = pigato_reply_json(wrig_get(0, rows[i].text, rows[i].text));
		CHECK(v != NULL);
		CHECK_INT(json_typeof(v), rows[i].type);
		CHECK(json_number_value(v) == rows[i].value);
		json_decref(v);
	}
	CHECK(pigato_reply_json(wrig_get(0, "a", "1e999")) == NULL);
	wrig_close();
}

static void
test_cache(void)
{
	struct pigato_reply *rep;

	wrig_open(1);
	wrig_start();
	rep = wrig_get(0, "a", "1");
	CHECK_INT(pigato_reply_set_cache(rep, -1), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_reply_set_cache(rep, 1500), 0);
	CHECK_INT(pigato_reply_end(rep, "1", 1), 0);
	rep = wrig_get(0, "b", "1");
	CHECK_INT(pigato_reply_set_cache(rep, INT64_MAX), 0);
	CHECK_INT(pigato_reply_end(rep, "1", 1), 0);
	rep = wrig_get(0, "c", "1");
	CHECK_INT(pigato_reply_set_cache(rep, 1500), 0);
	CHECK_INT(pigato_reply_set_cache(rep, 0), 0);
	CHECK_INT(pigato_reply_end(rep, "1", 1), 0);
	wrig_sync(0);
	CHECK_TEXT(wrig.broker[0].heard,
	    "final c a 0 1 {\"cache\":1500}\n"
	    "final c b 0 1 {\"cache\":1000000000000000}\n"
	    "final c c 0 1 {}\n");
	wrig_close();
}

/* ---- heartbeats ---- */

static void
test_interest_of_a_client(void)
{
	struct fake *f = &wrig.broker[0].fake;
	const char *peer = wrig.broker[0].peer;
	struct pigato_reply *a, *b;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "1");
	b = wrig_get(0, "b", "1");
	CHECK_INT(pigato_reply_heard_ms_ago(a), -1);
	fake_send(f, peer, "W", "4", "c", "", "b", (char *)NULL);
	fake_send(f, peer, "W", "4", "c", "", "unknown", (char *)NULL);
	fake_send(f, peer, "W", "4", "d", "", "a", (char *)NULL);
	fake_send(f, peer, "W", "4", "c", (char *)NULL);
	wrig_sync(0);
	CHECK_INT(pigato_reply_heard_ms_ago(a), -1);
	CHECK(pigato_reply_heard_ms_ago(b) >= 0);
	WRIG_UNTIL(pigato_reply_heard_ms_ago(b) > 20);
	fake_send(f, peer, "W", "4", "c", "", "b", (char *)NULL);
	WRIG_UNTIL(pigato_reply_heard_ms_ago(b) <= 20);
	wrig_close();
}

static void
test_heartbeat_by_hand(void)
{
	struct pigato_reply *rep;
	size_t n;

	wrig_open(2);
	wrig_start();
	rep = wrig_get(1, "a", "1");
	n = wrig.broker[1].n_beats;
	CHECK_INT(pigato_reply_heartbeat(rep), 0);
	/* Nobody processes: it leaves by itself. */
	while (wrig.broker[1].n_beats == n)
		fake_turn(&wrig.broker[1].fake);
	CHECK_INT(wrig.broker[0].n_beats, 1);
	wrig_close();
}

/* ---- freeing ---- */

static void
test_free_rejects(void)
{
	wrig_open(1);
	wrig_start();
	pigato_reply_free(NULL);
	pigato_reply_free(wrig_get(0, "a", "1"));
	pigato_reply_end(wrig_get(0, "b", "1"), "1", 1);
	pigato_reply_free(wrig.rep[1]);
	wrig_sync(0);
	CHECK_TEXT(
	    wrig.broker[0].heard, "reject c a 0 null\nfinal c b 0 1 {}\n");
	CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	wrig.n_rep = 0;
	wrig_close();
}

static void
test_handles_outlive_the_worker(void)
{
	struct pigato_reply *rep[3];
	json_t *v;

	wrig_open(1);
	wrig_start();
	rep[0] = wrig_get(0, "a", "[1]");
	rep[1] = wrig_get(0, "b", "1");
	rep[2] = wrig_get(0, "c", "1");
	CHECK_INT(pigato_reply_end(rep[1], "1", 1), 0);
	wrig_sync(0);
	wrig_forget();
	pigato_worker_free(wrig.w);
	wrig.w = NULL;
	for (int i = 0; i < 3; i++) {
		CHECK_INT(pigato_reply_write(rep[i], "1", 1), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_end(rep[i], "1", 1), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_reject(rep[i]), PIGATO_ERR_STATE);
		CHECK_INT(pigato_reply_heartbeat(rep[i]), PIGATO_ERR_STATE);
		CHECK(!pigato_reply_is_active(rep[i]));
		CHECK_INT(pigato_reply_is_ended(rep[i]), i == 1);
	}
	/* What it knows, it knows. */
	CHECK_TEXT(pigato_reply_client_id(rep[0], NULL), "c");
	v = pigato_reply_json(rep[0]);
	CHECK(json_is_array(v));
	json_decref(v);
	WRIG_UNTIL(wrig_heard(0, "bye"));
	CHECK_TEXT(wrig.broker[0].heard, "bye\n");
	wrig_close();
}

static void
test_handles_of_a_worker_that_was_stopped(void)
{
	struct pigato_reply *a;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "1");
	pigato_worker_stop(wrig.w);
	CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	CHECK_INT(pigato_reply_write(a, "1", 1), PIGATO_ERR_NO_BROKER);
	wrig_start();
	CHECK_INT(pigato_reply_end(a, "1", 1), PIGATO_ERR_NO_BROKER);
	wrig_sync(0);
	CHECK_TEXT(wrig.broker[0].heard, "");
	wrig_close();
}

static void
test_data_of_the_caller(void)
{
	struct pigato_reply *rep;

	wrig_open(1);
	wrig_start();
	rep = wrig_get(0, "a", "1");
	CHECK(pigato_reply_data(rep) == NULL);
	pigato_reply_set_data(rep, &wrig);
	CHECK(pigato_reply_data(rep) == &wrig);
	wrig_close();
}

/* ---- much ---- */

/* A broker that reads nothing for a while: all waits, in its order. */
/* n partial replies and the final one, with so many blanks; they count. */
static void
say_many(size_t n, int blanks)
{
	struct pigato_reply *rep = wrig_get(0, "a", "1");
	char text[500];

	wrig.broker[0].is_counting = true;
	for (size_t i = 0; i <= n; i++) {
		int size =
		    snprintf(text, sizeof(text), "%zu%*s", i, blanks, "");

		CHECK_INT((i < n ? pigato_reply_write : pigato_reply_end)(
			      rep, text, (size_t)size),
		    0);
	}
}

static void
test_a_full_pipe(void)
{
	const size_t n = check_many(50000);

	wrig_open(1);
	wrig_start();
	say_many(n, 400);
	WRIG_UNTIL(wrig.broker[0].n_replies == n + 1);
	CHECK(!wrig.broker[0].is_disordered);
	wrig_close();
}

static void
test_stop_lets_it_leave(void)
{
	const size_t n = 8000;

	wrig_open(1);
	wrig_start();
	say_many(n, 400);
	pigato_worker_stop(wrig.w);
	WRIG_UNTIL(wrig.broker[0].n_replies == n + 1);
	WRIG_UNTIL(wrig_heard(0, "bye"));
	CHECK(!wrig.broker[0].is_disordered);
	wrig_close();
}

static const struct check_test tests[] = {
    {test_replies, "partial and final replies, errors, rejections"},
    {test_after_the_end, "after the last word there is nothing to say"},
    {test_json, "values of jansson"},
    {test_json_with_large_numbers, "… of numbers that fit no int64_t"},
    {test_cache, "the cache option"},
    {test_interest_of_a_client, "a client's heartbeat is noted"},
    {test_heartbeat_by_hand, "a heartbeat by hand needs no turn of ours"},
    {test_free_rejects, "a handle freed before its end is a rejection"},
    {test_handles_outlive_the_worker, "handles outlive their worker"},
    {test_handles_of_a_worker_that_was_stopped, "… and its stop"},
    {test_data_of_the_caller, "what the caller likes to find again"},
    {test_a_full_pipe, "50,000 partial replies to one who does not read"},
    {test_stop_lets_it_leave, "what was said before a stop arrives"},
};

CHECK_MAIN(tests)
