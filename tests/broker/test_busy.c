/* PROTOCOL 8.2: limits keep new requests out, and nobody else. */
#include "check.h"
#include "services/services.h"
#include "sim.h"

/* What a request of c1 for echo, r1 and so on, with data 1, counts as. */
#define ONE	 (BROKER_REQUEST_OVERHEAD + 2 + 4 + 2 + 1 + 2)
#define BUSY(to) "[0] " to " -1 \"BUSY\" {}\n"

static void
test_queue(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue = 2;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c1 C 2 sum r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n"
		    "c2 C 2 echo r3 1 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r3") BUSY("c2 C 3 \\e r3"));
	CHECK_INT(sim_stats(s)->busy, 2);
	CHECK_INT(sim_stats(s)->n_waiting, 2);
	/* What is refused is forgotten: the same rid is new again. */
	sim_tell(s, "w1 W 1 echo\n"
		    "w1 W 3 c1 \\e r1 0 x\n"
		    "w1 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r3 1 {}\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] c1 C 3 \\e r1 0 x\n"
		    "[0] w1 W 4\n");
	CHECK_INT(sim_stats(s)->n_waiting, 2);
	sim_free(s);
}

static void
test_queue_of_a_service(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_service_queue = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c1 C 2 sum r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r3"));
	sim_free(s);
}

/* To the byte, of all frames: id, name, rid, data, opts and what follows. */
static void
test_bytes(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue_bytes = 2 * ONE;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 12 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r2"));
	CHECK_INT(sim_stats(s)->waiting_bytes, ONE);
	sim_tell(s, "c1 C 2 echo r2 1 {} x\n");
	sim_want(s, BUSY("c1 C 3 \\e r2"));
	sim_tell(s, "c1 C 2 echo r2 1 {}\n");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->waiting_bytes, 2 * ONE);
	CHECK_INT(sim_stats(s)->held_bytes, 2 * ONE);
	sim_free(s);
}

static void
test_bytes_of_a_service(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_service_queue_bytes = ONE;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c1 C 2 ohce r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r3"));
	sim_free(s);
}

/* Whoever can run at once needs no room in a queue. */
static void
test_full_queues_keep_no_worker_idle(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 nobody r1 1 {}\n"
		    "w1 W 1 echo\n"
		    "w1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n"
		    "c1 C 2 echo r4 1 {\"workerId\":\"w1\"}\n"
		    "w1 W 3 c1 \\e r2 0 x\n"
		    "c1 C 2 echo r5 1 {\"workerId\":\"w1\"}\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n" BUSY("c1 C 3 \\e r3")
			BUSY("c1 C 3 \\e r4") "[0] c1 C 3 \\e r2 0 x\n"
					      "[0] w1 W 2 c1 echo \\e r5 1 "
					      "{\"workerId\":\"w1\"}\n");
	/* Who would not wait anyway is told what he asked for. */
	sim_tell(s, "c1 C 2 none r6 1 {\"failfast\":1}\n");
	sim_want(s, "[0] c1 C 3 \\e r6 -1 \"NO_WORKER\" {}\n");
	sim_free(s);
}

/* In flight counts as well, and a ghost does not. */
static void
test_memory(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_memory = 2 * ONE + 20;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 1 {\"timeout\":50}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {\"timeout\":50}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n" BUSY("c1 C 3 \\e r3"));
	CHECK_INT(sim_stats(s)->held_bytes, 2 * ONE + 12);
	sim_run(s, 50);
	CHECK_INT(sim_stats(s)->held_bytes, ONE);
	sim_tell(s, "c1 C 2 echo r4 1 {}\n");
	sim_want(s, "[50] w1 W 2 c1 echo \\e r4 1 {}\n");
	sim_free(s);
}

static void
test_clients(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_clients = 2;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c2 C 2 echo r1 1 {\"timeout\":50}\n"
		    "c3 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c3 C 4\n");
	sim_want(s, BUSY("c3 C 3 \\e r1") "[0] c3 C 4\n");
	CHECK_INT(sim_stats(s)->n_asking, 2);
	sim_run(s, 50);
	sim_tell(s, "c3 C 2 echo r1 1 {}\n");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->n_asking, 2);
	sim_free(s);
}

