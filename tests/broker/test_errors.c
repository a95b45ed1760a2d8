/* PROTOCOL 3: protocol errors, and messages that are none of ours. */
#include "check.h"
#include "sim.h"

static void
test_second_final_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c2 C 2 echo r2 x {}\nc3 C 2 echo r3 x {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c2 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c3 echo \\e r3 x {\"retry\":1}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w1 W 5\n"
		    "[0] c2 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	CHECK_INT(sim_stats(s)->protocol_errors, 1);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c3 echo \\e r3 x {\"retry\":1}\n");
	sim_free(s);
}

static void
test_partial_or_reject_after_the_final(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nw1 W 3 c1 \\e r1 0 y\n"
		    "w1 W 6 c1 \\e r1 0 z");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 3 \\e r1 0 y\n[0] w1 W 5\n");
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\nw1 W 3 c1 \\e r1 0 y\n"
		    "w1 W 7 c1 \\e r1");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 3 \\e r1 0 y\n[0] w1 W 5\n");
	sim_free(s);
}

static void
test_reply_to_what_nobody_asked(void)
{
	static const char *const replies[] = {
	    "w1 W 3 c1 \\e r9 0 y {}", /* another rid */
	    "w1 W 6 c1 \\e r9 0 y {}", "w1 W 7 c1 \\e r9",
	    "w1 W 3 c9 \\e r1 0 y {}",	/* another client */
	    "w1 W 3 \\e \\e r1 0 y {}", /* none */
	    "w1 W 3 c1 r1 r1x 0 y {}",	/* frames displaced */
	};
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"retry\":1}");
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		sim_tell(s, "w1 W 1 echo");
		sim_want(s, "[0] w1 W 1\n"
			    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
		sim_tell(s, replies[i]);
		sim_want(s, "[0] w1 W 5\n");
		CHECK_INT(sim_stats(s)->protocol_errors, i + 1);
		CHECK_INT(sim_stats(s)->n_workers, 0);
	}
	sim_free(s);
}

static void
test_reply_to_what_still_waits(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nw1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w1 W 5\n");
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_free(s);
}

static void
test_reply_to_what_another_has(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_tell(s, "w2 W 3 c1 \\e r1 0 wrong {}");
	sim_want(s, "[0] w2 W 5\n");
	sim_want_trace(s,
	    "[0] worker ready service=echo id=w1\n"
	    "[0] worker ready service=echo id=w2\n"
	    "[0] request client=c1 rid=r1 service=echo\n"
	    "[0] request given client=c1 rid=r1 worker=w1\n"
	    "[0] worker broke the protocol id=w2 "
	    "why=reply\\x20to\\x20no\\x20request\\x20of\\x20its\\x20own\n"
	    "[0] worker gone service=echo id=w2 why=protocol\\x20error "
	    "running=0\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 right {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 right {}\n");
	sim_free(s);
}

static void
test_strangers(void)
{
	static const char *const messages[] = {"w1 W 4", "w1 W 4 \\e {}",
	    "w1 W 3 c1 \\e r1 0 y {}", "w1 W 6 c1 \\e r1 0 y {}",
	    "w1 W 7 c1 \\e r1", "w1 W 2 c1 echo \\e r1 x {}", "w1 W 3 c1",
	    "w1 W 99", "w1 W", "w1 W \\e"};
	struct sim *s = sim_new(NULL);

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		sim_tell(s, messages[i]);
		sim_want(s, "[0] w1 W 5\n");
		CHECK_INT(sim_stats(s)->protocol_errors, i + 1);
	}
	CHECK_INT(sim_stats(s)->n_workers, 0);
	sim_free(s);
}

static void
test_malformed_from_a_worker(void)
{
	static const char *const messages[] = {"w1 W", "w1 W 1", "w1 W 2",
	    "w1 W 3", "w1 W 3 c1 \\e", "w1 W 6 c1 \\e", "w1 W 7 c1 \\e",
	    "w1 W 9", "w1 W \\e", "w1 W 33 c1 \\e r1 0 y {}", "w1 X 1 echo",
	    "w1 \\e", "w1", "w1 C 2", "w1 C 9", "w1 w 4", "w1 WW 4"};
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"retry\":1}");
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		sim_tell(s, "w1 W 1 echo");
		sim_want(s, "[0] w1 W 1\n"
			    "[0] w1 W 2 c1 echo \\e r1 x {\"retry\":1}\n");
		sim_tell(s, messages[i]);
		sim_want(s, "[0] w1 W 5\n");
		CHECK_INT(sim_stats(s)->n_workers, 0);
	}
	sim_free(s);
}

/* There is no error a client could be told of: it is counted, no more. */
static void
test_malformed_from_others(void)
{
	static const char *const messages[] = {"c1", "c1 C", "c1 C 2",
	    "c1 C 2 echo", "c1 C 2 echo r1", "c1 C 3", "c1 C 9", "c1 C \\e",
	    "c1 CC 2 echo r1 x {}", "c1 \\e C 2 echo r1 x {}", "c1 X", "c1 \\e",
	    "\\e"};
	struct sim *s = sim_new(NULL);

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		sim_tell(s, messages[i]);
		CHECK_INT(sim_stats(s)->malformed, i + 1);
	}
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	CHECK_INT(sim_stats(s)->requests, 0);
	sim_tell(s, "c1 C 4");
	sim_want(s, "[0] c1 C 4\n");
	sim_free(s);
}

static void
test_malformed_in_the_trace(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1\\x0a C 9\nw1 W 9");
	sim_want(s, "[0] w1 W 5\n");
	sim_want_trace(s,
	    "[0] malformed message dropped peer=c1\\x0a "
	    "why=unknown\\x20message\\x20type\n"
	    "[0] worker broke the protocol id=w1 why=not\\x20registered\n");
	sim_free(s);
}

/* It may register anew at once, and is forgiven. */
static void
test_registers_anew(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw1 W 3 c1 \\e r1 0 y {}\nw1 W 1 other\n"
		    "c1 C 2 other r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 5\n[0] w1 W 1\n"
		    "[0] w1 W 2 c1 other \\e r1 x {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_second_final_reply,
	"PROTOCOL 2, 3: a second final reply: W 5, its requests are lost"},
    {test_partial_or_reject_after_the_final,
	"PROTOCOL 2: a partial reply or a reject after the final reply"},
    {test_reply_to_what_nobody_asked,
	"PROTOCOL 3: a reply to a request that it does not hold"},
    {test_reply_to_what_still_waits,
	"PROTOCOL 3: a reply to a request that waits"},
    {test_reply_to_what_another_has,
	"PROTOCOL 3: a reply to a request that another holds"},
    {test_strangers, "PROTOCOL 3: unregistered, anything but READY: W 5"},
    {test_malformed_from_a_worker,
	"PROTOCOL 3: malformed frames from a worker: W 5"},
    {test_malformed_from_others, "malformed frames from others are counted"},
    {test_malformed_in_the_trace, "malformed frames in the trace"},
    {test_registers_anew, "PROTOCOL 1: W 5 means: register anew"},
};

CHECK_MAIN(tests)
