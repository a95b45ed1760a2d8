/* A turn has its share of the mail, and the timers have theirs. */
#include "rig.h"

/* Of the mail in one turn: see client_loop.c. */
#define SHARE 1000

static struct fake_mail flooded; /* the request that it is about */
static size_t n_parts;		 /* that were called back with */

static void
on_part(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)response;
	(void)arg;
	n_parts++;
}

static void
open_flood(int n_brokers)
{
	rig_open(n_brokers);
	CHECK_INT(pigato_client_set_policy(rig.c, PIGATO_SPREAD), 0);
	CHECK_INT(pigato_client_start(rig.c), 0);
	RIG_UNTIL(rig_logged("connect 0"));
	RIG_UNTIL(n_brokers == 1 || rig_logged("connect 1"));
	CHECK_INT(pigato_client_request(
		      rig.c, "s", "flood", 5, NULL, on_part, NULL, NULL),
	    0);
	RIG_UNTIL(rig_held(0, "flood") != NULL);
	flooded = *rig_held(0, "flood");
}

/* More than a turn takes: so there is always some mail. */
static void
flood(void)
{
	for (int i = 0; i < 3 * SHARE; i++)
		fake_reply(&rig.broker[0], &flooded, "6", "0", "1");
}

static void
test_share(void)
{
	size_t most = 0;

	open_flood(1);
	rig_begin_wait();
	while (most < SHARE) {
		flood();
		n_parts = 0;
		rig_turn(__FILE__, __LINE__, "a full turn");
		most = n_parts > most ? n_parts : most;
	}
	CHECK_INT(most, SHARE);
	rig_close();
}

static void
test_timers(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	open_flood(1);
	o.timeout_ms = 200;
	rig_request("s", "short", &o);
	rig_begin_wait();
	while (!rig_logged("short final TIMEOUT")) {
		flood();
		rig_turn(__FILE__, __LINE__, "the end of a request");
	}
	rig_close();
}

static void
test_brokers(void)
{
	open_flood(2);
	rig.broker[1].is_echo = true;
	flood();
	rig_request("s", "a", NULL);
	rig_begin_wait();
	while (!rig_logged("a final a")) {
		flood();
		rig_turn(__FILE__, __LINE__, "a reply of the other broker");
	}
	rig_close();
}

static const struct check_test tests[] = {
    {test_share, "a turn is bounded"},
    {test_timers, "timers go off although there is always mail"},
    {test_brokers, "one broker's mail does not keep out another's"},
};

CHECK_MAIN(tests)
