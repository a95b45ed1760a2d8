/* cache: the figures of the broker's reply cache, and flushing it. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"

struct cache_conf {
	bool is_json;
};

static const struct cache_conf defaults;

static const struct args_option options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct cache_conf, is_json),
	.text = "indented JSON"},
    {.name = NULL},
};

/* NULL: told. */
static json_t *
members_of(struct cli *cli, const struct args *args)
{
	json_t *with = query_with((const struct query_member[]){
	    {"service", args->n_words > 1 ? args->word[1] : NULL},
	    {NULL, NULL},
	});

	if (with == NULL)
		cli_usage(cli, "out of memory");
	if (with == NULL || args->n_words < 3 ||
	    query_put_data(cli, with, args->word[2]))
		return with;
	json_decref(with);
	return NULL;
}

static int
cache(struct cli *cli, const struct args *args, const void *values)
{
	const struct cache_conf *conf = values;
	const char *cmd = args->word[0];
	json_t *with, *answer;
	int status;

	if (strcmp(cmd, "stats") != 0 && strcmp(cmd, "flush") != 0)
		return cli_usage(cli, "%s: wanted: stats or flush", cmd);
	if (strcmp(cmd, "stats") == 0 && args->n_words > 1)
		return cli_usage(cli, "stats goes without SERVICE");
	with = members_of(cli, args);
	if (with == NULL)
		return CLI_USAGE;
	answer = query_ask(cli, "$cache", cmd, with, &status);
	if (answer == NULL)
		return status;
	sheet_answer(&cli->out, answer, conf->is_json);
	json_decref(answer);
	return CLI_REPLY;
}

const struct cmd cmd_cache = {
    .name = "cache",
    .args = "stats | flush [SERVICE [DATA | - | @FILE]] [--json]",
    .text = "Tell of the broker's reply cache, or flush it",
    .more = "DATA is a request's data, JSON as it was sent: byte for byte.\n",
    .words = "stats flush",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 1,
    .n_max = 3,
    .service_at = 2,
    .is_admin = true,
    .run = cache,
};
