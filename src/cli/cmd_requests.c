/* requests: what is in flight or waits (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

static const struct args_option options[] = {
    QUERY_WORKER(LIST_AT(worker), "those at that worker"),
    QUERY_SERVICE(
	LIST_AT(service), "those that wait in its queue, next one first"),
    {.name = "oldest",
	.type = ARGS_FLAG,
	.at = LIST_AT(is_oldest),
	.text = "those that arrived first"},
    QUERY_CLIENT(LIST_AT(client), "of that client, with --rid"),
    QUERY_RID(LIST_AT(rid), "that one alone"),
    LIST_OPTIONS,
    {.name = NULL},
};

static const struct list_column columns[] = {
    {"RID", "rid", LIST_TEXT},
    {"CLIENT", "client", LIST_TEXT},
    {"SERVICE", "service", LIST_TEXT},
    {"STATE", "state", LIST_TEXT},
    {"WORKER", "worker", LIST_TEXT},
    {"AGE", "age_ms", LIST_MS},
    {"SO FOR", "state_ms", LIST_MS},
    {"LEFT", "expires_ms", LIST_MS},
    {"GIVEN", "attempts", LIST_COUNT},
    {"REJECTS", "rejects", LIST_COUNT},
    {"BYTES", "bytes", LIST_BYTES},
    {NULL, "partials", LIST_TEXT},
    {NULL, "endpoint", LIST_TEXT},
    {NULL, "options.timeout_ms", LIST_MS},
    {NULL, "options.retry", LIST_TEXT},
    {NULL, "options.workerId", LIST_TEXT},
};

static const struct list list = {
    .cmd = "requests",
    .name = "requests",
    .column = columns,
    .n = sizeof(columns) / sizeof(columns[0]),
};

static int
requests(struct cli *cli, const struct args *args, const void *values)
{
	const struct list_conf *conf = values;

	(void)args;
	if (!query_has_both(cli, conf->client, conf->rid))
		return CLI_USAGE;
	return list_run(cli, &list, conf);
}

const struct cmd cmd_requests = {
    .name = "requests",
    .args = "[OPTION ...]",
    .text = "List the requests that are waiting or at workers",
    .options = options,
    .defaults = &list_defaults,
    .size = sizeof(list_defaults),
    .is_admin = true,
    .run = requests,
};
