/* PROTOCOL 11.1 to 11.3: what $info tells, and how it may be asked. */
#include <stdlib.h>

#include "ask.h"
#include "check.h"
#include "services/services.h"

static struct sim *
sim_with_worker(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	return s;
}

/* The bytes on the wire: status 0, opts {}. */
static void
test_an_answer_is_a_reply(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "@op C 2 $info r1 {\"cmd\":\"slowlog_reset\"} {}\n"
		    "@op C 2 $info r2 {\"cmd\":\"what\"} {}");
	sim_want(s, "[0] @op C 3 \\e r1 0 {\"dropped\":0} {}\n"
		    "[0] @op C 3 \\e r2 -1 \"INVALID:\\sno\\ssuch\\scmd\""
		    " {}\n");
	sim_free(s);
}

/* PROTOCOL 6.4 */
static void
test_others_are_denied(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "c1 C 2 $info r1 \\e {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"DENIED\" {}\n");
	ask_want(s, "", "errors.denied=1");
	sim_free(s);
}

static void
test_nothing_asked_is_all_sections(void)
{
	static const char *const nothings[] = {"", "null", "\"\"", "undefined",
	    "{}", "{\"cmd\":\"info\"}", "{\"cmd\":null}"};
	struct sim *s = sim_new(&info_service);

	for (size_t i = 0; i < sizeof(nothings) / sizeof(nothings[0]); i++)
		ask_want(s, nothings[i],
		    "server.dispatch=\"load\"\n"
		    "clients.clients=1\n"
		    "workers.workers=0\n"
		    "services.services=1\n"
		    "requests.in_flight=0\n"
		    "memory.times_bytes=0\n"
		    "channel.published=0\n"
		    "errors.malformed=0\n"
		    "latency.turns=0");
	sim_free(s);
}

#define NO_SECTION                                                             \
	"error=\"INVALID: no such section; there are server, clients, "        \
	"workers, services, requests, cache, memory, channel, errors, "        \
	"latency\""

static void
test_sections_asked_for(void)
{
	struct sim *s = sim_new(&info_service);

	ask_want(s, "{\"section\":\"workers\"}",
	    "workers.workers=0\nclients=null\nlatency=null");
	ask_want(s, "{\"cmd\":\"info\",\"section\":[\"latency\",\"clients\"]}",
	    "clients.clients=1\nlatency.turns=0\nworkers=null");
	ask_want(s, "{\"section\":[]}", "clients=null\nlatency=null");
	ask_want(s, "{\"section\":\"all\"}", NO_SECTION);
	ask_want(s, "{\"section\":[\"clients\",7]}", NO_SECTION);
	sim_free(s);
}

static void
test_what_is_no_question(void)
{
	static const char *const wrong[] = {"7", "[]", "nonsense", "\"info\"",
	    "{", "{\"cmd\":7}", "{\"cmd\":\"INFO\"}", "{\"cmd\":\"info\"} x"};
	struct sim *s = sim_new(&info_service);
	static char big[1100000];
	char *text;
	bool ok;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		text = sim_ask(s, "$info", wrong[i], &ok);
		CHECK(!ok && strncmp(text, "\"INVALID: ", 10) == 0);
		free(text);
	}
	memset(big, ' ', sizeof(big) - 1);
	ask_want(s, big, "error=\"INVALID: data is too long\"");
	sim_free(s);
}

static void
fill_in(void *arg, struct broker_process *p)
{
	static const char *const binds[] = {"tcp://127.0.0.1:1", "ipc://x"};

	CHECK(arg == NULL);
	p->name = "b1";
	p->version = "1.2";
	p->pid = 77;
	p->rss_bytes = 4096;
	p->bind = binds;
	p->n_binds = 2;
}

/* What is not known is not there, rather than 0. */
static void
test_the_process(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(&info_service);

	ask_want(
	    s, "", "server.pid=null\nserver.bind.n=0\nmemory.rss_bytes=null");
	sim_free(s);
	conf.process = fill_in;
	s = sim_new_conf(&conf, &info_service);
	ask_want(s, "",
	    "server.name=\"b1\"\n"
	    "server.version=\"1.2\"\n"
	    "server.pid=77\n"
	    "server.uptime_ms=null\n"
	    "server.bind=[\"tcp://127.0.0.1:1\",\"ipc://x\"]\n"
	    "memory.rss_bytes=4096");
	sim_free(s);
}

/* ---- counters ---- */

