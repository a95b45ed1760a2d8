/* PROTOCOL 2: the options of a request; failfast and workerId have files. */
#include "check.h"
#include "sim.h"

/* A queued request with these opts expires at `ms`, not a moment before. */
#define EXPIRES(s, opts, ms)                                                   \
	do {                                                                   \
		uint64_t n = sim_stats(s)->expired;                            \
		sim_tell(s, "c1 C 2 echo r1 x " opts);                         \
		sim_run(s, (ms)-1);                                            \
		CHECK_INT(sim_stats(s)->expired, n);                           \
		CHECK_INT(sim_stats(s)->n_requests, 1);                        \
		sim_run(s, 1);                                                 \
		CHECK_INT(sim_stats(s)->expired, n + 1);                       \
		CHECK_INT(sim_stats(s)->n_requests, 0);                        \
		sim_want(s, "");                                               \
	} while (0)

static void
test_timeout(void)
{
	struct sim *s = sim_new(NULL);

	EXPIRES(s, "{\"timeout\":1}", 1);
	EXPIRES(s, "{\"timeout\":5000}", 5000);
	EXPIRES(s, "{\"timeout\":70000}", 70000);
	EXPIRES(s, "{\"timeout\":10.9}", 10);
	EXPIRES(s, "{\"other\":[1,{}],\"timeout\":1e3}", 1000);
	sim_free(s);
}

static void
test_timeout_by_default(void)
{
	struct sim *s = sim_new(NULL);

	EXPIRES(s, "", 60000);
	EXPIRES(s, "\\e", 60000);
	EXPIRES(s, "{}", 60000);
	EXPIRES(s, "{\"timeout\":0}", 60000);
	sim_free(s);
}

static void
test_timeout_of_the_wrong_type(void)
{
	struct sim *s = sim_new(NULL);

	EXPIRES(s, "{\"timeout\":\"10\"}", 60000);
	EXPIRES(s, "{\"timeout\":null}", 60000);
	EXPIRES(s, "{\"timeout\":true}", 60000);
	EXPIRES(s, "{\"timeout\":[10]}", 60000);
	EXPIRES(s, "{\"Timeout\":10}", 60000);
	sim_free(s);
}

static void
test_opts_that_are_no_object(void)
{
	struct sim *s = sim_new(NULL);

	EXPIRES(s, "nonsense", 60000);
	EXPIRES(s, "[{\"timeout\":10}]", 60000);
	EXPIRES(s, "10", 60000);
	EXPIRES(s, "null", 60000);
	EXPIRES(s, "\"timeout\"", 60000);
	EXPIRES(s, "{\"timeout\":10", 60000);
	EXPIRES(s, "{\"timeout\":10}}", 60000);
	EXPIRES(s, "{\"timeout\":10,\"x\":\"\\xff\"}", 60000);
	sim_free(s);
}

static void
test_no_timeout(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 x {\"timeout\":-1}\n"
		    "c1 C 2 echo r2 x {\"timeout\":-7}\n"
		    "c1 C 2 echo r3 x {\"timeout\":-1e300}\n"
		    "c1 C 2 echo r4 x {\"timeout\":1e300}");
	sim_run(s, INT64_C(100000000000));
	CHECK_INT(sim_stats(s)->expired, 0);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[100000000000] w1 W 1\n"
		    "[100000000000] w1 W 2 c1 echo \\e r1 x {\"timeout\":-1}\n"
		    "[100000000000] w1 W 2 c1 echo \\e r2 x {\"timeout\":-7}\n"
		    "[100000000000] w1 W 2 c1 echo \\e r3 x "
		    "{\"timeout\":-1e300}\n"
		    "[100000000000] w1 W 2 c1 echo \\e r4 x "
		    "{\"timeout\":1e300}\n");
	sim_free(s);
}

static void
test_longest_timeout_allowed(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.default_timeout_ms = 2000;
	conf.max_timeout_ms = 3000;
	s = sim_new_conf(&conf, NULL);
	EXPIRES(s, "{}", 2000);
	EXPIRES(s, "{\"timeout\":0}", 2000);
	EXPIRES(s, "{\"timeout\":2999}", 2999);
	EXPIRES(s, "{\"timeout\":3001}", 3000);
	EXPIRES(s, "{\"timeout\":-1}", 3000);
	EXPIRES(s, "{\"timeout\":1e300}", 3000);
	sim_free(s);
}

