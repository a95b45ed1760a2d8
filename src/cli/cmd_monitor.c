/* monitor: what a broker decides, line by line, by its $monitor. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/query.h"

struct monitor_conf {
	const char *level, *match;
	int64_t rate;
	bool is_json;
};

static const struct monitor_conf defaults = {.level = "info", .rate = 1000};

static const struct args_option options[] = {
    {.name = "level",
	.letter = 'l',
	.type = ARGS_TEXT,
	.at = offsetof(struct monitor_conf, level),
	.arg = "LEVEL",
	.want = "warn, info or debug",
	.text = "lines up to this one: warn, info (without it) or debug"},
    {.name = "match",
	.letter = 'm',
	.type = ARGS_TEXT,
	.at = offsetof(struct monitor_conf, match),
	.arg = "NAME",
	.want = "a client, service or worker, or PREFIX*",
	.text = "only of this client, service or worker; PREFIX* for several"},
    {.name = "rate",
	.type = ARGS_NUMBER,
	.at = offsetof(struct monitor_conf, rate),
	.arg = "N",
	.want = "1 to 1000000",
	.min = 1,
	.max = 1000000,
	.text = "lines in a second; more are dropped, and counted (1000)"},
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct monitor_conf, is_json),
	.text = "one JSON object a line"},
    {.name = NULL},
};

struct monitor {
	struct cli *cli;
	bool is_json;
};

static void
print_time(struct out *o)
{
	struct timespec ts;
	struct tm tm;
	char text[16];

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(o->file, "%s.%03ld ", text, ts.tv_nsec / 1000000);
}

static void
print_line(struct out *o, const json_t *data)
{
	const json_t *dropped = json_object_get(data, "dropped");
	const char *level = json_string_value(json_object_get(data, "level"));
	const char *line = json_string_value(json_object_get(data, "line"));

	print_time(o);
	if (dropped != NULL)
		fprintf(o->file, "(%" JSON_INTEGER_FORMAT " lines dropped)",
		    json_integer_value(dropped));
	if (level != NULL && line != NULL) {
		out_bytes(o, level, strlen(level));
		fputs(": ", o->file);
		out_bytes(o, line, strlen(line));
	}
	putc('\n', o->file);
}

/* False: nobody reads what is printed. */
static bool
on_reply(const struct pigato_response *response, void *arg)
{
	struct monitor *m = arg;
	struct out *o = &m->cli->out;
	const char *p;
	json_t *data;
	size_t n;

	if (pigato_response_is_final(response))
		return true;
	p = pigato_response_data(response, &n);
	if (m->is_json && p != NULL) {
		out_data(o, p, n, OUT_LINE);
		return out_flush(o);
	}
	data = pigato_response_json(response);
	print_line(o, data);
	json_decref(data);
	return out_flush(o);
}

/* Gives the request's data. NULL: no memory. */
static char *
data_of(const struct monitor_conf *conf)
{
	json_t *data = query_with((const struct query_member[]){
	    {"level", conf->level},
	    {"match", conf->match},
	    {NULL, NULL},
	});
	char *text = NULL;

	if (data != NULL &&
	    json_object_set_new(data, "rate", json_integer(conf->rate)) == 0)
		text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	return text;
}

/* A broker that goes ends a request in one way or in another. */
static bool
may_return(int error)
{
	return error == PIGATO_ERR_NO_BROKER ||
	       error == PIGATO_ERR_PARTIAL_LOST;
}

/* One that was there may come back. */
static void
watch(struct cli *cli, struct ask *a)
{
	bool was_there = false;

	for (;;) {
		ask_run(cli, a);
		was_there = was_there || a->was_connected;
		if (!was_there || !may_return(a->error))
			return;
		if (a->was_connected)
			cli_note(cli, "%s is gone; trying on", cli->endpoint);
		ask_clear(a);
	}
}

static int
monitor(struct cli *cli, const struct args *args, const void *values)
{
	const struct monitor_conf *conf = values;
	struct monitor m = {.cli = cli, .is_json = conf->is_json};
	char *data = data_of(conf);
	struct ask a = {
	    .service = "$monitor",
	    .data = data,
	    .opts = PIGATO_REQUEST_OPTS,
	    .on_reply = on_reply,
	    .arg = &m,
	};
	int status = CLI_REPLY;

	(void)args;
	if (data == NULL)
		return cli_no_memory(cli);
	a.size = strlen(data);
	a.opts.failfast = true;
	a.opts.heartbeat = true;
	a.opts.timeout_ms = -1;
	if (cli_require_client(cli, &status) != NULL) {
		watch(cli, &a);
		if (a.error != PIGATO_OK)
			status = query_report(cli, &a);
		ask_clear(&a);
	}
	free(data);
	return status;
}

const struct cmd cmd_monitor = {
    .name = "monitor",
    .args = "[OPTION ...]",
    .text = "Print what a broker decides, as it comes",
    .more = "Lines are as in the broker's log, at the time they got here.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = monitor,
};
