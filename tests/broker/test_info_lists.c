/* PROTOCOL 11.4: lists, what they are cut to, and how they go on. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "check.h"
#include "services/services.h"

static void
test_rows_of_workers(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 12345 {}\nc1 C 2 echo r2 1 {}\n"
		    "c1 C 2 echo r3 1 {\"workerId\":\"w1\"}");
	sim_run(s, 30);
	sim_tell(
	    s, "w2 W 1 other\nw2 W 4 \\e {\"concurrency\":0}\nw3 W 1 other");
	sim_run(s, 20);
	ask_want(s, "{\"cmd\":\"workers\",\"worker\":\"w1\"}",
	    "total=1\ncursor=null\nworkers.n=1\n"
	    "workers.0.worker=\"w1\"\n"
	    "workers.0.service=\"echo\"\n"
	    "workers.0.state=\"busy\"\n"
	    "workers.0.concurrency=1\n"
	    "workers.0.in_flight=1\n"
	    "workers.0.queued=1\n"
	    "workers.0.registered_ms=50\n"
	    "workers.0.silent_ms=50");
	ask_want(s, "{\"cmd\":\"workers\",\"service\":\"other\"}",
	    "total=2\n"
	    "workers.0.worker=\"w2\"\n"
	    "workers.0.state=\"paused\"\n"
	    "workers.0.silent_ms=20\n"
	    "workers.1.worker=\"w3\"\n"
	    "workers.1.state=\"free\"");
	ask_want(s, "{\"cmd\":\"workers\",\"service\":\"other\",\"limit\":1}",
	    "total=2\nworkers.n=1\ncursor=null");
	ask_want(
	    s, "{\"cmd\":\"workers\"}", "workers.n=3\ntotal=3\ncursor=null");
	ask_want(s, "{\"cmd\":\"workers\",\"service\":\"none\"}",
	    "error=\"NO_SUCH_SERVICE\"");
	ask_want(s, "{\"cmd\":\"workers\",\"worker\":\"none\"}",
	    "error=\"NO_SUCH_WORKER\"");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 12345 {}\n"
		    "[30] w2 W 1\n[30] w2 W 4\n[30] w3 W 1\n");
	sim_free(s);
}

static void
test_rows_of_services(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 v@1.0.0\nw2 W 1 v@1.1.0\nw3 W 1 v@1.1.0\n"
		    "c1 C 2 v@^1.0 r1 1 {}");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w3 W 1\n"
		    "[0] w1 W 2 c1 v@^1.0 \\e r1 1 {}\n");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"v@^1.0\"}",
	    "total=1\n"
	    "services.0.workers=0\n"
	    "services.0.pool=3\n"
	    "services.0.built_in=false\n"
	    "services.0.paused=false\n"
	    "services.0.in_flight=1\n"
	    "services.0.queued=0");
	ask_want(s, "{\"cmd\":\"services\",\"prefix\":\"v@1\"}",
	    "services.n=2\n"
	    "services.0.service=\"v@1.0.0\"\n"
	    "services.1.service=\"v@1.1.0\"\n"
	    "services.1.workers=2");
	ask_want(s, "{\"cmd\":\"services\",\"prefix\":\"$\"}",
	    "services.n=1\nservices.0.built_in=true");
	ask_want(s, "{\"cmd\":\"services\",\"service\":\"none\"}",
	    "error=\"NO_SUCH_SERVICE\"");
	sim_free(s);
}

/* From page to page, whatever comes and goes; the empty name is one, too. */
static void
test_pages_of_services(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "c1 C 2 \\e r1 1 {}\nc1 C 2 a r2 1 {}\nc1 C 2 b r3 1 {}\n"
		    "c1 C 2 c r4 1 {}");
	ask_want(s, "{\"cmd\":\"services\",\"limit\":1}",
	    "total=5\nservices.n=2\nservices.0.service=\"\"\n"
	    "services.1.service=\"$info\"\ncursor=\"$info\"");
	ask_want(s, "{\"cmd\":\"services\",\"limit\":2,\"cursor\":\"$info\"}",
	    "services.0.service=\"a\"\nservices.1.service=\"b\"\ncursor=\"b\"");
	ask_want(s, "{\"cmd\":\"services\",\"limit\":2,\"cursor\":\"aa\"}",
	    "services.0.service=\"b\"\nservices.1.service=\"c\"\ncursor=\"c\"");
	ask_want(s, "{\"cmd\":\"services\",\"limit\":2,\"cursor\":\"c\"}",
	    "services.n=0\ncursor=null");
	sim_free(s);
}

