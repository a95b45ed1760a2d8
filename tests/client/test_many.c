/* A hundred thousand requests in flight, and what each of them costs. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "rig.h"

#define MAX    100000
#define SIZE   100
#define MARGIN 1024 /* bytes a request may cost beside its data */

static struct pigato_request *requests[MAX];
static size_t n_many;

/* Of the whole process; 0 where the allocator does not tell. */
static size_t
allocated(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void
send_all(const struct pigato_request_opts *opts)
{
	char data[SIZE];

	memset(data, 'd', sizeof(data));
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(pigato_client_is_connected(rig.c));
	rig.is_silent = true;
	for (size_t i = 0; i < n_many; i++)
		CHECK_INT(pigato_client_request(rig.c, "echo", data, SIZE, opts,
			      rig_on_response, NULL, &requests[i]),
		    0);
	CHECK_INT(pigato_client_in_flight(rig.c), n_many);
}

static void
check_cost(const char *what, size_t before)
{
	size_t now = allocated(), each = (now - before) / n_many;

	if (now == 0)
		return;
	printf("# %s: %zu bytes a request, beside its data: %zu\n", what, each,
	    each - SIZE);
	CHECK(each < MARGIN + SIZE);
}

/* Answered from the last to the first: nobody depends on their order. */
static void
answer_all(void)
{
	struct fake *f = &rig.broker[0];

	for (size_t i = n_many; i-- > 0;) {
		fake_send(f, f->mail[0].peer, "C", "3", "",
		    pigato_request_id(requests[i]), "0", "1", (char *)NULL);
		if (i % 1000 == 0)
			RIG_UNTIL(pigato_client_in_flight(rig.c) == i);
	}
	CHECK_INT(rig.n_ok, n_many);
}

/* A rig of so many brokers, and the number that is meant. */
static void
open_many(int n_brokers)
{
	n_many = check_many(MAX);
	rig_open(n_brokers);
}

static void
run(const char *what, const struct pigato_request_opts *opts)
{
	size_t before;

	open_many(1);
	before = allocated();
	send_all(opts);
	check_cost(what, before);
	RIG_UNTIL(rig.broker[0].n_requests == n_many);
	check_cost(what, before);
	answer_all();
	rig_close();
}

static void
test_plain(void)
{
	run("plain", NULL);
}

static void
test_all_options(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	o.retry = true;
	o.nocache = true;
	o.worker_id = "W-01234567-89ab-cdef-0123-456789abcdef";
	run("retry and workerId", &o);
}

/* All are sent again, each once, to the broker that is left. */
static void
test_moved(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	o.retry = true;
	open_many(2);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0") && rig_logged("connect 1"));
	send_all(&o);
	RIG_UNTIL(rig.broker[0].n_requests == n_many);
	rig.broker[1].is_echo = true;
	fake_close(&rig.broker[0]);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.n_ok, n_many);
	CHECK_INT(rig.broker[1].n_requests, n_many);
	rig_close();
}

static void
test_cancelled(void)
{
	open_many(1);
	send_all(NULL);
	pigato_client_stop(rig.c);
	CHECK_INT(rig.n_final, n_many);
	CHECK_INT(pigato_client_in_flight(rig.c), 0);
	rig_close();
}

static void
test_timed_out(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	o.timeout_ms = 100;
	open_many(1);
	send_all(&o);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_INT(rig.n_final, n_many);
	CHECK_INT(rig.n_ok, 0);
	rig_close();
}

static const struct check_test tests[] = {
    {test_plain, "a hundred thousand in flight, each answered"},
    {test_all_options, "the same with options that cost"},
    {test_moved, "the same, sent again to another broker"},
    {test_cancelled, "the same, cancelled"},
    {test_timed_out, "the same, timed out"},
};

CHECK_MAIN(tests)
