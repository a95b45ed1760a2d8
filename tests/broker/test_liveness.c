/* PROTOCOL 3: who is alive, and how the broker tells. */
#include "check.h"
#include "sim.h"

static void
test_three_intervals_of_silence(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	sim_run(s, 7499);
	sim_want(s, "[2500] w1 W 4\n[5000] w1 W 4\n");
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_run(s, 1);
	sim_want(s, "[7500] w1 W 5\n");
	CHECK_INT(sim_stats(s)->n_workers, 0);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_want_trace(s,
	    "[0] worker ready service=echo id=w1\n"
	    "[7500] worker gone service=echo id=w1 why=silent running=0\n");
	sim_free(s);
}

static void
test_settings(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.heartbeat_ms = 100;
	conf.heartbeat_liveness = 2;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 1000);
	sim_want(s, "[0] w1 W 1\n[100] w1 W 4\n[200] w1 W 5\n");
	sim_free(s);
}

static void
test_heartbeats_keep_it_alive(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n");
	sim_keep_alive(s, "w1", true);
	sim_keep_alive(s, "w2", true);
	sim_run(s, 100000);
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->n_workers, 2);
	sim_keep_alive(s, "w1", false);
	sim_run(s, 7500);
	sim_want(s, "[102500] w1 W 4\n[105000] w1 W 4\n[107500] w1 W 5\n");
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_free(s);
}

/* Each comes when the last one has been all but forgotten. */
static void
test_anything_it_sends_counts(void)
{
	static const char *const signs[] = {"w1 W 1 echo", "w1 W 4",
	    "w1 W 6 c1 \\e r1 0 a", "w1 W 7 c1 \\e r2", "w1 W 3 c1 \\e r1 0 b",
	    "w1 W 3 c1 \\e r3 0 late", "w1 C 4", "w1 C 2 nobody r9 x {}"};
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.heartbeat_ms = 7500;
	conf.heartbeat_liveness = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":-1}\n"
		    "c1 C 2 echo r2 x {}\nc1 C 2 echo r3 x {\"timeout\":1}");
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		sim_run(s, 7000);
		sim_tell(s, signs[i]);
	}
	sim_run(s, 7500);
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {\"timeout\":-1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r3 x {\"timeout\":1}\n"
		    "[7000] w1 W 1\n[7500] w1 W 4\n"
		    "[14000] w1 W 4\n[15000] w1 W 4\n"
		    "[21000] c1 C 6 \\e r1 0 a\n[22500] w1 W 4\n"
		    "[30000] w1 W 4\n"
		    "[35000] c1 C 3 \\e r1 0 b\n[37500] w1 W 4\n"
		    "[45000] w1 W 4\n"
		    "[49000] w1 C 4\n[52500] w1 W 4\n"
		    "[60000] w1 W 4\n[63500] w1 W 5\n");
	sim_free(s);
}

/*
 * When a worker was heard has no bearing on when it hears of the broker. One
 * that spoke seldom got a heartbeat more each time its death was in sight.
 */
static void
test_one_heartbeat_an_interval(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}\n"
		    "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x {}\n");
	sim_run(s, 1000);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y");
	sim_run(s, 7000);
	sim_tell(s, "w1 W 3 c1 \\e r2 0 y");
	sim_run(s, 7499);
	sim_want(s, "[1000] c1 C 3 \\e r1 0 y\n"
		    "[2500] w1 W 4\n[5000] w1 W 4\n[7500] w1 W 4\n"
		    "[8000] c1 C 3 \\e r2 0 y\n"
		    "[10000] w1 W 4\n[12500] w1 W 4\n[15000] w1 W 4\n");
	sim_run(s, 1);
	sim_want(s, "[15500] w1 W 5\n");
	sim_free(s);
}

/* Its heartbeats lie unread: it is given one interval more. */
static void
test_grace_after_the_broker_slept(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 1000);
	sim_tell(s, "w2 W 1 echo\nc1 C 2 echo r1 x {\"timeout\":-1}");
	sim_want(s, "[0] w1 W 1\n[1000] w2 W 1\n"
		    "[1000] w1 W 2 c1 echo \\e r1 x {\"timeout\":-1}\n");
	sim_sleep(s, 600000);
	sim_want(s, "[601000] w1 W 4\n[601000] w2 W 4\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y");
	sim_keep_alive(s, "w1", true);
	sim_run(s, 2499);
	sim_want(s, "[601000] c1 C 3 \\e r1 0 y\n");
	sim_run(s, 1);
	sim_want(s, "[603500] w2 W 5\n");
	sim_run(s, 10000);
	CHECK_INT(sim_stats(s)->n_workers, 1);
	sim_free(s);
}

/* Late by less is not slept: who is silent is lost. */
static void
test_no_grace_for_a_short_nap(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 5000);
	sim_sleep(s, 5000);
	sim_want(s, "[0] w1 W 1\n[2500] w1 W 4\n[5000] w1 W 4\n"
		    "[10000] w1 W 5\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_three_intervals_of_silence,
	"PROTOCOL 3: lost after 7500 ms of silence"},
    {test_settings, "PROTOCOL 3: heartbeat and heartbeat_liveness"},
    {test_heartbeats_keep_it_alive, "PROTOCOL 3: heartbeats keep it alive"},
    {test_anything_it_sends_counts, "PROTOCOL 3: anything it sends counts"},
    {test_one_heartbeat_an_interval,
	"PROTOCOL 3: W 4 to each worker once an interval"},
    {test_grace_after_the_broker_slept,
	"an interval of grace after the broker slept"},
    {test_no_grace_for_a_short_nap, "no grace where it was a little late"},
};

CHECK_MAIN(tests)
