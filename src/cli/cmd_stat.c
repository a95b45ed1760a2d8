/*
 * stat: a line of rates every interval, for a terminal beside the work, a
 * file, or another program.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/figure.h"
#include "cli/query.h"
#include "cli/sample.h"
#include "lib/pigato.h"

#define HEADING_EVERY 20

struct stat_conf {
	int64_t interval_ms, count;
	bool is_csv, is_json;
};

static const struct stat_conf defaults = {.interval_ms = 1000};

static const struct args_option options[] = {
    {.name = "interval",
	.letter = 'i',
	.type = ARGS_SECONDS,
	.at = offsetof(struct stat_conf, interval_ms),
	.arg = "S",
	.want = "seconds, 0.1 to 86400",
	.min = 100,
	.max = 86400000,
	.text = "a line every so many seconds (1)"},
    {.name = "count",
	.letter = 'n',
	.type = ARGS_NUMBER,
	.at = offsetof(struct stat_conf, count),
	.arg = "N",
	.want = "1 to 1000000000",
	.min = 1,
	.max = 1000000000,
	.text = "end after so many lines"},
    {.name = "csv",
	.type = ARGS_FLAG,
	.at = offsetof(struct stat_conf, is_csv),
	.text = "commas between, one heading"},
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct stat_conf, is_json),
	.text = "a JSON object in each line"},
    {.name = NULL},
};

/* ---- the columns ---- */

enum form { COUNT, BYTES, US, PERCENT };

struct column {
	const char *head, *name; /* name: to programs */
	int width;
	enum form form;
	size_t gauge; /* offset in a sample, or … */
	int counter;  /* … whose rate it is; -1: none */
};

#define GAUGE(field) offsetof(struct sample, field), -1
#define RATE(which)  0, SAMPLE_##which

static const struct column columns[] = {
    {"REQ/S", "requests_per_s", 7, COUNT, RATE(REQUESTS)},
    {"SERVED", "served_per_s", 7, COUNT, RATE(SERVED)},
    {"ERR/S", "errors_per_s", 6, COUNT, RATE(ERRORS)},
    {"EXP/S", "expired_per_s", 6, COUNT, RATE(EXPIRED)},
    {"LOST", "lost_per_s", 6, COUNT, RATE(LOST)},
    {"QUEUED", "queued", 7, COUNT, GAUGE(queued)},
    {"INFLT", "in_flight", 6, COUNT, GAUGE(in_flight)},
    {"WORKER", "workers", 6, COUNT, GAUGE(workers)},
    {"CLIENT", "clients", 6, COUNT, GAUGE(clients)},
    {"IN/S", "in_bytes_per_s", 6, BYTES, RATE(IN_BYTES)},
    {"OUT/S", "out_bytes_per_s", 6, BYTES, RATE(OUT_BYTES)},
    {"P50", "worker_p50_us", 6, US, GAUGE(worker_p50_us)},
    {"P99", "worker_p99_us", 6, US, GAUGE(worker_p99_us)},
    {"CPU", "cpu_percent", 4, PERCENT, RATE(CPU_US)},
    {"RSS", "rss_bytes", 6, BYTES, GAUGE(rss_bytes)},
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static double
value_of(const struct column *c, const struct sample *now,
    const struct sample *before)
{
	double rate;

	if (c->counter < 0)
		return (double)*(const int64_t *)((const char *)now + c->gauge);
	rate = sample_rate(now, before, (enum sample_counter)c->counter);
	return c->form == PERCENT ? rate / 1e4 : rate;
}

static const char *
form_value(const struct column *c, double value, char *text)
{
	switch (c->form) {
	case BYTES:
		return figure_bytes(text, value);
	case US:
		return figure_us(text, value);
	case PERCENT:
		snprintf(text, FIGURE_MAX, "%.0f%%", value);
		return text;
	default:
		return figure_count(text, value);
	}
}

/* ---- a line ---- */

/* The instant: of the day for people, in full for programs. */
static void
put_time(FILE *f, bool is_plain)
{
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	if (is_plain)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ",
		    gmtime_r(&now, &tm));
	else
		strftime(
		    text, sizeof(text), "%H:%M:%S", localtime_r(&now, &tm));
	fputs(text, f);
}

