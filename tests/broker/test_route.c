/* PROTOCOL 11.5: who would get a request, and every reason why not. */
#include <stdio.h>
#include <stdlib.h>

#include "ask.h"
#include "check.h"
#include "services/services.h"

static void
test_who_comes_first(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	for (int i = 0; i < 2; i++) /* nothing is given, and nothing changes */
		ask_want(s, "{\"cmd\":\"route\",\"service\":\"echo\"}",
		    "service=\"echo\"\n"
		    "worker=\"w2\"\n"
		    "dispatch=\"load\"\n"
		    "built_in=false\n"
		    "paused=false\n"
		    "queued=0\n"
		    "more=false\n"
		    "workers.n=2\n"
		    "workers.0={\"worker\":\"w2\",\"service\":\"echo\","
		    "\"in_flight\":0,\"concurrency\":100,\"why\":\"chosen\"}\n"
		    "workers.1.worker=\"w1\"\n"
		    "workers.1.in_flight=1\n"
		    "workers.1.why=\"other_first\"\n"
		    "passed_over=[]");
	sim_tell(s, "c1 C 2 echo r2 1 {}");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r2 1 {}\n");
	sim_free(s);
}

static void
find_first(struct sim *s, char who[3])
{
	bool ok;
	char *text =
	    sim_ask(s, "$info", "{\"cmd\":\"route\",\"service\":\"e\"}", &ok);
	const char *at = strstr(text, "\"worker\":\"");

	CHECK(ok && at != NULL);
	snprintf(who, 3, "%s", at + 10);
	free(text);
}

/* The lot that was drawn for the question is drawn again for the request. */
static void
test_by_lot(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;
	char who[3];

	conf.dispatch = "rand";
	s = sim_new_conf(&conf, &info_service);
	sim_tell(s, "w1 W 1 e\nw2 W 1 e\nw3 W 1 e\nw4 W 1 e\nw5 W 1 e");
	sim_forget(s);
	for (int i = 0; i < 20; i++) {
		char want[80];

		/* The first worker that is told of is the one. */
		find_first(s, who);
		sim_tell(s, "c1 C 2 e r 1 {\"timeout\":1}");
		snprintf(want, sizeof(want),
		    "[%d] %s W 2 c1 e \\e r 1 {\"timeout\":1}\n", i, who);
		sim_want(s, want);
		sim_run(s, 1);
	}
	sim_free(s);
}

static void
test_why_not(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "w2 W 1 echo\nw2 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 1 {}\nw3 W 1 echo");
	sim_block(s, "w3", true);
	sim_tell(s, "c1 C 2 echo r2 1 {\"failfast\":1}");
	sim_block(s, "w3", false);
	sim_tell(s, "w4 W 1 echo\nc1 C 2 echo r3 1 {}");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w4\"}", "in_flight=2");
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"echo\"}",
	    "worker=null\n"
	    "workers.n=4\n"
	    "workers.0.worker=\"w1\"\n"
	    "workers.0.why=\"paused\"\n"
	    "workers.1.worker=\"w2\"\n"
	    "workers.1.why=\"busy\"\n"
	    "workers.2.worker=\"w3\"\n"
	    "workers.2.why=\"unreachable\"\n"
	    "workers.3.worker=\"w4\"\n"
	    "workers.3.why=\"draining\"");
	sim_forget(s);
	sim_free(s);
}

static void
test_why_a_pending_request_waits(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 1 {}\nw1 W 7 c1 \\e r1\n"
		    "c1 C 2 echo r2 1 {}");
	ask_want(s, "{\"cmd\":\"route\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "service=\"echo\"\nworker=null\nqueued=1\n"
	    "workers.0.worker=\"w1\"\nworkers.0.why=\"rejected\"\n"
	    "workers.1.why=\"paused\"");
	ask_want(s, "{\"cmd\":\"route\",\"client\":\"c1\",\"rid\":\"r2\"}",
	    "worker=\"w1\"\nworkers.0.why=\"has_it\"");
	ask_want(s, "{\"cmd\":\"route\",\"client\":\"c1\",\"rid\":\"r3\"}",
	    "error=\"NO_SUCH_REQUEST\"");
	ask_want(s, "{\"cmd\":\"route\",\"client\":\"c1\"}",
	    "error=\"INVALID: an id or a name is missing\"");
	ask_want(s, "{\"cmd\":\"route\"}",
	    "error=\"INVALID: an id or a name is missing\"");
	sim_forget(s);
	sim_free(s);
}

