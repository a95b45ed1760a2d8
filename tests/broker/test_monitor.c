/* PROTOCOL 6.6: $monitor, the trace as partial replies. */
#include <stdio.h>

#include "base/alloc.h"
#include "check.h"
#include "services/services.h"
#include "sim.h"

#define LINE(level, text) "{\"level\":\"" level "\",\"line\":\"" text "\"} {}\n"

/* The test's own log is off: only the monitor makes the broker write lines. */
static struct sim *
start(void)
{
	return sim_new(&monitor_service);
}

/* A malformed message is the shortest way to a warning. */
static void
test_lines_of_a_level(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 {} {}\nw1 W 1 echo\n"
		    "c1 C 2 echo r1 x {}\nw1 W 9");
	/* clang-format off */
	sim_want(s,
	    "[0] @o C 6 \\e r1 0 "
	    LINE("info", "worker\\sready\\sservice=echo\\sid=w1")
	    "[0] w1 W 1\n"
	    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
	    "[0] @o C 6 \\e r1 0 "
	    LINE("warn", "worker\\sbroke\\sthe\\sprotocol\\sid=w1\\swhy="
		"unknown\\\\\\\\x20message\\\\\\\\x20type")
	    "[0] w1 W 5\n"
	    "[0] @o C 6 \\e r1 0 "
	    LINE("info", "worker\\sgone\\sservice=echo\\sid=w1\\swhy="
		"protocol\\\\\\\\x20error\\srunning=1")
	    "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	/* clang-format on */
	sim_free(s);
}

static void
test_matches(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 "
		    "{\"level\":\"debug\",\"match\":\"c1\"} {}\n"
		    "@o C 2 $monitor r2 "
		    "{\"level\":\"debug\",\"match\":\"ec*\"} {}\n"
		    "@o C 2 $monitor r3 {\"match\":\"c3\"} {}");
	sim_forget(s);
	sim_tell(s, "c1 C 2 other r1 x {}\nc11 C 2 echo r1 x {}\n"
		    "c2 C 2 other r1 x {}");
	/* clang-format off */
	sim_want(s,
	    "[0] @o C 6 \\e r1 0 "
	    LINE("debug", "request\\sclient=c1\\srid=r1\\sservice=other")
	    "[0] @o C 6 \\e r2 0 "
	    LINE("debug", "request\\sclient=c11\\srid=r1\\sservice=echo"));
	/* clang-format on */
	sim_forget(s);
	sim_tell(s, "c3 C 9\nc4 C 9");
	CHECK(sim_has_mail(s,
	    "\\e r3 0 {\"level\":\"warn\",\"line\":\"malformed\\"
	    "smessage\\sdropped\\speer=c3\\s"));
	CHECK(!sim_has_mail(s, "peer=c4"));
	sim_forget(s);
	sim_free(s);
}

static void
test_rate(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 {\"rate\":1.5} {}\n"
		    "w1 W 1 a\nw2 W 1 a\nw3 W 1 a");
	sim_run(s, 1000);
	sim_tell(s, "w4 W 1 a");
	/* clang-format off */
	sim_want(s,
	    "[0] @o C 6 \\e r1 0 "
	    LINE("info", "worker\\sready\\sservice=a\\sid=w1")
	    "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
	    "[1000] @o C 6 \\e r1 0 {\"dropped\":2} {}\n"
	    "[1000] @o C 6 \\e r1 0 "
	    LINE("info", "worker\\sready\\sservice=a\\sid=w4")
	    "[1000] w4 W 1\n");
	/* clang-format on */
	sim_free(s);
}

/* n workers come and go; returns how many lines the monitor has of them. */
static size_t
lines_of(struct sim *s, int n)
{
	size_t n_lines = 0;

	for (int i = 0; i < n; i++) {
		sim_tell(s, "w1 W 1 a");
		n_lines += sim_has_mail(s, "\"line\":\"worker\\sready");
		sim_forget(s);
		sim_tell(s, "w1 W 5");
		n_lines += sim_has_mail(s, "\"line\":\"worker\\sgone");
		sim_forget(s);
	}
	return n_lines;
}

/* What was saved up may go at once; then it comes by tenths of a second. */
static void
test_a_flood_is_spread(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 {\"rate\":20} {}");
	CHECK_INT(lines_of(s, 50), 20);
	sim_run(s, 99);
	CHECK_INT(lines_of(s, 50), 0);
	sim_run(s, 1);
	CHECK_INT(lines_of(s, 50), 2);
	sim_run(s, 400);
	CHECK_INT(lines_of(s, 50), 8);
	sim_run(s, 5000);
	CHECK_INT(lines_of(s, 50), 20);
	sim_free(s);
}