static void
test_a_request_is_counted(void)
{
	struct sim *s = sim_with_worker();

	sim_tell(s, "c1 C 2 echo r1 hello {}");
	sim_run(s, 3);
	ask_want(s, "{\"section\":[\"requests\",\"memory\"]}",
	    "requests.requests=2\n" /* this question, too */
	    "requests.queued=0\n"
	    "requests.in_flight=1\n"
	    "requests.served=0\n"
	    "memory.queued_bytes=0\n"
	    "memory.requests_bytes=2106");
	sim_tell(s, "w1 W 6 c1 \\e r1 0 ab {}\nw1 W 3 c1 \\e r1 0 world! {}");
	ask_want(s, "{\"section\":\"requests\"}",
	    "requests.served=1\n"
	    "requests.errors=0\n"
	    "requests.partials=1\n"
	    "requests.in_flight=0\n"
	    "requests.out_bytes=8\n"
	    "requests.queue_us.count=1\n"
	    "requests.queue_us.max=0\n"
	    "requests.worker_us.count=1\n"
	    "requests.worker_us.p50=3000\n"
	    "requests.worker_us.max=3000");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.requests=1\n"
	    "services.0.served=1\n"
	    "services.0.in_bytes=5\n"
	    "services.0.out_bytes=8\n"
	    "services.0.worker_us.mean=3000");
	ask_want(s, "{\"cmd\":\"workers\",\"worker\":\"w1\"}",
	    "workers.0.requests=1\n"
	    "workers.0.served=1\n"
	    "workers.0.in_bytes=5\n"
	    "workers.0.out_bytes=8\n"
	    "workers.0.worker_us.count=1");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 hello {}\n"
		    "[3] c1 C 6 \\e r1 0 ab {}\n"
		    "[3] c1 C 3 \\e r1 0 world! {}\n");
	sim_free(s);
}

/* Microseconds come with the event. */
static void
test_time_in_the_queue(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "c1 C 2 echo r1 1 {}");
	sim_run(s, 40);
	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 2);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 1 {}");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.queue_us={\"count\":1,\"mean\":40000,\"p50\":40000,"
	    "\"p90\":40000,\"p99\":40000,\"p99_9\":40000,\"max\":40000}\n"
	    "services.0.worker_us.max=2000");
	sim_want(s, "[40] w1 W 1\n[40] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[42] c1 C 3 \\e r1 0 1 {}\n");
	sim_free(s);
}

static void
test_errors_and_rejects_are_counted(void)
{
	struct sim *s = sim_with_worker();

	sim_tell(s, "c1 C 2 echo r1 1 {}\nw1 W 3 c1 \\e r1 -1 no {}\n"
		    "c1 C 2 echo r2 1 {}\nw1 W 3 c1 \\e r2\n"
		    "c1 C 2 echo r3 1 {}\nw1 W 7 c1 \\e r3\n"
		    "c1 C 2 none r4 1 {\"failfast\":1}");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 -1 no {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n[0] c1 C 3 \\e r2\n"
		    "[0] w1 W 2 c1 echo \\e r3 1 {}\n"
		    "[0] c1 C 3 \\e r4 -1 \"NO_WORKER\" {}\n");
	ask_want(s, "{\"cmd\":\"services\"}",
	    "services.0.service=\"$info\"\n"
	    "services.1.service=\"echo\"\n"
	    "services.1.served=2\n"
	    "services.1.errors=1\n"
	    "services.1.rejects=1\n"
	    "services.1.no_worker=0\n"
	    "services.1.queued=1\n"
	    "services.1.worker_us.count=3\n"
	    "services.2.service=\"none\"\n"
	    "services.2.no_worker=1");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.errors=1\nworkers.0.rejects=1\nworkers.0.requests=3");
	sim_free(s);
}

static void
test_retried_lost_and_expired_are_counted(void)
{
	struct sim *s = sim_with_worker();

	sim_tell(s, "c1 C 2 echo r1 1 {\"timeout\":10}\n"
		    "c1 C 2 echo r2 1 {\"retry\":1}\nc1 C 2 echo r3 1 {}");
	sim_run(s, 10);
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.expired=1\nworkers.0.ghosts=1\nworkers.0.in_flight=2");
	sim_tell(s, "w1 W 5");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.expired=1\n"
	    "services.0.retries=1\n"
	    "services.0.lost=1\n"
	    "services.0.queued=1\n"
	    "services.0.in_flight=0");
	ask_want(s, "",
	    "workers.registered=1\nworkers.gone=1\nworkers.workers=0\n"
	    "requests.expired=1\nrequests.lost=1\nrequests.ghosts=0");
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 1 {\"timeout\":10}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {\"retry\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r3 1 {}\n"
		    "[10] c1 C 3 \\e r3 -1 \"WORKER_LOST\" {}\n");
	sim_free(s);
}

