/* PROTOCOL 2: requests that name their worker, by the option workerId. */
#include "check.h"
#include "sim.h"

static void
test_goes_to_that_worker_alone(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw3 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 echo r1 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w3\"}");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 x {\"workerId\":\"w2\"}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {\"workerId\":\"w2\"}\n"
		    "[0] w3 W 2 c1 echo \\e r3 x {\"workerId\":\"w3\"}\n");
	sim_tell(s, "w2 W 6 c1 \\e r1 0 a {}\nw2 W 3 c1 \\e r1 0 b {}");
	sim_want(s, "[0] c1 C 6 \\e r1 0 a {}\n[0] c1 C 3 \\e r1 0 b {}\n");
	sim_free(s);
}

static void
test_waits_until_it_comes(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w2\"}");
	sim_want(s, "[0] w1 W 1\n");
	sim_run(s, 10);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[10] w2 W 1\n"
		    "[10] w2 W 2 c1 echo \\e r1 x {\"workerId\":\"w2\"}\n"
		    "[10] w2 W 2 c1 echo \\e r2 x {\"workerId\":\"w2\"}\n");
	sim_free(s);
}

static void
test_waits_until_it_has_a_slot(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w1 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 4\n");
	sim_tell(s, "c1 C 2 echo r1 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

static void
test_holds_up_nobody(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"workerId\":\"w9\"}\n"
		    "c1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w8\"}\n"
		    "c1 C 2 echo r4 x {}");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_tell(s, "w8 W 1 echo");
	sim_want(s, "[0] w8 W 1\n"
		    "[0] w8 W 2 c1 echo \\e r3 x {\"workerId\":\"w8\"}\n");
	sim_free(s);
}

static void
test_expires_while_it_waits(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"timeout\":10,\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}");
	sim_run(s, 10);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[10] w1 W 1\n"
		    "[10] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

static void
test_expires_at_its_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {\"timeout\":10,\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"timeout\":10,\"workerId\":\"w1\"}\n");
	sim_run(s, 10);
	sim_want(s, "[10] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 y {}\nw1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[10] c1 C 3 \\e r2 0 y {}\n");
	sim_free(s);
}

static void
test_rejected(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":7}\nw3 W 1 echo");
	sim_want(s, "[0] w1 W 4\n[0] w3 W 1\n");
	/* Whoever registers under that id anew is another worker. */
	sim_tell(s, "w1 W 5\nw1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

static void
test_rejected_then_expired(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"timeout\":10,\"workerId\":\"w1\"}\n"
		    "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"timeout\":10,\"workerId\":\"w1\"}\n");
	sim_run(s, 10);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w1 W 5\nw1 W 1 echo");
	sim_want(s, "[10] w1 W 1\n");
	sim_free(s);
}

static void
test_lost_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"retry\":1,\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r3 x {\"retry\":1,\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"retry\":1,\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x "
		    "{\"retry\":1,\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 5\nc1 C 2 echo r4 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"retry\":1,\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x "
		    "{\"retry\":1,\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* By a wildcard, by a version: what it serves counts, not how it is named. */
static void
test_serves_the_name_in_any_way(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 e*\nw3 W 1 calc@1.2.3\nw4 W 1 e*\n"
		    "w5 W 1 calc@1.3.0");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w4 W 1\n"
		    "[0] w5 W 1\n");
	sim_tell(s, "c1 C 2 edit r1 x {\"workerId\":\"w4\"}\n"
		    "c1 C 2 calc@^1.2.0 r2 x {\"workerId\":\"w5\"}\n"
		    "c1 C 2 e* r3 x {\"workerId\":\"w4\"}\n"
		    "c1 C 2 calc@1.2.3 r4 x {\"workerId\":\"w3\"}");
	sim_want(s, "[0] w4 W 2 c1 edit \\e r1 x {\"workerId\":\"w4\"}\n"
		    "[0] w5 W 2 c1 calc@^1.2.0 \\e r2 x "
		    "{\"workerId\":\"w5\"}\n"
		    "[0] w4 W 2 c1 e* \\e r3 x {\"workerId\":\"w4\"}\n"
		    "[0] w3 W 2 c1 calc@1.2.3 \\e r4 x "
		    "{\"workerId\":\"w3\"}\n");
	sim_free(s);
}

/*
 * Its worker is there, under another name. Without failfast the client got
 * NO_WORKER, as if it had asked for that; it waits, as for one that is away.
 */
static void
test_that_worker_serves_another_name(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"workerId\":\"w1\"}\nw1 W 1 other\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r3 x {\"failfast\":1,\"workerId\":\"w1\"}\n"
		    "c1 C 2 other r4 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] c1 C 3 \\e r3 -1 \"NO_WORKER\" {}\n"
		    "[0] w1 W 2 c1 other \\e r4 x {\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 3 c1 \\e r4 0 y {}\nw1 W 5\nw1 W 1 echo");
	sim_want(s, "[0] c1 C 3 \\e r4 0 y {}\n"
		    "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

static void
test_ids_that_are_none(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":null}\n"
		    "c1 C 2 echo r3 x {\"workerId\":[\"w2\"]}\n"
		    "c1 C 2 echo r4 x {\"workerId\":0}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"workerId\":\"\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":null}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"workerId\":[\"w2\"]}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {\"workerId\":0}\n");
	sim_free(s);
}

static void
test_id_with_escapes(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "a\\x00\\xc3\\xa4 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"a\\\\u0000\\\\u00e4\"}");
	sim_want(s, "[0] a\\x00\\xc3\\xa4 W 1\n"
		    "[0] a\\x00\\xc3\\xa4 W 2 c1 echo \\e r1 x "
		    "{\"workerId\":\"a\\\\u0000\\\\u00e4\"}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_goes_to_that_worker_alone,
	"PROTOCOL 2: a request with workerId goes to that worker alone"},
    {test_waits_until_it_comes, "PROTOCOL 2: … and waits until it comes"},
    {test_waits_until_it_has_a_slot,
	"PROTOCOL 2: … and waits until it has a slot"},
    {test_holds_up_nobody, "PROTOCOL 2: … and holds up nobody behind it"},
    {test_expires_while_it_waits, "PROTOCOL 2: … and expires while it waits"},
    {test_expires_at_its_worker, "PROTOCOL 2: … or at its worker"},
    {test_rejected, "PROTOCOL 2: rejected by the worker it names"},
    {test_rejected_then_expired,
	"PROTOCOL 2: rejected by the worker it names, it expires"},
    {test_lost_worker, "PROTOCOL 2: the worker it names is lost"},
    {test_serves_the_name_in_any_way,
	"PROTOCOL 2, 4: workerId of a wildcard's or a version's worker"},
    {test_that_worker_serves_another_name,
	"PROTOCOL 2: workerId of a worker that serves another name"},
    {test_ids_that_are_none, "PROTOCOL 2: workerId empty or no text"},
    {test_id_with_escapes, "PROTOCOL 2: workerId with JSON's escapes"},
};

CHECK_MAIN(tests)
