/* PROTOCOL 2: failfast asks for an error at once where nobody could serve. */
#include "check.h"
#include "sim.h"

static void
test_no_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":1}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":true}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	CHECK_INT(sim_stats(s)->no_worker, 2);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_free(s);
}

static void
test_without_failfast(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":0}\n"
		    "c1 C 2 echo r2 x {\"failfast\":\"1\"}\n"
		    "c1 C 2 echo r3 x {}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->n_requests, 3);
	sim_free(s);
}

/* It is not impatience: a worker that is busy, or paused, could serve. */
static void
test_busy_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {\"failfast\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":0}");
	sim_tell(s, "c1 C 2 echo r3 x {\"failfast\":1}");
	sim_want(s, "[0] w1 W 4\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":3}");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"failfast\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"failfast\":1}\n");
	sim_free(s);
}

static void
test_workers_of_other_names(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 other\nw2 W 1 e*\nw3 W 1 calc@1.2.0");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":1}\n"
		    "c1 C 2 dump r2 x {\"failfast\":1}\n"
		    "c1 C 2 calc@^1.1.0 r3 x {\"failfast\":1}\n"
		    "c1 C 2 calc@^2.0.0 r4 x {\"failfast\":1}");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 x {\"failfast\":1}\n"
		    "[0] c1 C 3 \\e r2 -1 \"NO_WORKER\" {}\n"
		    "[0] w3 W 2 c1 calc@^1.1.0 \\e r3 x {\"failfast\":1}\n"
		    "[0] c1 C 3 \\e r4 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static void
test_last_worker_has_gone(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 5\nc1 C 2 echo r1 x {\"failfast\":1}");
	sim_want(s, "[0] w1 W 1\n[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static void
test_retry_without_another_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"failfast\":1,\"retry\":1}\n"
		    "w1 W 5");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"failfast\":1,\"retry\":1}\n"
		    "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static void
test_rejected_by_all(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"failfast\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"failfast\":1}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 x {\"failfast\":1}\n");
	sim_tell(s, "w2 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

/* Rejected by who is free, while another is busy: that one could serve. */
static void
test_rejected_by_who_is_free(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {\"failfast\":1}\n"
		    "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"failfast\":1}\n");
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"failfast\":1}\n");
	sim_free(s);
}

static void
test_the_named_worker_is_absent(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"failfast\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w2 W 1\n[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r2 x {\"failfast\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 x "
		    "{\"failfast\":1,\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* When the busy one goes nobody is left; seen when a worker is looked for. */
static void
test_rejected_by_who_is_left(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {\"failfast\":1}\n"
		    "w1 W 7 c1 \\e r1\nw2 W 5\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"failfast\":1}\n"
		    "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

/* It is busy, but with another name: no need to wait for it to say so. */
static void
test_the_named_worker_serves_another_name(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 other\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {\"failfast\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

/*
 * These two waited for a worker of that id until they expired, though nobody
 * could serve them: only the first look at a target's requests failed fast.
 */
static void
test_the_named_worker_rejects(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"failfast\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"failfast\":1,\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static void
test_the_named_worker_is_lost(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x "
		    "{\"failfast\":1,\"retry\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"failfast\":1,\"retry\":1,\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 5");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_no_worker, "PROTOCOL 2: failfast without a worker: NO_WORKER"},
    {test_without_failfast, "PROTOCOL 2: without failfast it is queued"},
    {test_busy_worker, "PROTOCOL 2: failfast waits for a worker that is busy"},
    {test_workers_of_other_names,
	"PROTOCOL 2, 4: failfast knows wildcards and versions"},
    {test_last_worker_has_gone, "PROTOCOL 2: failfast after the last worker"},
    {test_retry_without_another_worker,
	"PROTOCOL 2: failfast when a retry finds nobody"},
    {test_rejected_by_all, "PROTOCOL 2: failfast rejected by all"},
    {test_rejected_by_who_is_free,
	"PROTOCOL 2: failfast rejected by all but one that is busy"},
    {test_rejected_by_who_is_left,
	"PROTOCOL 2: failfast rejected by all who are left"},
    {test_the_named_worker_serves_another_name,
	"PROTOCOL 2: failfast and workerId of another name's worker"},
    {test_the_named_worker_is_absent,
	"PROTOCOL 2: failfast and workerId: absent, or busy"},
    {test_the_named_worker_rejects,
	"PROTOCOL 2: failfast and workerId: rejected"},
    {test_the_named_worker_is_lost, "PROTOCOL 2: failfast and workerId: lost"},
};

CHECK_MAIN(tests)
