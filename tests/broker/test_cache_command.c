/* PROTOCOL 7.3: $cache and its notices. */
#include <jansson.h>
#include <stdio.h>

#include "base/alloc.h"
#include "check.h"
#include "kept.h"
#include "services/services.h"

static void
test_stats(void)
{
	struct sim *s = kept_start(NULL);

	sim_tell(s, "c C 2 $cache r1 \\e {}\nc C 2 $cache r2 null {}\n"
		    "c C 2 $cache r3 {\"cmd\":\"stats\"} {}\n"
		    "c C 2 $cache r4 {} {}\nc C 2 $cache r5 undefined {}");
#define BLANK(rid)                                                             \
	"[0] c C 3 \\e " rid " 0 {\"enabled\":true,\"entries\":0,"             \
	"\"memory_bytes\":0,\"max_memory_bytes\":67108864,"                    \
	"\"max_entry_bytes\":1048576,\"max_ttl_ms\":-1,\"hits\":0,"            \
	"\"misses\":0,\"stored\":0,\"expired\":0,"                             \
	"\"evicted\":0,\"flushed\":0,\"refused\":0,\"coalesced\":0} {}\n"
	sim_want(
	    s, BLANK("r1") BLANK("r2") BLANK("r3") BLANK("r4") BLANK("r5"));
	kept_keep(s, "echo", "x", 10);
	kept_keep(s, "echo", "y", 10);
	CHECK_INT(kept_figure(s, "entries"), 2);
	CHECK_INT(kept_figure(s, "stored"), 2);
	CHECK_INT(kept_figure(s, "hits"), 0);
	CHECK_INT(kept_figure(s, "misses"), 1); /* of echo something was kept */
	CHECK(kept_has(s, "echo", "x") && kept_has(s, "echo", "x"));
	CHECK(!kept_has(s, "echo", "z") && !kept_has(s, "other", "x"));
	CHECK_INT(kept_figure(s, "hits"), 2);
	CHECK_INT(kept_figure(s, "misses"), 2);
	CHECK(kept_figure(s, "memory_bytes") > 1000);
	sim_run(s, 1000);
	CHECK_INT(kept_figure(s, "expired"), 2);
	CHECK_INT(kept_figure(s, "entries"), 0);
	CHECK_INT(kept_figure(s, "memory_bytes"), 0);
	sim_free(s);
}

static void
test_flush(void)
{
	struct sim *s = kept_start(NULL);

	for (int i = 0; i < 3; i++) {
		kept_keep(s, "a", (const char *const[]){"x", "y", "z"}[i], 10);
		kept_keep(s, "b", (const char *const[]){"x", "y", "z"}[i], 10);
	}
	sim_forget(s);
	sim_tell(s, "c C 2 $cache r "
		    "{\"cmd\":\"flush\",\"service\":\"a\",\"data\":\"x\"} {}\n"
		    "c C 2 $cache r "
		    "{\"cmd\":\"flush\",\"service\":\"a\",\"data\":\"x\"} {}");
	sim_want(s, "[0] PUB "
		    "$cache\\s{\"event\":\"flush\",\"service\":\"a\","
		    "\"data\":\"x\"}\n"
		    "[0] c C 3 \\e r 0 {\"flushed\":1} {}\n"
		    "[0] PUB "
		    "$cache\\s{\"event\":\"flush\",\"service\":\"a\","
		    "\"data\":\"x\"}\n"
		    "[0] c C 3 \\e r 0 {\"flushed\":0} {}\n");
	CHECK(!kept_has(s, "a", "x") && kept_has(s, "a", "y"));
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\",\"service\":\"a\"} {}");
	sim_want(s, "[0] PUB $cache\\s{\"event\":\"flush\",\"service\":\"a\"}\n"
		    "[0] c C 3 \\e r 0 {\"flushed\":2} {}\n");
	CHECK(!kept_has(s, "a", "y") && !kept_has(s, "a", "z"));
	CHECK(kept_has(s, "b", "y"));
	CHECK_INT(kept_figure(s, "entries"), 3);
	kept_keep(s, "a", "new", 10);
	sim_run(s, 1); /* the dead are swept, and no others */
	CHECK(kept_has(s, "a", "new"));
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\"} {}");
	sim_want(s, "[1] PUB $cache\\s{\"event\":\"flush\"}\n"
		    "[1] c C 3 \\e r 0 {\"flushed\":4} {}\n");
	CHECK(!kept_has(s, "b", "y") && !kept_has(s, "a", "new"));
	kept_keep(s, "b", "y", 10);
	CHECK(kept_has(s, "b", "y"));
	sim_run(s, 1);
	CHECK(kept_has(s, "b", "y"));
	CHECK_INT(kept_figure(s, "entries"), 1);
	CHECK_INT(kept_figure(s, "flushed"), 7);
	CHECK_INT(kept_figure(s, "evicted"), 0);
	sim_free(s);
}

