/* The constants of broker/state.h, lib/opts.h and lib/msg.h. */
#include <stdarg.h>
#include <stdio.h>

#include "broker/broker.h"
#include "check.h"
#include "sim.h"

static void
test_longest_wildcard(void)
{
	struct sim *s = sim_new(NULL);
	char x[1101], want[4096];

	memset(x, 'x', 1100);
	x[1100] = '\0';
	sim_tell(s, "w1 W 1 \\*1025*");
	sim_want(s, "[0] w1 W 5\n");
	sim_tell(s, "w1 W 1 \\*1024*\nw2 W 1 *\nc1 C 2 \\*1100 r1 x {}");
	snprintf(want, sizeof(want),
	    "[0] w1 W 1\n[0] w2 W 1\n[0] w1 W 2 c1 %s \\e r1 x {}\n", x);
	sim_want(s, want);
	/* A plain name may be longer. */
	sim_tell(s, "w3 W 1 \\*1100");
	sim_want(s, "[0] w3 W 1\n");
	sim_free(s);
}

/* Opts beyond 65,536 bytes are passed on, and count as {}. */
static void
test_longest_opts(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":1,\"x\":\"\\*65515\"}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n");
	sim_tell(s, "c1 C 2 echo r1 x {\"failfast\":1,\"x\":\"\\*65516\"}");
	sim_want(s, "");
	sim_free(s);
}

/* Sixteen frames behind the routing id: a worker gets nineteen. */
static void
test_most_frames(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {} 1 2 3 4 5 6 7 8 9 10");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {} 1 2 3 4 5 6 7 8 9 10\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {} 1 2 3 4 5 6 7 8");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {} 1 2 3 4 5 6 7 8\n");
	sim_free(s);
}

static void
test_long_ids_in_the_trace(void)
{
	struct sim *s = sim_new(NULL);
	char x[161], want[512];

	memset(x, 'x', 160);
	x[160] = '\0';
	sim_tell(s, "c1 C 2 \\*160 r x {}\nc2 C 2 \\*161 r x {}");
	snprintf(want, sizeof(want),
	    "[0] request client=c1 rid=r service=%s\n"
	    "[0] request client=c2 rid=r service=%s...\n",
	    x, x);
	sim_want_trace(s, want);
	sim_free(s);
}

/*
 * What follows is of thousands: without the sim, which looks at everything
 * after each step.
 */

static struct broker *
new_broker(void)
{
	static const struct broker_conf conf = {
	    .heartbeat_ms = 2500,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = 1000,
	    .max_timeout_ms = -1,
	    .default_concurrency = -1,
	    .dispatch = "load",
	};
	struct broker *b = broker_new(&conf, 1);

	CHECK(b != NULL);
	return b;
}

static void
step(struct broker *b, struct event *ev)
{
	struct effect *fx;

	broker_step(b, ev);
	while ((fx = broker_next_effect(b)) != NULL)
		broker_return_effect(b, fx);
}

static void
pass(struct broker *b, int64_t now)
{
	step(b, &(struct event){.type = EV_TIME, .now = now});
}

/* A message, its frames by a format and blanks between them. */
static void __attribute__((format(printf, 3, 4)))
tell(struct broker *b, int64_t now, const char *format, ...)
{
	struct pgt_packet p;
	struct pgt_msg m;
	char text[128], *rest = NULL;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	pgt_msg_init(&m);
	for (char *w = strtok_r(text, " ", &rest); w != NULL;
	     w = strtok_r(NULL, " ", &rest))
		CHECK_INT(pgt_frame_from(pgt_msg_push(&m), pgt_slice_of(w)), 0);
	pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
	step(b, &(struct event){.type = EV_MESSAGE, .now = now, .packet = &p});
	pgt_msg_clear(&m);
}

