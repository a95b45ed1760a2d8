/* PROTOCOL 7: replies that are kept, and who is answered from them. */
#include <jansson.h>
#include <stdio.h>

#include "base/alloc.h"
#include "check.h"
#include "services/services.h"
#include "sim.h"

#define FOR(ms) "{\"cache\":" #ms "}"

/* $cache answers anybody. */
static struct broker_conf
cache_conf(void)
{
	struct broker_conf conf = sim_conf();

	conf.admin_everywhere = true;
	return conf;
}

/* w1 serves echo; what c1 asked for x has the reply "a", kept for 1000 ms. */
static struct sim *
start(const struct broker_conf *conf)
{
	struct broker_conf usual = cache_conf();
	struct sim *s =
	    sim_new_conf(conf != NULL ? conf : &usual, &cache_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r x {}\n"
		    "w1 W 3 c1 \\e r 0 \"a\" " FOR(1000));
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r x {}\n"
		    "[0] c1 C 3 \\e r 0 \"a\" " FOR(1000) "\n");
	sim_keep_alive(s, "w1", true);
	return s;
}

/* Nothing is kept of what was asked: it goes to w1, and is answered b. */
static void
is_asked(struct sim *s, const char *request, const char *given)
{
	sim_tell(s, request);
	sim_want(s, given);
}

static void
test_an_equal_request_is_answered_at_once(void)
{
	struct sim *s = start(NULL);

	sim_want_trace(s, "[0] worker ready service=echo id=w1\n"
			  "[0] request client=c1 rid=r service=echo\n"
			  "[0] request given client=c1 rid=r worker=w1\n"
			  "[0] request done client=c1 rid=r worker=w1\n");
	sim_tell(s, "c2 C 2 echo r2 x {}");
	sim_want(s, "[0] c2 C 3 \\e r2 0 \"a\" " FOR(1000) "\n");
	sim_want_trace(s, "[0] request client=c2 rid=r2 service=echo\n"
			  "[0] request answered client=c2 rid=r2\n");
	/* Whatever its other options, and whether its worker is there. */
	sim_tell(s, "w1 W 5\nc2 C 2 echo r3 x {\"retry\":1,\"failfast\":1}\n"
		    "c2 C 2 echo r4 x");
	sim_want(s, "[0] c2 C 3 \\e r3 0 \"a\" " FOR(
			1000) "\n"
			      "[0] c2 C 3 \\e r4 0 \"a\" " FOR(1000) "\n");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	CHECK_INT(sim_stats(s)->replies, 4);
	sim_free(s);
}

static void
test_for_so_long_and_no_longer(void)
{
	struct sim *s = start(NULL);

	sim_run(s, 999);
	sim_tell(s, "c2 C 2 echo r2 x {}");
	sim_want(s, "[999] c2 C 3 \\e r2 0 \"a\" " FOR(1000) "\n");
	sim_run(s, 1);
	is_asked(
	    s, "c2 C 2 echo r3 x {}", "[1000] w1 W 2 c2 echo \\e r3 x {}\n");
	sim_free(s);
}

/* Timers may be served late: what is past its time is not given all the same.
 */
static void
test_not_after_its_time_if_timers_are_late(void)
{
	struct sim *s = start(NULL);

	sim_skip(s, 1000);
	is_asked(
	    s, "c2 C 2 echo r3 x {}", "[1000] w1 W 2 c2 echo \\e r3 x {}\n");
	sim_free(s);
}

