/* PROTOCOL 4: versions and ranges in names; the ranges have their own tests. */
#include "check.h"
#include "sim.h"

static void
test_literal_version(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.2.3\nw2 W 1 calc@1.2.4\nw3 W 1 calc\n"
		    "c1 C 2 calc@1.2.3 r1 x {}\nc1 C 2 calc@1.2.5 r2 x {}\n"
		    "c1 C 2 calc r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
		    "[0] w1 W 2 c1 calc@1.2.3 \\e r1 x {}\n"
		    "[0] w3 W 2 c1 calc \\e r3 x {}\n");
	sim_free(s);
}

/* The only worker whose version satisfies it gets each of them. */
static void
test_forms_of_ranges(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.2.3\nw2 W 1 calc@2.0.0\n"
		    "w3 W 1 calc@3.1.4-beta.2");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 calc@^1.0.0 a x {}\nc1 C 2 calc@~1.2.0 b x {}\n"
		    "c1 C 2 calc@1.x c x {}\nc1 C 2 calc@>=2 d x {}\n"
		    "c1 C 2 calc@0.1.0||2.0.0 e x {}\n"
		    "c1 C 2 calc@1.5.0\\s-\\s2.5.0 f x {}\n"
		    "c1 C 2 calc@>1.0.0\\s<2.0.0 g x {}\n"
		    "c1 C 2 calc@>3.1.4-beta.1 h x {}\n"
		    "c1 C 2 calc@v1.2.3 i x {}\nc1 C 2 calc@=1.2.3 j x {}\n"
		    "c1 C 2 calc@1.2 k x {}");
	sim_want(s, "[0] w1 W 2 c1 calc@^1.0.0 \\e a x {}\n"
		    "[0] w1 W 2 c1 calc@~1.2.0 \\e b x {}\n"
		    "[0] w1 W 2 c1 calc@1.x \\e c x {}\n"
		    "[0] w2 W 2 c1 calc@>=2 \\e d x {}\n"
		    "[0] w2 W 2 c1 calc@0.1.0||2.0.0 \\e e x {}\n"
		    "[0] w2 W 2 c1 calc@1.5.0\\s-\\s2.5.0 \\e f x {}\n"
		    "[0] w1 W 2 c1 calc@>1.0.0\\s<2.0.0 \\e g x {}\n"
		    "[0] w3 W 2 c1 calc@>3.1.4-beta.1 \\e h x {}\n"
		    "[0] w1 W 2 c1 calc@v1.2.3 \\e i x {}\n"
		    "[0] w1 W 2 c1 calc@=1.2.3 \\e j x {}\n"
		    "[0] w1 W 2 c1 calc@1.2 \\e k x {}\n");
	sim_free(s);
}

/* The workers of all versions are one pool: fewest in flight first. */
static void
test_every_version_that_satisfies(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.0.0\nw2 W 1 calc@1.5.0\n"
		    "w3 W 1 calc@2.0.0\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 4 \\e {\"concurrency\":2}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w1 W 4\n"
		    "[0] w2 W 4\n");
	sim_tell(s, "c1 C 2 calc@^1.0.0 r1 x {}\nc1 C 2 calc@^1.0.0 r2 x {}\n"
		    "c1 C 2 calc@^1.0.0 r3 x {}\nc1 C 2 calc@^1.0.0 r4 x {}\n"
		    "c1 C 2 calc@* r5 x {}");
	sim_want(s, "[0] w1 W 2 c1 calc@^1.0.0 \\e r1 x {}\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r2 x {}\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r3 x {}\n"
		    "[0] w3 W 2 c1 calc@* \\e r5 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w1 W 2 c1 calc@^1.0.0 \\e r4 x {}\n");
	sim_free(s);
}

static void
test_versions_appear_and_go(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 calc@^1.0.0 r1 x {}\nc1 C 2 calc@>=2 r2 x {}\n"
		    "w1 W 1 calc@0.9.0");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "w2 W 1 calc@1.1.0");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r1 x {}\n");
	sim_tell(s, "w3 W 1 calc@3.0.0");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 calc@>=2 \\e r2 x {}\n");
	sim_tell(s, "w2 W 5\nc1 C 2 calc@^1.0.0 r3 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	sim_tell(s, "w4 W 1 calc@1.0.0");
	sim_want(s, "[0] w4 W 1\n"
		    "[0] w4 W 2 c1 calc@^1.0.0 \\e r3 x {}\n");
	sim_free(s);
}

/* They end like versions and ranges, but what begins them is another name. */
static void
test_other_names(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.2.3\nw2 W 1 calc2@1.2.3\nw3 W 1 al@1.2.3\n"
		    "w4 W 1 calc@x@1.2.3");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w4 W 1\n");
	sim_tell(s, "c1 C 2 cal@^1.0.0 r1 x {}\nc1 C 2 calc2@^1.0.0 r2 x {}\n"
		    "c1 C 2 calc@x@^1.0.0 r3 x {}\nc1 C 2 @^1.0.0 r4 x {}");
	sim_want(s, "[0] w2 W 2 c1 calc2@^1.0.0 \\e r2 x {}\n"
		    "[0] w4 W 2 c1 calc@x@^1.0.0 \\e r3 x {}\n");
	sim_free(s);
}

/* A range that is none is a name like any other: its own workers serve it. */
static void
test_range_that_is_none(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.2.3\nc1 C 2 calc@latest r1 x {}\n"
		    "c1 C 2 calc@1.2.3.4 r2 x {}");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "w2 W 1 calc@latest");
	sim_want(s, "[0] w2 W 1\n[0] w2 W 2 c1 calc@latest \\e r1 x {}\n");
	sim_free(s);
}

static void
test_worker_of_a_range(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@^1.0.0\n"
		    "c1 C 2 calc@1.2.3 r1 x {}\nc1 C 2 calc@^1.0.0 r2 x {}\n"
		    "c1 C 2 calc@* r3 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 calc@^1.0.0 \\e r2 x {}\n");
	sim_free(s);
}

static void
test_pre_release(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.2.3-beta.1\n"
		    "c1 C 2 calc@^1.0.0 r1 x {}\n"
		    "c1 C 2 calc@1.2.3-beta.1 r2 x {}\n"
		    "c1 C 2 calc@^1.2.3-alpha r3 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 calc@1.2.3-beta.1 \\e r2 x {}\n"
		    "[0] w1 W 2 c1 calc@^1.2.3-alpha \\e r3 x {}\n");
	sim_free(s);
}

static void
test_rejected_by_a_version(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 calc@1.0.0\nc1 C 2 calc@^1.0.0 r1 x {}\n"
		    "w1 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 calc@^1.0.0 \\e r1 x {}\n");
	sim_tell(s, "w2 W 1 calc@1.1.0");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 calc@^1.0.0 \\e r1 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_literal_version, "PROTOCOL 4: name@1.2.3 is literal"},
    {test_forms_of_ranges, "PROTOCOL 4: ranges of all forms"},
    {test_every_version_that_satisfies,
	"PROTOCOL 4: the workers of every version that satisfies the range"},
    {test_versions_appear_and_go,
	"PROTOCOL 4: versions appear and go while requests wait"},
    {test_other_names, "PROTOCOL 4: a range is of one name"},
    {test_range_that_is_none, "PROTOCOL 4: what is no range is a name"},
    {test_worker_of_a_range, "PROTOCOL 4: a worker registered as a range"},
    {test_pre_release, "PROTOCOL 4: pre-releases, where they are meant"},
    {test_rejected_by_a_version, "PROTOCOL 2, 4: rejected by one version"},
};

CHECK_MAIN(tests)
