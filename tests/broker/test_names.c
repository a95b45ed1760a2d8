/* PROTOCOL 4: literal names, and those that begin with $. */
#include <stdio.h>

#include "check.h"
#include "services/services.h"
#include "sim.h"

static void
test_its_own_workers(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo2\nw3 W 1 Echo");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n");
	sim_tell(s, "c1 C 2 echo2 r1 x {}\nc1 C 2 Echo r2 x {}\n"
		    "c1 C 2 ech r3 x {}\nc1 C 2 echo r4 x {}");
	sim_want(s, "[0] w2 W 2 c1 echo2 \\e r1 x {}\n"
		    "[0] w3 W 2 c1 Echo \\e r2 x {}\n"
		    "[0] w1 W 2 c1 echo \\e r4 x {}\n");
	sim_free(s);
}

/* Names that mean something to JavaScript's objects, or to C's strings. */
static void
test_any_name(void)
{
	static const char *const names[] = {"__proto__", "toString", "hasOwnP",
	    "\\x00", "\\s", "\\x0a", "\\xff\\xfe", "%s", "{}", "a\\x00b"};
	struct sim *s = sim_new(NULL);
	char line[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(line, sizeof(line), "w%zu W 1 %s", i, names[i]);
		sim_tell(s, line);
		snprintf(line, sizeof(line), "[0] w%zu W 1\n", i);
		sim_want(s, line);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(
		    line, sizeof(line), "c1 C 2 %s r%zu x {}", names[i], i);
		sim_tell(s, line);
		snprintf(line, sizeof(line),
		    "[0] w%zu W 2 c1 %s \\e r%zu x {}\n", i, names[i], i);
		sim_want(s, line);
	}
	sim_free(s);
}

static void
test_appear_and_vanish(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {}\nw1 W 1 other");
	sim_want(s, "[0] w1 W 1\n");
	sim_tell(s, "w2 W 1 echo\nw2 W 3 c1 \\e r1 0 y {}\nw2 W 5\n"
		    "c1 C 2 echo r2 x {}");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 x {}\n"
		    "[0] c1 C 3 \\e r1 0 y {}\n");
	sim_tell(s, "w3 W 1 echo");
	sim_want(s, "[0] w3 W 1\n[0] w3 W 2 c1 echo \\e r2 x {}\n");
	sim_free(s);
}

static void
test_core_names_are_refused(void)
{
	static const char *const ready[] = {"w1 W 1 $x", "w1 W 1 $",
	    "w1 W 1 $*", "w1 W 1 $x@1.0.0", "w1 W 1 $dir"};
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 $x r1 x {}");
	for (size_t i = 0; i < sizeof(ready) / sizeof(ready[0]); i++) {
		sim_tell(s, ready[i]);
		sim_want(s, "[0] w1 W 5\n");
	}
	CHECK_INT(sim_stats(s)->n_workers, 0);
	CHECK_INT(sim_stats(s)->protocol_errors, 5);
	sim_tell(s, "w1 W 1 x$");
	sim_want(s, "[0] w1 W 1\n");
	sim_free(s);
}

static void
test_no_wildcard_takes_core_names(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 *\nc1 C 2 $x r1 x {}\nc1 C 2 x r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 x \\e r2 x {}\n");
	/* Nor does it when it comes after them. */
	sim_tell(s, "w1 W 5\nw1 W 1 *");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n[0] w1 W 1\n");
	sim_free(s);
}

static void
test_core_names_allowed(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.external_core = true;
	s = sim_new_conf(&conf, &dir_service);
	sim_tell(s, "w1 W 1 $x\nc1 C 2 $x r1 x {}\nc1 C 2 $xy r2 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 $x \\e r1 x {}\n");
	sim_tell(s, "w2 W 1 $*");
	sim_want(s, "[0] w2 W 1\n[0] w2 W 2 c1 $xy \\e r2 x {}\n");
	/* One that is built in has no other workers. */
	sim_tell(s, "w3 W 1 $dir");
	sim_want(s, "[0] w3 W 5\n");
	sim_free(s);
}

static void
test_core_names_no_longer_allowed(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.external_core = true;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 $x");
	conf.external_core = false;
	sim_reload(s, &conf);
	sim_tell(s, "w2 W 1 $x\nw1 W 1 $x\nc1 C 2 $x r1 x {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 5\n[0] w1 W 1\n"
		    "[0] w1 W 2 c1 $x \\e r1 x {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_its_own_workers, "PROTOCOL 4: a literal name: its own workers"},
    {test_any_name, "PROTOCOL 1, 4: a name may be any bytes"},
    {test_appear_and_vanish,
	"PROTOCOL 4: workers appear and vanish while requests wait"},
    {test_core_names_are_refused, "PROTOCOL 4: $ names are refused"},
    {test_no_wildcard_takes_core_names,
	"PROTOCOL 4: $ names are not for the wildcard *"},
    {test_core_names_allowed, "PROTOCOL 4: $ names with external_core"},
    {test_core_names_no_longer_allowed,
	"external_core taken back: who is there may stay"},
};

CHECK_MAIN(tests)
