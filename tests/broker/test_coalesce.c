/* PROTOCOL 7: equal requests that share a run. */
#include <stdio.h>

#include "check.h"
#include "services/services.h"
#include "sim.h"

#define OF(timeout) "{\"coalesce\":1,\"timeout\":" #timeout "}"

/* w1 has the request of c1, which c2 and c3 joined; all mail is read. */
static struct sim *
start(const char *c1, const char *c2, const char *c3)
{
	const char *const opts[] = {c1, c2, c3};
	struct sim *s = sim_new(NULL);
	char lines[400], want[200];
	int n = 0;

	n = sprintf(lines, "w1 W 1 echo\n");
	for (int i = 0; i < 3; i++)
		n += sprintf(lines + n, "c%d C 2 echo r x %s\n", i + 1,
		    opts[i] != NULL ? opts[i] : "{\"coalesce\":1}");
	sim_tell(s, lines);
	sprintf(want, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r x %s\n",
	    c1 != NULL ? c1 : "{\"coalesce\":1}");
	sim_want(s, want);
	CHECK_INT(sim_stats(s)->coalesced, 2);
	return s;
}

static void
test_run_once_answer_all(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_want_trace(s, "[0] worker ready service=echo id=w1\n"
			  "[0] request client=c1 rid=r service=echo\n"
			  "[0] request given client=c1 rid=r worker=w1\n"
			  "[0] request client=c2 rid=r service=echo\n"
			  "[0] request joined another client=c2 rid=r\n"
			  "[0] request client=c3 rid=r service=echo\n"
			  "[0] request joined another client=c3 rid=r\n");
	sim_tell(s, "w1 W 3 c1 \\e r 0 \"yo\" {\"a\":1} more");
	sim_want(s, "[0] c1 C 3 \\e r 0 \"yo\" {\"a\":1} more\n"
		    "[0] c2 C 3 \\e r 0 \"yo\" {\"a\":1} more\n"
		    "[0] c3 C 3 \\e r 0 \"yo\" {\"a\":1} more\n");
	CHECK_INT(sim_stats(s)->replies, 3);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	/* It is over: the next one runs. */
	sim_tell(s, "c4 C 2 echo r x {\"coalesce\":1}");
	sim_want(s, "[0] w1 W 2 c4 echo \\e r x {\"coalesce\":1}\n");
	sim_free(s);
}

static void
test_errors_are_for_all(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_tell(s, "w1 W 3 c1 \\e r -1 \"no\"");
	sim_want(s, "[0] c1 C 3 \\e r -1 \"no\"\n[0] c2 C 3 \\e r -1 \"no\"\n"
		    "[0] c3 C 3 \\e r -1 \"no\"\n");
	sim_free(s);
}

static void
test_what_is_not_equal(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_tell(s, "w2 W 1 echo2\nc4 C 2 echo2 r x {\"coalesce\":1}\n"
		    "c4 C 2 echo r2 y {\"coalesce\":1}\n"
		    "c4 C 2 echo r3 x {\"coalesce\":0}\n"
		    "c4 C 2 echo r4 x {\"coalesce\":1,\"nocache\":1}\n"
		    "c4 C 2 echo r5 x {\"coalesce\":1,\"workerId\":\"w1\"}\n"
		    "c4 C 2 echo r6 x {\"coalesce\":1} more");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c4 echo2 \\e r x {\"coalesce\":1}\n"
		    "[0] w1 W 2 c4 echo \\e r2 y {\"coalesce\":1}\n"
		    "[0] w1 W 2 c4 echo \\e r3 x {\"coalesce\":0}\n"
		    "[0] w1 W 2 c4 echo \\e r4 x "
		    "{\"coalesce\":1,\"nocache\":1}\n"
		    "[0] w1 W 2 c4 echo \\e r5 x "
		    "{\"coalesce\":1,\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c4 echo \\e r6 x {\"coalesce\":1} more\n");
	CHECK_INT(sim_stats(s)->coalesced, 2);
	sim_free(s);
}

