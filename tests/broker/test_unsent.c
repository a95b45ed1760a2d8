/*
 * ARCHITECTURE 3: mail that the transport refuses. The worker is absent, or
 * does not read; only liveness declares its death.
 */
#include "check.h"
#include "sim.h"

static void
test_goes_to_another_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r1 \"hi\" {} tail");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 \"hi\" {} tail\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	CHECK_INT(sim_stats(s)->unsent, 1);
	CHECK_INT(sim_stats(s)->undelivered, 0);
	sim_free(s);
}

/* It is not even tried, though it has the fewest requests in flight. */
static void
test_gets_nothing_until_it_is_heard(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_block(s, "w1", false);
	sim_tell(s, "c1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	CHECK_INT(sim_stats(s)->unsent, 1);
	sim_tell(s, "w1 W 4");
	sim_tell(s, "c1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_waits_for_the_only_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":1}\nc1 C 2 echo r2 x {}");
	sim_block(s, "w1", false);
	sim_want(s, "[0] w1 W 1\n");
	CHECK_INT(sim_stats(s)->unsent, 1);
	sim_tell(s, "w1 W 4");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"failfast\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_other_mail_refused(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_block(s, "w1", true);
	sim_run(s, 2500);
	sim_tell(s, "w1 W 4");
	CHECK_INT(sim_stats(s)->unsent, 2);
	sim_block(s, "w1", false);
	sim_tell(s, "c1 C 2 echo r1 x {}");
	sim_want(s, "[2500] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 4 request r1");
	sim_block(s, "w1", false);
	sim_tell(s, "c1 C 2 echo r2 x {}");
	sim_want(s, "[2500] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_only_silence_is_death(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_run(s, 7499);
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_want(s, "");
	sim_run(s, 1);
	sim_want(s, "[7500] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[7500] w2 W 1\n[7500] w2 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_a_reply_is_a_sign_too(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r2 x {}");
	sim_block(s, "w1", false);
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_want_trace(s,
	    "[0] worker ready service=echo id=w1\n"
	    "[0] request client=c1 rid=r1 service=echo\n"
	    "[0] request given client=c1 rid=r1 worker=w1\n"
	    "[0] request client=c1 rid=r2 service=echo\n"
	    "[0] request given client=c1 rid=r2 worker=w1\n"
	    "[0] not sent peer=w1 what=request\\x20to\\x20worker\n"
	    "[0] worker unreachable service=echo id=w1\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

/*
 * Its farewell was a sign of life: the worker got what had waited and took it
 * along, so that the client was told WORKER_LOST of what had never been there.
 */
static void
test_farewell_of_who_was_unreachable(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo");
	sim_block(s, "w1", true);
	sim_block(s, "w2", true);
	sim_tell(s, "c1 C 2 echo r1 x {}");
	sim_block(s, "w1", false);
	sim_block(s, "w2", false);
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n");
	sim_tell(s, "w1 W 5");
	sim_want(s, "");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w2 W 5\n");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n[0] w3 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

/*
 * A worker with room for several got what had waited, and all of it came
 * back: each went to the front, so that the last came to stand first.
 */
static void
test_order_of_what_comes_back(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}");
	sim_block(s, "w1", true);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r4 x {}");
	sim_want(s, "");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_order_of_what_comes_back_to_a_target(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w1\"}");
	sim_block(s, "w1", true);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r4 x {\"workerId\":\"w1\"}");
	sim_block(s, "w1", false);
	sim_want(s, "");
	sim_tell(s, "w1 W 4");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* Once more after the first has gone through. */
static void
test_comes_back_to_a_target_again(void)
{
	struct sim *s = sim_new(NULL);

	sim_block(s, "w1", true);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}");
	sim_block(s, "w1", false);
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n");
	sim_block(s, "w1", true);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y");
	sim_block(s, "w1", false);
	sim_want(s, "[0] c1 C 3 \\e r1 0 y\n");
	sim_tell(s, "c1 C 2 echo r3 x {\"workerId\":\"w1\"}\nw1 W 4");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* Two workers' mail comes back in turns; one name's elders are first. */
static void
test_order_of_what_two_workers_refuse(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w1 W 4 \\e {\"concurrency\":0}\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 4\n[0] w2 W 4\n");
	sim_block(s, "w1", true);
	sim_block(s, "w2", true);
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":2}\n"
		    "w1 W 4 \\e {\"concurrency\":4}");
	sim_want(s, "");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w3 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w3 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w3 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_goes_to_another_worker, "a refused request goes to another worker"},
    {test_gets_nothing_until_it_is_heard,
	"who refuses gets nothing until it is heard again"},
    {test_waits_for_the_only_worker,
	"a refused request waits for the only worker there is"},
    {test_other_mail_refused, "refused heartbeats mean nothing"},
    {test_only_silence_is_death, "only silence is death"},
    {test_a_reply_is_a_sign_too, "a reply makes its worker reachable again"},
    {test_farewell_of_who_was_unreachable,
	"who was unreachable and leaves gets nothing to take along"},
    {test_order_of_what_comes_back, "what comes back keeps its order"},
    {test_order_of_what_comes_back_to_a_target,
	"what comes back for one worker keeps its order"},
    {test_comes_back_to_a_target_again,
	"what comes back for one worker, again"},
    {test_order_of_what_two_workers_refuse,
	"what comes back from two workers keeps its order"},
};

CHECK_MAIN(tests)
