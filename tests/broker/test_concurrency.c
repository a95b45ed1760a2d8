/* PROTOCOL 3: concurrency, and that it takes effect at once. */
#include "check.h"
#include "sim.h"

#include <stdio.h>

/* Without a word about it a worker gets a hundred. */
static void
test_a_hundred(void)
{
	struct sim *s = sim_new(NULL);
	char line[80];

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	for (int i = 1; i <= 100; i++) {
		snprintf(line, sizeof(line), "c1 C 2 echo r%d x {}", i);
		sim_tell(s, line);
		snprintf(
		    line, sizeof(line), "[0] w1 W 2 c1 echo \\e r%d x {}\n", i);
		sim_want(s, line);
	}
	sim_tell(s, "c1 C 2 echo r101 x {}\nw1 W 4 \\e {}");
	sim_want(s, "[0] w1 W 4\n");
	sim_tell(s, "w1 W 3 c1 \\e r50 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r50 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r101 x {}\n");
	sim_free(s);
}

static void
test_no_limit(void)
{
	struct sim *s = sim_new(NULL);
	char line[80];

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":-1}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n");
	for (int i = 1; i <= 300; i++) {
		snprintf(line, sizeof(line), "c1 C 2 echo r%d x {}", i);
		sim_tell(s, line);
		snprintf(
		    line, sizeof(line), "[0] w1 W 2 c1 echo \\e r%d x {}\n", i);
		sim_want(s, line);
	}
	sim_free(s);
}

static void
test_paused(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "w1 W 4 \\e {\"concurrency\":0}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 4\n");
	/* What it has it may finish. */
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_raised(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":3}");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":-1}");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_lowered(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {}\nc1 C 2 echo r3 x {}\n"
		    "w1 W 4 \\e {\"concurrency\":2}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w1 W 4\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_values_that_are_none(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":\"5\"}\n"
		    "w1 W 4 \\e {\"concurrency\":null}\n"
		    "w1 W 4 \\e {\"concurrency\":-2}\n"
		    "w1 W 4 \\e {\"concurrency\":true}\n"
		    "w1 W 4 \\e [{\"concurrency\":5}]\nw1 W 4");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 4\n[0] w1 W 4\n[0] w1 W 4\n"
		    "[0] w1 W 4\n[0] w1 W 4\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1e300}");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

/* Each worker has its own. */
static void
test_full_worker_beside_a_free_one(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 1 echo\nw2 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

static void
test_default_of_the_settings(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.default_concurrency = 2;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_a_hundred, "PROTOCOL 3: 100 at once until it says otherwise"},
    {test_no_limit, "PROTOCOL 3: concurrency -1 is no limit"},
    {test_paused, "PROTOCOL 3: concurrency 0 pauses"},
    {test_raised, "PROTOCOL 3: raised, it takes effect at once"},
    {test_lowered, "PROTOCOL 3: lowered, it takes effect at once"},
    {test_values_that_are_none, "PROTOCOL 3: concurrency of the wrong type"},
    {test_full_worker_beside_a_free_one,
	"PROTOCOL 3: a full worker beside a free one"},
    {test_default_of_the_settings, "default_concurrency"},
};

CHECK_MAIN(tests)
