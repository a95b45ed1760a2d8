/* slowlog: the requests that took long or were large (PROTOCOL 11.6). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/manage.h"
#include "cli/query.h"

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
slowlog(struct cli *cli, const struct args *args, const void *values)
{
	const struct query_member none = {NULL, NULL};
	const struct list_conf *conf = values;
	const struct sheet_conf sheet = {.is_json = conf->is_json};

	if (args->n_words == 0)
		return list_run(cli, &list, conf);
	return manage_run(cli, "slowlog_reset", &none, &sheet);
}

const struct cmd cmd_slowlog = {
    .name = "slowlog",
    .args = "[reset] [OPTION ...]",
    .text = "List requests that took long or were large, youngest first",
    .more = "reset drops what the log has. Settings slowlog_time and "
	    "slowlog_size say what\ngets into it.\n",
    .words = (const char *const[]){"reset", NULL},
    .is_choice = true,
    .options = options,
    .defaults = &list_defaults,
    .size = sizeof(list_defaults),
    .n_max = 1,
    .is_admin = true,
    .run = slowlog,
};