/* Names and data are JSON text within JSON. */
static void
test_flush_of_any_text(void)
{
	struct sim *s = kept_start(NULL);

	kept_keep(s, "\"a\\\\", "{\"k\":\"v\\\\\"}", 10);
	sim_forget(s);
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\",\"service\":"
		    "\"\\\\\"a\\\\\\\\\",\"data\":"
		    "\"{\\\\\"k\\\\\":\\\\\"v\\\\\\\\\\\\\"}\"} {}");
	CHECK(sim_has_mail(s, "{\"flushed\":1}"));
	sim_forget(s);
	sim_free(s);
}

/* What was asked before the flush may be answered with what was before it. */
static void
test_what_is_on_its_way_when_all_is_flushed(void)
{
	static const char *const flushes[] = {
	    "", ",\"service\":\"a\"", ",\"service\":\"a\",\"data\":\"x\""};
	char line[100];

	for (size_t i = 0; i < 3; i++) {
		struct sim *s = kept_start(NULL);

		sim_tell(s, "c1 C 2 a r x {\"coalesce\":1}\n"
			    "c1 C 2 b r2 x {}\n");
		sprintf(line, "c C 2 $cache r {\"cmd\":\"flush\"%s} {}",
		    flushes[i]);
		sim_tell(s, line);
		sim_forget(s);
		/* Nor does who comes later share its run. */
		sim_tell(s, "c2 C 2 a r x {\"coalesce\":1}\n"
			    "w1 W 3 c1 \\e r 0 old {\"cache\":1000}\n"
			    "w1 W 3 c1 \\e r2 0 old {\"cache\":1000}");
		sim_want(s, "[0] w1 W 2 c2 a \\e r x {\"coalesce\":1}\n"
			    "[0] c1 C 3 \\e r 0 old {\"cache\":1000}\n"
			    "[0] c1 C 3 \\e r2 0 old {\"cache\":1000}\n");
		CHECK(!kept_has(s, "a", "x"));
		CHECK(kept_has(s, "b", "x") == (i > 0));
		sim_tell(s, "w1 W 3 c2 \\e r 0 new {\"cache\":1000}");
		CHECK(kept_has(s, "a", "x"));
		sim_free(s);
	}
}

/* Bytes that are no text stand as in 11.1.4. */
static void
test_flush_of_any_bytes(void)
{
	struct sim *s = kept_start(NULL);

	kept_keep(s, "b\\xff", "x", 10);
	sim_forget(s);
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\",\"service\":"
		    "\"b\\\\\\\\xFF\"} {}");
	CHECK(sim_has_mail(s, "{\"flushed\":1}"));
	sim_forget(s);
	sim_free(s);
}

static void
test_wrong_commands(void)
{
	static const char *const wrong[][2] = {
	    {"7", "data is a JSON object"},
	    {"[]", "data is a JSON object"},
	    {"\"flush\"", "data is a JSON object"},
	    {"{\"cmd\":7}", "cmd is a text"},
	    {"{\"cmd\":\"Stats\"}", "no such cmd"},
	    {"{\"cmd\":\"flush\",\"service\":7}",
		"an id, a name or data is a text"},
	    {"{\"cmd\":\"flush\",\"service\":\"a\",\"data\":{}}",
		"an id, a name or data is a text"},
	    {"{\"cmd\":\"flush\",\"data\":\"x\"}", "data goes with service"},
	};
	struct sim *s = kept_start(NULL);
	char line[100], want[100], *at;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		sprintf(line, "c C 2 $cache r %s {}", wrong[i][0]);
		sim_tell(s, line);
		sprintf(want, "INVALID: %s", wrong[i][1]);
		while ((at = strchr(want, ' ')) != NULL) {
			memmove(at + 2, at + 1, strlen(at));
			memcpy(at, "\\s", 2);
		}
		CHECK(sim_has_mail(s, want));
		CHECK(sim_has_mail(s, "[0] c C 3 \\e r -1 "));
		sim_forget(s);
	}
	sim_free(s);
}

/* The same figures as of $info; a reset is of both. */
static void
test_figures_of_info(void)
{
	struct sim *s = kept_start(NULL);

	sim_add_core(s, &info_service);
	kept_keep(s, "a", "x", 10);
	CHECK(kept_has(s, "a", "x"));
	sim_tell(s, "c C 2 $info r {\"section\":\"cache\"} {}");
	CHECK_INT(sim_number_in_mail(s, "\"hits\":"), 1);
	CHECK_INT(sim_number_in_mail(s, "\"entries\":"), 1);
	sim_forget(s);
	sim_tell(s, "c C 2 $info r {\"cmd\":\"counters_reset\"} {}");
	CHECK_INT(kept_figure(s, "hits"), 0);
	CHECK_INT(kept_figure(s, "stored"), 0);
	CHECK_INT(kept_figure(s, "entries"), 1);
	sim_free(s);
}

