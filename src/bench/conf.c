/* An option is a row: its place in struct conf, its range and its sentence. */
#include "config.h"

#include "bench/conf.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pigato.h"

#define MAX_REQUESTS INT64_C(1000000000000)

enum conf_type {
	CONF_NUMBER, /* int64_t */
	CONF_REAL,   /* double */
	CONF_TEXT,   /* const char * */
	CONF_FLAG,   /* bool */
	CONF_POLICY, /* int64_t */
	CONF_HELP,   /* what is to be done instead */
	CONF_VERSION,
};

struct conf_row {
	const char *name;
	char letter; /* 0: none */
	enum conf_type type;
	size_t at; /* in struct conf */
	double min, max;
	const char *arg, *text;
};

#define AT(field) offsetof(struct conf, field)

static const struct conf_row rows[] = {
    {"endpoint", 'e', CONF_TEXT, AT(endpoints), 0, 0, "LIST",
	"brokers, with commas between them ($PIGATO_URL)"},
    {"policy", 0, CONF_POLICY, AT(policy), 0, 0, "failover|spread",
	"which of several brokers is asked (failover)"},
    {"clients", 'c', CONF_NUMBER, AT(clients), 1, 1000, "N",
	"clients, each in a thread of its own (1)"},
    {"depth", 'd', CONF_NUMBER, AT(depth), 1, CONF_DEPTH_MAX, "N",
	"requests each has in flight (100); with --rate: at most"},
    {"rate", 'r', CONF_REAL, AT(rate), 0.001, 1e7, "N",
	"requests a second of all clients, on schedule"},
    {"waves", 0, CONF_NUMBER, AT(waves), 1, CONF_DEPTH_MAX, "N",
	"N requests at once, N more when all are answered"},
    {"requests", 'n', CONF_NUMBER, AT(requests), 1, (double)MAX_REQUESTS, "N",
	"so many requests of all clients"},
    {"seconds", 's', CONF_REAL, AT(seconds), 0.01, 1e6, "S",
	"requests for so long (10)"},
    {"warmup", 0, CONF_REAL, AT(warmup), 0, 1e6, "S",
	"of the same before anything is measured (1)"},
    {"workers", 'w', CONF_NUMBER, AT(workers), 0, 1000, "N",
	"workers, each in a thread of its own (1); 0: others serve"},
    {"service", 0, CONF_TEXT, AT(service), 0, 0, "NAME",
	"theirs; it gives back what it gets"},
    {"concurrency", 0, CONF_NUMBER, AT(concurrency), -1, 1e9, "N",
	"requests that a worker takes at once; -1: no limit (-1)"},
    {"size", 0, CONF_NUMBER, AT(size), 2, 1 << 26, "BYTES",
	"of a request's data (64)"},
    {"partials", 0, CONF_NUMBER, AT(partials), 0, 1e6, "N",
	"partial replies to each request (0)"},
    {"cache", 0, CONF_NUMBER, AT(cache_ms), 0, 1e12, "MS",
	"how long workers let a broker keep replies; 0: not at all (0)"},
    {"nocache", 0, CONF_FLAG, AT(nocache), 0, 0, NULL,
	"requests that want no reply from a cache"},
    {"distinct", 0, CONF_NUMBER, AT(distinct), 1, 1e12, "N",
	"different contents of requests, in turn"},
    {"retry", 0, CONF_FLAG, AT(retry), 0, 0, NULL,
	"requests that go to another worker if theirs is lost"},
    {"timeout", 0, CONF_NUMBER, AT(timeout_ms), -1, 3.6e6, "MS",
	"of a request; -1: none (10000)"},
    {"wait", 0, CONF_REAL, AT(wait), 0.1, 3600, "S",
	"for the broker and the workers to be there (5)"},
    {"broker-pid", 0, CONF_TEXT, AT(pids_text), 0, 0, "PID,...",
	"whose CPU time to tell; else looked for in /proc"},
    {"csv", 0, CONF_FLAG, AT(csv), 0, 0, NULL,
	"figures as a line of names and one of values"},
    {"json", 0, CONF_FLAG, AT(json), 0, 0, NULL, "figures as JSON"},
    {"plot", 0, CONF_TEXT, AT(plot), 0, 0, "FILE.svg",
	"draw how latency is distributed"},
    {"quiet", 'q', CONF_FLAG, AT(quiet), 0, 0, NULL,
	"no line each second on a terminal"},
    {"help", 'h', CONF_HELP, 0, 0, 0, NULL, "print this"},
    {"version", 'V', CONF_VERSION, 0, 0, 0, NULL, "print the version"},
};

#define N_ROWS	    (sizeof(rows) / sizeof(rows[0]))
#define FIRST_VALUE 1000 /* of getopt; below are letters */

static const struct conf defaults = {
    .endpoints = PIGATO_DEFAULT_ENDPOINT,
    .clients = 1,
    .workers = 1,
    .concurrency = -1,
    .size = 64,
    .warmup = 1,
    .wait = 5,
    .timeout_ms = 10000,
};

