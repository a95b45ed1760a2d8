/* clients: who asks (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

static const struct args_option options[] = {
    QUERY_CLIENT(LIST_AT(client), "that one alone"),
    LIST_OPTIONS,
    {.name = NULL},
};

static const struct list_column columns[] = {
    {"CLIENT", "client", LIST_TEXT},
    {"IN FLIGHT", "in_flight", LIST_COUNT},
    {"SENT", "sent", LIST_COUNT},
    {"IDLE", "idle_ms", LIST_MS},
    {"WORKER, TOO", "is_worker", LIST_TEXT},
    {"AT", "endpoint", LIST_TEXT},
};

static const struct list list = {
    .cmd = "clients",
    .name = "clients",
    .column = columns,
    .n = sizeof(columns) / sizeof(columns[0]),
};

static int
clients(struct cli *cli, const struct args *args, const void *conf)
{
	(void)args;
	return list_run(cli, &list, conf);
}

const struct cmd cmd_clients = {
    .name = "clients",
    .args = "[OPTION ...]",
    .text = "List the clients that the broker has seen lately",
    .options = options,
    .defaults = &list_defaults,
    .size = sizeof(list_defaults),
    .is_admin = true,
    .run = clients,
};