/* 2500 ms × 3 after the client was last interested, whatever was sent. */
static void
test_ends_without_interest(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 {} {\"timeout\":-1}");
	sim_run(s, 7000);
	sim_tell(s, "@o C 4 request r1\no C 4 request r1");
	sim_run(s, 7499);
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_tell(s, "w1 W 1 echo");
	sim_forget(s);
	sim_run(s, 1);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_forget(s);
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[14500] w2 W 1\n");
	sim_free(s);
}

/* Of a line that was not sent no line is sent; it is counted. */
static void
test_who_does_not_read(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r1 {\"level\":\"debug\"} {}");
	sim_block(s, "@o", true);
	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw3 W 1 echo");
	CHECK_INT(sim_stats(s)->undelivered, 5); /* what is told, too */
	sim_block(s, "@o", false);
	sim_tell(s, "w4 W 1 echo");
	/* clang-format off */
	sim_want(s,
	    "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
	    "[0] @o C 6 \\e r1 0 {\"dropped\":3} {}\n"
	    "[0] @o C 6 \\e r1 0 "
	    LINE("info", "worker\\sready\\sservice=echo\\sid=w4")
	    "[0] w4 W 1\n");
	/* clang-format on */
	sim_free(s);
}

/* `undefined` is what PIGATO's clients send for no data. */
static void
test_nothing_asked_is_info(void)
{
	static const char *const nothings[] = {"\\e", "null", "undefined"};
	char ask[64];

	for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++) {
		struct sim *s = start();

		snprintf(
		    ask, sizeof(ask), "@o C 2 $monitor r1 %s {}", nothings[i]);
		sim_tell(s, ask);
		sim_want(s, "");
		sim_tell(s, "w4 W 1 echo");
		/* clang-format off */
		sim_want(s,
		    "[0] @o C 6 \\e r1 0 "
		    LINE("info", "worker\\sready\\sservice=echo\\sid=w4")
		    "[0] w4 W 1\n");
		/* clang-format on */
		sim_free(s);
	}
}

static void
test_nonsense(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $monitor r0 {\"x\":\"\\*4096\"} {}");
	sim_want(s, "[0] @o C 3 \\e r0 -1 "
		    "\"INVALID:\\sdata\\sis\\sa\\sJSON\\sobject\" {}\n");
	sim_tell(s, "@o C 2 $monitor r1 [] {}\n"
		    "@o C 2 $monitor r2 {\"level\":\"error\"} {}\n"
		    "@o C 2 $monitor r3 {\"match\":1} {}\n"
		    "@o C 2 $monitor r4 {\"rate\":0} {}\n"
		    "c1 C 2 $monitor r5 {} {}");
	sim_want(s,
	    "[0] @o C 3 \\e r1 -1 "
	    "\"INVALID:\\sdata\\sis\\sa\\sJSON\\sobject\" {}\n"
	    "[0] @o C 3 \\e r2 -1 "
	    "\"INVALID:\\slevel\\sis\\swarn,\\sinfo\\sor\\sdebug\" {}\n"
	    "[0] @o C 3 \\e r3 -1 "
	    "\"INVALID:"
	    "\\smatch\\sis\\sa\\stext\\sof\\sat\\smost\\s255\\sbytes\""
	    " {}\n"
	    "[0] @o C 3 \\e r4 -1 "
	    "\"INVALID:\\srate\\sis\\sa\\snumber\\sfrom\\s1\\sto\\s1000000\" "
	    "{}\n"
	    "[0] c1 C 3 \\e r5 -1 \"DENIED\" {}\n");
	sim_free(s);
}

static void
test_limit(void)
{
	struct sim *s = start();
	char line[64];

	for (int i = 0; i < 16; i++) {
		snprintf(line, sizeof(line), "@o%d C 2 $monitor r {} {}", i);
		sim_tell(s, line);
	}
	sim_want(s, "");
	sim_tell(s, "@x C 2 $monitor r {} {}");
	sim_want(s,
	    "[0] @x C 3 \\e r -1 "
	    "\"INVALID:\\sthere\\sare\\s16\\smonitors\\salready\" {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_lines_of_a_level, "lines up to a level, as partial replies"},
    {test_matches, "lines of some client, service or worker"},
    {test_rate, "so many a second; what was dropped is told"},
    {test_a_flood_is_spread, "a flood is spread over the second"},
    {test_ends_without_interest, "it ends when its client is not heard"},
    {test_who_does_not_read, "who does not read misses lines, and no more"},
    {test_nothing_asked_is_info, "nothing asked is level info"},
    {test_nonsense, "nonsense is told what would be right"},
    {test_limit, "there are no more than sixteen"},
};

CHECK_MAIN(tests)
