/* PROTOCOL 5: which of the workers that could serve gets the request. */
#include <stdio.h>

#include "check.h"
#include "sim.h"

static struct sim *
sim_with(const char *policy)
{
	struct broker_conf conf = sim_conf();

	conf.dispatch = policy;
	return sim_new_conf(&conf, NULL);
}

static void
test_load_fewest_in_flight(void)
{
	struct sim *s = sim_with("load");

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "w2 W 1 echo\nc1 C 2 echo r3 x {}\nw3 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w3 W 1\n");
	/* 2, 1, 0 in flight */
	sim_tell(s, "c1 C 2 echo r4 x {}\nw2 W 3 c1 \\e r3 0 y\n"
		    "c1 C 2 echo r5 x {}");
	sim_want(s, "[0] w3 W 2 c1 echo \\e r4 x {}\n"
		    "[0] c1 C 3 \\e r3 0 y\n"
		    "[0] w2 W 2 c1 echo \\e r5 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y\nw1 W 3 c1 \\e r2 0 y\n"
		    "c1 C 2 echo r6 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y\n[0] c1 C 3 \\e r2 0 y\n"
		    "[0] w1 W 2 c1 echo \\e r6 x {}\n");
	sim_free(s);
}

static void
test_load_then_fewest_served(void)
{
	struct sim *s = sim_with("load");

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nw1 W 3 c1 \\e r1 0 y\n"
		    "c1 C 2 echo r2 x {}\nw1 W 3 c1 \\e r2 0 y\n"
		    "w2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n[0] c1 C 3 \\e r1 0 y\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n[0] c1 C 3 \\e r2 0 y\n"
		    "[0] w2 W 1\n");
	/* Both idle, 2 and 0 served; then 2 and 1. */
	for (int i = 0; i < 2; i++) {
		sim_tell(s, "c1 C 2 echo r3 x {}\nw2 W 3 c1 \\e r3 0 y");
		sim_want(s, "[0] w2 W 2 c1 echo \\e r3 x {}\n"
			    "[0] c1 C 3 \\e r3 0 y\n");
	}
	/* In flight it is 1 and 0, whatever was served. */
	sim_tell(s, "c1 C 2 echo r4 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r5 x {}");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r4 x {\"workerId\":\"w2\"}\n"
		    "[0] w1 W 2 c1 echo \\e r5 x {}\n");
	sim_free(s);
}

/* What expired is in flight no longer, whenever its worker may answer. */
static void
test_load_after_expiry(void)
{
	struct sim *s = sim_with("load");

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":10}\n"
		    "w2 W 1 echo\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w2\"}");
	sim_run(s, 10);
	sim_tell(s, "c1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":10}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {\"workerId\":\"w2\"}\n"
		    "[10] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_load_over_versions(void)
{
	struct sim *s = sim_with("load");

	sim_tell(s, "w1 W 1 calc@1.0.0\nc1 C 2 calc@^1.0.0 r1 x {}\n"
		    "w2 W 1 calc@1.1.0\nc1 C 2 calc@^1.0.0 r2 x {}\n"
		    "w3 W 1 calc@1.2.0\nc1 C 2 calc@^1.0.0 r3 x {}\n"
		    "w2 W 3 c1 \\e r2 0 y\nc1 C 2 calc@^1.0.0 r4 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 calc@^1.0.0 \\e r1 x {}\n"
		    "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r2 x {}\n"
		    "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 calc@^1.0.0 \\e r3 x {}\n"
		    "[0] c1 C 3 \\e r2 0 y\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r4 x {}\n");
	sim_free(s);
}

/* Who rejected it is passed over, though it has the least to do. */
static void
test_load_with_rejections(void)
{
	struct sim *s = sim_with("load");

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw3 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w3\"}\n"
		    "c1 C 2 echo r3 x {\"workerId\":\"w3\"}\n"
		    "c1 C 2 echo r4 x {}\nw1 W 7 c1 \\e r4\n"
		    "w2 W 7 c1 \\e r4\nc1 C 2 echo r5 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"workerId\":\"w2\"}\n"
		    "[0] w3 W 2 c1 echo \\e r2 x {\"workerId\":\"w3\"}\n"
		    "[0] w3 W 2 c1 echo \\e r3 x {\"workerId\":\"w3\"}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w3 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r5 x {}\n");
	sim_free(s);
}

static void
test_rr_in_turn(void)
{
	struct sim *s = sim_with("rr");
	char line[80];

	sim_tell(s, "w0 W 1 echo\nc1 C 2 echo r0 x {}\n"
		    "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "w2 W 1 echo\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w0 W 1\n[0] w0 W 2 c1 echo \\e r0 x {}\n"
		    "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r2 x {}\n");
	/* Whatever they have in flight, whoever is done first. */
	sim_tell(s, "w2 W 3 c1 \\e r2 0 y");
	sim_want(s, "[0] c1 C 3 \\e r2 0 y\n");
	for (int i = 3; i < 12; i++) {
		snprintf(line, sizeof(line), "c1 C 2 echo r%d x {}", i);
		sim_tell(s, line);
		snprintf(line, sizeof(line),
		    "[0] w%d W 2 c1 echo \\e r%d x {}\n", i % 3, i);
		sim_want(s, line);
	}
	sim_free(s);
}

/* By workerId or not, given is given. */
static void
test_rr_least_recently_given(void)
{
	struct sim *s = sim_with("rr");

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"workerId\":\"w2\"}\n"
		    "c1 C 2 echo r2 x {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r3 x {}\nw3 W 1 echo\n"
		    "c1 C 2 echo r4 x {}\nc1 C 2 echo r5 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"workerId\":\"w2\"}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"workerId\":\"w1\"}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r5 x {}\n");
	sim_free(s);
}

static void
test_rr_passes_over(void)
{
	struct sim *s = sim_with("rr");

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nw2 W 1 echo\n"
		    "c1 C 2 echo r2 x {}\nc1 C 2 echo r3 x {}\n"
		    "w3 W 1 echo\nc1 C 2 echo r4 x {}\nw3 W 7 c1 \\e r4");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_known_names(void)
{
	CHECK(broker_knows_policy("load"));
	CHECK(broker_knows_policy("rand"));
	CHECK(broker_knows_policy("rr"));
	CHECK(!broker_knows_policy("Load"));
	CHECK(!broker_knows_policy(""));
	CHECK(!broker_knows_policy("random"));
}

static const struct check_test tests[] = {
    {test_load_fewest_in_flight, "PROTOCOL 5: load: fewest in flight"},
    {test_load_then_fewest_served, "PROTOCOL 5: load: then fewest served"},
    {test_load_after_expiry, "PROTOCOL 5: load: what expired counts no more"},
    {test_load_over_versions, "PROTOCOL 4, 5: load over several versions"},
    {test_load_with_rejections, "PROTOCOL 5: load: not to who rejected it"},
    {test_rr_in_turn, "PROTOCOL 5: rr: in turn"},
    {test_rr_least_recently_given, "PROTOCOL 5: rr: least recently given"},
    {test_rr_passes_over, "PROTOCOL 5: rr: not who is full or rejected it"},
    {test_known_names, "PROTOCOL 5: the policies' names"},
};

CHECK_MAIN(tests)
