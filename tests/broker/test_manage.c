/* PROTOCOL 11.7: what operators do to workers, names and requests. */
#include <stdio.h>

#include "ask.h"
#include "check.h"
#include "services/services.h"

/* ---- kill ---- */

static void
test_a_killed_worker_is_a_lost_one(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 1 {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {\"retry\":1}\n");
	ask_want(s, "{\"cmd\":\"worker_kill\",\"worker\":\"w1\"}",
	    "worker=\"w1\"\nin_flight=2");
	sim_want(s, "[0] w1 W 5\n[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n");
	ask_want(s, "",
	    "workers.killed=1\nworkers.gone=1\nworkers.workers=0\n"
	    "requests.lost=1\nrequests.retries=1");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {\"retry\":1}\n");
	sim_free(s);
}

static void
test_what_is_not_there(void)
{
	struct sim *s = sim_new(&info_service);

	ask_want(s, "{\"cmd\":\"worker_kill\",\"worker\":\"w1\"}",
	    "error=\"NO_SUCH_WORKER\"");
	ask_want(s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}",
	    "error=\"NO_SUCH_WORKER\"");
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c\",\"rid\":\"\"}",
	    "error=\"NO_SUCH_REQUEST\"");
	ask_want(s, "{\"cmd\":\"worker_kill\"}",
	    "error=\"INVALID: an id or a name is missing\"");
	ask_want(s, "{\"cmd\":\"service_pause\",\"service\":7}",
	    "error=\"INVALID: an id, a name or data is a text\"");
	ask_want(s, "{\"cmd\":\"request_cancel\",\"client\":\"c\"}",
	    "error=\"INVALID: an id or a name is missing\"");
	sim_free(s);
}

/* ---- drain ---- */

static void
test_a_drained_worker_finishes_and_goes(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}\nc1 C 2 echo r2 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n");
	ask_want(s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}",
	    "worker=\"w1\"\nin_flight=2");
	ask_want(s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}",
	    "worker=\"w1\"\nin_flight=2");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.state=\"draining\"\ntotal=1");
	ask_want(s, "", "workers.draining=1\nservices.with_workers=0");
	/* Nothing new, it is nobody's server, and READY changes nothing. */
	sim_tell(s, "c1 C 2 echo r3 1 {}\nc1 C 2 echo r4 1 {\"failfast\":1}\n"
		    "w1 W 1 echo\nw1 W 3 c1 \\e r1 0 1 {}");
	sim_want(s, "[0] c1 C 3 \\e r4 -1 \"NO_WORKER\" {}\n"
		    "[0] w1 W 1\n[0] c1 C 3 \\e r1 0 1 {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 1 {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 1 {}\n[0] w1 W 5\n");
	ask_want(
	    s, "", "workers.draining=0\nworkers.drained=1\nworkers.workers=0");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r3 1 {}\n");
	sim_free(s);
}

static void
test_an_idle_worker_is_drained_at_once(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}", "in_flight=0");
	sim_want(s, "[0] w1 W 5\n");
	sim_free(s);
}

/* By expiry, a reject or being lost, too; ghosts do not hold it. */
static void
test_other_ends_of_a_drain(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 a\nw2 W 1 b\nw3 W 1 c\n"
		    "c1 C 2 a r1 1 {\"timeout\":10}\nc1 C 2 b r2 1 {}\n"
		    "c1 C 2 c r3 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
		    "[0] w1 W 2 c1 a \\e r1 1 {\"timeout\":10}\n"
		    "[0] w2 W 2 c1 b \\e r2 1 {}\n"
		    "[0] w3 W 2 c1 c \\e r3 1 {}\n");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}", "in_flight=1");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w2\"}", "in_flight=1");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w3\"}", "in_flight=1");
	sim_tell(s, "w2 W 7 c1 \\e r2\nw3 W 5");
	sim_want(s, "[0] w2 W 5\n[0] c1 C 3 \\e r3 -1 \"WORKER_LOST\" {}\n");
	sim_run(s, 10);
	sim_want(s, "[10] w1 W 5\n");
	ask_want(s, "", "workers.drained=2\nworkers.gone=3\nrequests.queued=1");
	sim_free(s);
}

