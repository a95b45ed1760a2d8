/* PROTOCOL 6, broker/core.h: what a core service inside sees and may do. */
#include <errno.h>
#include <stdio.h>

#include "broker/core.h"
#include "check.h"
#include "sim.h"

/* What the service of the test under way was told, and what it does. */
static struct {
	struct core *core;
	struct request *waiting; /* to be answered later */
	int n_notices, n_closed, rc_open;
	char replies[512]; /* as it saw them */
} seen;

static int
test_open(struct core *c)
{
	seen.core = c;
	return seen.rc_open;
}

static void
test_close(struct core *c)
{
	CHECK(c == seen.core);
	seen.n_closed++;
}

static void
answer_with(struct request *r, const char *status, struct pgt_slice data)
{
	struct pgt_frame f;

	CHECK_INT(pgt_frame_from(&f, data), 0);
	CHECK_INT(core_reply(seen.core, r, status, &f), 0);
	pgt_frame_clear(&f);
}

/* Data is answered; "later" at the next request, "fail" with an error. */
static void
echo_request(struct core *c, struct request *r)
{
	CHECK(c == seen.core);
	if (seen.waiting != NULL)
		answer_with(seen.waiting, "0", pgt_slice_of("waited"));
	seen.waiting = NULL;
	if (pgt_slice_is(core_request_data(r), "later"))
		seen.waiting = r;
	else if (pgt_slice_is(core_request_data(r), "fail"))
		answer_with(r, "-1", pgt_slice_of("failed"));
	else
		answer_with(r, "0", core_request_data(r));
}

static bool
known_answer(struct core *c, struct request *r)
{
	CHECK(c == seen.core);
	if (!pgt_slice_is(core_request_data(r), "known"))
		return false;
	answer_with(r, "0", core_request_name(r));
	return true;
}

static void
note_reply(struct core *c, struct request *r, const struct pgt_packet *p)
{
	struct pgt_slice name = core_request_name(r);
	struct pgt_slice data = pgt_packet_view(p, PGT_F_DATA);
	size_t n = strlen(seen.replies);

	CHECK(c == seen.core);
	snprintf(seen.replies + n, sizeof(seen.replies) - n, "%.*s %s %.*s\n",
	    (int)name.n, name.p, pgt_verb_name(p->verb), (int)data.n, data.p);
}

static void
count_notice(struct core *c, const char *topic)
{
	CHECK(c == seen.core);
	CHECK_TEXT(topic, "$dir");
	seen.n_notices++;
}

static const struct core_ops test_service = {
    .name = "$test",
    .open = test_open,
    .close = test_close,
    .on_request = echo_request,
    .answer = known_answer,
    .on_reply = note_reply,
    .on_notice = count_notice,
};

static struct sim *
start(void)
{
	memset(&seen, 0, sizeof(seen));
	return sim_new(&test_service);
}

static void
test_takes_requests_for_its_name(void)
{
	struct sim *s = start();

	sim_tell(s, "c1 C 2 $test r1 hello {}\nc1 C 2 $test r2 fail {}\n"
		    "c1 C 2 $tes r3 hello {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 hello {}\n"
		    "[0] c1 C 3 \\e r2 -1 failed {}\n");
	sim_want_trace(s, "[0] request client=c1 rid=r1 service=$test\n"
			  "[0] request answered client=c1 rid=r1\n"
			  "[0] request client=c1 rid=r2 service=$test\n"
			  "[0] request answered client=c1 rid=r2\n"
			  "[0] request client=c1 rid=r3 service=$tes\n");
	sim_free(s);
	CHECK_INT(seen.n_closed, 1);
}

static void
test_answers_later(void)
{
	struct sim *s = start();

	sim_tell(s, "c1 C 2 $test r1 later {}");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_run(s, 10);
	/* It is pending like any: its rid is taken, interest concerns nobody.
	 */
	sim_tell(s, "c1 C 2 $test r1 again {}\nc1 C 4 request r1");
	CHECK_INT(sim_stats(s)->duplicates, 1);
	sim_tell(s, "c2 C 2 $test r1 next {}");
	sim_want(s, "[10] c1 C 3 \\e r1 0 waited {}\n"
		    "[10] c2 C 3 \\e r1 0 next {}\n");
	sim_free(s);
}

