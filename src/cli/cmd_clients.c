/* clients: who asks (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

struct clients_conf {
	struct list_conf list;
	const char *client;
};

static const struct clients_conf defaults = {.list = LIST_DEFAULTS};

#define AT(field) offsetof(struct clients_conf, field)

static const struct args_option options[] = {
    {.name = "client",
	.letter = 'c',
	.type = ARGS_TEXT,
	.at = AT(client),
	.arg = "ID",
	.want = "the id of a client",
	.text = "that one alone"},
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
clients(struct cli *cli, const struct args *args, const void *values)
{
	const struct clients_conf *conf = values;
	const struct query_member with[] = {
	    {"client", conf->client},
	    {NULL, NULL},
	};

	(void)args;
	return list_run(cli, &list, query_with(with), &conf->list);
}

const struct cmd cmd_clients = {
    .name = "clients",
    .args = "[OPTION ...]",
    .text = "List the clients that the broker has seen lately",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = clients,
};