static void
test_name_and_data_byte_for_byte(void)
{
	struct sim *s = start(NULL);

	sim_tell(s, "w2 W 1 ech*");
	sim_want(s, "[0] w2 W 1\n");
	is_asked(s, "c2 C 2 echo r2 y {}", "[0] w1 W 2 c2 echo \\e r2 y {}\n");
	is_asked(
	    s, "c2 C 2 echo r3 x\\s {}", "[0] w1 W 2 c2 echo \\e r3 x\\s {}\n");
	is_asked(
	    s, "c2 C 2 echo r4 \\e {}", "[0] w1 W 2 c2 echo \\e r4 \\e {}\n");
	is_asked(
	    s, "c2 C 2 echoes r5 x {}", "[0] w2 W 2 c2 echoes \\e r5 x {}\n");
	/* The name that was asked for counts, not who served it. */
	sim_tell(s, "w2 W 3 c2 \\e r5 0 b " FOR(
			1000) "\n"
			      "c2 C 2 echoing r6 x {}\nc2 C 2 echoes r7 x {}");
	sim_want(s, "[0] c2 C 3 \\e r5 0 b " FOR(
			1000) "\n"
			      "[0] w2 W 2 c2 echoing \\e r6 x {}\n"
			      "[0] c2 C 3 \\e r7 0 b " FOR(1000) "\n");
	/* Data that is empty, or longer than a frame holds in place. */
	sim_tell(s,
	    "w1 W 3 c2 \\e r4 0 e " FOR(
		1000) "\n"
		      "c2 C 2 echo r8 \\e {}\n"
		      "c2 C 2 echo r9 0123456789012345678901234567890123456 "
		      "{}\n"
		      "w1 W 3 c2 \\e r9 0 l " FOR(
			  1000) "\n"
				"c2 C 2 echo r10 "
				"0123456789012345678901234567890123456 {}");
	sim_want(s,
	    "[0] c2 C 3 \\e r4 0 e " FOR(
		1000) "\n"
		      "[0] c2 C 3 \\e r8 0 e " FOR(
			  1000) "\n"
				"[0] w1 W 2 c2 echo \\e r9 "
				"0123456789012345678901234567890123456 {}\n"
				"[0] c2 C 3 \\e r9 0 l " FOR(
				    1000) "\n"
					  "[0] c2 C 3 \\e r10 0 l " FOR(
					      1000) "\n");
	sim_free(s);
}

static void
test_what_goes_past_it(void)
{
	struct sim *s = start(NULL);

	is_asked(s, "c2 C 2 echo r2 x {\"nocache\":1}",
	    "[0] w1 W 2 c2 echo \\e r2 x {\"nocache\":1}\n");
	is_asked(s, "c2 C 2 echo r3 x {\"workerId\":\"w1\"}",
	    "[0] w1 W 2 c2 echo \\e r3 x {\"workerId\":\"w1\"}\n");
	/* Further frames are data too. */
	is_asked(s, "c2 C 2 echo r4 x {} more",
	    "[0] w1 W 2 c2 echo \\e r4 x {} more\n");
	/* What one worker says for itself, or to more data, is not kept. */
	sim_tell(s, "w1 W 3 c2 \\e r3 0 mine " FOR(
			1000) "\n"
			      "w1 W 3 c2 \\e r4 0 more " FOR(
				  1000) "\n"
					"c2 C 2 echo r5 x {}");
	sim_want(s,
	    "[0] c2 C 3 \\e r3 0 mine " FOR(
		1000) "\n"
		      "[0] c2 C 3 \\e r4 0 more " FOR(
			  1000) "\n"
				"[0] c2 C 3 \\e r5 0 \"a\" " FOR(1000) "\n");
	sim_free(s);
}

/* Who asked for a fresh one would not want the next to get an older one. */
static void
test_a_fresh_reply_takes_the_place_of_the_older(void)
{
	struct sim *s = start(NULL);

	sim_run(s, 500);
	sim_tell(s, "c2 C 2 echo r2 x {\"nocache\":1}\n"
		    "w1 W 3 c2 \\e r2 0 b " FOR(1000));
	sim_run(s, 999);
	sim_tell(s, "c2 C 2 echo r3 x {}");
	sim_want(s, "[500] w1 W 2 c2 echo \\e r2 x {\"nocache\":1}\n"
		    "[500] c2 C 3 \\e r2 0 b " FOR(
			1000) "\n"
			      "[1499] c2 C 3 \\e r3 0 b " FOR(1000) "\n");
	sim_run(s, 1);
	is_asked(
	    s, "c2 C 2 echo r4 x {}", "[1500] w1 W 2 c2 echo \\e r4 x {}\n");
	sim_free(s);
}

