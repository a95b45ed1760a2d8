/*
 * Mail that comes back late: what it is about has changed since. The sim
 * carries out each effect at once, so these look into the outbox themselves.
 */
#include <stdio.h>

#include "broker/broker.h"
#include "check.h"

static struct broker *
new_broker(void)
{
	static const struct broker_conf conf = {
	    .heartbeat_ms = 2500,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = 60000,
	    .max_timeout_ms = -1,
	    .default_concurrency = 100,
	    .dispatch = "load",
	};
	struct broker *b = broker_new(&conf, 1);

	CHECK(b != NULL);
	return b;
}

static void
tell(struct broker *b, const char *line)
{
	struct pgt_packet p;
	struct pgt_msg m;
	char text[128], *rest = NULL;

	snprintf(text, sizeof(text), "%s", line);
	pgt_msg_init(&m);
	for (char *w = strtok_r(text, " ", &rest); w != NULL;
	     w = strtok_r(NULL, " ", &rest))
		CHECK_INT(pgt_frame_from(pgt_msg_push(&m), pgt_slice_of(w)), 0);
	pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
	broker_step(b, &(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(&m);
	broker_check(b);
}

/* The next mail, which is that: its frames with blanks behind them. */
static struct effect *
next(struct broker *b, const char *want)
{
	struct effect *fx = broker_next_effect(b);
	char text[128] = "";
	size_t n = 0;

	CHECK(fx != NULL);
	for (size_t i = 0; i < fx->msg.n; i++) {
		struct pgt_slice v = pgt_frame_view(&fx->msg.f[i]);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s ",
		    (int)v.n, v.n > 0 ? v.p : "");
	}
	CHECK_TEXT(text, want);
	return fx;
}

static void
sent(struct broker *b, const char *want)
{
	broker_return_effect(b, next(b, want));
}

static void
refused(struct broker *b, struct effect *fx)
{
	broker_step(b, &(struct event){.type = EV_UNSENT, .effect = fx});
	broker_return_effect(b, fx);
	broker_check(b);
}

static void
test_request_that_another_has(void)
{
	struct broker *b = new_broker();
	struct effect *fx;

	tell(b, "w1 W 1 echo");
	sent(b, "w1 W 1 ");
	tell(b, "c1 C 2 echo r1 x {\"retry\":1}");
	fx = next(b, "w1 W 2 c1 echo  r1 x {\"retry\":1} ");
	tell(b, "w2 W 1 echo");
	sent(b, "w2 W 1 ");
	tell(b, "w1 W 5");
	sent(b, "w2 W 2 c1 echo  r1 x {\"retry\":1} ");
	tell(b, "w1 W 1 echo");
	sent(b, "w1 W 1 ");
	refused(b, fx);
	CHECK(broker_next_effect(b) == NULL);
	tell(b, "w2 W 3 c1 e r1 0 y");
	sent(b, "c1 C 3 e r1 0 y ");
	CHECK(broker_next_effect(b) == NULL);
	broker_free(b);
}

static void
test_request_that_has_expired(void)
{
	struct broker *b = new_broker();
	struct effect *fx;

	tell(b, "w1 W 1 echo");
	sent(b, "w1 W 1 ");
	tell(b, "c1 C 2 echo r1 x {\"timeout\":10}");
	fx = next(b, "w1 W 2 c1 echo  r1 x {\"timeout\":10} ");
	broker_step(b, &(struct event){.type = EV_TIME, .now = 10});
	CHECK_INT(broker_stats(b)->expired, 1);
	broker_step(
	    b, &(struct event){.type = EV_UNSENT, .now = 10, .effect = fx});
	broker_return_effect(b, fx);
	CHECK(broker_next_effect(b) == NULL);
	CHECK_INT(broker_stats(b)->n_requests, 0);
	broker_check(b);
	broker_free(b);
}

static void
test_request_of_a_worker_that_has_gone(void)
{
	struct broker *b = new_broker();
	struct effect *fx;

	tell(b, "w1 W 1 echo");
	sent(b, "w1 W 1 ");
	tell(b, "c1 C 2 echo r1 x");
	fx = next(b, "w1 W 2 c1 echo  r1 x ");
	tell(b, "w1 W 5");
	sent(b, "c1 C 3  r1 -1 \"WORKER_LOST\" {} ");
	refused(b, fx);
	CHECK(broker_next_effect(b) == NULL);
	CHECK_INT(broker_stats(b)->unsent, 1);
	broker_free(b);
}

/* The gap is in what is over; the next one under that rid has none. */
static void
test_partial_reply_of_what_is_over(void)
{
	struct broker *b = new_broker();
	struct effect *fx;

	tell(b, "w1 W 1 echo");
	sent(b, "w1 W 1 ");
	tell(b, "c1 C 2 echo r1 x");
	sent(b, "w1 W 2 c1 echo  r1 x ");
	tell(b, "w1 W 6 c1 e r1 0 a");
	fx = next(b, "c1 C 6 e r1 0 a ");
	tell(b, "w1 W 3 c1 e r1 0 b");
	sent(b, "c1 C 3 e r1 0 b ");
	refused(b, fx);
	CHECK(broker_next_effect(b) == NULL);
	CHECK_INT(broker_stats(b)->undelivered, 1);
	broker_free(b);
}

static const struct check_test tests[] = {
    {test_request_that_another_has, "a request refused that another has now"},
    {test_request_that_has_expired, "a request refused that has expired"},
    {test_request_of_a_worker_that_has_gone,
	"a request refused whose worker has gone"},
    {test_partial_reply_of_what_is_over,
	"a partial reply refused of what is over"},
};

CHECK_MAIN(tests)