/* A request the transport refused is no more at the worker. */
static void
test_a_drained_worker_that_is_unreachable_goes(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r1 1 {}");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}", "in_flight=0");
	ask_want(s, "", "workers.workers=0\nworkers.unreachable=0");
	sim_block(s, "w1", false);
	sim_free(s);
}

static void
test_what_names_a_drained_worker_waits_for_the_next(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}", "in_flight=1");
	sim_tell(s, "c1 C 2 echo r2 1 {\"workerId\":\"w1\"}\n"
		    "c1 C 2 echo r3 1 {\"workerId\":\"w1\",\"failfast\":1}\n"
		    "w1 W 3 c1 \\e r1 0 1 {}\nw1 W 1 echo");
	sim_want(s, "[0] c1 C 3 \\e r3 -1 \"NO_WORKER\" {}\n"
		    "[0] c1 C 3 \\e r1 0 1 {}\n[0] w1 W 5\n[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* ---- pause ---- */

static void
test_a_paused_name_waits(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	ask_want(s, "{\"cmd\":\"service_pause\",\"service\":\"echo\"}",
	    "service=\"echo\"\nqueued=0");
	/* What runs goes on; what comes waits, whoever comes. */
	sim_tell(s, "w1 W 3 c1 \\e r1 0 1 {}\nc1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {\"failfast\":1}\nw2 W 1 echo\nw1 W 4");
	sim_want(s, "[0] c1 C 3 \\e r1 0 1 {}\n[0] w2 W 1\n[0] w1 W 4\n");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.paused=true\nservices.0.queued=2");
	ask_want(s, "", "services.paused=1");
	ask_want(s, "{\"cmd\":\"service_resume\",\"service\":\"echo\"}",
	    "service=\"echo\"\nqueued=2");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r2 1 {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 1 {\"failfast\":1}\n");
	ask_want(s, "", "services.paused=0");
	sim_free(s);
}

/* A pause is of the name asked for; who serves it serves others. */
static void
test_a_pause_is_of_one_name(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 a*\nw2 W 1 v@1.0.0");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n");
	ask_want(
	    s, "{\"cmd\":\"service_pause\",\"service\":\"abc\"}", "queued=0");
	ask_want(s, "{\"cmd\":\"service_pause\",\"service\":\"v@^1.0\"}",
	    "queued=0");
	sim_tell(s, "c1 C 2 abc r1 1 {}\nc1 C 2 abd r2 1 {}\n"
		    "c1 C 2 v@^1.0 r3 1 {}\nc1 C 2 v@1.0.0 r4 1 {}");
	sim_want(s, "[0] w1 W 2 c1 abd \\e r2 1 {}\n"
		    "[0] w2 W 2 c1 v@1.0.0 \\e r4 1 {}\n");
	ask_want(
	    s, "{\"cmd\":\"service_resume\",\"service\":\"abc\"}", "queued=1");
	sim_want(s, "[0] w1 W 2 c1 abc \\e r1 1 {}\n");
	sim_free(s);
}

/* Those that name a worker hold up nobody behind them. */
static void
test_a_pause_of_requests_for_one_worker(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 a*\nw1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 abc r1 1 {\"workerId\":\"w1\"}\n"
		    "c1 C 2 abd r2 1 {\"workerId\":\"w1\"}\n"
		    "c1 C 2 abc r3 1 {\"workerId\":\"w1\"}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n");
	ask_want(
	    s, "{\"cmd\":\"service_pause\",\"service\":\"abc\"}", "queued=2");
	sim_tell(s, "w1 W 4 \\e {\"concurrency\":9}");
	sim_want(s, "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 abd \\e r2 1 {\"workerId\":\"w1\"}\n");
	ask_want(s, "{\"cmd\":\"requests\",\"service\":\"abc\"}",
	    "requests.0.state=\"paused\"\nrequests.n=2\nrequests.0.rid=\"r1\"\n"
	    "requests.0.worker=\"w1\"");
	ask_want(
	    s, "{\"cmd\":\"service_resume\",\"service\":\"abc\"}", "queued=2");
	sim_want(s, "[0] w1 W 2 c1 abc \\e r1 1 {\"workerId\":\"w1\"}\n"
		    "[0] w1 W 2 c1 abc \\e r3 1 {\"workerId\":\"w1\"}\n");
	sim_free(s);
}

/* 4,096 names of no use later the paused one is still paused. */
static void
test_a_pause_outlives_idle_names(void)
{
	struct sim *s = sim_new(&info_service);
	char line[80];

	ask_want(
	    s, "{\"cmd\":\"service_pause\",\"service\":\"echo\"}", "queued=0");
	for (int i = 0; i < 5000; i++) {
		snprintf(
		    line, sizeof(line), "c1 C 2 name%d r 1 {\"timeout\":1}", i);
		sim_tell(s, line);
		sim_run(s, 1);
	}
	ask_want(s, "{\"cmd\":\"services\",\"prefix\":\"name\",\"limit\":1}",
	    "services.0.service=\"name1000\"");
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}");
	sim_want(s, "[5000] w1 W 1\n");
	sim_free(s);
}