static void
test_by_setting(void)
{
	char *names[] = {(char[]){"echo"}, (char[]){"st*"}};
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.coalesce = names;
	conf.n_coalesce = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 stocks r3 x {}\nc1 C 2 stocks r4 x {}\n"
		    "c1 C 2 echoes r5 x {}\nc1 C 2 echoes r6 x {}");
	CHECK_INT(sim_stats(s)->coalesced, 1);
	conf.n_coalesce = 2;
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 stocks r7 x {}\nc1 C 2 stocks r8 x {}\n"
		    "c1 C 2 st r9 x {}\nc1 C 2 st r10 x {}");
	CHECK_INT(sim_stats(s)->coalesced, 3);
	conf.n_coalesce = 0;
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 stocks r11 x {}\nc1 C 2 stocks r12 x {}\n"
		    "c1 C 2 st r13 x {}");
	CHECK_INT(sim_stats(s)->coalesced, 3);
	sim_free(s);
}

static void
test_streams(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}\n"
		    "c4 C 2 echo r x {\"coalesce\":1}\n"
		    "c5 C 2 echo r x {\"coalesce\":1}\n"
		    "w1 W 6 c1 \\e r 0 b {}\nw1 W 3 c1 \\e r 0 c {}\n"
		    "w1 W 6 c4 \\e r 0 A {}\nw1 W 3 c4 \\e r 0 C {}");
	sim_want(s, "[0] c1 C 6 \\e r 0 a {}\n[0] c2 C 6 \\e r 0 a {}\n"
		    "[0] c3 C 6 \\e r 0 a {}\n"
		    "[0] w1 W 2 c4 echo \\e r x {\"coalesce\":1}\n"
		    "[0] c1 C 6 \\e r 0 b {}\n[0] c2 C 6 \\e r 0 b {}\n"
		    "[0] c3 C 6 \\e r 0 b {}\n"
		    "[0] c1 C 3 \\e r 0 c {}\n[0] c2 C 3 \\e r 0 c {}\n"
		    "[0] c3 C 3 \\e r 0 c {}\n"
		    "[0] c4 C 6 \\e r 0 A {}\n[0] c5 C 6 \\e r 0 A {}\n"
		    "[0] c4 C 3 \\e r 0 C {}\n[0] c5 C 3 \\e r 0 C {}\n");
	CHECK_INT(sim_stats(s)->partials, 8);
	sim_free(s);
}

static void
test_a_gap_is_its_clients_alone(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}");
	sim_block(s, "c1", false);
	sim_block(s, "c3", true);
	sim_tell(s, "w1 W 6 c1 \\e r 0 b {}");
	sim_block(s, "c3", false);
	sim_tell(s, "w1 W 6 c1 \\e r 0 c {}\nw1 W 3 c1 \\e r 0 d {}");
	sim_want(s, "[0] c2 C 6 \\e r 0 a {}\n[0] c3 C 6 \\e r 0 a {}\n"
		    "[0] c2 C 6 \\e r 0 b {}\n"
		    "[0] c2 C 6 \\e r 0 c {}\n"
		    "[0] c1 C 3 \\e r -1 \"PARTIAL_LOST\" {}\n"
		    "[0] c2 C 3 \\e r 0 d {}\n"
		    "[0] c3 C 3 \\e r -1 \"PARTIAL_LOST\" {}\n");
	sim_free(s);
}

/* ---- expiry ---- */