static void
test_returned_are_counted(void)
{
	struct sim *s = sim_with_worker();

	sim_block(s, "w1", true);
	sim_tell(s, "c1 C 2 echo r1 1 {}");
	ask_want(s, "",
	    "requests.returned=1\nworkers.unreachable=1\nerrors.unsent=1");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.returned=1\nworkers.0.state=\"unreachable\"");
	sim_block(s, "w1", false);
	sim_tell(s, "w1 W 4");
	ask_want(s, "", "workers.unreachable=0\nrequests.in_flight=1");
	ask_want(s, "{\"cmd\":\"requests\",\"worker\":\"w1\"}",
	    "requests.0.attempts=2");
	sim_want(s, "[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	sim_free(s);
}

/* ---- the loop ---- */

static void
test_the_loop(void)
{
	struct sim *s = sim_with_worker();

	sim_turn(s, 120, 3, false);
	sim_turn(s, 5, 0, false);
	sim_turn(s, 900, 256, true);
	ask_want(s, "{\"cmd\":\"latency\"}",
	    "turns=3\n"
	    "full_turns=1\n"
	    "turn_us.count=3\n"
	    "turn_us.max=900\n"
	    "messages_per_turn.count=2\n"
	    "messages_per_turn.max=256\n"
	    "timer_late_us.count=0");
	sim_run(s, 10);
	sim_sleep(s, 2590); /* the heartbeat was due at 2500 */
	ask_want(s, "{\"cmd\":\"latency\"}", "timer_late_us.max=100000");
	sim_want(s, "[2600] w1 W 4\n");
	sim_free(s);
}

static void
test_counters_begin_anew(void)
{
	struct sim *s = sim_with_worker();

	sim_tell(s, "c1 C 2 echo r1 1 {}\nw1 W 3 c1 \\e r1 0 1 {}\n"
		    "c1 C 2 echo r2 1 {}\nx X");
	sim_turn(s, 1, 1, false);
	sim_run(s, 7);
	ask_want(s, "{\"cmd\":\"counters_reset\"}", "error=null");
	sim_run(s, 5);
	ask_want(s, "",
	    "server.reset_ms=5\n"
	    "requests.requests=1\n"
	    "requests.served=0\n"
	    "requests.in_flight=1\n"
	    "requests.worker_us.count=0\n"
	    "errors.malformed=0\n"
	    "workers.registered=0\n"
	    "workers.workers=1\n"
	    "latency.turns=0\n"
	    "latency.turn_us.count=0");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"echo\"}",
	    "services.0.requests=0\nservices.0.worker_us.count=0");
	sim_tell(s, "w1 W 3 c1 \\e r2 0 1 {}");
	ask_want(s, "{\"cmd\":\"workers\"}",
	    "workers.0.requests=0\nworkers.0.served=1\n"
	    "workers.0.worker_us.count=1");
	/* The totals of the log count on. */
	CHECK_INT(sim_stats(s)->served, 2);
	sim_want(s, "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 0 1 {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n"
		    "[12] c1 C 3 \\e r2 0 1 {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_an_answer_is_a_reply, "an answer is a reply"},
    {test_others_are_denied, "who is no operator is denied"},
    {test_nothing_asked_is_all_sections, "nothing asked is all sections"},
    {test_sections_asked_for, "sections asked for, by one name or more"},
    {test_what_is_no_question, "what is no question is answered as such"},
    {test_the_process, "what the shell knows of the process"},
    {test_a_request_is_counted,
	"a request is counted in all, of its name and of its worker"},
    {test_time_in_the_queue, "time in the queue and at the worker"},
    {test_errors_and_rejects_are_counted,
	"errors, rejects and NO_WORKER are counted"},
    {test_retried_lost_and_expired_are_counted,
	"retries, losses and expiries are counted"},
    {test_returned_are_counted, "requests the transport refused are counted"},
    {test_the_loop, "turns of the loop, and how late timers are"},
    {test_counters_begin_anew, "counters begin anew, what there is stays"},
};

CHECK_MAIN(tests)
