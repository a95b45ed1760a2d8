/* PROTOCOL 2: a request that a worker rejects waits for another one. */
#include "check.h"
#include "sim.h"

static void
test_goes_to_another(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 \"hi\" {} tail");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 \"hi\" {} tail\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 \"not\\smine\"");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r1 \"hi\" {} tail\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	CHECK_INT(sim_stats(s)->rejects, 1);
	sim_free(s);
}

/* Status and data may be missing, or be followed by more. */
static void
test_forms(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1\nw1 W 7 c1 \\e r2 -1\n"
		    "w1 W 7 c1 \\e r3 0 x {} more");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->rejects, 3);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 x {}\n");
	sim_free(s);
}

/* PIGATO's broker gives it to the same worker again, without end. */
static void
test_never_again_to_who_rejected(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":5}\nc1 C 2 echo r2 x {}\n"
		    "w1 W 3 c1 \\e r2 0 y {}\nw1 W 1 echo");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] c1 C 3 \\e r2 0 y {}\n"
		    "[0] w1 W 1\n");
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_free(s);
}

static void
test_then_a_new_worker(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "w1 W 7 c1 \\e r1 0 x\nw2 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n[0] w3 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w3 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

/* Whoever registers anew is a new worker, under its old id too. */
static void
test_then_the_same_id_anew(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nw1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 5\nw1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

static void
test_holds_up_nobody(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 y {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

/* It came first: whoever has a slot first gets it before the others. */
static void
test_keeps_its_place(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 1 echo\nw2 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {}\n"
		    "c1 C 2 echo r3 x {}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r3 x {}\n");
	sim_tell(s, "w2 W 3 c1 \\e r2 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 y {}\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n"
		    "[0] w2 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

/* As many rejections as workers, but one of them is of a worker that went. */
static void
test_rejected_by_who_has_gone(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nw1 W 7 c1 \\e r1\nw1 W 5\n"
		    "w3 W 1 echo\nw3 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w3 W 1\n[0] w3 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w2 W 4 \\e {\"concurrency\":1}");
	sim_want(s, "[0] w2 W 4\n[0] w2 W 2 c1 echo \\e r1 x {}\n");
	sim_free(s);
}

/* The slot is free for what waits under another name, or for the worker. */
static void
test_slot_is_free_again(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 a r1 x {}\nc1 C 2 b r2 x {}\n"
		    "c1 C 2 c r3 x {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 a \\e r1 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 2 c1 c \\e r3 x {\"workerId\":\"w1\"}\n");
	sim_tell(s, "w1 W 7 c1 \\e r3");
	sim_want(s, "[0] w1 W 2 c1 b \\e r2 x {}\n");
	sim_free(s);
}

/* Names whose requests it has rejected do not hide those of another name. */
static void
test_other_names_are_looked_at(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nw2 W 1 *\nw2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 a r1 x {}\nw1 W 7 c1 \\e r1\n"
		    "c1 C 2 c r0 x {\"workerId\":\"w1\"}\n"
		    "w1 W 4 \\e {\"concurrency\":1}\nw3 W 1 *\n"
		    "w3 W 7 c1 \\e r1\nc1 C 2 b r2 x {}\n"
		    "w3 W 7 c1 \\e r2\nw3 W 5");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 a \\e r1 x {}\n"
		    "[0] w1 W 2 c1 c \\e r0 x {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 4\n[0] w3 W 1\n"
		    "[0] w3 W 2 c1 a \\e r1 x {}\n"
		    "[0] w3 W 2 c1 b \\e r2 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r0 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r0 0 y {}\n"
		    "[0] w1 W 2 c1 b \\e r2 x {}\n");
	sim_free(s);
}

static void
test_rejections_outlive_a_retry(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"retry\":1}\nw1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_tell(s, "w2 W 5");
	sim_want(s, "");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
	sim_free(s);
}

static void
test_further_replies(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nw1 W 7 c1 \\e r1 0 x\n"
		    "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 5\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x\nw1 W 6 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w1 W 5\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x\nw1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] w1 W 5\n");
	sim_free(s);
}

/* Though another one has it by then, and may go on. */
static void
test_reply_while_another_has_it(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "w1 W 7 c1 \\e r1 0 x\nw1 W 3 c1 \\e r1 0 wrong {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 5\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 right {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 right {}\n");
	sim_free(s);
}

/* Its client has seen the start of a stream that nobody else can go on with. */
static void
test_rejected_after_a_partial_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "w1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {\"retry\":1}\nc1 C 2 echo r2 x {}\n"
		    "w1 W 6 c1 \\e r1 0 a {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 4\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n");
	sim_tell(s, "w1 W 7 c1 \\e r1 0 x");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_goes_to_another, "PROTOCOL 2: rejected, it goes to another worker"},
    {test_forms, "PROTOCOL 1: a reject with fewer and with more frames"},
    {test_never_again_to_who_rejected,
	"PROTOCOL 2: never again to a worker that rejected it"},
    {test_then_a_new_worker, "PROTOCOL 2: rejected by all, then a new worker"},
    {test_then_the_same_id_anew,
	"PROTOCOL 2: rejected by all, then the same id registers anew"},
    {test_holds_up_nobody, "PROTOCOL 2: what was rejected holds up nobody"},
    {test_keeps_its_place, "PROTOCOL 2: what was rejected keeps its place"},
    {test_rejected_by_who_has_gone,
	"PROTOCOL 2: rejected by one that has gone since"},
    {test_slot_is_free_again, "PROTOCOL 2: a reject frees the slot"},
    {test_other_names_are_looked_at,
	"PROTOCOL 2: rejected under one name, waiting under another"},
    {test_rejections_outlive_a_retry, "PROTOCOL 2: rejected, then retried"},
    {test_further_replies,
	"PROTOCOL 2: after a reject, further replies are protocol errors"},
    {test_reply_while_another_has_it,
	"PROTOCOL 2: after a reject, a reply for what another has"},
    {test_rejected_after_a_partial_reply,
	"PROTOCOL 2: rejected after a partial reply: WORKER_LOST"},
};

CHECK_MAIN(tests)