static void
test_never_answers(void)
{
	struct sim *s = start();

	sim_tell(s, "c1 C 2 $test r1 later {\"timeout\":-1}");
	sim_free(s);
	CHECK_INT(seen.n_closed, 1);
}

static void
test_answers_before_dispatch(void)
{
	struct sim *s = start();

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 known {}\n"
		    "c1 C 2 echo r2 unknown {}\nc1 C 2 nobody r3 known {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] c1 C 3 \\e r1 0 echo {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 unknown {}\n"
		    "[0] c1 C 3 \\e r3 0 nobody {}\n");
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_free(s);
}

static void
test_sees_replies(void)
{
	struct sim *s = start();

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {\"timeout\":10}\n"
		    "w1 W 6 c1 \\e r1 0 a {}\nw1 W 3 c1 \\e r1 0 b {}");
	sim_run(s, 10);
	sim_tell(s, "w1 W 3 c1 \\e r2 0 late {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {\"timeout\":10}\n"
		    "[0] c1 C 6 \\e r1 0 a {}\n"
		    "[0] c1 C 3 \\e r1 0 b {}\n");
	CHECK_TEXT(seen.replies, "echo worker partial reply a\n"
				 "echo worker reply b\n");
	sim_free(s);
}

/* 5 ms after a change, and one more for each fifty workers. */
static void
test_hears_of_changes(void)
{
	struct sim *s = start();
	char line[40];

	for (int i = 0; i < 160; i++) {
		snprintf(line, sizeof(line), "w%d W 1 echo", i);
		sim_tell(s, line);
		snprintf(line, sizeof(line), "[0] w%d W 1\n", i);
		sim_want(s, line);
	}
	sim_run(s, 4);
	CHECK_INT(seen.n_notices, 0);
	sim_run(s, 1);
	CHECK_INT(seen.n_notices, 1);
	sim_tell(s, "w0 W 5");
	sim_run(s, 7);
	CHECK_INT(seen.n_notices, 1);
	sim_run(s, 1);
	CHECK_INT(seen.n_notices, 2);
	sim_free(s);
}

static const struct broker_conf plain = {
    .heartbeat_ms = 2500, .heartbeat_liveness = 3, .dispatch = "load"};

static void
test_name_taken(void)
{
	struct broker *b = broker_new(&plain, 1);

	memset(&seen, 0, sizeof(seen));
	CHECK(b != NULL);
	CHECK_INT(broker_add_core(b, &test_service), 0);
	CHECK_INT(broker_add_core(b, &test_service), -EEXIST);
	broker_free(b);
	CHECK_INT(seen.n_closed, 1);
}

/* Then its name is free again. */
static void
test_fails_to_open(void)
{
	struct broker *b = broker_new(&plain, 1);

	memset(&seen, 0, sizeof(seen));
	CHECK(b != NULL);
	seen.rc_open = -EIO;
	CHECK_INT(broker_add_core(b, &test_service), -EIO);
	seen.rc_open = 0;
	CHECK_INT(broker_add_core(b, &test_service), 0);
	broker_free(b);
	CHECK_INT(seen.n_closed, 1);
}

static const struct check_test tests[] = {
    {test_takes_requests_for_its_name, "a core service answers for its name"},
    {test_answers_later, "it may answer later"},
    {test_never_answers, "it may never answer"},
    {test_answers_before_dispatch, "it may answer for others' names"},
    {test_sees_replies, "it sees replies, but no late ones"},
    {test_hears_of_changes, "PROTOCOL 6: it hears of changes, merged"},
    {test_name_taken, "its name is its own"},
    {test_fails_to_open, "one that fails to open is not there"},
};

CHECK_MAIN(tests)
