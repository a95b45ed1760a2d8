/* PROTOCOL 8.3: a broker that is about to go. */
#include <stdio.h>

#include "check.h"
#include "services/services.h"
#include "sim.h"

static void
test_no_new_requests(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}\n");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n");
	sim_drain(s);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c2 C 2 nobody r3 1 {\"failfast\":1}\n"
		    "c2 C 2 $dir r4 \"echo\" {}\n"
		    "c2 C 4\n"
		    "w1 W 4\n");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"DRAINING\" {}\n"
		    "[0] c2 C 3 \\e r3 -1 \"DRAINING\" {}\n"
		    "[0] c2 C 3 \\e r4 0 [\"w1\"] {}\n"
		    "[0] c2 C 4\n"
		    "[0] w1 W 4\n");
	CHECK_INT(sim_stats(s)->draining, 2);
	CHECK(!sim_is_drained(s));
	sim_tell(s, "w1 W 3 c1 \\e r1 0 x\n");
	sim_want(s, "[0] c1 C 3 \\e r1 0 x\n");
	CHECK(sim_is_drained(s));
	sim_stop(s);
	sim_want(s, "[0] w1 W 5\n");
	sim_free(s);
}

/* What waits gets a worker, also one that comes now; what is lost is retried.
 */
static void
test_the_rest_goes_on(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 1 {\"retry\":1}\nc1 C 2 echo r2 2 {}\n");
	sim_drain(s);
	sim_tell(s, "w1 W 1 echo\n"
		    "w1 W 6 c1 \\e r2 0 part\n"
		    "w1 W 7 c1 \\e r1\n"
		    "w2 W 1 echo\n"
		    "w2 W 5\n"
		    "w3 W 1 echo\n"
		    "w3 W 3 c1 \\e r1 0 x\n"
		    "w1 W 3 c1 \\e r2 0 y\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {\"retry\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 2 {}\n"
		    "[0] c1 C 6 \\e r2 0 part\n"
		    "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 1 {\"retry\":1}\n"
		    "[0] w3 W 1\n"
		    "[0] w3 W 2 c1 echo \\e r1 1 {\"retry\":1}\n"
		    "[0] c1 C 3 \\e r1 0 x\n"
		    "[0] c1 C 3 \\e r2 0 y\n");
	CHECK(sim_is_drained(s));
	sim_free(s);
}

static void
test_nothing_to_wait_for(void)
{
	struct sim *s = sim_new(NULL);

	CHECK(!sim_is_drained(s));
	sim_drain(s);
	CHECK(sim_is_drained(s));
	sim_free(s);
}

/*
 * In the hands of a worker, not to be run twice: WORKER_LOST. With retry, or
 * not given to anybody: DRAINING, to be asked for elsewhere.
 */
static void
test_timeout(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.drain_timeout_ms = 29000;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\n"
		    "c1 C 2 echo r1 1 {\"retry\":1,\"timeout\":-1}\n"
		    "c1 C 2 echo r2 1 {\"timeout\":-1}\n"
		    "c1 C 2 nobody r3 1 {\"timeout\":-1}\n"
		    "c2 C 2 echo r4 1 {\"timeout\":100}\n");
	sim_keep_alive(s, "w1", true);
	sim_keep_alive(s, "w2", true);
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {\"retry\":1,\"timeout\":-1}\n"
		    "[0] w2 W 2 c1 echo \\e r2 1 "
		    "{\"timeout\":-1}\n"
		    "[0] w2 W 2 c2 echo \\e r4 1 {\"timeout\":100}\n");
	sim_drain(s);
	sim_run(s, 28999);
	sim_want(s, "");
	CHECK(!sim_is_drained(s));
	sim_keep_alive(s, "w1", false);
	sim_keep_alive(s, "w2", false);
	sim_run(s, 1);
	sim_want(s, "[29000] w1 W 5\n"
		    "[29000] c1 C 3 \\e r1 -1 \"DRAINING\" {}\n"
		    "[29000] w2 W 5\n"
		    "[29000] c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n"
		    "[29000] c1 C 3 \\e r3 -1 \"DRAINING\" {}\n");
	CHECK(sim_is_drained(s));
	/* Sent away for good. */
	sim_tell(s, "w1 W 1 echo\n");
	sim_want(s, "[29000] w1 W 5\n");
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

/*
 * Those who share a run (7.4) each hear of it, by their own options. The first
 * worker has as many as a step may end: the other one, which is there still,
 * must not be given what is left of the run.
 */