static void
test_rows_of_clients(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {}\nw1 C 2 echo r1 1 {}");
	sim_run(s, 7);
	ask_want(s, "{\"cmd\":\"clients\",\"client\":\"c1\"}",
	    "total=1\n"
	    "clients.0.in_flight=1\n"
	    "clients.0.sent=1\n"
	    "clients.0.idle_ms=7\n"
	    "clients.0.endpoint=\"public\"\n"
	    "clients.0.is_worker=false");
	sim_tell(s, "w1 W 3 w1 \\e r1 0 1 {}");
	ask_want(s, "{\"cmd\":\"clients\",\"client\":\"w1\"}",
	    "clients.0.in_flight=0\nclients.0.is_worker=true");
	ask_want(s, "{\"cmd\":\"clients\",\"client\":\"none\"}",
	    "clients.n=0\ntotal=0");
	ask_want(s, "{\"cmd\":\"clients\"}", "clients.n=3\ntotal=3");
	/* One id at two endpoints: two peers. */
	sim_tell(s, "op C 2 none r 1 {}");
	ask_want(s, "{\"cmd\":\"clients\",\"client\":\"op\"}",
	    "total=2\nclients.0.endpoint=\"public\"\n"
	    "clients.1.endpoint=\"admin\"");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"op\",\"rid\":\"ask\"}",
	    "requests.0.endpoint=\"admin\"");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 2 c1 echo \\e r1 1 {}\n"
		    "[0] w1 W 2 w1 echo \\e r1 1 {}\n"
		    "[7] w1 C 3 \\e r1 0 1 {}\n");
	sim_free(s);
}

static void
test_rows_of_requests(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw1 W 4 \\e {\"concurrency\":1}\n"
		    "c1 C 2 echo r1 12345 {\"retry\":1,\"timeout\":500}");
	sim_run(s, 30);
	sim_tell(s, "w1 W 6 c1 \\e r1 0 1 {}\n"
		    "c2 C 2 echo r2 1 {\"workerId\":\"w9\",\"timeout\":-1,"
		    "\"nocache\":1}\nc2 C 2 echo r3 1 {}");
	sim_run(s, 5);
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "total=1\n"
	    "requests.0.client=\"c1\"\n"
	    "requests.0.rid=\"r1\"\n"
	    "requests.0.service=\"echo\"\n"
	    "requests.0.state=\"in_flight\"\n"
	    "requests.0.worker=\"w1\"\n"
	    "requests.0.age_ms=35\n"
	    "requests.0.state_ms=35\n"
	    "requests.0.attempts=1\n"
	    "requests.0.rejects=0\n"
	    "requests.0.partials=true\n"
	    "requests.0.bytes=5\n"
	    "requests.0.expires_ms=495\n"
	    "requests.0.options={\"timeout_ms\":500,\"retry\":true,"
	    "\"failfast\":false,\"nocache\":false}");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c2\",\"rid\":\"r2\"}",
	    "requests.0.state=\"queued\"\n"
	    "requests.0.worker=\"w9\"\n"
	    "requests.0.expires_ms=null\n"
	    "requests.0.options={\"timeout_ms\":-1,\"retry\":false,"
	    "\"failfast\":false,\"nocache\":true,\"workerId\":\"w9\"}");
	ask_want(s, "{\"cmd\":\"requests\",\"worker\":\"w1\"}",
	    "total=1\nrequests.n=1\nrequests.0.rid=\"r1\"");
	ask_want(s, "{\"cmd\":\"requests\",\"service\":\"echo\"}",
	    "total=2\nrequests.n=1\nrequests.0.rid=\"r3\"");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"op\",\"rid\":\"ask\"}",
	    "requests.0.state=\"built_in\"");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\",\"rid\":\"r9\"}",
	    "error=\"NO_SUCH_REQUEST\"");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\"}",
	    "error=\"INVALID: an id or a name is missing\"");
	sim_want(s, "[0] w1 W 1\n[0] w1 W 4\n[0] w1 W 2 c1 echo \\e r1 12345 "
		    "{\"retry\":1,\"timeout\":500}\n"
		    "[30] c1 C 6 \\e r1 0 1 {}\n");
	sim_free(s);
}

