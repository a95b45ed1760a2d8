/* PROTOCOL 1: heartbeats of clients and workers, in all their forms. */
#include "check.h"
#include "sim.h"

static void
test_client_heartbeat(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 4");
	sim_want(s, "[0] c1 C 4\n");
	CHECK_INT(sim_stats(s)->malformed, 0);
	sim_free(s);
}

static void
test_interest_in_a_running_request(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "c1 C 4 request r1");
	sim_want(s, "[0] w1 W 4 c1 \\e r1\n");
	sim_tell(s, "c1 C 4 req r1");
	sim_want(s, "[0] w1 W 4 c1 \\e r1\n");
	sim_tell(s, "c1 C 4 r1");
	sim_want(s, "[0] w1 W 4 c1 \\e r1\n");
	sim_free(s);
}

/* Two frames are kind and id, one is an id whatever it reads like. */
static void
test_rids_named_as_kinds(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo request x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e request x {}\n");
	sim_tell(s, "c1 C 4 request");
	sim_want(s, "[0] w1 W 4 c1 \\e request\n");
	sim_tell(s, "c1 C 4 req request");
	sim_want(s, "[0] w1 W 4 c1 \\e request\n");
	sim_tell(s, "c1 C 4 worker request\nc1 C 4 Request request");
	sim_want(s, "");
	sim_free(s);
}

static void
test_interest_that_concerns_nobody(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 4 request r1");
	sim_want(s, "");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "c2 C 4 request r1\nc1 C 4 request r2\nc1 C 4 r2");
	sim_want(s, "");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_tell(s, "c1 C 4 request r1\nc1 C 4 req r1\nc1 C 4 r1");
	sim_want(s, "");
	sim_free(s);
}

static void
test_interest_after_expiry(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "c1 C 4 request r1");
	sim_want(s, "");
	sim_free(s);
}

/* Who is told is the worker that has it now. */
static void
test_interest_follows_the_request(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_tell(s, "w1 W 5");
	sim_tell(s, "c1 C 4 request r1");
	sim_want(s, "");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_tell(s, "c1 C 4 request r1");
	sim_want(s, "[0] w2 W 4 c1 \\e r1\n");
	sim_free(s);
}

static void
test_client_keeps_a_worker_alive(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 1000);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[1000] w2 W 1\n");
	sim_run(s, 5000);
	sim_tell(s, "c1 C 4 worker w1\nc1 C 4 worker w9\nc1 C 4 Worker w2\n"
		    "c1 C 4 request w2\nc1 C 4 w2");
	sim_want(s, "[2500] w1 W 4\n[3500] w2 W 4\n"
		    "[5000] w1 W 4\n[6000] w2 W 4\n");
	sim_run(s, 7500);
	sim_want(s, "[7500] w1 W 4\n[8500] w2 W 5\n"
		    "[10000] w1 W 4\n[12500] w1 W 4\n[13500] w1 W 5\n");
	sim_free(s);
}

static void
test_worker_heartbeat(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":100}");
	sim_want(s, "[0] w1 W 4\n");
	sim_tell(s, "w1 W 4\nw1 W 4 \\e\nw1 W 4 \\e \\e\nw1 W 4 \\e nonsense\n"
		    "w1 W 4 \\e [1]\nw1 W 4 \\e {} more");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 4\n[0] w1 W 4\n[0] w1 W 4\n"
		    "[0] w1 W 4\n[0] w1 W 4\n");
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_client_heartbeat, "PROTOCOL 1: C 4 is answered C 4"},
    {test_interest_in_a_running_request,
	"PROTOCOL 1: C 4 request, req and the old form tell the worker"},
    {test_rids_named_as_kinds, "PROTOCOL 1: a rid that reads like a kind"},
    {test_interest_that_concerns_nobody,
	"PROTOCOL 1: interest in what waits, is over or another's"},
    {test_interest_after_expiry,
	"PROTOCOL 2: an expired request is over for heartbeats too"},
    {test_interest_follows_the_request,
	"PROTOCOL 1: interest goes to the worker that has the request now"},
    {test_client_keeps_a_worker_alive,
	"PROTOCOL 1: C 4 worker is a sign of that worker's life"},
    {test_worker_heartbeat,
	"PROTOCOL 1: a worker's heartbeat is answered, whatever its opts"},
};

CHECK_MAIN(tests)
