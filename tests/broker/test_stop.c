/* ARCHITECTURE 7: good-bye to the workers. */
#include "check.h"
#include "sim.h"

static void
test_workers_are_told(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 other\nw3 W 1 echo\nw2 W 5\n"
		    "c1 C 2 echo r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x {}\n");
	sim_stop(s);
	sim_want(s, "[0] w1 W 5\n[0] w3 W 5\n");
	sim_free(s);
}

static void
test_without_workers(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}");
	sim_stop(s);
	sim_want(s, "");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_workers_are_told, "PROTOCOL 1: W 5 to every worker, at the end"},
    {test_without_workers, "clients are told nothing"},
};

CHECK_MAIN(tests)
