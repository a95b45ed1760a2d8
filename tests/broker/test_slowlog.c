/* PROTOCOL 11.6: the slow log. */
#include <stdio.h>

#include "ask.h"
#include "check.h"
#include "services/services.h"

static struct sim *
sim_slow(int64_t ms, int64_t bytes, int64_t max)
{
	struct broker_conf conf = sim_conf();
	struct sim *s;

	conf.slowlog_time_ms = ms;
	conf.slowlog_bytes = bytes;
	conf.slowlog_max = max;
	s = sim_new_conf(&conf, &info_service);
	sim_tell(s, "w1 W 1 echo");
	sim_want(s, "[0] w1 W 1\n");
	return s;
}

static void
test_by_time(void)
{
	struct sim *s = sim_slow(50, -1, 10);

	sim_tell(s, "w1 W 4 \\e {\"concurrency\":1}\nc1 C 2 echo r1 1 {}\n"
		    "c1 C 2 echo r2 12345 {}");
	sim_run(s, 30);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 1 {}");
	sim_run(s, 20);
	sim_tell(s, "w1 W 3 c1 \\e r2 0 123 {}");
	sim_run(s, 7);
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "total=1\nentries=1\n"
	    "slowlog=[{\"number\":1,\"ago_ms\":7,\"client\":\"c1\","
	    "\"rid\":\"r2\",\"service\":\"echo\",\"worker\":\"w1\","
	    "\"end\":\"served\",\"attempts\":1,\"queue_us\":30000,"
	    "\"worker_us\":20000,\"in_bytes\":5,\"out_bytes\":3}]");
	sim_forget(s);
	sim_free(s);
}

static void
test_by_size(void)
{
	struct sim *s = sim_slow(-1, 4, 10);

	sim_tell(s, "c1 C 2 echo r1 123 {}\nc1 C 2 echo r2 1234 {}\n"
		    "c1 C 2 echo r3 1 {}\nw1 W 3 c1 \\e r1 0 123 {}\n"
		    "w1 W 3 c1 \\e r2 0 1 {}\nw1 W 3 c1 \\e r3 -1 1234 {}");
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "slowlog.n=2\n"
	    "slowlog.0.rid=\"r3\"\n"
	    "slowlog.0.end=\"error\"\n"
	    "slowlog.0.out_bytes=4\n"
	    "slowlog.1.rid=\"r2\"\n"
	    "slowlog.1.in_bytes=4");
	ask_want(s, "{\"cmd\":\"slowlog\",\"limit\":1}",
	    "slowlog.n=1\nslowlog.0.rid=\"r3\"\nentries=2");
	sim_forget(s);
	sim_free(s);
}

/* However it ended; who was with nobody is no slow one. */
static void
test_every_end(void)
{
	struct sim *s = sim_slow(0, -1, 10);

	sim_tell(s, "c1 C 2 echo r1 1 {\"timeout\":5}\nc1 C 2 echo r2 1 {}\n"
		    "c1 C 2 none r3 1 {\"timeout\":5}\n"
		    "c1 C 2 echo r4 1 {\"retry\":1}\nc1 C 2 echo r5 1 {}");
	sim_run(s, 5);
	ask_want(s,
	    "{\"cmd\":\"request_cancel\",\"client\":\"c1\",\"rid\":\"r2\"}",
	    "error=null");
	sim_tell(s, "w1 W 5");
	sim_run(s, 2);
	sim_tell(s, "w2 W 1 echo");
	sim_run(s, 1);
	sim_tell(s, "w2 W 3 c1 \\e r4 0 1 {}");
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "slowlog.n=4\n"
	    "slowlog.3.end=\"expired\"\n"
	    "slowlog.3.rid=\"r1\"\n"
	    "slowlog.3.worker_us=5000\n"
	    "slowlog.2.end=\"cancelled\"\n"
	    "slowlog.1.end=\"lost\"\n"
	    "slowlog.1.rid=\"r5\"\n"
	    "slowlog.1.worker=\"w1\"\n"
	    "slowlog.0.end=\"served\"\n"
	    "slowlog.0.attempts=2\n"
	    "slowlog.0.worker=\"w2\"\n"
	    "slowlog.0.queue_us=2000\n"
	    "slowlog.0.worker_us=6000");
	sim_forget(s);
	sim_free(s);
}

/* It waits again, and is with nobody in the end. */
static void
test_expired_after_a_reject(void)
{
	struct sim *s = sim_slow(0, -1, 10);

	sim_tell(s, "c1 C 2 echo r1 1 {\"timeout\":5}");
	sim_run(s, 2);
	sim_tell(s, "w1 W 7 c1 \\e r1");
	sim_run(s, 3);
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "slowlog.0.end=\"expired\"\n"
	    "slowlog.0.worker=null\n"
	    "slowlog.0.worker_us=2000\n"
	    "slowlog.0.queue_us=3000");
	sim_forget(s);
	sim_free(s);
}

static void
serve(struct sim *s, int from, int to)
{
	char line[120];

	for (int i = from; i < to; i++) {
		snprintf(line, sizeof(line),
		    "c1 C 2 echo r%d 1 {}\nw1 W 3 c1 \\e r%d 0 1 {}", i, i);
		sim_tell(s, line);
	}
	sim_forget(s);
}

static void
test_the_last_ones_are_kept(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_slow(0, -1, 10);

	serve(s, 0, 25);
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "total=25\nentries=10\nslowlog.n=10\n"
	    "slowlog.0.number=25\nslowlog.9.number=16\nslowlog.9.rid=\"r15\"");
	/* New settings cut it; off, it takes no more. */
	conf.slowlog_max = 3;
	conf.slowlog_time_ms = conf.slowlog_bytes = -1;
	sim_reload(s, &conf);
	serve(s, 25, 30);
	ask_want(s, "{\"cmd\":\"slowlog\"}",
	    "total=25\nentries=3\nslowlog.2.number=23");
	ask_want(s, "{\"cmd\":\"slowlog_reset\"}", "dropped=3");
	ask_want(s, "{\"section\":\"memory\"}", "memory.slowlog_bytes=0");
	ask_want(s, "{\"cmd\":\"slowlog\"}", "slowlog=[]\nentries=0");
	conf.slowlog_max = 0;
	conf.slowlog_time_ms = 0;
	sim_reload(s, &conf);
	serve(s, 30, 32);
	ask_want(s, "{\"cmd\":\"slowlog\"}", "total=25\nentries=0");
	sim_free(s);
}

static void
test_long_ids_are_cut(void)
{
	struct sim *s = sim_slow(0, -1, 10);
	char want[300];
	int n;

	sim_tell(s, "c1 C 2 echo \\*300 1 {}\nw1 W 3 c1 \\e \\*300 0 1 {}");
	n = snprintf(want, sizeof(want), "slowlog.0.rid=\"");
	memset(want + n, 'x', 255);
	snprintf(want + n + 255, sizeof(want) - (size_t)n - 255, "\"");
	ask_want(s, "{\"cmd\":\"slowlog\"}", want);
	sim_forget(s);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_by_time, "by time, waiting and at the worker"},
    {test_by_size, "by size, of the request or of the reply"},
    {test_every_end, "however it ended"},
    {test_expired_after_a_reject, "expired after a reject"},
    {test_the_last_ones_are_kept,
	"the last ones are kept, as many as the settings say"},
    {test_long_ids_are_cut, "long ids are cut"},
};

CHECK_MAIN(tests)