static void
test_each_has_its_timeout(void)
{
	struct sim *s = start(OF(300), OF(100), OF(400));

	sim_keep_alive(s, "w1", true);
	sim_run(s, 200);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_tell(s, "w1 W 3 c1 \\e r 0 a {}");
	sim_want(s, "[200] c1 C 3 \\e r 0 a {}\n[200] c3 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

static void
test_a_partial_is_a_sign_of_life_for_all(void)
{
	struct sim *s = start(OF(100), OF(100), OF(120));

	sim_run(s, 90);
	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}");
	sim_run(s, 90);
	CHECK_INT(sim_stats(s)->expired, 0);
	sim_run(s, 20);
	CHECK_INT(sim_stats(s)->expired, 2);
	sim_tell(s, "w1 W 3 c1 \\e r 0 b {}");
	sim_want(s, "[90] c1 C 6 \\e r 0 a {}\n[90] c2 C 6 \\e r 0 a {}\n"
		    "[90] c3 C 6 \\e r 0 a {}\n[200] c3 C 3 \\e r 0 b {}\n");
	sim_free(s);
}

/* Its slot stays taken as long as anybody waits. */
static void
test_the_run_goes_on_without_its_first(void)
{
	struct sim *s = start(OF(100), OF(200), OF(300));

	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}\nc4 C 2 echo r y {}");
	sim_run(s, 250);
	CHECK_INT(sim_stats(s)->expired, 2);
	CHECK_INT(sim_stats(s)->n_ghosts, 1);
	/* The worker knows it by the name of the first. */
	sim_tell(s, "c3 C 4 request r\nc1 C 4 request r\n"
		    "w1 W 6 c1 \\e r 0 a {}\nw1 W 3 c1 \\e r 0 b {}");
	sim_want(s, "[0] w1 W 4\n"
		    "[250] w1 W 4 c1 \\e r\n"
		    "[250] c3 C 6 \\e r 0 a {}\n[250] c3 C 3 \\e r 0 b {}\n"
		    "[250] w1 W 2 c4 echo \\e r y {}\n");
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

static void
test_all_expire(void)
{
	struct sim *s = start(OF(100), OF(200), OF(300));

	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}\nc4 C 2 echo r y {}");
	sim_run(s, 300);
	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}\nw1 W 3 c1 \\e r 0 b {}");
	sim_want(s, "[0] w1 W 4\n[300] w1 W 2 c4 echo \\e r y {}\n");
	CHECK_INT(sim_stats(s)->expired, 3);
	CHECK_INT(sim_stats(s)->late, 2);
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_free(s);
}

/* Its rid is free again, and the worker's answer to the old one is no answer
 * to the new one. */
static void
test_the_first_may_ask_again(void)
{
	struct sim *s = start(OF(100), NULL, NULL);

	sim_run(s, 100);
	sim_tell(s, "c1 C 2 echo r2 x {\"coalesce\":1}\nc1 C 2 echo r z {}\n"
		    "w1 W 3 c1 \\e r 0 z {}\nw1 W 3 c1 \\e r 0 a {}");
	sim_want(s, "[100] w1 W 2 c1 echo \\e r z {}\n"
		    "[100] c1 C 3 \\e r 0 z {}\n"
		    "[100] c2 C 3 \\e r 0 a {}\n[100] c3 C 3 \\e r 0 a {}\n"
		    "[100] c1 C 3 \\e r2 0 a {}\n");
	sim_free(s);
}

