/* New settings take effect at once, for who is there already. */
#include "check.h"
#include "sim.h"

/*
 * Workers kept the timer of the old interval: after a change from ten minutes
 * to 50 ms a silent worker was there for ten minutes more.
 */
static void
test_heartbeat(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.heartbeat_ms = 600000;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	conf.heartbeat_ms = 50;
	sim_reload(s, &conf);
	sim_run(s, 150);
	sim_want(s, "[50] w1 W 4\n"
		    "[100] w1 W 4\n"
		    "[150] w1 W 5\n");
	sim_free(s);
}

static void
test_policy(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "w2 W 1 echo\n"
		    "c1 C 2 echo r1 1 {}\n"
		    "w1 W 3 c1 \\e r1 0 1\n"
		    "c1 C 2 echo r2 2 {}\n"
		    "c1 C 2 echo r3 3 {}\n"
		    "w1 W 3 c1 \\e r3 0 3\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w2 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 0 1\n"
		    "[0] w2 W 2 c1 echo \\e r2 2 {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 3 {}\n"
		    "[0] c1 C 3 \\e r3 0 3\n");
	conf.dispatch = "rr"; /* load would take w1, which has none */
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 echo r4 4 {}");
	sim_want(s, "[0] w2 W 2 c1 echo \\e r4 4 {}\n");
	sim_free(s);
}

static void
test_default_timeout(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(NULL);

	conf.default_timeout_ms = 100;
	sim_tell(s, "c1 C 2 echo old 1 {}");
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 echo new 1 {}");
	sim_run(s, 60000);
	sim_want_trace(s, "[0] request client=c1 rid=old service=echo\n"
			  "[0] request client=c1 rid=new service=echo\n"
			  "[100] request expired client=c1 rid=new\n"
			  "[60000] request expired client=c1 rid=old\n");
	sim_free(s);
}

static void
test_max_timeout(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(NULL);

	conf.max_timeout_ms = 100;
	sim_tell(s, "c1 C 2 echo old 1 {\"timeout\":200}");
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 echo new 1 {\"timeout\":200}");
	sim_run(s, 200);
	sim_want_trace(s, "[0] request client=c1 rid=old service=echo\n"
			  "[0] request client=c1 rid=new service=echo\n"
			  "[100] request expired client=c1 rid=new\n"
			  "[200] request expired client=c1 rid=old\n");
	sim_free(s);
}

static void
test_default_concurrency(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(NULL);

	conf.default_concurrency = 0;
	sim_tell(s, "w1 W 1 echo");
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 echo r1 1 {}\nw1 W 5\nw1 W 1 echo\n"
		    "c1 C 2 echo r2 2 {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 -1 \"WORKER_LOST\" {}\n"
		    "[0] w1 W 1\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_heartbeat, "a new heartbeat is that of workers there already"},
    {test_policy, "a new policy orders the workers there already"},
    {test_max_timeout, "a new longest timeout is for new requests"},
    {test_default_concurrency, "a new default concurrency is for new workers"},
    {test_default_timeout, "a new default timeout is for new requests"},
};

CHECK_MAIN(tests)
