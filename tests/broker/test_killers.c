/* The two messages that end PIGATO's own broker (PROTOCOL 1, 4). */
#include "check.h"
#include "sim.h"

static void
test_heartbeat_for_unknown_rid(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 4 req x");
	sim_tell(s, "c1 C 4");
	sim_want(s, "[0] c1 C 4\n");
	sim_free(s);
}

static void
test_service_named_constructor(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 constructor r1 \"hi\" {}");
	sim_want(s, "");
	sim_tell(s, "w1 W 1 constructor");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 constructor \\e r1 \"hi\" {}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 \"yo\" {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 \"yo\" {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_heartbeat_for_unknown_rid, "C 4 req x, for a rid nobody has"},
    {test_service_named_constructor, "a service named constructor"},
};

CHECK_MAIN(tests)