static void
test_the_first_expires_in_the_queue(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r x " OF(
			100) "\nc4 C 2 echo r y {}\n"
			     "c2 C 2 echo r x " OF(
				 100) "\n"
				      "c3 C 2 echo r x {\"coalesce\":1}\nc5 C "
				      "2 echo r z {}");
	sim_run(s, 100);
	CHECK_INT(sim_stats(s)->expired, 2);
	sim_tell(s, "w1 W 1 echo\nw1 W 3 c3 \\e r 0 a {}");
	/* Its place is its own: behind c4, before c5. */
	sim_want(s, "[100] w1 W 1\n[100] w1 W 2 c4 echo \\e r y {}\n"
		    "[100] w1 W 2 c3 echo \\e r x {\"coalesce\":1}\n"
		    "[100] w1 W 2 c5 echo \\e r z {}\n"
		    "[100] c3 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

/* ---- workers lost, rejects, failfast ---- */

#define RETRY "{\"coalesce\":1,\"retry\":1}"

static void
test_worker_lost_each_by_its_retry(void)
{
	struct sim *s = start(NULL, RETRY, NULL);

	sim_tell(s, "c4 C 2 echo r x " RETRY "\nw1 W 5\nw2 W 1 echo");
	sim_want(s, "[0] c3 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] c1 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c2 echo \\e r x " RETRY "\n");
	sim_tell(s, "w2 W 3 c2 \\e r 0 a {}");
	sim_want(s, "[0] c2 C 3 \\e r 0 a {}\n[0] c4 C 3 \\e r 0 a {}\n");
	CHECK_INT(sim_stats(s)->lost, 2);
	sim_free(s);
}

static void
test_worker_lost_the_first_is_retried(void)
{
	struct sim *s = start(RETRY, NULL, RETRY);

	sim_tell(s, "w1 W 5\nw2 W 1 echo\nw2 W 3 c1 \\e r 0 a {}");
	sim_want(s, "[0] c2 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r x " RETRY "\n"
		    "[0] c1 C 3 \\e r 0 a {}\n[0] c3 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

static void
test_worker_lost_in_a_stream(void)
{
	struct sim *s = start(RETRY, RETRY, RETRY);

	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}\nw1 W 5");
	sim_want(s, "[0] c1 C 6 \\e r 0 a {}\n[0] c2 C 6 \\e r 0 a {}\n"
		    "[0] c3 C 6 \\e r 0 a {}\n"
		    "[0] c2 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] c3 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] c1 C 3 \\e r -1 \"WORKER_LOST\" {}\n");
	sim_free(s);
}

#define SOON "{\"coalesce\":1,\"timeout\":100,\"retry\":1}"

static void
test_worker_lost_after_the_first_expired(void)
{
	struct sim *s = start(SOON, NULL, RETRY);

	sim_run(s, 100);
	sim_tell(s, "w1 W 5\nw2 W 1 echo\nw2 W 3 c3 \\e r 0 a {}");
	sim_want(s, "[100] c2 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[100] w2 W 1\n[100] w2 W 2 c3 echo \\e r x " RETRY "\n"
		    "[100] c3 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

static void
test_rejected_it_goes_to_another(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_tell(s, "w1 W 7 c1 \\e r 0 x\nw2 W 1 echo\n"
		    "w2 W 3 c1 \\e r 0 a {}");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r x {\"coalesce\":1}\n"
		    "[0] c1 C 3 \\e r 0 a {}\n[0] c2 C 3 \\e r 0 a {}\n"
		    "[0] c3 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

/* Who has rejected it is known of the run, not of the first alone. */
static void
test_rejected_after_the_first_expired(void)
{
	struct sim *s = start(OF(100), OF(200), NULL);

	sim_run(s, 100);
	sim_tell(s, "w1 W 7 c1 \\e r 0 x");
	sim_run(s, 100);
	sim_tell(s, "w1 W 4\nw2 W 1 echo\nw2 W 3 c3 \\e r 0 a {}");
	sim_want(s, "[200] w1 W 4\n[200] w2 W 1\n"
		    "[200] w2 W 2 c3 echo \\e r x {\"coalesce\":1}\n"
		    "[200] c3 C 3 \\e r 0 a {}\n");
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

/* The worker has not been given it by the name of the second. */
static void
test_answered_by_another_name(void)
{
	const char *const says[] = {"w1 W 7 c2 \\e r 0 x",
	    "w1 W 6 c2 \\e r 0 x {}", "w1 W 3 c2 \\e r 0 x {}"};

	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		struct sim *s = start(OF(100), NULL, NULL);

		sim_run(s, 100);
		sim_tell(s, says[i]);
		sim_want(s, "[100] w1 W 5\n"
			    "[100] c3 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
			    "[100] c2 C 3 \\e r -1 \"WORKER_LOST\" {}\n");
		CHECK_INT(sim_stats(s)->protocol_errors, 1);
		sim_free(s);
	}
}

#define FAST "{\"coalesce\":1,\"failfast\":1}"

static void
test_rejected_by_all(void)
{
	struct sim *s = start(FAST, FAST, NULL);

	sim_tell(s, "w1 W 7 c1 \\e r 0 x\nc4 C 2 echo r x " FAST "\n");
	/* c4 comes later: w1 has not rejected what it asks. */
	sim_want(s, "[0] c1 C 3 \\e r -1 \"NO_WORKER\" {}\n"
		    "[0] c2 C 3 \\e r -1 \"NO_WORKER\" {}\n"
		    "[0] w1 W 2 c4 echo \\e r x " FAST "\n");
	CHECK_INT(sim_stats(s)->n_requests, 2);
	sim_free(s);
}

static void
test_failfast_does_not_wait_with_others(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r x {\"coalesce\":1}\nc2 C 2 echo r x " FAST);
	sim_want(s, "[0] c2 C 3 \\e r -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

static void
test_failfast_when_the_worker_is_lost(void)
{
	struct sim *s =
	    start(NULL, "{\"coalesce\":1,\"failfast\":1,\"retry\":1}", RETRY);

	sim_tell(s, "w1 W 5\nw2 W 1 echo");
	sim_want(s, "[0] c1 C 3 \\e r -1 \"WORKER_LOST\" {}\n"
		    "[0] c2 C 3 \\e r -1 \"NO_WORKER\" {}\n"
		    "[0] w2 W 1\n[0] w2 W 2 c3 echo \\e r x " RETRY "\n");
	sim_free(s);
}

/* Each of them would lead, and ends: one after the other, not within it. */
static void
test_failfast_of_many(void)
{
	struct sim *s = sim_new(NULL);
	char line[80];

	sim_check_seldom(s);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r x {\"coalesce\":1}");
	for (int i = 0; i < 50000; i++) {
		sprintf(line,
		    "c2 C 2 echo r%d x "
		    "{\"coalesce\":1,\"failfast\":1,\"retry\":1}",
		    i);
		sim_tell(s, line);
	}
	sim_tell(s, "w1 W 5");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	CHECK_INT(sim_stats(s)->no_worker, 50000);
	sim_forget(s);
	sim_free(s);
}

/* ---- odds and ends ---- */

static void
test_interest_and_repetition(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_tell(s, "c2 C 4 request r\nc3 C 2 echo r x {\"coalesce\":1}");
	sim_want(s, "[0] w1 W 4 c1 \\e r\n");
	CHECK_INT(sim_stats(s)->duplicates, 1);
	sim_free(s);
}

static void
test_unreachable_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r x {\"coalesce\":1}\n"
		    "c2 C 2 echo r x {\"coalesce\":1}\nw2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r x {\"coalesce\":1}\n");
	sim_tell(s, "w2 W 3 c1 \\e r 0 a {}");
	sim_want(s, "[0] c1 C 3 \\e r 0 a {}\n[0] c2 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

/* Given, expired, taken over and refused, all within one instant. */
static void
test_unreachable_worker_of_one_that_expired(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s,
	    "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
	    "c4 C 2 echo r y {\"timeout\":100}\n"
	    "c1 C 2 echo r x " OF(100) "\n"
				       "c2 C 2 echo r x {\"coalesce\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c4 echo \\e r y {\"timeout\":100}\n");
	sim_block(s, "w1", true);
	sim_run(s, 100);
	CHECK_INT(sim_stats(s)->expired, 2);
	sim_tell(s, "w2 W 1 echo\nw2 W 3 c2 \\e r 0 a {}");
	sim_want(s, "[100] w2 W 1\n"
		    "[100] w2 W 2 c2 echo \\e r x {\"coalesce\":1}\n"
		    "[100] c2 C 3 \\e r 0 a {}\n");
	sim_free(s);
}

/* ---- operators (PROTOCOL 11) ---- */

/* Does that row of $info say so? All mail is read. */
static bool
is_told(struct sim *s, const char *ask, const char *part)
{
	char line[200];
	bool is;

	sim_forget(s);
	sprintf(line, "@op C 2 $info q {%s} {}", ask);
	sim_tell(s, line);
	is = sim_has_mail(s, part);
	sim_forget(s);
	return is;
}

static void
cancel(struct sim *s, const char *client)
{
	char line[200];

	sprintf(line,
	    "@op C 2 $info q {\"cmd\":\"request_cancel\",\"client\":\"%s\","
	    "\"rid\":\"r\"} {}",
	    client);
	sim_tell(s, line);
	CHECK(sim_has_mail(s, "@op C 3 \\e q 0 "));
	sprintf(line, "%s C 3 \\e r -1 \"CANCELLED\"", client);
	CHECK(sim_has_mail(s, line));
	sim_forget(s);
}

static void
test_cancelled(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_add_core(s, &info_service);
	/* The worker's work is for the others; it knows the first one's name.
	 */
	cancel(s, "c1");
	CHECK(is_told(s, "\"cmd\":\"workers\"", "\"in_flight\":1"));
	CHECK(is_told(s, "\"cmd\":\"requests\",\"client\":\"c2\",\"rid\":\"r\"",
	    "\"state\":\"in_flight\""));
	CHECK(is_told(s, "\"cmd\":\"requests\",\"client\":\"c3\",\"rid\":\"r\"",
	    "\"state\":\"joined\""));
	cancel(s, "c3");
	sim_tell(s, "w1 W 3 c1 \\e r 0 yo");
	sim_want(s, "[0] c2 C 3 \\e r 0 yo\n");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	CHECK_INT(sim_stats(s)->n_ghosts, 0);
	sim_free(s);
}

static void
test_cancelled_in_the_queue(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "c1 C 2 echo r x {\"coalesce\":1}\n"
		    "c2 C 2 echo r x {\"coalesce\":1}");
	cancel(s, "c1");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c2 echo \\e r x {\"coalesce\":1}\n");
	sim_free(s);
}

static void
test_paused_and_killed(void)
{
	struct sim *s = start(NULL, "{\"coalesce\":1,\"retry\":1}", NULL);

	sim_add_core(s, &info_service);
	CHECK(is_told(
	    s, "\"cmd\":\"service_pause\",\"service\":\"echo\"", "queued"));
	sim_tell(s, "@op C 2 $info q "
		    "{\"cmd\":\"worker_kill\",\"worker\":\"w1\"} {}");
	CHECK(sim_has_mail(s, "c1 C 3 \\e r -1 \"WORKER_LOST\""));
	CHECK(sim_has_mail(s, "c3 C 3 \\e r -1 \"WORKER_LOST\""));
	sim_forget(s);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	/* Joined, it waits as the other one does. */
	sim_tell(s, "c4 C 2 echo r x {\"coalesce\":1}");
	sim_want(s, "");
	CHECK(is_told(s, "\"cmd\":\"service_resume\",\"service\":\"echo\"",
		  "\"queued\":0") == false);
	sim_tell(s, "w1 W 3 c2 \\e r 0 yo");
	sim_want(s, "[0] c2 C 3 \\e r 0 yo\n[0] c4 C 3 \\e r 0 yo\n");
	sim_free(s);
}

/* Who joins waits, though its worker has slots: PROTOCOL 8.2 is for it. */
static void
test_no_room_to_join(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r x {\"coalesce\":1}\n"
		    "c2 C 2 echo r x {\"coalesce\":1}\n"
		    "c3 C 2 echo r x {\"coalesce\":1}\n"
		    "c4 C 2 echo r y {\"coalesce\":1}\n"
		    "w1 W 3 c1 \\e r 0 a");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r x {\"coalesce\":1}\n"
		    "[0] c3 C 3 \\e r -1 \"BUSY\" {}\n"
		    "[0] w1 W 2 c4 echo \\e r y {\"coalesce\":1}\n"
		    "[0] c1 C 3 \\e r 0 a\n[0] c2 C 3 \\e r 0 a\n");
	sim_free(s);
}

/* A service serves all of them, its worker one. */
static void
test_counted(void)
{
	struct sim *s = start(NULL, NULL, NULL);

	sim_add_core(s, &info_service);
	sim_tell(s, "w1 W 6 c1 \\e r 0 part\nw1 W 3 c1 \\e r -1 no");
	CHECK(is_told(s, "\"cmd\":\"services\",\"service\":\"echo\"",
	    "\"requests\":3,\"served\":3,\"errors\":3"));
	CHECK(is_told(s, "\"cmd\":\"services\",\"service\":\"echo\"",
	    "\"out_bytes\":18"));
	CHECK(is_told(s, "\"cmd\":\"workers\"",
	    "\"requests\":1,\"served\":1,\"errors\":1"));
	CHECK(is_told(s, "\"cmd\":\"workers\"", "\"out_bytes\":6"));
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_run_once_answer_all, "equal requests run once, all are answered"},
    {test_errors_are_for_all, "an error is for all of them"},
    {test_what_is_not_equal, "what is not equal, or special, runs by itself"},
    {test_by_setting, "a setting names services, and can be reloaded"},
    {test_streams, "who comes after the first partial reply starts anew"},
    {test_a_gap_is_its_clients_alone, "a gap is its client's alone"},
    {test_each_has_its_timeout, "each has its own timeout"},
    {test_a_partial_is_a_sign_of_life_for_all,
	"a partial reply is a sign of life for all"},
    {test_the_run_goes_on_without_its_first,
	"the first expires: the run goes on, and keeps its slot"},
    {test_all_expire, "all expire: the slot is free, the reply is late"},
    {test_the_first_may_ask_again, "the first expires, and asks again"},
    {test_the_first_expires_in_the_queue,
	"the first expires in the queue: the next one's place is its own"},
    {test_worker_lost_each_by_its_retry,
	"a worker is lost: each is retried or not as it said"},
    {test_worker_lost_the_first_is_retried, "… the first one too"},
    {test_worker_lost_in_a_stream, "… none in a stream"},
    {test_worker_lost_after_the_first_expired, "… after the first has expired"},
    {test_rejected_it_goes_to_another, "a reject: another worker gets it"},
    {test_rejected_after_the_first_expired,
	"… after the first has expired, and the next"},
    {test_answered_by_another_name,
	"who answers it by the next one's name was not given that"},
    {test_rejected_by_all, "rejected by all: failfast ends, others wait"},
    {test_failfast_does_not_wait_with_others,
	"failfast does not wait with others"},
    {test_failfast_when_the_worker_is_lost, "… nor when their worker is lost"},
    {test_failfast_of_many, "… nor many of them"},
    {test_interest_and_repetition,
	"interest of any reaches the worker; a rid repeated is ignored"},
    {test_unreachable_worker, "an unreachable worker"},
    {test_unreachable_worker_of_one_that_expired,
	"… of a request that expired that instant"},
    {test_cancelled, "the others go on when one is cancelled"},
    {test_cancelled_in_the_queue, "… in the queue as well"},
    {test_paused_and_killed, "a pause, and a worker that is killed"},
    {test_no_room_to_join, "no room to join is BUSY"},
    {test_counted, "counters of the service, and of the worker"},
};

int
main(int argc, char **argv)
{
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
