/* PROTOCOL 2, ARCHITECTURE 3: partial replies, whole and with a gap. */
#include "check.h"
#include "sim.h"

static void
test_partials_in_their_order(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}\nw1 W 6 c1 \\e r1 0 \\e {}\n"
		    "w1 W 6 c1 \\e r1 0 a {}\nw1 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n"
		    "[0] c1 C 6 \\e r1 0 \\e {}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n"
		    "[0] c1 C 3 \\e r1 0 b {}\n");
	CHECK_INT(sim_stats(s)->partials, 3);
	sim_free(s);
}

/* A stream keeps its slot until it ends. */
static void
test_slot_of_a_stream(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}");
	sim_want(s, "[0] c1 C 6 \\e r1 0 a {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 b {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_gap(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "w1 W 6 c1 \\e r1 0 a {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 b {}");
	sim_block(s, "c1", false);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 c {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 d {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"PARTIAL_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->undelivered, 1);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_free(s);
}

/* The gap is that request's alone. */
static void
test_gap_in_one_of_two(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}");
	sim_block(s, "c1", false);
	sim_tell(s, "w1 W 6 c1 \\e r2 0 a {}\nw1 W 3 c1 \\e r2 0 b {}\n"
		    "w1 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "[0] c1 C 6 \\e r2 0 a {}\n"
		    "[0] c1 C 3 \\e r2 0 b {}\n"
		    "[0] c1 C 3 \\e r1 -1 \"PARTIAL_LOST\" {}\n");
	sim_free(s);
}

static void
test_gap_then_lost(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}");
	sim_block(s, "c1", false);
	sim_tell(s, "w1 W 5");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	sim_free(s);
}

static void
test_gap_then_expired(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}");
	sim_block(s, "c1", false);
	sim_run(s, 10);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->late, 1);
	sim_free(s);
}

/* The client is away: the reply is dropped and counted, the slot is free. */
static void
test_final_reply_refused(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc2 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w1 W 2 c2 echo \\e r2 x {}\n");
	CHECK_INT(sim_stats(s)->unsent, 1);
	CHECK_INT(sim_stats(s)->undelivered, 1);
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_block(s, "c1", false);
	sim_tell(s, "c1 C 2 echo r1 x {}");
	sim_tell(s, "w1 W 3 c2 \\e r2 0 y {}");
	sim_want(s, "[0] c2 C 3 \\e r2 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_partials_in_their_order, "PROTOCOL 1: partial replies in order"},
    {test_slot_of_a_stream, "PROTOCOL 3: a stream keeps its slot"},
    {test_gap, "a stream with a gap ends with PARTIAL_LOST"},
    {test_gap_in_one_of_two, "a gap is that request's alone"},
    {test_gap_then_lost, "a stream with a gap whose worker is lost"},
    {test_gap_then_expired, "a stream with a gap that expires"},
    {test_final_reply_refused, "a final reply that cannot be sent"},
};

CHECK_MAIN(tests)