static void
test_what_is_not_kept(void)
{
	static const char *const replies[] = {"0 b", "0 b {}", "0 b \\e",
	    "0 b {\"cache\":0}", "0 b {\"cache\":-5}",
	    "0 b {\"cache\":\"1000\"}", "0 b nonsense", "0 b [1000]",
	    "-1 b {\"cache\":1000}", "1 b {\"cache\":1000}",
	    "\\e b {\"cache\":1000}", "00 b {\"cache\":1000}", "0", "\\e"};
	struct sim *s = start(NULL);
	char line[100], want[200];

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		sprintf(
		    line, "c1 C 2 echo r y {}\nw1 W 3 c1 \\e r %s", replies[i]);
		sim_tell(s, line);
		sprintf(want,
		    "[0] w1 W 2 c1 echo \\e r y {}\n[0] c1 C 3 \\e r %s\n",
		    replies[i]);
		sim_want(s, want);
	}
	sim_free(s);
}

static void
test_limits_of_time(void)
{
	struct broker_conf conf = cache_conf();
	struct sim *s;

	conf.cache.max_ttl_ms = 300;
	s = start(&conf);
	sim_run(s, 299);
	sim_tell(s, "c2 C 2 echo r2 x {}");
	sim_want(s, "[299] c2 C 3 \\e r2 0 \"a\" " FOR(1000) "\n");
	sim_run(s, 1);
	is_asked(
	    s, "c2 C 2 echo r3 x {}", "[300] w1 W 2 c2 echo \\e r3 x {}\n");
	/* A longer one is for what comes later; a shorter one too. */
	conf.cache.max_ttl_ms = -1;
	sim_reload(s, &conf);
	sim_tell(s, "w1 W 3 c2 \\e r3 0 b {\"cache\":1e300}");
	conf.cache.max_ttl_ms = 1;
	sim_reload(s, &conf);
	sim_run(s, 1000000);
	sim_tell(s, "c2 C 2 echo r4 x {}");
	sim_want(s, "[300] c2 C 3 \\e r3 0 b {\"cache\":1e300}\n"
		    "[1000300] c2 C 3 \\e r4 0 b {\"cache\":1e300}\n");
	sim_free(s);
}

static void
test_off_and_on(void)
{
	struct broker_conf conf = cache_conf();
	struct sim *s = start(NULL);

	conf.cache.is_on = false;
	sim_reload(s, &conf);
	is_asked(s, "c2 C 2 echo r2 x {}", "[0] w1 W 2 c2 echo \\e r2 x {}\n");
	sim_tell(s, "w1 W 3 c2 \\e r2 0 b " FOR(1000));
	sim_want(s, "[0] c2 C 3 \\e r2 0 b " FOR(1000) "\n");
	conf.cache.is_on = true;
	sim_reload(s, &conf);
	/* What was kept before is gone. */
	is_asked(s, "c2 C 2 echo r3 x {}", "[0] w1 W 2 c2 echo \\e r3 x {}\n");
	sim_tell(s, "w1 W 3 c2 \\e r3 0 c " FOR(1000) "\nc2 C 2 echo r4 x {}");
	sim_want(s, "[0] c2 C 3 \\e r3 0 c " FOR(
			1000) "\n"
			      "[0] c2 C 3 \\e r4 0 c " FOR(1000) "\n");
	sim_free(s);
}

/* Of a stream that began with the cache off it has not all parts. */
static void
test_switched_on_within_a_stream(void)
{
	struct broker_conf conf = cache_conf();
	struct sim *s;

	conf.cache.is_on = false;
	s = start(&conf);
	sim_tell(s, "c1 C 2 echo r s {}\nw1 W 6 c1 \\e r 0 a {}");
	conf.cache.is_on = true;
	sim_reload(s, &conf);
	sim_tell(s, "w1 W 6 c1 \\e r 0 b {}\nw1 W 3 c1 \\e r 0 c " FOR(1000));
	sim_forget(s);
	is_asked(s, "c2 C 2 echo r2 s {}", "[0] w1 W 2 c2 echo \\e r2 s {}\n");
	sim_free(s);
}