int
conf_complain(const char *format, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	/* One line, whatever it quotes. */
	for (char *p = line; n > 0 && *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	fprintf(stderr, "pigato-benchmark: %s%s\n", n < 0 ? format : line,
	    n >= (int)sizeof(line) ? "..." : "");
	return -EINVAL;
}

/* ---- values ---- */

static int
read_number(const struct conf_row *row, const char *text, int64_t *v)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || (double)n < row->min ||
	    (double)n > row->max)
		return conf_complain("--%s %s: want a whole number, %.0f to "
				     "%.0f",
		    row->name, text, row->min, row->max);
	*v = n;
	return 0;
}

static int
read_real(const struct conf_row *row, const char *text, double *v)
{
	char *end;
	double d = strtod(text, &end);

	/* Neither nan, inf nor hexadecimal. */
	if (end == text || *end != '\0' ||
	    text[strspn(text, "0123456789.eE+-")] != '\0' || d < row->min ||
	    d > row->max)
		return conf_complain("--%s %s: want a number, %g to %.0f",
		    row->name, text, row->min, row->max);
	*v = d;
	return 0;
}

static int
read_policy(const struct conf_row *row, const char *text, int64_t *v)
{
	if (strcmp(text, "failover") == 0)
		*v = PIGATO_FAILOVER;
	else if (strcmp(text, "spread") == 0)
		*v = PIGATO_SPREAD;
	else
		return conf_complain(
		    "--%s %s: want failover or spread", row->name, text);
	return 0;
}

static int
read_text(const struct conf_row *row, const char *text, const char **v)
{
	if (text[0] == '\0')
		return conf_complain(
		    "--%s: want %s, not nothing", row->name, row->arg);
	*v = text;
	return 0;
}

static int
take(struct conf *c, const struct conf_row *row, const char *text)
{
	void *p = (char *)c + row->at;

	switch (row->type) {
	case CONF_NUMBER:
		return read_number(row, text, p);
	case CONF_REAL:
		return read_real(row, text, p);
	case CONF_TEXT:
		return read_text(row, text, p);
	case CONF_POLICY:
		return read_policy(row, text, p);
	case CONF_FLAG:
		*(bool *)p = true;
		return 0;
	case CONF_HELP:
		c->action = ACTION_HELP;
		return 0;
	case CONF_VERSION:
		c->action = ACTION_VERSION;
		return 0;
	}
	return 0;
}

/* ---- the command line ---- */

/* The table as getopt_long() wants it; shorts has room for two a row. */
static void
fill_getopt(struct option longs[N_ROWS + 1], char shorts[2 * N_ROWS + 2])
{
	*shorts++ = ':';
	for (size_t i = 0; i < N_ROWS; i++) {
		longs[i] = (struct option){
		    .name = rows[i].name,
		    .has_arg = rows[i].arg != NULL,
		    .val = (int)i + FIRST_VALUE,
		};
		if (rows[i].letter == 0)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg != NULL)
			*shorts++ = ':';
	}
	longs[N_ROWS] = (struct option){.name = NULL};
	*shorts = '\0';
}

static const struct conf_row *
find_row(int value)
{
	if (value >= FIRST_VALUE)
		return &rows[value - FIRST_VALUE];
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].letter == value)
			return &rows[i];
	return NULL;
}

static int
complain_of(int value, char **argv)
{
	const struct conf_row *row = optopt == 0 ? NULL : find_row(optopt);

	if (value == ':' && row != NULL)
		return conf_complain("--%s: want %s behind it: %s", row->name,
		    row->arg, row->text);
	if (row != NULL)
		return conf_complain("--%s: want nothing behind it", row->name);
	if (optopt != 0)
		return conf_complain(
		    "-%c: no such option; --help lists them", optopt);
	return conf_complain(
	    "%s: no such option; --help lists them", argv[optind - 1]);
}

int
conf_read(struct conf *c, int argc, char **argv)
{
	struct option longs[N_ROWS + 1];
	char shorts[2 * N_ROWS + 2];
	const char *url = getenv("PIGATO_URL");
	int value;

	*c = defaults;
	if (url != NULL && url[0] != '\0')
		c->endpoints = url;
	fill_getopt(longs, shorts);
	opterr = 0;
	while ((value = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (value == ':' || value == '?')
			return complain_of(value, argv);
		if (take(c, find_row(value), optarg) < 0)
			return -EINVAL;
	}
	if (optind < argc)
		return conf_complain("%s: want options only; a broker is "
				     "named by -e",
		    argv[optind]);
	return c->action == ACTION_RUN ? conf_complete(c) : 0;
}

void
conf_help(void)
{
	printf("usage: pigato-benchmark [options]\n\n"
	       "Sends requests to workers by a broker, and tells how long "
	       "the replies took.\n\n");
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct conf_row *row = &rows[i];
		char letter[4] = "  ", left[64];

		if (row->letter != 0)
			snprintf(letter, sizeof(letter), "-%c", row->letter);
		snprintf(left, sizeof(left), "--%s %s", row->name,
		    row->arg == NULL ? "" : row->arg);
		printf("  %s %-24s %s\n", letter, left, row->text);
	}
	printf("\nWithout options: one client with %d requests in flight, one "
	       "worker, %d seconds,\nthe broker of $PIGATO_URL or %s.\n",
	    CONF_DEPTH, CONF_SECONDS, PIGATO_DEFAULT_ENDPOINT);
}