static void
test_timeout_of_a_run(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;
	char line[64];

	conf.drain_timeout_ms = 100;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":-1}\n"
		    "c1 C 2 echo r x {\"coalesce\":1,\"timeout\":100}\n"
		    "c2 C 2 echo r x {\"coalesce\":1,\"retry\":1}\n"
		    "c3 C 2 echo r x {\"coalesce\":1,\"retry\":1}\n"
		    "c4 C 2 echo r x {\"coalesce\":1}\n");
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "m C 2 echo r%d y {}", i);
		sim_tell(s, line);
	}
	sim_tell(s, "w2 W 1 echo\nw2 W 4 \\e {\"concurrency\":-1}");
	sim_forget(s);
	sim_drain(s);
	sim_run(s, 100);
	CHECK(sim_has_mail(s, "[100] c2 C 3 \\e r -1 \"DRAINING\" {}\n"));
	CHECK(sim_has_mail(s, "[100] c3 C 3 \\e r -1 \"DRAINING\" {}\n"));
	CHECK(sim_has_mail(s, "[100] c4 C 3 \\e r -1 \"WORKER_LOST\" {}\n"));
	CHECK(sim_has_mail(s, "[100] w1 W 5\n"));
	CHECK(!sim_has_mail(s, "w2 W 2"));
	CHECK(!sim_has_mail(s, "c1 C 3"));
	sim_forget(s);
	CHECK(sim_is_drained(s));
	sim_free(s);
}

/* The timeout counts from when it began; -1 is none. */
static void
test_timeout_is_reloaded(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.drain_timeout_ms = -1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {\"timeout\":-1}\n");
	sim_drain(s);
	sim_run(s, 100000);
	sim_want(s, "");
	conf.drain_timeout_ms = 100500;
	sim_reload(s, &conf);
	sim_drain(s); /* again: nothing new */
	sim_run(s, 1000);
	sim_want(s, "[100500] c1 C 3 \\e r1 -1 \"DRAINING\" {}\n");
	sim_free(s);
}

static void
test_trace(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.drain_timeout_ms = 12000;
	conf.trace_level = TRACE_INFO;
	s = sim_new_conf(&conf, NULL);
	sim_tell(
	    s, "c1 C 2 echo r1 1 {}\nc1 C 2 echo r2 1 {\"timeout\":7000}\n");
	sim_drain(s);
	sim_run(s, 20000);
	sim_want(s, "[12000] c1 C 3 \\e r1 -1 \"DRAINING\" {}\n");
	sim_want_trace(s, "[0] draining requests=2 waiting=2\n"
			  "[5000] draining requests=2 waiting=2\n"
			  "[10000] draining requests=1 waiting=1\n"
			  "[12000] drain timeout requests=1 waiting=1\n");
	sim_free(s);
}

/* In shares, so that other messages are not kept waiting. */
static void
test_many(void)
{
	struct broker_conf conf = sim_conf();
	struct broker *b;
	struct effect *fx;
	struct pgt_packet p;
	struct pgt_msg m;
	char rid[16];
	size_t n = 0;

	conf.drain_timeout_ms = 0;
	b = broker_new(&conf, 1);
	CHECK(b != NULL);
	for (int i = 0; i < 2500; i++) {
		const char *const words[] = {"c", "C", "2", "echo", rid, "x"};

		snprintf(rid, sizeof(rid), "r%d", i);
		pgt_msg_init(&m);
		for (size_t k = 0; k < 6; k++)
			pgt_frame_from(
			    pgt_msg_push(&m), pgt_slice_of(words[k]));
		pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
		broker_step(
		    b, &(struct event){.type = EV_MESSAGE, .packet = &p});
		pgt_msg_clear(&m);
	}
	broker_step(b, &(struct event){.type = EV_DRAIN});
	for (int i = 0; i < 3; i++) {
		CHECK(!broker_is_drained(b));
		CHECK_INT(broker_stats(b)->draining, 1000 * i);
		broker_step(b, &(struct event){.type = EV_TIME});
		broker_check(b);
	}
	CHECK(broker_is_drained(b));
	while ((fx = broker_next_effect(b)) != NULL) {
		broker_return_effect(b, fx);
		n++;
	}
	CHECK_INT(n, 2500);
	broker_free(b);
}

/*
 * A monitor goes on for as long as its client likes: a drain used to wait for
 * it until its timeout, or for ever.
 */
static void
test_monitors_hold_nothing_up(void)
{
	struct sim *s = sim_new(&monitor_service);

	sim_tell(s, "@o C 2 $monitor m1 {\"level\":\"warn\"} {}\n"
		    "c1 C 2 echo r1 1 {}\n");
	sim_drain(s);
	CHECK(!sim_is_drained(s));
	sim_tell(s, "w1 W 1 echo\nw1 W 3 c1 \\e r1 0 x\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 0 x\n"
		    "[0] @o C 3 \\e m1 -1 \"DRAINING\" {}\n");
	CHECK(sim_is_drained(s));
	sim_tell(s, "@o C 2 $monitor m2 {} {}\n");
	sim_want(s, "[0] @o C 3 \\e m2 -1 \"DRAINING\" {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_no_new_requests, "DRAINING for new requests, and nothing else"},
    {test_the_rest_goes_on, "what was accepted goes on, retried and rejected"},
    {test_nothing_to_wait_for, "without requests a drain is over at once"},
    {test_timeout, "at the timeout each client hears of its request"},
    {test_timeout_of_a_run, "… of requests that share a run as well"},
    {test_timeout_is_reloaded, "the timeout may change on the way"},
    {test_trace, "how far it is"},
    {test_monitors_hold_nothing_up, "monitors end when nothing else is left"},
    {test_many, "requests left at the timeout: a thousand a step"},
};

CHECK_MAIN(tests)
