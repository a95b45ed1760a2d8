/* workers: who serves, and how it fares (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

static const struct args_option options[] = {
    QUERY_WORKER(LIST_AT(worker), "that one alone"),
    QUERY_SERVICE(LIST_AT(service), "those registered under that name"),
    LIST_OPTIONS,
    {.name = NULL},
};

static const struct list_column columns[] = {
    {"WORKER", "worker", LIST_TEXT},
    {"SERVICE", "service", LIST_TEXT},
    {"STATE", "state", LIST_TEXT},
    {"IN FLIGHT", "in_flight", LIST_COUNT},
    {"OF", "concurrency", LIST_COUNT},
    {"QUEUED", "queued", LIST_COUNT},
    {"SERVED", "served", LIST_COUNT},
    {"ERRORS", "errors", LIST_COUNT},
    {"P50", "worker_us.p50", LIST_US},
    {"P99", "worker_us.p99", LIST_US},
    {"SILENT", "silent_ms", LIST_MS},
    {"SINCE", "registered_ms", LIST_MS},
    {NULL, "ghosts", LIST_COUNT},
    {NULL, "requests", LIST_COUNT},
    {NULL, "rejects", LIST_COUNT},
    {NULL, "returned", LIST_COUNT},
    {NULL, "lost", LIST_COUNT},
    {NULL, "expired", LIST_COUNT},
    {NULL, "cancelled", LIST_COUNT},
    {NULL, "in_bytes", LIST_BYTES},
    {NULL, "out_bytes", LIST_BYTES},
};

static const struct list list = {
    .cmd = "workers",
    .name = "workers",
    .column = columns,
    .n = sizeof(columns) / sizeof(columns[0]),
};

static int
workers(struct cli *cli, const struct args *args, const void *conf)
{
	(void)args;
	return list_run(cli, &list, conf);
}

const struct cmd cmd_workers = {
    .name = "workers",
    .args = "[OPTION ...]",
    .text = "List the workers, what they do and what they have done",
    .options = options,
    .defaults = &list_defaults,
    .size = sizeof(list_defaults),
    .is_admin = true,
    .run = workers,
};