/* ---- streams ---- */

/* a, b and the end c, kept for 1000 ms. */
static struct sim *
start_stream(const struct broker_conf *conf)
{
	struct sim *s = start(conf);

	sim_tell(s, "c1 C 2 echo r s {}\nw1 W 6 c1 \\e r 0 a {}\n"
		    "w1 W 6 c1 \\e r 0 b {\"n\":1} more\n"
		    "w1 W 3 c1 \\e r 0 c " FOR(1000));
	sim_want(s, "[0] w1 W 2 c1 echo \\e r s {}\n"
		    "[0] c1 C 6 \\e r 0 a {}\n"
		    "[0] c1 C 6 \\e r 0 b {\"n\":1} more\n"
		    "[0] c1 C 3 \\e r 0 c " FOR(1000) "\n");
	return s;
}

static void
test_a_stream_is_replayed_whole(void)
{
	struct sim *s = start_stream(NULL);

	sim_tell(s, "c2 C 2 echo r2 s {}\nc3 C 2 echo r3 s {\"timeout\":1}");
	sim_run(s, 0);
	sim_want(s, "[0] c2 C 6 \\e r2 0 a {}\n"
		    "[0] c2 C 6 \\e r2 0 b {\"n\":1} more\n"
		    "[0] c3 C 6 \\e r3 0 a {}\n"
		    "[0] c3 C 6 \\e r3 0 b {\"n\":1} more\n"
		    "[0] c2 C 3 \\e r2 0 c " FOR(
			1000) "\n"
			      "[0] c3 C 3 \\e r3 0 c " FOR(1000) "\n");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	CHECK_INT(sim_stats(s)->partials, 6);
	sim_free(s);
}

static void
test_a_replay_with_a_gap_is_not_complete(void)
{
	struct sim *s = start_stream(NULL);

	sim_block(s, "c2", true);
	sim_tell(s, "c2 C 2 echo r2 s {}");
	sim_block(s, "c2", false);
	sim_run(s, 0);
	sim_want(s, "[0] c2 C 3 \\e r2 -1 \"PARTIAL_LOST\" {}\n");
	sim_free(s);
}

/* Whichever part of it finds no memory: it ends by that name, or not at all. */
static void
test_a_replay_without_memory_is_not_complete(void)
{
	struct sim *s = start(NULL);
	char line[64];
	int n_lost = 0, n_whole = 0;

	sim_tell(s, "c1 C 2 echo r s {}");
	for (int i = 0; i < 50; i++) {
		sprintf(line, "w1 W 6 c1 \\e r 0 %d {}", i);
		sim_tell(s, line);
	}
	sim_tell(s, "w1 W 3 c1 \\e r 0 end " FOR(100000));
	for (size_t n = 1; n < 100; n++) {
		sim_forget(s);
		sprintf(line, "c2 C 2 echo r%zu s {\"timeout\":10}", n);
		pgt_alloc_fail_at(n);
		sim_tell(s, line);
		pgt_alloc_fail_at(0);
		sim_run(s, 10);
		n_lost += sim_has_mail(s, "-1 \"PARTIAL_LOST\" {}\n");
		if (!sim_has_mail(s, " 0 end "))
			continue;
		n_whole++;
		for (int i = 0; i < 50; i++) {
			sprintf(line, " 0 %d {}\n", i);
			CHECK(sim_has_mail(s, line));
		}
	}
	CHECK(n_lost > 0 && n_whole > 0);
	sim_forget(s);
	sim_free(s);
}

