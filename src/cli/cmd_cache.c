/*
 * cache: the figures of the broker's reply cache, and flushing it. Figures are
 * lines for people at a terminal, JSON for anybody else.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cmd.h"

#define N_WORDS 3

struct cache_conf {
	bool is_json;
};

static const struct cache_conf defaults;

static const struct args_option options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct cache_conf, is_json),
	.text = "indented JSON, at a terminal as well"},
    {.name = NULL},
};

static void
print_figures(struct out *o, json_t *figures)
{
	const char *name;
	json_t *value;

	json_object_foreach (figures, name, value) {
		out_colour(o, OUT_KEY);
		fprintf(o->file, "%-12s", name);
		out_colour(o, OUT_DEFAULT);
		if (json_is_integer(value))
			fprintf(o->file, "%" JSON_INTEGER_FORMAT "\n",
			    json_integer_value(value));
		else
			fputs(json_is_true(value) ? "yes\n" : "no\n", o->file);
	}
}

static int
print(struct cli *cli, const struct ask *a, const struct cache_conf *conf)
{
	struct out *o = &cli->out;
	json_t *json;
	const char *data;
	size_t n;

	if (o->is_terminal && !conf->is_json) {
		json = pigato_response_json(a->end);
		print_figures(o, json);
		json_decref(json);
		return CLI_REPLY;
	}
	data = pigato_response_data(a->end, &n);
	if (data != NULL)
		out_data(o, data, n, conf->is_json ? OUT_PRETTY : OUT_LINE);
	return CLI_REPLY;
}

/* Gives the request's data, or NULL: out of memory, or a word is no text. */
static char *
request_of(const struct args *args)
{
	static const char *const names[N_WORDS] = {"cmd", "service", "data"};
	json_t *o = json_object();
	char *text = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < args->n_words && i < N_WORDS; i++)
		rc = json_object_set_new(
		    o, names[i], json_string(args->word[i]));
	if (rc == 0)
		text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static int
cache(struct cli *cli, const struct args *args, const void *values)
{
	const bool is_stats = strcmp(args->word[0], "stats") == 0;
	struct ask a = {.service = "$cache", .opts = PIGATO_REQUEST_OPTS};
	char *data;
	int status;

	if (!is_stats && strcmp(args->word[0], "flush") != 0)
		return cli_usage(cli, "%s: want stats or flush", args->word[0]);
	if (is_stats && args->n_words > 1)
		return cli_usage(cli, "stats goes without SERVICE");
	data = request_of(args);
	if (data == NULL)
		return cli_usage(cli, "SERVICE and DATA must be UTF-8");
	a.data = data;
	a.size = strlen(data);
	a.opts.failfast = true;
	if (cli_require_client(cli, &status) != NULL) {
		ask_run(cli, &a);
		status = ask_report(cli, &a);
		if (a.error == PIGATO_OK)
			status = print(cli, &a, values);
		ask_clear(&a);
	}
	free(data);
	return status;
}

const struct cmd cmd_cache = {
    .name = "cache",
    .args = "stats | flush [SERVICE [DATA]]",
    .text = "Tell of the broker's reply cache, or flush it",
    .more = "DATA is a request's data, JSON as it was sent: byte for byte.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 1,
    .n_max = N_WORDS,
    .run = cache,
};
