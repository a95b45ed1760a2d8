/* PROTOCOL 6: what $dir answers. */
#include <stdio.h>

#include "check.h"
#include "services/services.h"
#include "sim.h"

static void
test_workers_of_a_name(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w2 W 1 echo\nw1 W 1 echo\nw3 W 1 other");
	sim_want(s, "[0] w2 W 1\n[0] w1 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 $dir r1 \"echo\" {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 [\"w2\",\"w1\"] {}\n");
	sim_tell(s, "c1 C 2 $dir r2 \"nobody\" {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 [] {}\n");
	sim_tell(s, "w2 W 5\nc1 C 2 $dir r3 \"echo\" {}");
	sim_want(s, "[0] c1 C 3 \\e r3 0 [\"w1\"] {}\n");
	CHECK_INT(sim_stats(s)->requests, 3);
	CHECK_INT(sim_stats(s)->replies, 3);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_free(s);
}

/* Would serve: own workers before wildcards, the longest of these, … */
static void
test_who_would_serve(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 e*\nw2 W 1 echo\nw3 W 1 ec*\nw4 W 1 calc@1.0.0\n"
		    "w5 W 1 calc@1.1.0\nw6 W 1 calc@2.0.0");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w4 W 1\n"
		    "[0] w5 W 1\n[0] w6 W 1\n");
	sim_tell(s, "c1 C 2 $dir r1 \"echo\" {}\nc1 C 2 $dir r2 \"ecru\" {}\n"
		    "c1 C 2 $dir r3 \"edit\" {}\nc1 C 2 $dir r4 \"e*\" {}\n"
		    "c1 C 2 $dir r5 \"calc@^1.0.0\" {}\n"
		    "c1 C 2 $dir r6 \"calc@2.0.0\" {}\n"
		    "c1 C 2 $dir r7 \"calc\" {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 [\"w2\"] {}\n"
		    "[0] c1 C 3 \\e r2 0 [\"w3\"] {}\n"
		    "[0] c1 C 3 \\e r3 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r4 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r5 0 [\"w4\",\"w5\"] {}\n"
		    "[0] c1 C 3 \\e r6 0 [\"w6\"] {}\n"
		    "[0] c1 C 3 \\e r7 0 [] {}\n");
	sim_free(s);
}

/* … and those that are busy or paused just now. */
static void
test_busy_workers(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "w2 W 1 echo\nw2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 x {}\nc1 C 2 $dir r2 \"echo\" {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 3 \\e r2 0 [\"w1\",\"w2\"] {}\n");
	sim_free(s);
}

/* In the order of their bytes; whom nobody serves is not there. */
static void
test_all_services(void)
{
	static const char *const nothing[] = {"\\e", "null", "\"\"", "nojson",
	    "{", "\"echo", "\\xff", "'echo'", "\\s", "false", "0",
	    "\"\\*65535\""};
	struct sim *s = sim_new(&dir_service);
	char line[80];

	sim_tell(s, "w1 W 1 echo\nw2 W 1 calc@1.0.0\nw3 W 1 e*\nw4 W 1 echo\n"
		    "c1 C 2 queued r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n[0] w4 W 1\n");
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		snprintf(line, sizeof(line), "c1 C 2 $dir q %s {}", nothing[i]);
		sim_tell(s, line);
		sim_want(s, "[0] c1 C 3 \\e q 0 {\"calc@1.0.0\":[\"w2\"],"
			    "\"e*\":[\"w3\"],\"echo\":[\"w1\",\"w4\"]} {}\n");
	}
	sim_free(s);
}

