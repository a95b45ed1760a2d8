/* PROTOCOL 6.5: $conf, on settings that are three options of a test. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>

#include "ask.h"
#include "base/alloc.h"
#include "check.h"
#include "services/config.h"
#include "services/services.h"
#include "sim.h"

static struct {
	int64_t number;
	bool flag;
	char text[16];
	const char *p;
	int n_rewritten, n_reloaded;
} fake;

static void
fake_get(void *arg, size_t i, struct config_option *o)
{
	static const char *const names[] = {"number", "flag", "text"};
	static const char *const def = "none";

	(void)arg;
	*o = (struct config_option){
	    .name = names[i], .source = "default", .reloadable = i != 1};
	o->value.type = o->def.type =
	    (enum config_type[]){CONFIG_NUMBER, CONFIG_FLAG, CONFIG_TEXT}[i];
	o->value.number = i == 0 ? fake.number : fake.flag;
	fake.p = fake.text;
	o->value.n = o->def.n = 1;
	o->value.text = &fake.p;
	o->def.text = &def;
}

static int
fake_find(void *arg, const char *name, size_t *i, struct config_why *why)
{
	struct config_option o;

	for (*i = 0; *i < 3; ++*i) {
		fake_get(arg, *i, &o);
		if (strcmp(o.name, name) == 0)
			return 0;
	}
	snprintf(why->text, sizeof(why->text), "no \"%s\"", name);
	return -ENOENT;
}

static int
fake_set(void *arg, const struct config_change *change, size_t n,
    struct config_why *why)
{
	(void)arg;
	for (size_t i = 0; i < n; i++) {
		if (change[i].option == 1) {
			snprintf(why->text, sizeof(why->text), "not the flag");
			return -EINVAL;
		}
		if (change[i].option == 0)
			fake.number = change[i].text[0] - '0';
		else
			snprintf(
			    fake.text, sizeof(fake.text), "%s", change[i].text);
	}
	return 0;
}

static int
fake_rewrite(void *arg, size_t *n_written, struct config_why *why)
{
	(void)arg;
	(void)why;
	*n_written = 3;
	fake.n_rewritten++;
	return 0;
}

static int
fake_reload(void *arg, struct config_why *why)
{
	(void)arg;
	snprintf(why->text, sizeof(why->text), "wrong in line 3");
	return fake.n_reloaded++ == 0 ? 0 : -EINVAL;
}

static const struct config_host host = {
    .n_options = 3,
    .get = fake_get,
    .find = fake_find,
    .set = fake_set,
    .rewrite = fake_rewrite,
    .reload = fake_reload,
};

static struct sim *
start(void)
{
	static struct core_ops ops;

	memset(&fake, 0, sizeof(fake));
	ops = config_service;
	ops.arg = (void *)(uintptr_t)&host;
	return sim_new(&ops);
}

static void
test_get(void)
{
	struct sim *s = start();

	fake.number = 7;
	sim_tell(s, "@o C 2 $conf r1 {\"cmd\":\"get\",\"name\":\"number\"} {}\n"
		    "@o C 2 $conf r2 {\"cmd\":\"get\",\"name\":\"f*\"} {}\n"
		    "@o C 2 $conf r3 {\"cmd\":\"get\",\"name\":\"x*\"} {}\n"
		    "@o C 2 $conf r4 {\"cmd\":\"get\",\"name\":\"x\"} {}");
	sim_want(s, "[0] @o C 3 \\e r1 0 {\"options\":[{\"name\":\"number\","
		    "\"value\":7,\"default\":0,\"source\":\"default\","
		    "\"reloadable\":true}]} {}\n"
		    "[0] @o C 3 \\e r2 0 {\"options\":[{\"name\":\"flag\","
		    "\"value\":false,\"default\":false,\"source\":\"default\","
		    "\"reloadable\":false}]} {}\n"
		    "[0] @o C 3 \\e r3 0 {\"options\":[]} {}\n"
		    "[0] @o C 3 \\e r4 -1 \"INVALID:\\sno\\s\\\\\"x\\\\\"\" "
		    "{}\n");
	sim_free(s);
}

static void
test_set(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $conf r1 "
		    "{\"cmd\":\"set\",\"values\":{\"number\":5,\"text\":\"a\"}}"
		    " {}\n"
		    "@o C 2 $conf r2 "
		    "{\"cmd\":\"set\",\"name\":\"flag\",\"value\":true} {}\n"
		    "@o C 2 $conf r3 "
		    "{\"cmd\":\"set\",\"name\":\"number\",\"value\":5} {}");
	sim_want(s, "[0] @o C 3 \\e r1 0 {\"changed\":["
		    "{\"name\":\"number\",\"old\":0,\"value\":5},"
		    "{\"name\":\"text\",\"old\":\"\",\"value\":\"a\"}]} {}\n"
		    "[0] @o C 3 \\e r2 -1 \"INVALID:\\snot\\sthe\\sflag\" {}\n"
		    "[0] @o C 3 \\e r3 0 {\"changed\":[]} {}\n");
	sim_want_trace(s, "[0] request client=o rid=r1 service=$conf\n"
			  "[0] setting changed client=o option=number old=0 "
			  "new=5\n"
			  "[0] setting changed client=o option=text "
			  "old=\\x22\\x22 new=\\x22a\\x22\n"
			  "[0] request answered client=o rid=r1\n"
			  "[0] request client=o rid=r2 service=$conf\n"
			  "[0] request answered client=o rid=r2\n"
			  "[0] request client=o rid=r3 service=$conf\n"
			  "[0] request answered client=o rid=r3\n");
	sim_free(s);
}

static void
test_file(void)
{
	struct sim *s = start();

	sim_tell(s, "@o C 2 $conf r1 {\"cmd\":\"rewrite\"} {}\n"
		    "@o C 2 $conf r2 {\"cmd\":\"reload\"} {}\n"
		    "@o C 2 $conf r3 {\"cmd\":\"reload\"} {}");
	sim_want(s, "[0] @o C 3 \\e r1 0 {\"written\":3} {}\n"
		    "[0] @o C 3 \\e r2 0 {} {}\n"
		    "[0] @o C 3 \\e r3 -1 "
		    "\"INVALID:\\swrong\\sin\\sline\\s3\" {}\n");
	CHECK_INT(fake.n_rewritten, 1);
	sim_free(s);
}

static void
test_nonsense(void)
{
	static const struct {
		const char *data, *why;
	} rows[] = {
	    {"\\e", "data is a JSON object"},
	    {"[]", "data is a JSON object"},
	    {"nonsense", "data is a JSON object"},
	    {"{}", "cmd is a text"},
	    {"{\"cmd\":1}", "cmd is a text"},
	    {"{\"cmd\":\"\"}", "no such cmd"},
	    {"{\"cmd\":\"get\",\"name\":1}", "name is a text"},
	    {"{\"cmd\":\"set\"}", "wanted: name and value, or values"},
	    {"{\"cmd\":\"set\",\"values\":[]}",
		"wanted: name and value, or values"},
	    {"{\"cmd\":\"set\",\"name\":\"number\"}",
		"number: a value is true, false, a whole number or a text"},
	    {"{\"cmd\":\"set\",\"values\":{\"number\":1.5}}",
		"number: a value is true, false, a whole number or a text"},
	};
	struct sim *s = start();
	char line[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(
		    line, sizeof(line), "@o C 2 $conf r %s {}", rows[i].data);
		sim_tell(s, line);
		snprintf(line, sizeof(line),
		    "[0] @o C 3 \\e r -1 \"INVALID: %s\" {}\n", rows[i].why);
		for (char *p = strstr(line, "ID:"); *p != '"'; p++)
			if (*p == ' ') {
				memmove(p + 2, p + 1, strlen(p));
				memcpy(p, "\\s", 2);
			}
		sim_want(s, line);
	}
	CHECK_INT(fake.number, 0);
	sim_free(s);
}

/* ---- without memory ---- */