/* A worker that rejects, is lost or expires gives back to a name that waits. */
static void
test_what_comes_back_to_a_paused_name_waits(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nc1 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 1 {\"retry\":1}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] w2 W 2 c1 echo \\e r2 1 {\"retry\":1}\n");
	ask_want(
	    s, "{\"cmd\":\"service_pause\",\"service\":\"echo\"}", "queued=0");
	sim_tell(s, "w1 W 7 c1 \\e r1\nw2 W 5\nw1 W 4\nw3 W 1 echo");
	sim_want(s, "[0] w1 W 4\n[0] w3 W 1\n");
	ask_want(
	    s, "{\"cmd\":\"service_resume\",\"service\":\"echo\"}", "queued=2");
	sim_want(s, "[0] w3 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {\"retry\":1}\n");
	sim_free(s);
}

static void
test_what_cannot_be_paused(void)
{
	struct sim *s = sim_new(&info_service);

	ask_want(s, "{\"cmd\":\"service_pause\",\"service\":\"$info\"}",
	    "error=\"INVALID: the service is built in\"");
	ask_want(s, "{\"cmd\":\"service_resume\",\"service\":\"$info\"}",
	    "error=\"INVALID: the service is built in\"");
	ask_want(s, "{\"cmd\":\"service_resume\",\"service\":\"nobody\"}",
	    "service=\"nobody\"\nqueued=0");
	sim_free(s);
}

/* ---- cancel ---- */

static void
test_cancel_a_request_that_waits(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "c1 C 2 echo r1 1 {}\nc1 C 2 echo r2 1 {}");
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "client=\"c1\"\nrid=\"r1\"\nworker=null");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"CANCELLED\" {}\n");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r2 1 {}\n");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.cancelled=1\nservices.0.requests=2");
	sim_free(s);
}

static void
test_cancel_a_request_at_a_worker(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 1 {}\nc1 C 2 echo r2 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "worker=\"w1\"");
	/* Its slot is free; the late reply does no harm. */
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"CANCELLED\" {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 1 {}\nw1 W 3 c1 \\e r1 0 1 {}\n"
		    "w1 W 3 c1 \\e r2 0 1 {}");
	sim_want(s, "[0] c1 C 3 \\e r2 0 1 {}\n");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.cancelled=1\nworkers.0.ghosts=0");
	sim_free(s);
}