/* The end of a replay does not need what is kept. */
static void
test_a_replay_outlives_its_entry(void)
{
	struct sim *s = start_stream(NULL);

	sim_tell(
	    s, "c2 C 2 echo r2 s {}\nc2 C 2 $cache r3 {\"cmd\":\"flush\"} {}");
	sim_run(s, 1);
	sim_want(s, "[0] c2 C 6 \\e r2 0 a {}\n"
		    "[0] c2 C 6 \\e r2 0 b {\"n\":1} more\n"
		    "[0] PUB $cache\\s{\"event\":\"flush\"}\n"
		    "[0] c2 C 3 \\e r3 0 {\"flushed\":2} {}\n"
		    "[0] c2 C 3 \\e r2 0 c " FOR(1000) "\n");
	sim_tell(s, "c2 C 2 echo r4 s {}");
	sim_want(s, "[1] w1 W 2 c2 echo \\e r4 s {}\n");
	sim_free(s);
}

/* Between the parts and the end an operator may end it. */
static void
test_a_replay_is_cancelled(void)
{
	struct sim *s = start_stream(NULL);

	sim_add_core(s, &info_service);
	sim_tell(s, "c2 C 2 echo r2 s {}\n"
		    "@o C 2 $info k {\"cmd\":\"request_cancel\","
		    "\"client\":\"c2\",\"rid\":\"r2\"} {}");
	sim_run(s, 1);
	sim_want(s, "[0] c2 C 6 \\e r2 0 a {}\n"
		    "[0] c2 C 6 \\e r2 0 b {\"n\":1} more\n"
		    "[0] c2 C 3 \\e r2 -1 \"CANCELLED\" {}\n"
		    "[0] @o C 3 \\e k 0 {\"client\":\"c2\",\"rid\":\"r2\"} "
		    "{}\n");
	CHECK_INT(sim_stats(s)->n_requests, 0);
	/* Another one is none the worse. */
	sim_tell(s, "c3 C 2 echo r3 s {}");
	sim_run(s, 0);
	sim_want(s, "[1] c3 C 6 \\e r3 0 a {}\n"
		    "[1] c3 C 6 \\e r3 0 b {\"n\":1} more\n"
		    "[1] c3 C 3 \\e r3 0 c " FOR(1000) "\n");
	sim_free(s);
}

static void
test_a_stream_with_a_gap_is_not_kept(void)
{
	struct sim *s = start(NULL);

	sim_tell(s, "c1 C 2 echo r s {}");
	sim_block(s, "c1", true);
	sim_tell(s, "w1 W 6 c1 \\e r 0 a {}");
	sim_block(s, "c1", false);
	sim_tell(s, "w1 W 3 c1 \\e r 0 b " FOR(1000) "\nc2 C 2 echo r s {}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r s {}\n"
		    "[0] c1 C 3 \\e r -1 \"PARTIAL_LOST\" {}\n"
		    "[0] w1 W 2 c2 echo \\e r s {}\n");
	sim_free(s);
}

/* 60 parts of about 64 bytes take 15,000 bytes with their frames. */
static void
test_a_stream_is_kept_whole_or_not_at_all(void)
{
	struct broker_conf conf = cache_conf();
	char text[] = "w1 W 6 c1 \\e r 0 0123456789012345678901234567890123456"
		      "7890123456789012345678901234567890 {}";
	struct sim *s;

	conf.cache.max_entry = 15000;
	s = start(&conf);
	for (int n = 30; n <= 60; n += 30) {
		sim_tell(s, "c1 C 2 echo r s {}");
		for (int i = 0; i < n; i++)
			sim_tell(s, text);
		sim_tell(s, "w1 W 3 c1 \\e r 0 end " FOR(10));
		sim_forget(s);
		sim_tell(s, "c2 C 2 echo r s {}");
		sim_run(s, 0);
		CHECK_INT(sim_stats(s)->n_requests, n == 30 ? 0 : 1);
		sim_forget(s);
		sim_run(s, 10);
	}
	sim_free(s);
}