/* Is the answer to `ask` that a reply is kept? */
static bool
is_routed_to_cache(struct sim *s, const char *ask)
{
	char line[200];
	bool kept;

	sprintf(line, "c C 2 $info r {\"cmd\":\"route\",%s} {}", ask);
	sim_forget(s);
	sim_tell(s, line);
	kept = sim_has_mail(s, "\"kept\":true");
	CHECK(kept == sim_has_mail(s, "\"why\":\"reply_is_kept\""));
	CHECK(kept != sim_has_mail(s, "\"why\":\"chosen\""));
	sim_forget(s);
	return kept;
}

static void
test_route(void)
{
	struct sim *s = kept_start(NULL);

	sim_add_core(s, &info_service);
	kept_keep(s, "a", "x", 10);
	CHECK(is_routed_to_cache(s, "\"service\":\"a\",\"data\":\"x\""));
	CHECK(!is_routed_to_cache(s, "\"service\":\"a\",\"data\":\"y\""));
	CHECK(!is_routed_to_cache(s, "\"service\":\"a\""));
	CHECK(!is_routed_to_cache(s, "\"service\":\"a\",\"data\":\"x\","
				     "\"workerId\":\"w1\""));
	CHECK_INT(kept_figure(s, "hits"), 0);
	CHECK(kept_has(s, "a", "x"));
	sim_run(s, 1000);
	CHECK(!is_routed_to_cache(s, "\"service\":\"a\",\"data\":\"x\""));
	sim_free(s);
}

/* PROTOCOL 6.4: its figures and flushes are for operators. */
static void
test_not_for_everybody(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = kept_start(&conf);

	kept_keep(s, "a", "x", 10);
	sim_forget(s);
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\"} {}");
	sim_want(s, "[0] c C 3 \\e r -1 \"DENIED\" {}\n");
	CHECK(kept_has(s, "a", "x"));
	sim_free(s);
}

/* With cache off it still answers. */
static void
test_off(void)
{
	struct broker_conf conf = kept_conf();
	struct sim *s;

	conf.cache.is_on = false;
	s = kept_start(&conf);
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\"} {}\nw2 W 1 $cache");
	sim_want(s, "[0] PUB $cache\\s{\"event\":\"flush\"}\n"
		    "[0] c C 3 \\e r 0 {\"flushed\":0} {}\n[0] w2 W 5\n");
	CHECK_INT(kept_figure(s, "entries"), 0);
	sim_free(s);
}

static void
test_notices(void)
{
	struct broker_conf conf = kept_conf();
	char data[5000], line[5100];
	struct sim *s;

	conf.cache.notices = true;
	conf.cache.max_memory = 7500;
	s = kept_start(&conf);
	kept_keep(s, "a", "\\x80", 10);
	sim_run(s, 1000);
	sim_want(s, "[0] w1 W 2 k a \\e keep \\x80 {}\n"
		    "[0] PUB $cache\\s{\"event\":\"store\",\"service\":\"a\","
		    "\"data\":\"\\xef\\xbf\\xbd\"}\n"
		    "[0] k C 3 \\e keep 0 0000000000 {\"cache\":1000}\n"
		    "[1000] PUB "
		    "$cache\\s{\"event\":\"expire\",\"service\":\"a\","
		    "\"data\":\"\\xef\\xbf\\xbd\"}\n");
	kept_keep(s, "a", "x", 1000);
	sim_forget(s);
	kept_keep(s, "b", "y", 4000);
	CHECK(sim_has_mail(s, "PUB $cache\\s{\"event\":\"evict\",\"service\":"
			      "\"a\",\"data\":\"x\"}\n"));
	CHECK(sim_has_mail(s, "PUB $cache\\s{\"event\":\"store\",\"service\":"
			      "\"b\",\"data\":\"y\"}\n"));
	/* Long data is not told: it stands for any of its service. */
	memset(data, 'd', 4097);
	data[4097] = '\0';
	sprintf(line,
	    "k C 2 c keep %s {}\nw1 W 3 k \\e keep 0 1 "
	    "{\"cache\":1000}",
	    data);
	sim_forget(s);
	sim_tell(s, line);
	CHECK(sim_has_mail(s, "{\"event\":\"store\",\"service\":\"c\"}\n"));
	sim_forget(s);
	/* What is flushed is told once. */
	sim_tell(s, "c C 2 $cache r {\"cmd\":\"flush\"} {}");
	sim_run(s, 2000);
	sim_want(s, "[1000] PUB $cache\\s{\"event\":\"flush\"}\n"
		    "[1000] c C 3 \\e r 0 {\"flushed\":1} {}\n");
	sim_free(s);
}

/* ---- room ---- */

static const struct check_test tests[] = {
    {test_stats, "the figures"},
    {test_flush, "flushing an entry, a service, everything"},
    {test_flush_of_any_text, "… by any text"},
    {test_what_is_on_its_way_when_all_is_flushed,
	"what is on its way at a flush is not kept"},
    {test_flush_of_any_bytes, "… by any bytes"},
    {test_figures_of_info, "the same figures by $info"},
    {test_route, "route tells of what is kept"},
    {test_wrong_commands, "what is wrong is told"},
    {test_not_for_everybody, "others are denied"},
    {test_off, "with the cache off"},
    {test_notices, "notices of what is stored, expires, is evicted"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