/* Rejected by all who are free; by all there are; not its worker's name. */
static void
test_requests_that_stand_aside(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nw2 W 1 echo\nw2 W 4 \\e {\"concurrency\":0}\n"
		    "c1 C 2 echo r1 1 {}\nw1 W 7 c1 \\e r1\n"
		    "w3 W 1 one\nc1 C 2 one r2 1 {}\nw3 W 7 c1 \\e r2\n"
		    "c1 C 2 echo r3 1 {\"workerId\":\"w3\"}");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\",\"rid\":\"r1\"}",
	    "requests.0.state=\"parked\"\nrequests.0.rejects=1\n"
	    "requests.0.worker=null");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\",\"rid\":\"r2\"}",
	    "requests.0.state=\"held\"");
	ask_want(s, "{\"cmd\":\"requests\",\"client\":\"c1\",\"rid\":\"r3\"}",
	    "requests.0.state=\"held\"\nrequests.0.worker=\"w3\"");
	sim_want(s, "[0] w1 W 1\n[0] w2 W 1\n[0] w2 W 4\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {}\n[0] w3 W 1\n"
		    "[0] w3 W 2 c1 one \\e r2 1 {}\n");
	sim_free(s);
}

static void
test_the_oldest_requests(void)
{
	struct sim *s = sim_new(&info_service);

	sim_tell(s, "w1 W 1 echo\nc1 C 2 echo r1 1 {\"timeout\":5}");
	for (int i = 0; i < 50; i++) {
		char line[60];

		snprintf(line, sizeof(line), "c%d C 2 none n%d 1 {}", i, i);
		sim_tell(s, line);
	}
	sim_run(s, 5); /* r1 is a ghost now, which is not listed */
	ask_want(s, "{\"cmd\":\"requests\",\"oldest\":true,\"limit\":3}",
	    "requests.n=3\nrequests.0.rid=\"n0\"\nrequests.2.rid=\"n2\"\n"
	    "total=51\ncursor=null");
	ask_want(s, "{\"cmd\":\"requests\"}", "requests.n=51\ncursor=null");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 1 {\"timeout\":5}\n");
	sim_free(s);
}

/* ---- scans ---- */

/* Marks in seen what an answer lists; gives its cursor, or NULL. */
static char *
read_page(struct sim *s, const char *cmd, const char *cursor, const char *id,
    unsigned *seen)
{
	char data[200], *text;
	json_t *all;
	const json_t *row;
	size_t i;
	bool ok;

	snprintf(data, sizeof(data), "{\"cmd\":\"%s\",\"limit\":10%s%s%s}", cmd,
	    cursor != NULL ? ",\"cursor\":\"" : "",
	    cursor != NULL ? cursor : "", cursor != NULL ? "\"" : "");
	text = sim_ask(s, "$info", data, &ok);
	CHECK(ok);
	all = json_loads(text, 0, NULL);
	free(text);
	json_array_foreach (json_object_get(all, cmd), i, row) {
		text = (char *)json_string_value(json_object_get(row, id));
		if (text[0] == 'x')
			seen[atoi(text + 1)]++;
	}
	CHECK(i <= 40); /* the limit, and a bucket */
	text = (char *)json_string_value(json_object_get(all, "cursor"));
	text = text == NULL ? NULL : strdup(text);
	json_decref(all);
	return text;
}

/* Those that stay are all listed, while so many others come. */
static void
check_pages(const char *cmd, const char *id, const char *format)
{
	enum { N = 300 };
	struct sim *s = sim_new(&info_service);
	static unsigned seen[10000];
	char line[80], *cursor = NULL, *next;
	unsigned n = 0, n_pages = 0;

	memset(seen, 0, sizeof(seen));
	sim_check_seldom(s);
	for (; n < N; n++) {
		snprintf(line, sizeof(line), format, n, n);
		sim_tell(s, line);
	}
	do {
		next = read_page(s, cmd, cursor, id, seen);
		free(cursor);
		cursor = next;
		for (int i = 0; i < 20 && n < 2000; i++, n++) {
			snprintf(line, sizeof(line), format, n, n);
			sim_tell(s, line);
		}
		CHECK(++n_pages < 1000);
	} while (cursor != NULL);
	CHECK(n_pages > 20);
	for (size_t i = 0; i < N; i++)
		CHECK(seen[i] >= 1 && seen[i] <= 2);
	sim_forget(s);
	sim_free(s);
}