static void
put_heading(struct out *o, bool is_csv)
{
	FILE *f = o->file;

	if (!is_csv)
		out_colour(o, OUT_HEAD);
	fputs(is_csv ? "time" : "TIME    ", f);
	for (size_t i = 0; i < N_COLUMNS; i++)
		if (is_csv)
			fprintf(f, ",%s", columns[i].name);
		else
			fprintf(f, " %*s", columns[i].width, columns[i].head);
	if (!is_csv)
		out_colour(o, OUT_DEFAULT);
	putc('\n', f);
}

static void
put_line(FILE *f, const struct sample *now, const struct sample *before)
{
	char text[FIGURE_MAX];

	put_time(f, false);
	for (size_t i = 0; i < N_COLUMNS; i++)
		fprintf(f, " %*s", columns[i].width,
		    form_value(
			&columns[i], value_of(&columns[i], now, before), text));
	putc('\n', f);
}

/* Rates with one digit behind the point, gauges as they are. */
static void
put_plain(FILE *f, const struct sample *now, const struct sample *before,
    bool is_json)
{
	fputs(is_json ? "{\"time\":\"" : "", f);
	put_time(f, true);
	fputs(is_json ? "\"" : "", f);
	for (size_t i = 0; i < N_COLUMNS; i++) {
		const struct column *c = &columns[i];

		if (is_json)
			fprintf(f, ",\"%s\":", c->name);
		else
			putc(',', f);
		fprintf(f, "%.*f", c->counter < 0 ? 0 : 1,
		    value_of(c, now, before));
	}
	fputs(is_json ? "}\n" : "\n", f);
}

static void
print(struct cli *cli, const struct stat_conf *conf, int64_t n,
    const struct sample *now, const struct sample *before)
{
	struct out *o = &cli->out;

	if (!conf->is_json &&
	    (n == 0 || (n % HEADING_EVERY == 0 && !conf->is_csv)))
		put_heading(o, conf->is_csv);
	if (conf->is_csv || conf->is_json)
		put_plain(o->file, now, before, conf->is_json);
	else
		put_line(o->file, now, before);
	out_flush(o);
}

/* ---- line by line ---- */

static bool
take(struct cli *cli, struct sample *s, int *status)
{
	json_t *answer =
	    query_ask(cli, QUERY_INFO, "info", sample_request(), status);

	if (answer == NULL)
		return false;
	sample_read(s, answer, cli_now_us());
	json_decref(answer);
	return true;
}

/* A broker that was there may come back. */
static bool
may_return(int status)
{
	return status == CLI_NO_BROKER || status == CLI_TIMEOUT;
}

static int
run(struct cli *cli, const struct stat_conf *conf, struct sample *before)
{
	int64_t next_at = cli_now_ms(), n = 0;
	int status = CLI_REPLY;

	while (cli->out.why == 0 && (conf->count == 0 || n < conf->count)) {
		struct sample now;

		next_at += conf->interval_ms;
		if (!ask_idle_until(cli, next_at))
			break;
		if (!take(cli, &now, &status)) {
			if (!may_return(status))
				return status;
			before->at_us = 0;
			next_at = cli_now_ms();
			continue;
		}
		if (sample_follows(&now, before))
			print(cli, conf, n++, &now, before);
		*before = now;
	}
	return CLI_REPLY;
}

static int
stat(struct cli *cli, const struct args *args, const void *values)
{
	const struct stat_conf *conf = values;
	struct sample first;
	int status;

	(void)args;
	if (conf->is_csv && conf->is_json)
		return cli_usage(cli, "either --csv or --json, not both");
	if (!take(cli, &first, &status))
		return status;
	return run(cli, conf, &first);
}

const struct cmd cmd_stat = {
    .name = "stat",
    .args = "[OPTION ...]",
    .text = "Print a line of rates every second, of the whole broker",
    .more = "P50 and P99 are of times at workers since the start, or since "
	    "counters were reset.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = stat,
};
