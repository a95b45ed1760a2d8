/* PROTOCOL 1: each message in each of its forms, and what it brings about. */
#include <stdio.h>

#include "check.h"
#include "sim.h"

static void
test_request_and_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "c1 C 2 echo r1 \"hi\" {\"timeout\":1000}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 \"hi\" {\"timeout\":1000}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 \"a\" {\"n\":1}");
	sim_want(s, "[0] c1 C 6 \\e r1 0 \"a\" {\"n\":1}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 \"b\" {}");
	sim_want(s, "[0] c1 C 6 \\e r1 0 \"b\" {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 \"yo\" {\"cache\":5}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 \"yo\" {\"cache\":5}\n");
	sim_free(s);
}

static void
test_error_reply(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\" {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 \"hi\" {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 -1 \"no\\ssuch\\sfile\" {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"no\\ssuch\\sfile\" {}\n");
	sim_free(s);
}

static void
test_request_without_opts(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\"");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 \"hi\"\n");
	sim_tell(s, "c1 C 2 echo r2 \"hi\" \\e");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r2 \"hi\" \\e\n");
	sim_free(s);
}

/* PIGATO-RUBY's worker ends its replies with the data. */
static void
test_reply_without_opts(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\" {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 \"hi\" {}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 \"part\"");
	sim_want(s, "[0] c1 C 6 \\e r1 0 \"part\"\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 \"yo\"");
	sim_want(s, "[0] c1 C 3 \\e r1 0 \"yo\"\n");
	sim_free(s);
}

static void
test_extra_frames_go_along(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo more\nc1 C 2 echo r1 \"hi\" {} t1 \\e t3");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 \"hi\" {} t1 \\e t3\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 \"part\" {} u1 u2");
	sim_want(s, "[0] c1 C 6 \\e r1 0 \"part\" {} u1 u2\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 \"yo\" {} \\e");
	sim_want(s, "[0] c1 C 3 \\e r1 0 \"yo\" {} \\e\n");
	sim_free(s);
}

/* They also survive the worker that got them first. */
static void
test_extra_frames_of_a_retried_request(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\" {\"retry\":1} t1");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 \"hi\" {\"retry\":1} t1\n");
	sim_tell(s, "w1 W 5\nw2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 \"hi\" {\"retry\":1} t1\n");
	sim_free(s);
}

/* What stands in the empty frame's place is not looked at, nor passed on. */
static void
test_empty_frame_that_is_not_empty(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 \"hi\" {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 \"hi\" {}\n");
	sim_tell(s, "w1 W 4 junk {\"concurrency\":1}");
	sim_want(s, "[0] w1 W 4\n");
	sim_tell(s, "c1 C 2 echo r2 \"hi\" {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 3 c1 junk r1 0 \"yo\" {}");
	sim_want(s, "[0] c1 C 3 junk r1 0 \"yo\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 \"hi\" {}\n");
	sim_free(s);
}

static void
test_binary_names_and_ids(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "\\x00\\xff W 1 \\x00\\x01\\s");
	sim_want(s, "[0] \\x00\\xff W 1\n");
	sim_tell(s, "\\x00c C 2 \\x00\\x01\\s \\x00\\x00 \\xfe\\x00 {}");
	sim_want(s, "[0] \\x00\\xff W 2 \\x00c \\x00\\x01\\s \\e \\x00\\x00 "
		    "\\xfe\\x00 {}\n");
	sim_tell(s, "\\x00\\xff W 3 \\x00c \\e \\x00\\x00 0 \\x80 {}");
	sim_want(s, "[0] \\x00c C 3 \\e \\x00\\x00 0 \\x80 {}\n");
	sim_free(s);
}

/* One is the beginning of the other, as C strings they are equal. */
static void
test_ids_that_begin_alike(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 a\\x00b\nw2 W 1 a\\x00c\nw3 W 1 a");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 a\\x00c r\\x00 x {}\n"
		    "c1 C 2 a r x {}\n"
		    "c1 C 2 a\\x00b r\\x00\\x00 x {}");
	sim_want(s, "[0] w2 W 2 c1 a\\x00c \\e r\\x00 x {}\n"
		    "[0] w3 W 2 c1 a \\e r x {}\n"
		    "[0] w1 W 2 c1 a\\x00b \\e r\\x00\\x00 x {}\n");
	sim_tell(s, "w3 W 3 c1 \\e r 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r 0 y {}\n");
	sim_free(s);
}

static void
test_empty_rid_data_and_service(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo \\e \\e \\e");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e \\e \\e \\e\n");
	sim_tell(s, "w1 W 3 c1 \\e \\e \\e \\e \\e");
	sim_want(s, "[0] c1 C 3 \\e \\e \\e \\e \\e\n");
	sim_tell(s, "c1 C 2 \\e r1 x {\"timeout\":10}");
	sim_want(s, "");
	sim_run(s, 10);
	CHECK_INT(sim_stats(s)->expired, 1);
	sim_want(s, "");
	sim_free(s);
}

static void
test_status_and_data_are_opaque(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 not{json {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 not{json {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 teapot \\xff\\xfe [not");
	sim_want(s, "[0] c1 C 3 \\e r1 teapot \\xff\\xfe [not\n");
	sim_free(s);
}

/* Longer than anything that is held in place. */
static void
test_long_frames(void)
{
	struct sim *s = sim_new(NULL);
	char x[1001], want[8192];

	memset(x, 'x', 1000);
	x[1000] = '\0';
	sim_tell(s, "w1 W 1 \\*1000\n"
		    "c\\*1000 C 2 \\*1000 r\\*1000 d\\*1000 o\\*1000");
	snprintf(want, sizeof(want),
	    "[0] w1 W 1\n[0] w1 W 2 c%s %s \\e r%s d%s o%s\n", x, x, x, x, x);
	sim_want(s, want);
	sim_tell(s, "w1 W 3 c\\*1000 \\e r\\*1000 s\\*1000 d\\*1000 {}");
	snprintf(
	    want, sizeof(want), "[0] c%s C 3 \\e r%s s%s d%s {}\n", x, x, x, x);
	sim_want(s, want);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_request_and_reply, "PROTOCOL 1: request, partial and final replies"},
    {test_error_reply, "PROTOCOL 1: status -1 and its text go through"},
    {test_request_without_opts, "PROTOCOL 1: a request without opts"},
    {test_reply_without_opts, "PROTOCOL 1: replies without opts"},
    {test_extra_frames_go_along, "PROTOCOL 1: extra frames are passed on"},
    {test_extra_frames_of_a_retried_request,
	"PROTOCOL 1: extra frames are given again with a retried request"},
    {test_empty_frame_that_is_not_empty,
	"PROTOCOL 1: the empty frame is not looked at"},
    {test_binary_names_and_ids, "PROTOCOL 1: names and ids of any bytes"},
    {test_ids_that_begin_alike, "PROTOCOL 1: ids are compared whole"},
    {test_empty_rid_data_and_service,
	"PROTOCOL 1: empty rid, data, opts, status and service"},
    {test_status_and_data_are_opaque,
	"PROTOCOL 1: status, data and a reply's opts are opaque"},
    {test_long_frames, "PROTOCOL 1: frames of any length"},
};

CHECK_MAIN(tests)