static void
test_a_paused_name(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	ask_want(s, "{\"cmd\":\"service_pause\",\"service\":\"echo\"}",
	    "error=null");
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"echo\"}",
	    "paused=true\nworker=null\nworkers.0.why=\"service_paused\"");
	ask_want(s,
	    "{\"cmd\":\"route\",\"service\":\"echo\",\"workerId\":\"w1\"}",
	    "worker=null\nworkers.0.why=\"service_paused\"");
	sim_free(s);
}

static void
test_one_worker_by_its_id(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw3 W 1 other");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	ask_want(s,
	    "{\"cmd\":\"route\",\"service\":\"echo\",\"workerId\":\"w2\"}",
	    "worker=\"w2\"\n"
	    "workers.0.worker=\"w2\"\n"
	    "workers.0.why=\"chosen\"\n"
	    "workers.1.worker=\"w1\"\n"
	    "workers.1.why=\"not_named\"\n"
	    "workers.n=2");
	ask_want(s,
	    "{\"cmd\":\"route\",\"service\":\"echo\",\"workerId\":\"w3\"}",
	    "worker=null\n"
	    "workers.0.worker=\"w3\"\n"
	    "workers.0.why=\"not_its_service\"\n"
	    "workers.n=3");
	ask_want(s,
	    "{\"cmd\":\"route\",\"service\":\"echo\",\"workerId\":\"w9\"}",
	    "worker=null\nworkers.n=2\nworkers.0.why=\"not_named\"");
	sim_tell(s, "c1 C 2 echo r1 1 {\"workerId\":\"w2\"}\nw2 W 7 c1 \\e r1");
	ask_want(s, "{\"cmd\":\"route\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "worker=null\nworkers.0.worker=\"w2\"\nworkers.0.why=\"rejected\"");
	sim_forget(s);
	sim_free(s);
}

static void
test_versions_passed_over(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 v@1.0.0\nw2 W 1 v@1.3.0\nw3 W 1 v@2.0.0\n"
		    "w4 W 1 v@2.0.0\nw5 W 1 vv@1.3.0");
	sim_forget(s);
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"v@^1.2\"}",
	    "worker=\"w2\"\n"
	    "workers.n=1\n"
	    "passed_over=[{\"service\":\"v@1.0.0\",\"workers\":1,"
	    "\"why\":\"version\"},{\"service\":\"v@2.0.0\",\"workers\":2,"
	    "\"why\":\"version\"}]");
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"v@9.9.9\",\"limit\":1}",
	    "worker=null\nworkers=[]\npassed_over.n=1\nmore=true");
	sim_free(s);
}

static void
test_wildcards_passed_over(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 *\nw2 W 1 ab*\nw3 W 1 a*\nw4 W 1 x*");
	sim_forget(s);
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"abc\"}",
	    "worker=\"w2\"\n"
	    "workers.0.service=\"ab*\"\n"
	    "passed_over=[{\"service\":\"a*\",\"workers\":1,"
	    "\"why\":\"longer_name\"},{\"service\":\"*\",\"workers\":1,"
	    "\"why\":\"longer_name\"}]");
	sim_tell(s, "w5 W 1 abc");
	sim_forget(s);
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"abc\"}",
	    "worker=\"w5\"\nworkers.n=1\npassed_over.n=3\n"
	    "passed_over.0.service=\"ab*\"");
	sim_free(s);
}

static void
test_built_in_services(void)
{
	struct sim *s = sim_new(&info_service);

	ask_want(s, "{\"cmd\":\"route\",\"service\":\"$info\"}",
	    "built_in=true\nworkers=[]\npassed_over=[]\nworker=null");
	sim_free(s);
}

static void
test_so_many_workers_and_no_more(void)
{
	struct sim *s = sim_new(&info_service);
	char line[40];

	for (int i = 0; i < 150; i++) {
		snprintf(line, sizeof(line), "w%d W 1 echo", i);
		sim_tell(s, line);
	}
	sim_forget(s);
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"echo\"}",
	    "workers.n=100\nmore=true\nworkers.0.why=\"chosen\"");
	ask_want(s, "{\"cmd\":\"route\",\"service\":\"echo\",\"limit\":150}",
	    "workers.n=150\nmore=false");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_who_comes_first, "who comes first, and who would come behind it"},
    {test_by_lot, "by lot: the same one is drawn for the request"},
    {test_why_not, "no slot, paused, unreachable, draining"},
    {test_why_a_pending_request_waits, "why a pending request waits"},
    {test_a_paused_name, "a paused name"},
    {test_one_worker_by_its_id, "one worker by its id"},
    {test_versions_passed_over, "versions that do not satisfy the range"},
    {test_wildcards_passed_over, "wildcards that a longer name goes before"},
    {test_built_in_services, "built-in services"},
    {test_so_many_workers_and_no_more, "so many workers and no more"},
};

CHECK_MAIN(tests)
