/*
 * PROTOCOL 2: rejected by who is free, waiting for who is busy. For each slot
 * only a few are looked at, and yet none is forgotten.
 */
#include <stdio.h>

#include "check.h"
#include "sim.h"

#define N 40 /* more than are looked at in one go */

/* The last eight expire first, one after the other. */
static int
timeout_of(int i)
{
	return i > N - 8 ? 1000 + i - (N - 8) : 2000 + i;
}

/* Forty requests; w1 rejects each of them, w2 is paused. */
static void
reject_all(struct sim *s)
{
	char line[160];

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n");
	for (int i = 1; i <= N; i++) {
		snprintf(line, sizeof(line),
		    "c1 C 2 echo r%d x {\"timeout\":%d}\nw1 W 7 c1 \\e r%d", i,
		    timeout_of(i), i);
		sim_tell(s, line);
		snprintf(line, sizeof(line),
		    "[0] w1 W 2 c1 echo \\e r%d x {\"timeout\":%d}\n", i,
		    timeout_of(i));
		sim_want(s, line);
	}
}

static void
test_one_after_the_other(void)
{
	struct sim *s = sim_new(NULL);
	char lines[160];

	reject_all(s);
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w2 W 4\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"timeout\":2001}\n");
	for (int i = 1; i < N; i++) {
		snprintf(lines, sizeof(lines), "w2 W 3 c1 \\e r%d 0 y", i);
		sim_tell(s, lines);
		snprintf(lines, sizeof(lines),
		    "[0] c1 C 3 \\e r%d 0 y\n"
		    "[0] w2 W 2 c1 echo \\e r%d x {\"timeout\":%d}\n",
		    i, i + 1, timeout_of(i + 1));
		sim_want(s, lines);
	}
	sim_free(s);
}

static void
test_all_at_once(void)
{
	struct sim *s = sim_new(NULL);
	char lines[4096];
	size_t n;

	reject_all(s);
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":-1}");
	n = (size_t)snprintf(lines, sizeof(lines), "[0] w2 W 4\n");
	for (int i = 1; i <= N; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n,
		    "[0] w2 W 2 c1 echo \\e r%d x {\"timeout\":%d}\n", i,
		    timeout_of(i));
	sim_want(s, lines);
	sim_free(s);
}

/* w3 comes, rejects all of them, too, and one more; it has but one slot. */
static void
reject_all_again(struct sim *s)
{
	char line[160];

	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 x {\"timeout\":2001}\n");
	for (int i = 1; i < N; i++) {
		snprintf(line, sizeof(line), "w3 W 7 c1 \\e r%d", i);
		sim_tell(s, line);
		snprintf(line, sizeof(line),
		    "[0] w3 W 2 c1 echo \\e r%d x {\"timeout\":%d}\n", i + 1,
		    timeout_of(i + 1));
		sim_want(s, line);
	}
	snprintf(line, sizeof(line),
	    "w3 W 7 c1 \\e r%d\nc1 C 2 echo last x {}\n"
	    "w3 W 7 c1 \\e last",
	    N);
	sim_tell(s, line);
	sim_want(s, "[0] w3 W 2 c1 echo \\e last x {}\n");
}

/* The last one was rejected by w3 alone, while w1 was busy: it may take it. */
static void
test_behind_many(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.default_concurrency = 1;
	s = sim_new_conf(&conf, NULL);
	reject_all(s);
	sim_tell(s, "c1 C 2 echo r0 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r0 x {\"workerId\":\"w1\"}\n");
	reject_all_again(s);
	sim_tell(s, "w3 W 5\nw1 W 3 c1 \\e r0 0 y");
	sim_want(s, "[0] c1 C 3 \\e r0 0 y\n"
		    "[0] w1 W 2 c1 echo \\e last x {}\n");
	sim_free(s);
}

/* A look ends at the first of those that expire: the next goes on behind. */
static void
test_expiring_one_by_one(void)
{
	struct sim *s = sim_new(NULL);
	char lines[160];

	reject_all(s);
	sim_run(s, 1000);
	for (int i = 1; i <= 8; i++) {
		sim_tell(s, "c2 C 2 echo r x {}\nw1 W 3 c2 \\e r 0 y");
		snprintf(lines, sizeof(lines),
		    "[%d] w1 W 2 c2 echo \\e r x {}\n"
		    "[%d] c2 C 3 \\e r 0 y\n",
		    999 + i, 999 + i);
		sim_want(s, lines);
		sim_run(s, 1);
		CHECK_INT(sim_stats(s)->expired, i);
	}
	CHECK_INT(sim_stats(s)->n_requests, N - 8);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_one_after_the_other, "PROTOCOL 2: many that wait for one slot"},
    {test_all_at_once, "PROTOCOL 2: many that wait for many slots"},
    {test_behind_many, "PROTOCOL 2: one that could run, behind many"},
    {test_expiring_one_by_one, "PROTOCOL 2: many that expire as they wait"},
};

CHECK_MAIN(tests)
