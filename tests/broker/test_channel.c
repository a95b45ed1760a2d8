/* PROTOCOL 6: the directory on the internal channel. */
#include "check.h"
#include "services/services.h"
#include "sim.h"

static void
test_after_a_change(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_run(s, 1000);
	sim_want(s, "");
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[1000] w1 W 1\n");
	sim_run(s, 4);
	sim_want(s, "");
	sim_run(s, 1);
	sim_want(s, "[1005] PUB $dir\\s{\"echo\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 5");
	sim_run(s, 5);
	sim_want(s, "[1010] PUB $dir\\s{}\n");
	sim_run(s, 1000);
	sim_want(s, "");
	sim_free(s);
}

static void
test_however_a_worker_goes(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo");
	sim_run(s, 5);
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n"
		    "[5] PUB $dir\\s{\"echo\":[\"w1\",\"w2\"]}\n");
	sim_tell(s, "w2 W 9");
	sim_run(s, 5);
	sim_want(s, "[5] w2 W 5\n[10] PUB $dir\\s{\"echo\":[\"w1\"]}\n");
	sim_run(s, 7500);
	sim_want(s, "[2500] w1 W 4\n[5000] w1 W 4\n[7500] w1 W 5\n"
		    "[7505] PUB $dir\\s{}\n");
	sim_free(s);
}

static void
test_merged(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 3);
	sim_tell(s, "w2 W 1 echo\nw3 W 1 other\nw1 W 5");
	sim_want(s, "[0] w1 W 1\n[3] w2 W 1\n[3] w3 W 1\n");
	sim_run(s, 1000);
	sim_want(s, "[5] PUB $dir\\s{\"echo\":[\"w2\"],\"other\":[\"w3\"]}\n");
	sim_free(s);
}

/* Nothing of this changes who serves what. */
static void
test_no_change(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 5);
	sim_want(s, "[0] w1 W 1\n[5] PUB $dir\\s{\"echo\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":0}\nw2 W 4\n"
		    "w2 W 5\nc1 C 2 other r1 x {}\nc1 C 2 $dir r2 \"new\" {}\n"
		    "w3 W 1 $x");
	sim_run(s, 1000);
	sim_want(s, "[5] w1 W 1\n[5] w1 W 4\n[5] w2 W 5\n"
		    "[5] c1 C 3 \\e r2 0 [] {}\n[5] w3 W 5\n");
	sim_free(s);
}

static void
test_update(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.external_core = true;
	s = sim_new_conf(&conf, &dir_service);
	sim_tell(s, "w1 W 1 $x");
	sim_run(s, 5);
	sim_want(s, "[0] w1 W 1\n[5] PUB $dir\\s{\"$x\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 4 \\e {\"update\":1}");
	sim_run(s, 10);
	sim_want(s, "[5] w1 W 4\n[10] PUB $dir\\s{\"$x\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 4 \\e {\"update\":true,\"concurrency\":5}");
	sim_run(s, 10);
	sim_want(s, "[15] w1 W 4\n[20] PUB $dir\\s{\"$x\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 4 \\e {\"update\":0}\nw1 W 4 \\e {\"update\":\"1\"}");
	sim_run(s, 10);
	sim_want(s, "[25] w1 W 4\n[25] w1 W 4\n");
	sim_free(s);
}

/* The request of anyone else is none. */
static void
test_update_by_no_core_service(void)
{
	struct sim *s = sim_new(&dir_service);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 5);
	sim_want(s, "[0] w1 W 1\n[5] PUB $dir\\s{\"echo\":[\"w1\"]}\n");
	sim_tell(s, "w1 W 4 \\e {\"update\":1}");
	sim_run(s, 10);
	sim_want(s, "[5] w1 W 4\n");
	sim_free(s);
}

/* PIGATO's own Directory: a worker named $dir that listens to the channel. */
static void
test_directory_outside(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.external_core = true;
	s = sim_new_conf(&conf, &dir_channel);
	sim_tell(s, "c1 C 2 $dir r1 \"echo\" {}\nd W 1 $dir\n"
		    "d W 4 \\e {\"concurrency\":100,\"update\":1}");
	sim_want(s, "[0] d W 1\n"
		    "[0] d W 2 c1 $dir \\e r1 \"echo\" {}\n"
		    "[0] d W 4\n");
	sim_run(s, 5);
	sim_want(s, "[5] PUB $dir\\s{\"$dir\":[\"d\"]}\n");
	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 5);
	sim_want(s, "[5] w1 W 1\n"
		    "[10] PUB $dir\\s{\"$dir\":[\"d\"],\"echo\":[\"w1\"]}\n");
	sim_tell(s, "d W 3 c1 \\e r1 0 [\"w1\"] {}");
	sim_want(s, "[10] c1 C 3 \\e r1 0 [\"w1\"] {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_after_a_change, "PROTOCOL 6: $dir after a change of workers"},
    {test_however_a_worker_goes, "PROTOCOL 6: … however a worker goes"},
    {test_merged, "PROTOCOL 6: changes within a few ms are merged"},
    {test_no_change, "PROTOCOL 6: nothing where nothing changed"},
    {test_update, "PROTOCOL 6: $dir at a core service's request"},
    {test_update_by_no_core_service, "PROTOCOL 6: … and of nobody else"},
    {test_directory_outside, "PROTOCOL 6: a Directory outside"},
};

CHECK_MAIN(tests)