static size_t fail_at;

static void
request_without_memory(struct core *c, struct request *r)
{
	pgt_alloc_fail_at(fail_at);
	config_service.on_request(c, r);
	pgt_alloc_fail_at(0);
}

/* It is not answered until nothing is missing any more. */
static void
try_without_memory(const char *asked)
{
	struct core_ops ops = config_service;
	bool has_failed = true;
	struct sim *s;

	ops.arg = (void *)(uintptr_t)&host;
	ops.on_request = request_without_memory;
	for (fail_at = 1; has_failed; fail_at++) {
		size_t failures = pgt_alloc_failures();

		memset(&fake, 0, sizeof(fake));
		s = sim_new(&ops);
		sim_tell(s, asked);
		has_failed = pgt_alloc_failures() != failures;
		CHECK_INT(sim_stats(s)->replies, !has_failed);
		sim_forget(s);
		sim_free(s);
	}
	CHECK(fail_at > 5);
}

static void
test_no_memory(void)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	try_without_memory("@o C 2 $conf r1 {\"cmd\":\"get\"} {}");
	try_without_memory(
	    "@o C 2 $conf r1 "
	    "{\"cmd\":\"set\",\"values\":{\"number\":5,\"text\":\"a\"}} {}");
	try_without_memory("@o C 2 $conf r1 {\"cmd\":\"nothing\"} {}");
	try_without_memory("@o C 2 $conf r1 {\"cmd\":\"rewrite\"} {}");
	try_without_memory("@o C 2 $conf r1 {\"cmd\":\"drain\"} {}");
	try_without_memory("@o C 2 $conf r1 {\"cmd\":\"reset\"} {}");
}