static int64_t
memory(struct sim *s)
{
	int64_t n;

	sim_forget(s);
	sim_tell(s, "m C 2 $cache m null {}");
	n = sim_number_in_mail(s, "\"memory_bytes\":");
	sim_forget(s);
	return n;
}

/* What was noted of a stream goes with its request. */
static void
test_streams_that_never_end(void)
{
	struct sim *s = start(NULL);
	int64_t before = memory(s);

	sim_tell(s, "c1 C 2 echo r s {\"timeout\":100}\n"
		    "c2 C 2 echo r s {}\nc3 C 2 echo r s {}\n"
		    "c4 C 2 echo r s {}\n"
		    "w1 W 6 c1 \\e r 0 a {}\nw1 W 6 c2 \\e r 0 a {}\n"
		    "w1 W 6 c3 \\e r 0 a {}\nw1 W 6 c4 \\e r 0 a {}");
	CHECK(memory(s) > before);
	sim_tell(s, "w1 W 7 c2 \\e r 0 a\nw1 W 3 c3 \\e r 0 a {}");
	sim_run(s, 100);
	sim_tell(s, "w1 W 5");
	CHECK_INT(memory(s), before);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_free(s);
}

/* ---- together with runs ---- */

static void
test_equal_requests_that_wait_and_one_that_comes_later(void)
{
	struct sim *s = start(NULL);

	sim_tell(s, "c1 C 2 echo r y {\"coalesce\":1,\"timeout\":100}\n"
		    "c2 C 2 echo r y {\"coalesce\":1}\n"
		    "w1 W 6 c1 \\e r 0 p {}");
	sim_run(s, 100);
	/* The first is gone; what it had is kept with the rest. */
	sim_tell(s, "w1 W 3 c1 \\e r 0 b " FOR(
			1000) "\n"
			      "c3 C 2 echo r y {\"coalesce\":1}");
	sim_run(s, 0);
	sim_want(s, "[0] w1 W 2 c1 echo \\e r y "
		    "{\"coalesce\":1,\"timeout\":100}\n"
		    "[0] c1 C 6 \\e r 0 p {}\n[0] c2 C 6 \\e r 0 p {}\n"
		    "[100] c2 C 3 \\e r 0 b " FOR(
			1000) "\n"
			      "[100] c3 C 6 \\e r 0 p {}\n"
			      "[100] c3 C 3 \\e r 0 b " FOR(1000) "\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_an_equal_request_is_answered_at_once,
	"an equal request is answered at once"},
    {test_for_so_long_and_no_longer, "for so long and no longer"},
    {test_not_after_its_time_if_timers_are_late,
	"not after its time, though timers be late"},
    {test_name_and_data_byte_for_byte,
	"name and data are compared byte for byte"},
    {test_what_goes_past_it, "nocache, workerId and further frames go past"},
    {test_a_fresh_reply_takes_the_place_of_the_older,
	"a fresh reply takes the place of the older"},
    {test_what_is_not_kept, "errors, and what does not ask for it"},
    {test_limits_of_time, "max_ttl, for what is kept later"},
    {test_off_and_on, "off, and on again"},
    {test_switched_on_within_a_stream, "… within a stream"},
    {test_a_stream_is_replayed_whole, "a stream is replayed whole, in order"},
    {test_a_replay_with_a_gap_is_not_complete,
	"a replay with a gap ends with PARTIAL_LOST"},
    {test_a_replay_without_memory_is_not_complete,
	"… nor one for which there was no memory"},
    {test_a_replay_outlives_its_entry, "a replay outlives its entry"},
    {test_a_replay_is_cancelled, "a replay is cancelled"},
    {test_a_stream_with_a_gap_is_not_kept, "a stream with a gap is not kept"},
    {test_a_stream_is_kept_whole_or_not_at_all,
	"a stream is kept whole or not at all"},
    {test_streams_that_never_end, "streams that expire, or are lost"},
    {test_equal_requests_that_wait_and_one_that_comes_later,
	"equal requests that share a run, and one that comes later"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