/* What has been accepted goes back to its queue, however full that is. */
static void
test_accepted_is_accepted(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue = 1;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "w1 W 1 echo\n"
		    "w1 W 4 \\e {\"concurrency\":2}\n"
		    "c1 C 2 echo r1 1 {\"retry\":1}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n"
		    "w1 W 4 \\e {\"concurrency\":1}\n"
		    "w1 W 7 c1 \\e r2\n"
		    "w1 W 5\n");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {\"retry\":1}\n"
		    "[0] w1 W 2 c1 echo \\e r2 1 {}\n"
		    "[0] w1 W 4\n");
	CHECK_INT(sim_stats(s)->n_waiting, 3);
	sim_tell(s, "c1 C 2 echo r4 1 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r4"));
	sim_tell(s, "w2 W 1 echo\n");
	sim_want(s, "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 1 {\"retry\":1}\n"
		    "[0] w2 W 2 c1 echo \\e r2 1 {}\n"
		    "[0] w2 W 2 c1 echo \\e r3 1 {}\n");
	sim_free(s);
}

/* A limit that is lowered drops nothing; a rid repeated is no new request. */
static void
test_reload(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(NULL);

	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c2 C 2 echo r2 1 {}\n");
	conf.max_clients = conf.max_queue = conf.max_service_queue = 1;
	conf.max_memory = conf.max_queue_bytes = 1;
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n");
	sim_want(s, "");
	CHECK_INT(sim_stats(s)->duplicates, 1);
	sim_tell(s, "c1 C 2 echo r3 1 {}\n"
		    "w1 W 1 echo\n");
	sim_want(s, BUSY("c1 C 3 \\e r3") "[0] w1 W 1\n"
					  "[0] w1 W 2 c1 echo \\e r1 1 {}\n"
					  "[0] w1 W 2 c2 echo \\e r2 1 {}\n");
	sim_free(s);
}

static void
test_core_services_answer(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_memory = conf.max_queue_bytes = 1;
	conf.max_clients = conf.max_queue = 1;
	s = sim_new_conf(&conf, &dir_service);
	sim_tell(s, "c1 C 2 echo r1 1 {}\n"
		    "c2 C 2 $dir r1 \"echo\" {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r1") "[0] c2 C 3 \\e r1 0 [] {}\n");
	sim_free(s);
}

/* One warning at first, and one in ten seconds. */
static void
test_trace(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.max_queue = 1;
	conf.trace_level = TRACE_WARN;
	s = sim_new_conf(&conf, NULL);
	sim_tell(s, "c1 C 2 echo r1 1 {\"timeout\":-1}\n"
		    "c1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {}\n");
	sim_want(s, BUSY("c1 C 3 \\e r2") BUSY("c1 C 3 \\e r3"));
	sim_run(s, 10000);
	sim_tell(s, "c1 C 2 sum r4 1 {}\n");
	sim_want(s, "[10000] c1 C 3 \\e r4 -1 \"BUSY\" {}\n");
	sim_want_trace(s,
	    "[0] requests are refused limit=max_queue service=echo busy=1\n"
	    "[10000] requests are refused limit=max_queue service=sum "
	    "busy=3\n");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_queue, "BUSY: as many as may wait do"},
    {test_queue_of_a_service, "BUSY: … for one service"},
    {test_bytes, "BUSY: as many bytes as may wait do, counted to the byte"},
    {test_bytes_of_a_service, "BUSY: … and bytes for one service"},
    {test_full_queues_keep_no_worker_idle,
	"a full queue keeps nobody from a worker that is free"},
    {test_memory, "BUSY: bytes of all that is not over"},
    {test_clients, "BUSY: another client than those who have requests"},
    {test_accepted_is_accepted,
	"rejected and retried requests are not new, and are kept"},
    {test_reload, "a lower limit drops nothing that is there"},
    {test_core_services_answer, "core services know no limits"},
    {test_trace, "a flood that is refused is told now and then"},
};

CHECK_MAIN(tests)