/* Those of use are not counted among them. */
static void
test_idle_names_and_clients(void)
{
	struct broker *b = new_broker();

	tell(b, 0, "w W 1 echo");
	tell(b, 0, "c C 2 waits r x {}");
	for (int i = 0; i < 5000; i++)
		tell(b, 0, "c%d C 2 s%d r x {\"failfast\":1}", i, i);
	CHECK_INT(broker_stats(b)->no_worker, 5000);
	CHECK_INT(broker_stats(b)->n_services, 4096 + 2);
	CHECK_INT(broker_stats(b)->n_clients, 4096 + 1);
	CHECK_INT(broker_stats(b)->n_requests, 1);
	broker_check(b);
	broker_free(b);
}

/* Long ones are a matter of bytes: a megabyte, or one that is longer. */
static void
test_idle_bytes(void)
{
	struct sim *s = sim_new(NULL);

	for (int i = 0; i < 20; i++) {
		char line[64];

		snprintf(line, sizeof(line),
		    "c C 2 %d\\*100000 r x {\"failfast\":1}", 10 + i);
		sim_tell(s, line);
		sim_want(s, "[0] c C 3 \\e r -1 \"NO_WORKER\" {}\n");
	}
	CHECK_INT(sim_stats(s)->n_services, 10);
	sim_tell(s, "c C 2 \\*2000000 r x {\"failfast\":1}");
	sim_want(s, "[0] c C 3 \\e r -1 \"NO_WORKER\" {}\n");
	CHECK_INT(sim_stats(s)->n_services, 1);
	sim_free(s);
}

/* The late reply to the eldest is no longer known for one. */
static void
test_most_ghosts(void)
{
	struct broker *b = new_broker();

	tell(b, 0, "w W 1 echo");
	tell(b, 0, "c C 2 echo r0 x {\"timeout\":1}");
	pass(b, 1);
	for (int i = 1; i < 10001; i++)
		tell(b, 1, "c C 2 echo r%d x {\"timeout\":999}", i);
	for (int i = 0; i < 11; i++)
		pass(b, 1000);
	CHECK_INT(broker_stats(b)->expired, 10001);
	CHECK_INT(broker_stats(b)->n_ghosts, 10000);
	broker_check(b);
	tell(b, 1000, "w W 3 c e r1 0 y");
	CHECK_INT(broker_stats(b)->late, 1);
	CHECK_INT(broker_stats(b)->protocol_errors, 0);
	tell(b, 1000, "w W 3 c e r0 0 y");
	CHECK_INT(broker_stats(b)->protocol_errors, 1);
	CHECK_INT(broker_stats(b)->n_ghosts, 0);
	broker_free(b);
}

/* A thousand a step: other messages are not kept waiting. */
static void
test_most_timers_in_a_step(void)
{
	struct broker *b = new_broker();

	for (int i = 0; i < 1500; i++)
		tell(b, 0, "c C 2 echo r%d x {}", i);
	CHECK_INT(broker_deadline(b), 1000);
	pass(b, 999);
	CHECK_INT(broker_stats(b)->expired, 0);
	pass(b, 1000);
	CHECK_INT(broker_stats(b)->expired, 1000);
	CHECK_INT(broker_deadline(b), 1000);
	pass(b, 1000);
	CHECK_INT(broker_stats(b)->expired, 1500);
	CHECK_INT(broker_deadline(b), -1);
	broker_free(b);
}

static const struct check_test tests[] = {
    {test_longest_wildcard, "the longest wildcard: 1024 bytes and the *"},
    {test_longest_opts, "the longest opts that are read: 65536 bytes"},
    {test_most_frames, "the most frames: 16"},
    {test_long_ids_in_the_trace, "ids in the trace: 160 bytes"},
    {test_idle_names_and_clients, "idle names and clients: 4096 each"},
    {test_idle_bytes, "idle names: a megabyte of them"},
    {test_most_ghosts, "ghosts: 10000 a worker"},
    {test_most_timers_in_a_step, "timers served in a step: 1000"},
};

CHECK_MAIN(tests)
