/*
 * PROTOCOL 2: first come, first served among requests that can be run,
 * whatever became of them in between.
 */
#include "check.h"
#include "sim.h"

/*
 * What was rejected by who is free, and waits for who is busy, was looked at
 * in turns: each look in vain left another one in front.
 */
static void
test_looks_in_vain(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nw1 W 7 c1 \\e r1\n"
		    "w1 W 7 c1 \\e r2\nw1 W 7 c1 \\e r3");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	for (int i = 0; i < 5; i++) {
		sim_tell(s, "c1 C 2 echo r4 x {}\nw1 W 3 c1 \\e r4 0 y");
		sim_want(s, "[0] w1 W 2 c1 echo \\e r4 x {}\n"
			    "[0] c1 C 3 \\e r4 0 y\n");
	}
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":3}");
	sim_want(s, "[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/*
 * A worker on its way out takes no more and rejects what it has: each went
 * to the front, the last came to stand first.
 */
static void
test_worker_drains(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r4 x {}\nw1 W 7 c1 \\e r2\n"
		    "w1 W 7 c1 \\e r3\nw1 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w1 W 4\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

/* Rejected by all in another order than they came: they stood in that one. */
static void
test_rejected_by_all(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nw1 W 7 c1 \\e r2\n"
		    "w1 W 7 c1 \\e r3\nw1 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/* Rejected by who is free, in another order than they came. */
static void
test_rejected_by_who_is_free(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nw1 W 7 c1 \\e r3\n"
		    "w1 W 7 c1 \\e r1\nw1 W 7 c1 \\e r2");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w2 W 4\n[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":-1}");
	sim_want(s, "[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/* Rejected by all before the next one came, and served before it. */
static void
test_held_before_queued(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nw1 W 7 c1 \\e r1\n"
		    "c1 C 2 echo r2 x {}\nc1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/* The second one's requests came to stand before the first one's. */
static void
test_lost_one_after_the_other(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"retry\":1}\n"
		    "w1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 1 echo\nc1 C 2 echo r2 x {\"retry\":1}\n"
		    "w2 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r3 x {\"retry\":1}\n"
		    "w1 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r4 x {\"retry\":1}\n"
		    "w2 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r5 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w1 W 4\n[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {\"retry\":1}\n"
		    "[0] w2 W 4\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"retry\":1}\n"
		    "[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {\"retry\":1}\n");
	sim_tell(s, "w1 W 5\nw2 W 5\nw3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w3 W 2 c1 echo \\e r2 x {\"retry\":1}\n"
		    "[0] w3 W 2 c1 echo \\e r3 x {\"retry\":1}\n"
		    "[0] w3 W 2 c1 echo \\e r4 x {\"retry\":1}\n"
		    "[0] w3 W 2 c1 echo \\e r5 x {}\n");
	sim_free(s);
}

static void
test_rejected_and_queued_for_a_target(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}\n"
		    "w1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w1\"}\n"
		    "w1 W 7 c1 \\e r2\nw1 W 7 c1 \\e r1\nw1 W 5");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 4\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_looks_in_vain, "PROTOCOL 2: looks in vain do not change the order"},
    {test_worker_drains, "PROTOCOL 2: a worker pauses and rejects all it has"},
    {test_rejected_by_all, "PROTOCOL 2: rejected by all, in any order"},
    {test_rejected_by_who_is_free,
	"PROTOCOL 2: rejected by who is free, in any order"},
    {test_held_before_queued,
	"PROTOCOL 2: rejected by all before, served before"},
    {test_lost_one_after_the_other,
	"PROTOCOL 2: two workers lost, one after the other"},
    {test_rejected_and_queued_for_a_target,
	"PROTOCOL 2: rejected by the worker they name, and new ones"},
};

CHECK_MAIN(tests)
