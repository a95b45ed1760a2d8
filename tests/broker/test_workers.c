/* PROTOCOL 3: how workers register, and how they leave. */
#include "check.h"
#include "sim.h"

static void
test_ready(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_want_trace(s, "[0] worker ready service=echo id=w1\n");
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_free(s);
}

static void
test_ready_again(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	/* Neither its requests nor its concurrency are forgotten. */
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n");
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_ready_under_another_name(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 1 other");
	sim_want(s, "[0] w1 W 5\n"
		    "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_tell(s, "c1 C 2 other r2 x {}\nc1 C 2 echo r3 x {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 1 other");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 other \\e r2 x {}\n");
	sim_free(s);
}

static void
test_ready_with_an_empty_name(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 \\e");
	sim_want(s, "[0] w1 W 5\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_tell(s, "w1 W 1 echo\nw1 W 1 \\e");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 5\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_tell(s, "w1 W 1");
	sim_want(s, "[0] w1 W 5\n");
	CHECK_INT(sim_stats(s)->protocol_errors, 3);
	sim_free(s);
}

static void
test_disconnect(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 5");
	sim_want(s, "[0] w1 W 1\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_tell(s, "w1 W 5\nw2 W 5");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_run(s, 10000);
	sim_want(s, "");
	sim_free(s);
}

static void
test_register_anew(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nw1 W 5");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n");
	/* It is as if it had never been there: 100 slots. */
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

/* One peer may be a client and a worker, of its own requests even. */
static void
test_client_and_worker_under_one_id(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "p W 1 echo\np C 2 echo r1 x {}");
	sim_want(s, "[0] p W 1\n[0] p W 2 p echo \\e r1 x {}\n");
	sim_tell(s, "p C 4\np C 4 request r1\np W 3 p \\e r1 0 y {}");
	sim_want(s, "[0] p C 4\n[0] p W 4 p \\e r1\n"
		    "[0] p C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

static void
test_two_workers_of_one_service(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 5\nc1 C 2 echo r3 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_ready, "PROTOCOL 3: READY registers and is answered"},
    {test_ready_again, "PROTOCOL 3: READY again is answered, else ignored"},
    {test_ready_under_another_name,
	"PROTOCOL 3: READY under another name is a protocol error"},
    {test_ready_with_an_empty_name,
	"PROTOCOL 3: READY with an empty name is a protocol error"},
    {test_disconnect, "PROTOCOL 3: a worker's W 5 is not answered"},
    {test_register_anew, "PROTOCOL 3: who registers anew begins anew"},
    {test_client_and_worker_under_one_id,
	"PROTOCOL 1: one peer as client and worker"},
    {test_two_workers_of_one_service, "PROTOCOL 3: two workers of one service"},
};

CHECK_MAIN(tests)
