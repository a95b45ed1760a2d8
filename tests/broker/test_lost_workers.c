/* PROTOCOL 2: what becomes of the requests of a worker that is lost. */
#include "check.h"
#include "sim.h"

static void
test_disconnected(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c2 C 2 echo r1 x {\"retry\":0}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c2 echo \\e r1 x {\"retry\":0}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 5");
	sim_want(s, "[10] c2 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n"
		    "[10] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->lost, 2);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_free(s);
}

static void
test_silent(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"retry\":1}\n");
	sim_run(s, 7500);
	sim_want(s, "[2500] w1 W 4\n[5000] w1 W 4\n[7500] w1 W 5\n"
		    "[7500] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[7500] w2 W 1\n"
		    "[7500] w2 W 2 c1 echo \\e r2 x {\"retry\":1}\n");
	sim_free(s);
}

static void
test_protocol_error(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 other\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {\"retry\":1}\n"
		    "c1 C 2 other r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 other \\e r3 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r3 0 mine {}");
	sim_want(s, "[0] w1 W 5\n"
		    "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->retries, 1);
	sim_tell(s, "w1 W 1 echo\nw2 W 3 c1 \\e r3 0 y {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"retry\":1}\n"
		    "[0] c1 C 3 \\e r3 0 y {}\n");
	sim_free(s);
}

static void
test_retry_goes_to_another_at_once(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\" {\"retry\":1}\n"
		    "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 \"hi\" {\"retry\":1}\n"
		    "[0] w2 W 1\n");
	sim_tell(s, "w1 W 5");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 \"hi\" {\"retry\":1}\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

static void
test_retry_goes_to_the_front(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r1 x {\"retry\":1}\n"
		    "c1 C 2 echo r2 x {\"retry\":1}\n"
		    "c1 C 2 echo r3 x {\"retry\":1}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"retry\":1}\n");
	sim_tell(s, "w1 W 5\nw2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_retried_again_and_again(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"retry\":1}");
	for (int i = 0; i < 3; i++) {
		sim_tell(s, "w1 W 1 echo\nw1 W 5");
		sim_want(s, "[0] w1 W 1\n"
			    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	}
	CHECK_INT(sim_stats(s)->retries, 3);
	sim_free(s);
}

/* The client would see the start of the stream twice. */
static void
test_no_retry_after_a_partial_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"retry\":1}\nw1 W 6 c1 \\e r1 0 a {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n");
	sim_tell(s, "w1 W 5");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->retries, 0);
	sim_free(s);
}

/* Nothing may be said of a request that is over. */
static void
test_expired_before(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"timeout\":10}\n"
		    "c1 C 2 echo r2 x {\"timeout\":10,\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x "
		    "{\"timeout\":10,\"retry\":1}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 5\nw2 W 1 echo");
	sim_want(s, "[10] w2 W 1\n");
	CHECK_INT(sim_stats(s)->lost, 0);
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_free(s);
}

/* The one that was lost does not know: it comes back with its answer. */
static void
test_reply_of_the_lost_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4\nc1 C 2 echo r1 x {\"retry\":1}");
	sim_run(s, 7500);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[2500] w1 W 4\n[5000] w1 W 4\n[7500] w1 W 5\n"
		    "[7500] w2 W 1\n"
		    "[7500] w2 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}\nw1 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "[7500] w1 W 5\n[7500] w1 W 5\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 c {}");
	sim_want(s, "[7500] c1 C 3 \\e r1 0 c {}\n");
	sim_free(s);
}

/* It waits under the name that was asked for, for whoever serves it now. */
static void
test_retry_under_the_name_asked_for(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nc1 C 2 echo r1 x {\"retry\":1}\nw1 W 5\n"
		    "w2 W 1 ex*");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w2 W 1\n");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_free(s);
}

static void
test_what_is_traced(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"retry\":1}\n");
	sim_want_trace(s, "[0] worker ready service=echo id=w1\n"
			  "[0] request client=c1 rid=r1 service=echo\n"
			  "[0] request given client=c1 rid=r1 worker=w1\n"
			  "[0] request client=c1 rid=r2 service=echo\n"
			  "[0] request given client=c1 rid=r2 worker=w1\n");
	sim_tell(s, "w1 W 5");
	sim_want_trace(s,
	    "[0] worker gone service=echo id=w1 why=disconnect running=2\n"
	    "[0] request retried client=c1 rid=r2\n"
	    "[0] request lost client=c1 rid=r1\n");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_disconnected, "PROTOCOL 2: disconnected, without retry: WORKER_LOST"},
    {test_silent, "PROTOCOL 2: silent, with retry and without"},
    {test_protocol_error, "PROTOCOL 2: protocol error, with retry and without"},
    {test_retry_goes_to_another_at_once,
	"PROTOCOL 2: retry goes to another worker at once"},
    {test_retry_goes_to_the_front,
	"PROTOCOL 2: retry goes to the front of the queue"},
    {test_retried_again_and_again, "PROTOCOL 2: retried as often as need be"},
    {test_no_retry_after_a_partial_reply,
	"PROTOCOL 2: after a partial reply no retry, but WORKER_LOST"},
    {test_expired_before, "PROTOCOL 2: nothing is said of what had expired"},
    {test_reply_of_the_lost_worker,
	"PROTOCOL 3: the lost worker's reply is passed on to nobody"},
    {test_retry_under_the_name_asked_for,
	"PROTOCOL 2, 4: retry waits under the name asked for"},
    {test_what_is_traced, "a lost worker in the trace"},
};

CHECK_MAIN(tests)