static void
test_default_without_end(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.default_timeout_ms = -1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 x {}\nc1 C 2 echo r2 x {\"timeout\":10}");
	sim_run(s, 1000000);
	CHECK_INT(sim_stats(s)->expired, 1);
	CHECK_INT(sim_stats(s)->n_requests, 1);
	sim_free(s);
	conf.max_timeout_ms = 500;
	s = sim_new_conf(&conf, NULL);
	EXPIRES(s, "{}", 500);
	sim_free(s);
}

/* The first worker takes what it gets with it; what is retried stays. */
static void
test_retry(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo a x {\"retry\":1}\n"
		    "c1 C 2 echo b x {\"retry\":true}\n"
		    "c1 C 2 echo c x {\"retry\":0}\n"
		    "c1 C 2 echo d x {\"retry\":\"1\"}\n"
		    "c1 C 2 echo e x {\"retry\":null}\n"
		    "c1 C 2 echo f x [\"retry\"]");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e a x {\"retry\":1}\n"
		    "[0] w1 W 2 c1 echo \\e b x {\"retry\":true}\n"
		    "[0] w1 W 2 c1 echo \\e c x {\"retry\":0}\n"
		    "[0] w1 W 2 c1 echo \\e d x {\"retry\":\"1\"}\n"
		    "[0] w1 W 2 c1 echo \\e e x {\"retry\":null}\n"
		    "[0] w1 W 2 c1 echo \\e f x [\"retry\"]\n");
	sim_tell(s, "w1 W 5");
	sim_want(s, "[0] c1 C 3 \\e f -1 \"WORKER_LOST\" {}\n"
		    "[0] c1 C 3 \\e e -1 \"WORKER_LOST\" {}\n"
		    "[0] c1 C 3 \\e d -1 \"WORKER_LOST\" {}\n"
		    "[0] c1 C 3 \\e c -1 \"WORKER_LOST\" {}\n");
	sim_tell(s, "w2 W 1 echo");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e a x {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e b x {\"retry\":true}\n");
	sim_free(s);
}

/* One after the other, or a text seen before might be read instead. */
static void
test_texts_seen_before(void)
{
	struct sim *s = sim_new(NULL);

	for (int i = 0; i < 3; i++) {
		EXPIRES(s, "{\"timeout\":100}", 100);
		EXPIRES(s, "{\"timeout\":200}", 200);
		EXPIRES(s, "{\"timeout\":20}", 20);
		EXPIRES(s, "{\"timeout\":300}", 300);
		EXPIRES(s, "{\"timeout\":400}", 400);
		EXPIRES(s, "{\"timeout\":500}", 500);
	}
	sim_free(s);
}

/* There is no store and no cache yet: they mean nothing and do no harm. */
static void
test_nocache_and_persist(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 x {\"nocache\":1,\"persist\":1}\n"
		    "c1 C 2 echo r2 x {\"nocache\":[],\"persist\":\"1\"}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 x "
		    "{\"nocache\":1,\"persist\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 x "
		    "{\"nocache\":[],\"persist\":\"1\"}\n");
	sim_tell(s, "w1 W 3 c1 \\e r1 0 y {}\nw1 W 3 c1 \\e r2 0 y {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 y {}\n[0] c1 C 3 \\e r2 0 y {}\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_timeout, "PROTOCOL 2: timeout in ms"},
    {test_timeout_by_default, "PROTOCOL 2: timeout 0 or absent is 60000"},
    {test_timeout_of_the_wrong_type,
	"PROTOCOL 2: a timeout of the wrong type is ignored"},
    {test_opts_that_are_no_object,
	"PROTOCOL 2: opts that are no JSON object count as {}"},
    {test_no_timeout, "PROTOCOL 2: timeout -1 is none; and huge ones"},
    {test_longest_timeout_allowed, "max_timeout cuts all that is longer"},
    {test_default_without_end, "default_timeout -1, with and without a limit"},
    {test_retry, "PROTOCOL 2: retry is a flag, of the right type"},
    {test_texts_seen_before, "PROTOCOL 2: opts seen before mean the same"},
    {test_nocache_and_persist, "PROTOCOL 2: nocache and persist pass"},
};

CHECK_MAIN(tests)
