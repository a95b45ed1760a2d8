/* services: names, and what becomes of their requests (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

static const struct args_option options[] = {
    QUERY_SERVICE(LIST_AT(service), "that one alone"),
    {.name = "prefix",
	.letter = 'p',
	.type = ARGS_TEXT,
	.at = LIST_AT(prefix),
	.arg = "TEXT",
	.want = "how names begin",
	.text = "those that begin so"},
    LIST_OPTIONS,
    {.name = NULL},
};

static const struct list_column columns[] = {
    {"SERVICE", "service", LIST_TEXT},
    {"WORKERS", "pool", LIST_COUNT},
    {"QUEUED", "queued", LIST_COUNT},
    {"IN FLIGHT", "in_flight", LIST_COUNT},
    {"REQUESTS", "requests", LIST_COUNT},
    {"ERRORS", "errors", LIST_COUNT},
    {"EXPIRED", "expired", LIST_COUNT},
    {"LOST", "lost", LIST_COUNT},
    {"WAIT P99", "queue_us.p99", LIST_US},
    {"P50", "worker_us.p50", LIST_US},
    {"P99", "worker_us.p99", LIST_US},
    {"PAUSED", "paused", LIST_TEXT},
    {NULL, "built_in", LIST_TEXT},
    {NULL, "workers", LIST_COUNT},
    {NULL, "draining", LIST_COUNT},
    {NULL, "served", LIST_COUNT},
    {NULL, "rejects", LIST_COUNT},
    {NULL, "retries", LIST_COUNT},
    {NULL, "returned", LIST_COUNT},
    {NULL, "no_worker", LIST_COUNT},
    {NULL, "cancelled", LIST_COUNT},
    {NULL, "in_bytes", LIST_BYTES},
    {NULL, "out_bytes", LIST_BYTES},
};

static const struct list list = {
    .cmd = "services",
    .name = "services",
    .column = columns,
    .n = sizeof(columns) / sizeof(columns[0]),
};

static int
services(struct cli *cli, const struct args *args, const void *conf)
{
	(void)args;
	return list_run(cli, &list, conf);
}

const struct cmd cmd_services = {
    .name = "services",
    .args = "[OPTION ...]",
    .text = "List the services, and what has become of their requests",
    .options = options,
    .defaults = &list_defaults,
    .size = sizeof(list_defaults),
    .is_admin = true,
    .run = services,
};
