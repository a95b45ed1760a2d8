/* slowlog: the requests that took long or were large (PROTOCOL 11.6). */
#include <string.h>

#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/manage.h"
#include "cli/query.h"

static const struct list_conf defaults = {.limit = 1000};

static const struct args_option options[] = {
    LIST_OPTIONS,
    {.name = NULL},
};

static const struct list_column columns[] = {
    {"NUMBER", "number", LIST_COUNT},
    {"AGO", "ago_ms", LIST_MS},
    {"SERVICE", "service", LIST_TEXT},
    {"END", "end", LIST_TEXT},
    {"WAITED", "queue_us", LIST_US},
    {"AT WORKER", "worker_us", LIST_US},
    {"IN", "in_bytes", LIST_BYTES},
    {"OUT", "out_bytes", LIST_BYTES},
    {"GIVEN", "attempts", LIST_COUNT},
    {"WORKER", "worker", LIST_TEXT},
    {"CLIENT", "client", LIST_TEXT},
    {"RID", "rid", LIST_TEXT},
};

static const struct list list = {
    .cmd = "slowlog",
    .name = "slowlog",
    .column = columns,
    .n = sizeof(columns) / sizeof(columns[0]),
};

static int
reset(struct cli *cli, const struct list_conf *conf)
{
	const struct query_member none = {NULL, NULL};
	const struct manage_conf manage = {.is_json = conf->is_json};

	return manage_run(cli, "slowlog_reset", &none, &manage);
}

static int
slowlog(struct cli *cli, const struct args *args, const void *values)
{
	const struct list_conf *conf = values;

	if (args->n_words == 0)
		return list_run(cli, &list, json_object(), conf);
	if (strcmp(args->word[0], "reset") == 0)
		return reset(cli, conf);
	return cli_usage(
	    cli, "%s is nothing to do with it; wanted: reset", args->word[0]);
}

const struct cmd cmd_slowlog = {
    .name = "slowlog",
    .args = "[reset] [OPTION ...]",
    .text = "List requests that took long or were large, youngest first",
    .more = "reset drops what the log has. Settings slowlog_time and "
	    "slowlog_size say what\ngets into it.\n",
    .words = "reset",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_max = 1,
    .is_admin = true,
    .run = slowlog,
};