static void
test_all_services_after_changes(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "c1 C 2 $dir r1 \\e {}\nw1 W 1 echo\n"
		    "c1 C 2 $dir r2 \\e {}\nc1 C 2 $dir r3 \\e {}\n"
		    "w2 W 1 other\nc1 C 2 $dir r4 \\e {}\nw1 W 5\n"
		    "c1 C 2 $dir r5 \\e {}\nw2 W 9\nc1 C 2 $dir r6 \\e {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 {} {}\n"
		    "[0] w1 W 1\n"
		    "[0] c1 C 3 \\e r2 0 {\"echo\":[\"w1\"]} {}\n"
		    "[0] c1 C 3 \\e r3 0 {\"echo\":[\"w1\"]} {}\n"
		    "[0] w2 W 1\n"
		    "[0] c1 C 3 \\e r4 0 "
		    "{\"echo\":[\"w1\"],\"other\":[\"w2\"]} {}\n"
		    "[0] c1 C 3 \\e r5 0 {\"other\":[\"w2\"]} {}\n"
		    "[0] w2 W 5\n"
		    "[0] c1 C 3 \\e r6 0 {} {}\n");
	sim_free(s);
}

/* JSON is text: what is none in ids and names is replaced. */
static void
test_ids_of_any_bytes(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "\"\\\\\\x0a W 1 a\n\\xc3\\xa4\\xff W 1 b\\xfe\n"
		    "\\x00 W 1 b\\xfd\nw4 W 1 c\\x00");
	sim_want(s, "[0] \"\\\\\\x0a W 1\n[0] \\xc3\\xa4\\xff W 1\n"
		    "[0] \\x00 W 1\n[0] w4 W 1\n");
	sim_tell(s, "c1 C 2 $dir r1 \"a\" {}\n"
		    "c1 C 2 $dir r2 \"c\\\\u0000\" {}\n"
		    "c1 C 2 $dir r3 \"c\" {}\nc1 C 2 $dir r4 \\e {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 [\"\\\\\"\\\\\\\\\\\\n\"] {}\n"
		    "[0] c1 C 3 \\e r2 0 [\"w4\"] {}\n"
		    "[0] c1 C 3 \\e r3 0 [] {}\n"
		    "[0] c1 C 3 \\e r4 0 "
		    "{\"a\":[\"\\\\\"\\\\\\\\\\\\n\"],"
		    "\"b\\xef\\xbf\\xbd\":[\"\\\\u0000\","
		    "\"\\xc3\\xa4\\xef\\xbf\\xbd\"],"
		    "\"c\\\\u0000\":[\"w4\"]} {}\n");
	sim_free(s);
}

/* Like any worker: whatever the options, whatever frames follow. */
static void
test_like_any_worker(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "c1 C 2 $dir r1 \"echo\"\n"
		    "c1 C 2 $dir r2 \"echo\" {\"failfast\":1}\n"
		    "c1 C 2 $dir r3 \"echo\" {\"timeout\":1,\"retry\":1}\n"
		    "c1 C 2 $dir r4 \"echo\" {\"workerId\":\"w1\"}\n"
		    "c1 C 2 $dir r5 \"echo\" nonsense more frames");
	sim_want(s, "[0] c1 C 3 \\e r1 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r2 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r3 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r4 0 [\"w1\"] {}\n"
		    "[0] c1 C 3 \\e r5 0 [\"w1\"] {}\n");
	sim_run(s, 4);
	CHECK_INT(sim_stats(s)->expired, 0);
	sim_free(s);
}

static void
test_without_it(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 $dir r1 \\e {}\n"
		    "c1 C 2 $dir r2 \\e {\"failfast\":1}");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"NO_WORKER\" {}\n");
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_workers_of_a_name, "PROTOCOL 6: $dir \"name\": its workers"},
    {test_who_would_serve, "PROTOCOL 6: … those that would serve it"},
    {test_busy_workers, "PROTOCOL 6: … busy or not"},
    {test_all_services, "PROTOCOL 6: $dir of nothing: all services"},
    {test_all_services_after_changes, "PROTOCOL 6: … as they are now"},
    {test_ids_of_any_bytes, "PROTOCOL 6: ids and names that are no text"},
    {test_like_any_worker, "PROTOCOL 6: $dir answers like any worker"},
    {test_without_it, "without $dir a request for it waits"},
};

CHECK_MAIN(tests)
