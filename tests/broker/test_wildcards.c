/* PROTOCOL 4: workers that register under prefix*. */
#include "check.h"
#include "sim.h"

/* What the worker gets is the name that the client asked for. */
static void
test_serves_what_begins_so(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 ec*\nc1 C 2 echo r1 x {}\nc1 C 2 ec r2 x {}\n"
		    "c1 C 2 e r3 x {}\nc1 C 2 Echo r4 x {}\n"
		    "c1 C 2 hecho r5 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 ec \\e r2 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

static void
test_own_workers_first(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo*\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n");
	/* Busy is not gone: r2 waits for its own. */
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_longest_prefix(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nw2 W 1 e*\nw3 W 1 ech*\nw4 W 1 echos*");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w4 W 1\n");
	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 echoes r2 x {}\n"
		    "c1 C 2 echos r3 x {}\nc1 C 2 ec r4 x {}\n"
		    "c1 C 2 f r5 x {}\nc1 C 2 \\e r6 x {}");
	sim_want(s, "[0] w3 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w3 W 2 c1 echoes \\e r2 x {}\n"
		    "[0] w4 W 2 c1 echos \\e r3 x {}\n"
		    "[0] w2 W 2 c1 ec \\e r4 x {}\n"
		    "[0] w1 W 2 c1 f \\e r5 x {}\n"
		    "[0] w1 W 2 c1 \\e \\e r6 x {}\n");
	sim_free(s);
}

/* The longest one alone, were it busy or paused. */
static void
test_no_shorter_prefix_instead(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nw2 W 1 ec*\nw2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n");
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w2 W 4\n[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

static void
test_several_workers_of_one_wildcard(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nw2 W 1 e*\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 edit r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 edit \\e r2 x {}\n");
	sim_free(s);
}

static void
test_names_that_hold_an_at(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nw2 W 1 calc*\nw3 W 1 calc@*");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 calc@1.2.3 r1 x {}\nc1 C 2 calc@^1.0.0 r2 x {}\n"
		    "c1 C 2 calc@ r3 x {}\nc1 C 2 @calc r4 x {}\n"
		    "c1 C 2 @ r5 x {}");
	sim_want(s, "");
	sim_tell(s, "c1 C 2 calc r6 x {}");
	sim_want(s, "[0] w2 W 2 c1 calc \\e r6 x {}\n");
	sim_free(s);
}

static void
test_requested_literally(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nw2 W 1 ec*\n"
		    "c1 C 2 e* r1 x {}\nc1 C 2 ec* r2 x {}\n"
		    "c1 C 2 ech* r3 x {}\nc1 C 2 * r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 e* \\e r1 x {}\n"
		    "[0] w2 W 2 c1 ec* \\e r2 x {}\n");
	sim_free(s);
}

/* Only the last byte makes a wildcard; others are letters like any. */
static void
test_star_within_a_name(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 a*c\nw2 W 1 a**\n"
		    "c1 C 2 abc r1 x {}\nc1 C 2 a*c r2 x {}\n"
		    "c1 C 2 a*b r3 x {}\nc1 C 2 ab r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 a*c \\e r2 x {}\n"
		    "[0] w2 W 2 c1 a*b \\e r3 x {}\n");
	sim_free(s);
}

static void
test_appears_while_requests_wait(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 edit r2 x {}\n"
		    "c1 C 2 find r3 x {}\nc1 C 2 echo r4 x {}\n"
		    "c1 C 2 echo@1.0.0 r5 x {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 1 e*");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n"
		    "[0] w1 W 2 c1 edit \\e r2 x {}\n");
	sim_free(s);
}

static void
test_longer_one_appears_and_goes(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n");
	sim_tell(s, "w2 W 1 ec*\nw2 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 4\n");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":5}");
	sim_want(s, "[0] w1 W 4\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}\nc1 C 2 echo r3 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n");
	/* What waited, and what comes, goes to the shorter one again. */
	sim_tell(s, "w2 W 5\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_own_workers_appear_and_go(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nc1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w2 W 1 echo\nc1 C 2 echo r2 x {}\n"
		    "w2 W 4 \\e {\"concurrency\":0}\nc1 C 2 echo r3 x {}");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 4\n");
	sim_tell(s, "w2 W 5");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	/* What the wildcard's worker has it may finish, whoever has come. */
	sim_tell(s, "w2 W 1 echo\nw1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w2 W 1\n[0] c1 C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

/* Several names wait for one slot: they take turns. */
static void
test_names_take_turns(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 x r0 x {}\nc1 C 2 a r1 x {}\nc1 C 2 a r2 x {}\n"
		    "c1 C 2 a r3 x {}\nc1 C 2 b r4 x {}\nc1 C 2 c r5 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 x \\e r0 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r0 0 y\nw1 W 3 c1 \\e r1 0 y\n"
		    "w1 W 3 c1 \\e r4 0 y\nw1 W 3 c1 \\e r5 0 y\n"
		    "w1 W 3 c1 \\e r2 0 y");
	sim_want(s, "[0] c1 C 3 \\e r0 0 y\n[0] w1 W 2 c1 a \\e r1 x {}\n"
		    "[0] c1 C 3 \\e r1 0 y\n[0] w1 W 2 c1 b \\e r4 x {}\n"
		    "[0] c1 C 3 \\e r4 0 y\n[0] w1 W 2 c1 c \\e r5 x {}\n"
		    "[0] c1 C 3 \\e r5 0 y\n[0] w1 W 2 c1 a \\e r2 x {}\n"
		    "[0] c1 C 3 \\e r2 0 y\n[0] w1 W 2 c1 a \\e r3 x {}\n");
	sim_free(s);
}

static void
test_rejected_by_a_wildcard(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 e*\nc1 C 2 echo r1 x {}\nw1 W 7 c1 \\e r1\n"
		    "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w2 W 1 ec*");
	sim_want(s, "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r1 x {}\n");
	/* The shorter one again: that one's worker has rejected it. */
	sim_tell(s, "w2 W 7 c1 \\e r1\nw2 W 5\nw3 W 1 e*");
	sim_want(s, "[0] w3 W 1\n[0] w3 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_serves_what_begins_so, "PROTOCOL 4: prefix* serves what begins so"},
    {test_own_workers_first, "PROTOCOL 4: a name's own workers first"},
    {test_longest_prefix, "PROTOCOL 4: the longest matching prefix"},
    {test_no_shorter_prefix_instead,
	"PROTOCOL 4: no shorter prefix while the longest is busy"},
    {test_several_workers_of_one_wildcard,
	"PROTOCOL 4: several workers of one wildcard"},
    {test_names_that_hold_an_at,
	"PROTOCOL 4: a name with @ goes to no wildcard"},
    {test_requested_literally, "PROTOCOL 4: prefix* requested literally"},
    {test_star_within_a_name, "PROTOCOL 4: a * within a name is a letter"},
    {test_appears_while_requests_wait,
	"PROTOCOL 4: a wildcard appears while requests wait"},
    {test_longer_one_appears_and_goes,
	"PROTOCOL 4: a longer wildcard appears and goes"},
    {test_own_workers_appear_and_go,
	"PROTOCOL 4: a name's own workers appear and go"},
    {test_names_take_turns, "names that wait for one worker take turns"},
    {test_rejected_by_a_wildcard, "PROTOCOL 2, 4: rejected by a wildcard"},
};

CHECK_MAIN(tests)
