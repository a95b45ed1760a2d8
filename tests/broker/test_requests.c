/* PROTOCOL 2: how requests are known, and in which order they are served. */
#include "check.h"
#include "sim.h"

/*
 * PIGATO's broker knows requests by rid alone: the second of two clients with
 * the same rid got the reply to both.
 */
static void
test_two_clients_with_one_rid(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r a {}\nc2 C 2 echo r b {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r a {}\n"
		    "[0] w1 W 2 c2 echo \\e r b {}\n");
	sim_tell(s, "w1 W 3 c2 \\e r 0 B {}");
	sim_want(s, "[0] c2 C 3 \\e r 0 B {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r 0 A {}");
	sim_want(s, "[0] c1 C 3 \\e r 0 A {}\n");
	sim_free(s);
}

static void
test_repeated_while_it_runs(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 a {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 a {}\n");
	sim_tell(s, "c1 C 2 echo r1 a {}\nc1 C 2 other r1 b {\"failfast\":1}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->duplicates, 2);
	CHECK_INT(sim_stats(s)->requests, 1);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 A {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 A {}\n");
	sim_free(s);
}

static void
test_repeated_while_it_waits(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 a {}\nc1 C 2 echo r1 b {}");
	sim_want(s, "");
	sim_want_trace(s, "[0] request client=c1 rid=r1 service=echo\n"
			  "[0] request repeated client=c1 rid=r1\n");
	CHECK_INT(sim_stats(s)->duplicates, 1);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 a {}\n");
	sim_free(s);
}

/* The repetition is no sign of life, and its options count for nothing. */
static void
test_repetition_changes_nothing(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 a {\"timeout\":1000}");
	sim_run(s, 900);
	sim_tell(s, "c1 C 2 echo r1 a {\"timeout\":5000}");
	sim_run(s, 100);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[1000] w1 W 1\n");
	sim_free(s);
}

static void
test_rid_of_a_request_that_is_over(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 a {}");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 A {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {}\n"
		    "[0] c1 C 3 \\e r1 0 A {}\n");
	sim_tell(s, "c1 C 2 echo r1 b {}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 b {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 B {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 B {}\n");
	CHECK_INT(sim_stats(s)->duplicates, 0);
	sim_free(s);
}

static void
test_first_come_first_served(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}\nc2 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {}\nc3 C 2 other r1 x {}\n"
		    "c2 C 2 echo r2 x {}");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c2 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c2 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_one_by_one(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.default_concurrency = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/* A reply may come in another order than the requests. */
static void
test_replies_in_any_order(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 6 c1 \\e r2 0 a {}\nw1 W 6 c1 \\e r1 0 b {}\n"
		    "w1 W 3 c1 \\e r2 0 c {}\nw1 W 3 c1 \\e r1 0 d {}");
	sim_want(s, "[0] c1 C 6 \\e r2 0 a {}\n"
		    "[0] c1 C 6 \\e r1 0 b {}\n"
		    "[0] c1 C 3 \\e r2 0 c {}\n"
		    "[0] c1 C 3 \\e r1 0 d {}\n");
	sim_free(s);
}

static void
test_the_story_of_a_request(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r\\x01\\s x {}");
	sim_run(s, 10);
	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 10);
	sim_tell(s, "w1 W 3 c1 \\e r\\x01\\s 0 y {}");
	sim_want_trace(s,
	    "[0] request client=c1 rid=r\\x01\\x20 service=echo\n"
	    "[10] worker ready service=echo id=w1\n"
	    "[10] request given client=c1 rid=r\\x01\\x20 worker=w1\n"
	    "[20] request done client=c1 rid=r\\x01\\x20 worker=w1\n");
	sim_want(s, "[10] w1 W 1\n"
		    "[10] w1 W 2 c1 echo \\e r\\x01\\s x {}\n"
		    "[20] c1 C 3 \\e r\\x01\\s 0 y {}\n");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_two_clients_with_one_rid,
	"PROTOCOL 2: two clients with the same rid never meet"},
    {test_repeated_while_it_runs,
	"PROTOCOL 2: a rid repeated while pending is ignored and counted"},
    {test_repeated_while_it_waits,
	"PROTOCOL 2: a rid repeated while queued is ignored and counted"},
    {test_repetition_changes_nothing,
	"PROTOCOL 2: a repetition prolongs nothing"},
    {test_rid_of_a_request_that_is_over,
	"PROTOCOL 2: the rid of a request that is over may be used again"},
    {test_first_come_first_served,
	"PROTOCOL 2: first come, first served, whoever the client"},
    {test_one_by_one, "PROTOCOL 2: a slot that comes free takes the next"},
    {test_replies_in_any_order, "PROTOCOL 1: replies in any order"},
    {test_the_story_of_a_request, "PROTOCOL 2: queued, dispatched, done"},
};

CHECK_MAIN(tests)
