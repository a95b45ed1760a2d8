/* Each feature once, with a client and the workers that it takes. */
#include <stdio.h>

#include "pair.h"

#define N_KEPT 64

static const char *address;
static char log_text[4096]; /* what the client was told, a line each */
static struct pigato_reply *kept[N_KEPT];
static size_t n_kept, n_max_open, n_final;
static struct pigato_worker *kept_by[N_KEPT];

/* ---- the worker's side ---- */

/* Keeps the handle: the test says what becomes of it. */
static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	size_t n = pigato_worker_in_flight(w);

	(void)data;
	(void)size;
	(void)arg;
	n_max_open = n > n_max_open ? n : n_max_open;
	CHECK(n_kept < N_KEPT);
	kept_by[n_kept] = w;
	kept[n_kept++] = rep;
}

static void
echo(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	(void)w;
	(void)arg;
	CHECK_INT(pigato_reply_end(rep, data, size), 0);
	pigato_reply_free(rep);
}

static struct pigato_worker *
worker(int i, const char *service, pigato_request_fn fn)
{
	struct pigato_worker *w = pigato_worker_new(address, service);

	CHECK(w != NULL);
	pair.w[i] = w;
	CHECK_INT(pigato_worker_on_request(w, fn, NULL), 0);
	CHECK_INT(pigato_worker_start(w), 0);
	return w;
}

/* … and registered. */
static struct pigato_worker *
ready(int i, const char *service, pigato_request_fn fn)
{
	struct pigato_worker *w = worker(i, service, fn);

	PAIR_UNTIL(pigato_worker_is_connected(w));
	return w;
}

/* ---- the client's ---- */

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	size_t n = strlen(log_text);
	int error = pigato_response_error(response);

	(void)r;
	(void)arg;
	n_final += pigato_response_is_final(response);
	snprintf(log_text + n, sizeof(log_text) - n, "%s%s%.60s\n",
	    pigato_response_is_final(response) ? "final " : "partial ",
	    error == PIGATO_OK ? "" : pigato_error_name(error),
	    pigato_response_data(response, NULL));
}

static struct pigato_request *
ask(const char *service, const char *data)
{
	struct pigato_request *r;

	CHECK_INT(pigato_client_request(pair.c, service, data, strlen(data),
		      NULL, on_response, NULL, &r),
	    0);
	return r;
}

static void
begin(void)
{
	pair_close();
	pair.c = pigato_client_new(address);
	CHECK(pair.c != NULL);
	log_text[0] = '\0';
	n_kept = n_final = n_max_open = 0;
}

static void
finish(void)
{
	pair_close();
	for (size_t i = 0; i < n_kept; i++)
		pigato_reply_free(kept[i]);
}

/* ---- tests ---- */

static void
test_sizes(void)
{
	static char data[1000000];
	struct pigato_response *response;
	struct pigato_stream *s;
	size_t n;
	int rc;

	begin();
	worker(0, "echo", echo);
	memset(data, ' ', sizeof(data));
	data[0] = '1';
	for (size_t size = 1; size <= sizeof(data); size *= 10) {
		CHECK_INT(
		    pigato_stream_open(&s, pair.c, "echo", data, size, NULL),
		    0);
		while ((rc = pigato_stream_next(s, 0, &response)) ==
		       PIGATO_ERR_TIMEOUT)
			pair_turn();
		CHECK_INT(rc, 0);
		CHECK(memcmp(pigato_response_data(response, &n), data, size) ==
		      0);
		CHECK_INT(n, size);
		pigato_response_free(response);
		pigato_stream_close(s);
	}
	finish();
}

static void
test_a_stream(void)
{
	begin();
	ready(0, "s", on_request);
	ask("s", "1");
	PAIR_UNTIL(n_kept == 1);
	CHECK_INT(pigato_reply_write(kept[0], "\"a\"", 3), 0);
	CHECK_INT(pigato_reply_write(kept[0], "\"b\"", 3), 0);
	CHECK_INT(pigato_reply_end(kept[0], NULL, 0), 0);
	PAIR_UNTIL(n_final == 1);
	CHECK_TEXT(log_text, "partial \"a\"\npartial \"b\"\nfinal null\n");
	finish();
}

static void
test_an_error(void)
{
	begin();
	ready(0, "s", on_request);
	ask("s", "1");
	PAIR_UNTIL(n_kept == 1);
	CHECK_INT(pigato_reply_error_text(kept[0], "no"), 0);
	PAIR_UNTIL(n_final == 1);
	CHECK_TEXT(log_text, "final REMOTE\"no\"\n");
	finish();
}

static void
test_a_reject_is_for_another(void)
{
	begin();
	ready(0, "s", on_request);
	ready(1, "s", on_request);
	ask("s", "1");
	ask("s", "2");
	PAIR_UNTIL(n_kept == 2);
	CHECK(kept_by[0] != kept_by[1]);
	CHECK_INT(pigato_reply_reject(kept[0]), 0);
	pigato_reply_free(kept[1]); /* is a rejection, too */
	kept[1] = NULL;
	PAIR_UNTIL(n_kept == 4);
	CHECK(kept_by[2] != kept_by[3]);
	for (int i = 2; i < 4; i++)
		CHECK_INT(pigato_reply_end(kept[i], "0", 1), 0);
	PAIR_UNTIL(n_final == 2);
	CHECK_TEXT(log_text, "final 0\nfinal 0\n");
	finish();
}

