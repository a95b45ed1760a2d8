/* PROTOCOL 2: expiry is silent, and its late replies harm nobody. */
#include "check.h"
#include "sim.h"

static void
test_dropped_silently(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"timeout\":1000}");
	sim_run(s, 999);
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_run(s, 1);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_want_trace(s, "[0] request client=c1 rid=r1 service=echo\n"
			  "[1000] request expired client=c1 rid=r1\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[1000] w1 W 1\n");
	sim_free(s);
}

static void
test_slot_is_free_again(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {\"timeout\":1000}\n"
		    "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":1000}\n");
	sim_run(s, 1000);
	sim_want(s, "[1000] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

/* PIGATO's broker sends W 5 to the worker that finished its work late. */
static void
test_late_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}\nw1 W 6 c1 \\e r1 0 b {}\n"
		    "w1 W 3 c1 \\e r1 0 c {}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->late, 3);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_tell(s, "c1 C 2 echo r2 x {}");
	sim_want(s, "[10] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_late_reject(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->late, 1);
	CHECK_INT(sim_stats(s)->rejects, 0);
	sim_free(s);
}

/* One late reply is swallowed; a second one breaks the protocol as ever. */
static void
test_second_late_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[10] w1 W 5\n");
	sim_free(s);
}

/* Another worker's late reply is not this one's to give. */
static void
test_late_reply_of_another(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[10] w2 W 5\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "");
	sim_free(s);
}

static void
test_late_reply_of_who_registered_anew(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n");
	sim_run(s, 10);
	sim_tell(s, "w1 W 5\nw1 W 1 echo");
	sim_want(s, "[10] w1 W 1\n");
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[10] w1 W 5\n");
	sim_free(s);
}

static void
test_partials_are_signs_of_life(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":1000}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":1000}\n");
	sim_run(s, 900);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 a {}");
	sim_run(s, 900);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 b {}");
	sim_run(s, 999);
	CHECK_INT(sim_stats(s)->expired, 0);
	sim_run(s, 1);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 c {}");
	sim_want(s, "[900] c1 C 6 \\e r1 0 a {}\n"
		    "[1800] c1 C 6 \\e r1 0 b {}\n"
		    "[2500] w1 W 4\n");
	sim_free(s);
}

/* What else there is to hear of a request is none. */
static void
test_what_is_no_sign_of_life(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":1000}\n"
		    "c1 C 2 echo r2 x {\"timeout\":1000,\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":1000}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x "
		    "{\"timeout\":1000,\"retry\":1}\n");
	sim_run(s, 900);
	sim_tell(s, "c1 C 4 request r1\nw1 W 4\nw1 W 7 c1 \\e r1 0 x\n"
		    "w2 W 1 echo\nw1 W 5");
	sim_want(s, "[900] w1 W 4 c1 \\e r1\n[900] w1 W 4\n"
		    "[900] w2 W 1\n"
		    "[900] w2 W 2 c1 echo \\e r1 x {\"timeout\":1000}\n"
		    "[900] w2 W 2 c1 echo \\e r2 x "
		    "{\"timeout\":1000,\"retry\":1}\n");
	sim_run(s, 99);
	CHECK_INT(sim_stats(s)->expired, 0);
	sim_run(s, 1);
	CHECK_INT(sim_stats(s)->expired, 2);
	sim_free(s);
}

/* While the worker still works on the first: its reply is to the second. */
static void
test_rid_used_again_after_expiry(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"timeout\":10}");
	sim_run(s, 10);
	sim_tell(s, "c1 C 2 echo r1 y {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[10] w2 W 2 c1 echo \\e r1 y {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 X {}");
	sim_want(s, "");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 Y {}");
	sim_want(s, "[10] c1 C 3 \\e r1 0 Y {}\n");
	sim_free(s);
}

/*
 * The worker owes two late replies. The second one was a protocol error: a
 * client that used its rid again could have honest workers disconnected.
 */
static void
test_expired_twice_at_one_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_run(s, 10);
	sim_tell(s, "c1 C 2 echo r1 y {\"timeout\":10}");
	sim_run(s, 10);
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[10] w1 W 2 c1 echo \\e r1 y {\"timeout\":10}\n");
	CHECK_INT(sim_stats(s)->n_ghosts, 1);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 X {}\nw1 W 6 c1 \\e r1 0 Y {}\n"
		    "w1 W 3 c1 \\e r1 0 Y {}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->late, 3);
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 Z {}");
	sim_want(s, "[20] w1 W 5\n");
	sim_free(s);
}

/* Which of the two is answered can't be told; neither is punished for. */
static void
test_expired_and_asked_again_at_one_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}");
	sim_run(s, 10);
	sim_tell(s, "c1 C 2 echo r1 y {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[10] w1 W 2 c1 echo \\e r1 y {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 X {}\nw1 W 3 c1 \\e r1 0 Y {}");
	sim_want(s, "[10] c1 C 3 \\e r1 0 X {}\n");
	CHECK_INT(sim_stats(s)->late, 1);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

static void
test_held_request_expires(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}\n"
		    "w1 W 7 c1 \\e r1 0 x");
	sim_run(s, 10);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[10] w2 W 1\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_dropped_silently, "PROTOCOL 2: an expired request is dropped"},
    {test_slot_is_free_again, "PROTOCOL 2: its slot is free again"},
    {test_late_reply, "PROTOCOL 2: late replies are swallowed, not punished"},
    {test_late_reject, "PROTOCOL 2: so is a late reject"},
    {test_second_late_reply, "PROTOCOL 3: a second late final reply is not"},
    {test_late_reply_of_another,
	"PROTOCOL 3: nor is another worker's late reply"},
    {test_late_reply_of_who_registered_anew,
	"PROTOCOL 3: nor that of a worker that registered anew since"},
    {test_partials_are_signs_of_life,
	"PROTOCOL 2: timeout counts from the last partial reply"},
    {test_what_is_no_sign_of_life,
	"PROTOCOL 2: heartbeats, rejects and retries do not prolong"},
    {test_rid_used_again_after_expiry,
	"PROTOCOL 2: a rid used again while the late reply is to come"},
    {test_expired_twice_at_one_worker,
	"PROTOCOL 2: a rid that expires twice at the same worker"},
    {test_expired_and_asked_again_at_one_worker,
	"PROTOCOL 2: a rid that expires, then runs at the same worker"},
    {test_held_request_expires, "PROTOCOL 2: rejected by all, it expires"},
};

CHECK_MAIN(tests)