/* The last one of a worker that drains: it may go. */
static void
test_cancel_ends_a_drain(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}");
	ask_want(
	    s, "{\"cmd\":\"worker_drain\",\"worker\":\"w1\"}", "in_flight=1");
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "worker=\"w1\"");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 -1 \"CANCELLED\" {}\n[0] w1 W 5\n");
	sim_free(s);
}

/* The question is a request as well. */
static void
test_nobody_cancels_the_question(void)
{
	struct sim *s = sim_new(&info_service);

	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"op\",\"rid\":\"ask\"}",
	    "error=\"NO_SUCH_REQUEST\"");
	sim_free(s);
}

/* ---- ids ---- */

/* Ids are bytes: as the log writes them, so may they be sent. */
static void
test_ids_of_any_bytes(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(
	    s, "w\\x00\\xff\\\\x W 1 echo\nc\\xc3\\xa4 C 2 echo r\\xfe 1 {}");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.worker=\"w\\\\x00\\\\xff\\\\x5cx\"");
	ask_want(s, "{\"cmd\":\"requests\",\"service\":\"echo\"}", "total=0");
	ask_want(s, "{\"cmd\":\"clients\",\"client\":\"c\\\\xc3\\\\xA4\"}",
	    "clients.0.client=\"c\xc3\xa4\"");
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c\xc3\xa4\","
	    "\"rid\":\"r\\\\xfe\"}",
	    "rid=\"r\\\\xfe\"\nworker=\"w\\\\x00\\\\xff\\\\x5cx\"");
	ask_want(s,
	    "{\"cmd\":\"worker_kill\",\"worker\":\"w\\u0000\\\\xFF\\\\\\\\x\"}",
	    "error=\"NO_SUCH_WORKER\"");
	ask_want(s,
	    "{\"cmd\":\"worker_kill\",\"worker\":\"w\\u0000\\\\xFF\\\\x\"}",
	    "in_flight=0");
	sim_want(s,
	    "[0] w\\x00\\xff\\\\x W 1\n"
	    "[0] w\\x00\\xff\\\\x W 2 c\\xc3\\xa4 echo \\e r\\xfe 1 {}\n"
	    "[0] c\\xc3\\xa4 C 3 \\e r\\xfe -1 \"CANCELLED\" {}\n"
	    "[0] w\\x00\\xff\\\\x W 5\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_a_killed_worker_is_a_lost_one, "a killed worker is a lost one"},
    {test_what_is_not_there, "what is not there, and what is not said"},
    {test_a_drained_worker_finishes_and_goes,
	"a drained worker finishes what it has, and goes"},
    {test_an_idle_worker_is_drained_at_once,
	"an idle worker is drained at once"},
    {test_other_ends_of_a_drain, "a drain ends by expiry, reject or loss"},
    {test_a_drained_worker_that_is_unreachable_goes,
	"a drained worker that is unreachable goes"},
    {test_what_names_a_drained_worker_waits_for_the_next,
	"what names a drained worker waits for the next of that id"},
    {test_a_paused_name_waits, "a paused name waits"},
    {test_a_pause_is_of_one_name, "a pause is of one name, letter by letter"},
    {test_a_pause_of_requests_for_one_worker,
	"paused requests that name a worker hold up nobody"},
    {test_a_pause_outlives_idle_names, "a pause outlives idle names"},
    {test_what_comes_back_to_a_paused_name_waits,
	"what comes back to a paused name waits"},
    {test_what_cannot_be_paused, "built-in services are not paused"},
    {test_cancel_a_request_that_waits, "cancel a request that waits"},
    {test_cancel_a_request_at_a_worker, "cancel a request at a worker"},
    {test_cancel_ends_a_drain, "a cancelled request ends a drain"},
    {test_nobody_cancels_the_question, "nobody cancels the question"},
    {test_ids_of_any_bytes, "ids of any bytes, there and back"},
};

CHECK_MAIN(tests)