static void
test_names(void)
{
	static const char *const names[] = {
	    "img.png", "math@^1.2.0", "math@1.2.7", "plain"};

	begin();
	ready(0, "img*", on_request);
	ready(1, "math@1.2.7", on_request);
	ready(2, "plain", on_request);
	for (size_t i = 0; i < 4; i++) {
		ask(names[i], "1");
		PAIR_UNTIL(n_kept == i + 1);
		CHECK_TEXT(pigato_reply_service(kept[i], NULL), names[i]);
		CHECK_INT(pigato_reply_end(kept[i], "0", 1), 0);
	}
	PAIR_UNTIL(n_final == 4);
	finish();
}

static void
test_a_worker_by_its_id(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	begin();
	ready(0, "s", on_request);
	ready(1, "s", on_request);
	for (size_t i = 0; i < 4; i++) {
		struct pigato_worker *w = pair.w[i < 2 ? 0 : 1];

		o.worker_id = pigato_worker_id(w);
		CHECK_INT(pigato_client_request(
			      pair.c, "s", "1", 1, &o, on_response, NULL, NULL),
		    0);
		PAIR_UNTIL(n_kept == i + 1);
		CHECK(kept_by[i] == w);
	}
	finish();
}

static void
test_interest(void)
{
	struct pigato_request *r;

	begin();
	ready(0, "s", on_request);
	r = ask("s", "1");
	PAIR_UNTIL(n_kept == 1);
	CHECK_TEXT(
	    pigato_reply_request_id(kept[0], NULL), pigato_request_id(r));
	CHECK_INT(pigato_reply_heard_ms_ago(kept[0]), -1);
	CHECK_INT(pigato_request_heartbeat(r), 0);
	PAIR_UNTIL(pigato_reply_heard_ms_ago(kept[0]) >= 0);
	finish();
}

/* All are there before the worker is. */
static void
test_one_at_a_time(void)
{
	begin();
	for (int i = 0; i < 30; i++)
		ask("s", "1");
	CHECK(pair.w[0] == NULL);
	PAIR_UNTIL(pigato_client_is_connected(pair.c));
	pair.w[0] = pigato_worker_new(address, "s");
	CHECK_INT(pigato_worker_set_concurrency(pair.w[0], 1), 0);
	CHECK_INT(pigato_worker_on_request(pair.w[0], on_request, NULL), 0);
	CHECK_INT(pigato_worker_start(pair.w[0]), 0);
	for (size_t i = 0; i < 30; i++) {
		PAIR_UNTIL(n_kept == i + 1);
		CHECK_INT(pigato_reply_end(kept[i], "1", 1), 0);
	}
	PAIR_UNTIL(n_final == 30);
	CHECK_INT(n_max_open, 1);
	finish();
}

static void
test_pause(void)
{
	begin();
	ready(0, "s", on_request);
	CHECK_INT(pigato_worker_set_concurrency(pair.w[0], 0), 0);
	ready(1, "other", echo);
	ask("s", "1");
	ask("other", "2");
	PAIR_UNTIL(n_final == 1);
	CHECK_INT(n_kept, 0);
	CHECK_INT(pigato_worker_set_concurrency(pair.w[0], -1), 0);
	PAIR_UNTIL(n_kept == 1);
	finish();
}

static void
echo_and_leave(struct pigato_worker *w, struct pigato_reply *rep,
    const char *data, size_t size, void *arg)
{
	CHECK_INT(pigato_worker_drain(w), 0);
	echo(w, rep, data, size, arg);
}

/* It blocks: pigatod alone is there to help it on. */
static void
test_run_and_drain(void)
{
	struct pigato_worker *w;

	begin();
	ask("s", "1");
	PAIR_UNTIL(pigato_client_is_connected(pair.c));
	w = pigato_worker_new(address, "s");
	CHECK_INT(pigato_worker_on_request(w, echo_and_leave, NULL), 0);
	CHECK_INT(pigato_worker_run(w), 0);
	CHECK(!pigato_worker_is_connected(w));
	pigato_worker_free(w);
	PAIR_UNTIL(n_final == 1);
	CHECK_TEXT(log_text, "final 1\n");
	finish();
}

static void
test_a_worker_that_goes(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	begin();
	ready(0, "s", on_request);
	ask("s", "1");
	o.retry = true;
	CHECK_INT(pigato_client_request(
		      pair.c, "s", "2", 1, &o, on_response, NULL, NULL),
	    0);
	PAIR_UNTIL(n_kept == 2);
	pigato_worker_free(pair.w[0]);
	pair.w[0] = NULL;
	PAIR_UNTIL(n_final == 1);
	CHECK_TEXT(log_text, "final WORKER_LOST\"WORKER_LOST\"\n");
	worker(1, "s", echo);
	PAIR_UNTIL(n_final == 2);
	finish();
}

static const struct check_test tests[] = {
    {test_sizes, "data of all sizes"},
    {test_a_stream, "a stream"},
    {test_an_error, "an error"},
    {test_a_reject_is_for_another, "a reject is for another worker"},
    {test_names, "wildcards and versions"},
    {test_a_worker_by_its_id, "a worker by its id"},
    {test_interest, "a request's heartbeat"},
    {test_one_at_a_time, "one at a time, of those that have waited"},
    {test_pause, "a pause"},
    {test_run_and_drain, "run, until it is drained"},
    {test_a_worker_that_goes, "a worker that goes"},
};

int
pair_features(const char *at)
{
	address = at;
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), 0, NULL);
}
