/* PROTOCOL 7.2: what the cache does for room. */
#include <jansson.h>
#include <stdio.h>

#include "base/alloc.h"
#include "check.h"
#include "kept.h"
#include "services/services.h"

static void
test_least_recently_used_leaves_first(void)
{
	struct broker_conf conf = kept_conf();
	struct sim *s;

	conf.cache.max_memory = 16000; /* three of them, and the tables */
	s = kept_start(&conf);
	kept_keep(s, "a", "1", 4000);
	kept_keep(s, "b", "2", 4000);
	kept_keep(s, "a", "3", 4000);
	CHECK_INT(kept_figure(s, "entries"), 3);
	CHECK(kept_has(s, "a", "1"));
	kept_keep(s, "a", "4", 4000);
	CHECK_INT(kept_figure(s, "evicted"), 1);
	CHECK(kept_figure(s, "memory_bytes") <= 16000);
	CHECK(!kept_has(s, "b", "2"));
	CHECK(kept_has(s, "a", "3") && kept_has(s, "a", "1") &&
	      kept_has(s, "a", "4"));
	sim_free(s);
}

static void
test_too_large(void)
{
	struct broker_conf conf = kept_conf();
	struct sim *s;

	conf.cache.max_entry = 3000;
	conf.cache.max_memory = 4000;
	s = kept_start(&conf);
	kept_keep(s, "a", "1", 3000);
	CHECK_INT(kept_figure(s, "refused"), 1);
	kept_keep(s, "a", "1", 1000);
	CHECK_INT(kept_figure(s, "entries"), 1);
	conf.cache.max_entry = 100000;
	sim_reload(s, &conf);
	kept_keep(s, "a", "2", 4000);
	CHECK_INT(kept_figure(s, "refused"), 2);
	conf.cache.max_memory = 0;
	sim_reload(s, &conf);
	CHECK_INT(kept_figure(s, "memory_bytes"), 0);
	kept_keep(s, "a", "1", 1);
	CHECK_INT(kept_figure(s, "entries"), 0);
	sim_free(s);
}

static void
test_a_stream_is_too_large(void)
{
	struct broker_conf conf = kept_conf();
	static const char line[] = "w1 W 6 c \\e r 0 \\*2000";
	struct sim *s;

	conf.cache.max_entry = 3000;
	s = kept_start(&conf);
	sim_tell(s, "c C 2 a r 1 {}");
	sim_tell(s, line);
	CHECK(kept_figure(s, "memory_bytes") > 2000);
	sim_tell(s, line);
	CHECK(kept_figure(s, "memory_bytes") < 2000);
	CHECK_INT(kept_figure(s, "refused"), 0);
	sim_tell(s, "w1 W 3 c \\e r 0 x {\"cache\":1000}");
	CHECK_INT(kept_figure(s, "refused"), 1);
	CHECK_INT(kept_figure(s, "memory_bytes"), 0);
	/* One that nobody wanted kept is not counted. */
	sim_tell(s, "c C 2 a r 1 {}");
	sim_tell(s, line);
	sim_tell(s, line);
	sim_tell(s, "w1 W 3 c \\e r 0 x {}");
	CHECK_INT(kept_figure(s, "refused"), 1);
	sim_free(s);
}

/* What has begun has a quarter of the memory, and pushes nothing out. */
static void
test_streams_under_way_have_their_share(void)
{
	struct broker_conf conf = kept_conf();
	static const char line[] = "w1 W 6 c \\e r 0 \\*1000";
	struct sim *s;

	conf.cache.max_memory = 40000;
	s = kept_start(&conf);
	sim_tell(s, "c C 2 a r 1 {}");
	for (int i = 0; i < 8; i++)
		sim_tell(s, line);
	CHECK(kept_figure(s, "memory_bytes") > 8000);
	for (int i = 0; i < 3; i++)
		sim_tell(s, line);
	CHECK(kept_figure(s, "memory_bytes") < 1000);
	sim_tell(s, "w1 W 3 c \\e r 0 x {\"cache\":1000}");
	CHECK_INT(kept_figure(s, "refused"), 1);
	CHECK(!kept_has(s, "a", "1"));
	sim_free(s);
}

static void
test_further_frames_take_room(void)
{
	struct sim *s = kept_start(NULL);

	sim_tell(s, "c C 2 a r 1 {}\n"
		    "w1 W 3 c \\e r 0 x {\"cache\":1000} \\*3000");
	CHECK(kept_figure(s, "memory_bytes") > 3000);
	CHECK(kept_has(s, "a", "1"));
	sim_free(s);
}

/* What is known of its length only when it is there makes room as well. */
static void
test_a_long_name_takes_room(void)
{
	struct broker_conf conf = kept_conf();
	char name[3501];
	struct sim *s;

	memset(name, 'n', 3500);
	name[3500] = '\0';
	s = kept_start(&conf);
	kept_keep(s, "a", "1", 4000);
	conf.cache.max_memory = kept_figure(s, "memory_bytes") + 3000;
	sim_reload(s, &conf);
	kept_keep(s, name, "1", 1000);
	CHECK_INT(kept_figure(s, "stored"), 2);
	CHECK_INT(kept_figure(s, "evicted"), 1);
	CHECK(kept_figure(s, "memory_bytes") <= conf.cache.max_memory);
	CHECK(!kept_has(s, "a", "1"));
	sim_free(s);
}

/* A thousand at a time, the least recently used first. */
static void
test_less_memory_by_reload(void)
{
	struct broker_conf conf = kept_conf();
	struct sim *s = kept_start(&conf);
	char data[20];

	for (int i = 0; i < 2500; i++) {
		sprintf(data, "%d", i);
		kept_keep(s, "a", data, 10);
		sim_forget(s);
	}
	CHECK_INT(kept_figure(s, "entries"), 2500);
	conf.cache.max_memory = kept_figure(s, "memory_bytes") / 10;
	sim_reload(s, &conf);
	CHECK_INT(kept_figure(s, "entries"), 1500);
	sim_run(s, 1);
	CHECK_INT(kept_figure(s, "entries"), 500);
	sim_run(s, 1);
	CHECK(kept_figure(s, "memory_bytes") <= conf.cache.max_memory);
	CHECK(kept_figure(s, "entries") > 100);
	CHECK(kept_has(s, "a", "2499") && !kept_has(s, "a", "1"));
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_least_recently_used_leaves_first,
	"the least recently used leaves first"},
    {test_too_large, "what is too large is not kept"},
    {test_a_stream_is_too_large, "… nor anything of a stream that is"},
    {test_streams_under_way_have_their_share,
	"streams under way have a quarter of the memory"},
    {test_further_frames_take_room, "further frames take room"},
    {test_a_long_name_takes_room, "a long name takes room"},
    {test_less_memory_by_reload, "less memory by reload, a little at a time"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