/* PROTOCOL 8.3, once; again is nothing new. */
static void
test_drain(void)
{
	struct sim *s = start();

	sim_tell(s, "c1 C 2 echo r1 x {}\n"
		    "@o C 2 $conf r2 {\"cmd\":\"drain\"} {}\n"
		    "c1 C 2 echo r3 x {}\n"
		    "@o C 2 $conf r4 {\"cmd\":\"drain\"} {}");
	sim_want(s, "[0] @o C 3 \\e r2 0 {} {}\n"
		    "[0] c1 C 3 \\e r3 -1 \"DRAINING\" {}\n"
		    "[0] @o C 3 \\e r4 0 {} {}\n");
	CHECK(!sim_is_drained(s));
	sim_add_core(s, &info_service);
	ask_want(s, "", "server.draining=true\nrequests.queued=1");
	sim_tell(s, "w1 W 1 echo\nw1 W 3 c1 \\e r1 0 y");
	CHECK(sim_is_drained(s));
	sim_forget(s);
	sim_free(s);
}

static void
test_reset(void)
{
	struct sim *s = start();

	sim_add_core(s, &info_service);
	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 x {}");
	sim_run(s, 10);
	ask_want(s, "",
	    "workers.registered=1\nserver.reset_ms=10\nserver.draining=false");
	sim_forget(s);
	sim_tell(s, "@o C 2 $conf r2 {\"cmd\":\"reset\"} {}");
	sim_want(s, "[10] @o C 3 \\e r2 0 {} {}\n");
	ask_want(s, "",
	    "workers.registered=0\nserver.reset_ms=0\nworkers.workers=1");
	sim_forget(s);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_get, "get: one, those that begin alike, none"},
    {test_set, "set: what has changed is told, and logged"},
    {test_file, "rewrite and reload"},
    {test_drain, "drain"},
    {test_reset, "reset: counters begin anew, what there is stays"},
    {test_nonsense, "nonsense is told what would be right"},
    {test_no_memory, "without memory a request expires, and no more"},
};

CHECK_MAIN(tests)