static void
test_pages_of_workers(void)
{
	check_pages("workers", "worker", "x%u W 1 echo");
}

static void
test_pages_of_clients(void)
{
	check_pages("clients", "client", "x%u C 2 echo r%u 1");
}

static void
test_pages_of_requests(void)
{
	check_pages("requests", "rid", "c%u C 2 echo x%u 1");
}

/* What is gone leaves empty places: an answer may have no rows, and goes on. */
static void
test_an_answer_looks_at_so_many_places(void)
{
	struct sim *s = sim_new(&info_service);
	char line[80], *text;
	json_t *all;
	bool ok;

	sim_check_seldom(s);
	sim_tell(s, "c1 C 2 e stays 1 {\"timeout\":-1}");
	for (int i = 0; i < 60000; i++) {
		snprintf(
		    line, sizeof(line), "c1 C 2 e r%d 1 {\"timeout\":1}", i);
		sim_tell(s, line);
	}
	sim_run(s, 1);
	text = sim_ask(s, "$info", "{\"cmd\":\"requests\"}", &ok);
	all = json_loads(text, 0, NULL);
	CHECK(ok && json_is_string(json_object_get(all, "cursor")));
	CHECK_INT(json_array_size(json_object_get(all, "requests")) <= 2, 1);
	json_decref(all);
	free(text);
	sim_free(s);
}

static size_t
length_of(const json_t *row, const char *key)
{
	return json_string_length(json_object_get(row, key));
}

/* A thousand rows of what peers choose must stay an answer. */
static void
test_long_names_are_cut(void)
{
	struct sim *s = sim_new(&info_service);
	const json_t *row;
	char *text;
	json_t *all;
	bool ok;

	sim_tell(s, "c1 C 2 \\*1024 \\*1025 1");
	text = sim_ask(s, "$info",
	    "{\"cmd\":\"requests\",\"oldest\":true,\"limit\":1}", &ok);
	all = json_loads(text, 0, NULL);
	row = json_array_get(json_object_get(all, "requests"), 0);
	CHECK_INT(length_of(row, "service"), 1024);
	CHECK_INT(length_of(row, "rid"), 1024 + strlen("..."));
	CHECK(strstr(text, "x...\"") != NULL);
	json_decref(all);
	free(text);
	sim_free(s);
}

static void
test_limits_and_cursors(void)
{
	static const char *const limits[] = {
	    "0", "-1", "1001", "0.5", "\"7\"", "1e99", "true"};
	struct sim *s = sim_new(&info_service);
	char data[80];

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		snprintf(data, sizeof(data),
		    "{\"cmd\":\"workers\",\"limit\":%s}", limits[i]);
		ask_want(s, data,
		    "error=\"INVALID: limit is a number from 1 to 1000\"");
	}
	ask_want(s, "{\"cmd\":\"workers\",\"limit\":1000,\"cursor\":null}",
	    "workers.n=0");
	ask_want(s, "{\"cmd\":\"workers\",\"cursor\":\"soon\"}",
	    "error=\"INVALID: no cursor of ours\"");
	ask_want(s, "{\"cmd\":\"workers\",\"cursor\":7}",
	    "error=\"INVALID: an id, a name or data is a text\"");
	/* Of another table, or made up: it lists something, and ends. */
	ask_want(s, "{\"cmd\":\"clients\",\"cursor\":\"18446744073709551615\"}",
	    "error=null");
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_rows_of_workers, "workers: all, one, those of a service"},
    {test_rows_of_services, "services: one, those with a prefix"},
    {test_pages_of_services, "services, page by page"},
    {test_rows_of_clients, "clients: all, one"},
    {test_rows_of_requests,
	"requests: one, those at a worker, those that wait"},
    {test_requests_that_stand_aside, "requests that stand aside"},
    {test_the_oldest_requests, "the oldest requests"},
    {test_pages_of_workers, "every worker that stays is on a page"},
    {test_pages_of_clients, "every client that stays is on a page"},
    {test_pages_of_requests, "every request that stays is on a page"},
    {test_an_answer_looks_at_so_many_places,
	"an answer looks at so many places and no more"},
    {test_long_names_are_cut, "long names are cut"},
    {test_limits_and_cursors, "limits and cursors that are none"},
};

CHECK_MAIN(tests)
