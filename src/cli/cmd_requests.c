/* requests: what is in flight or waits (PROTOCOL 11.4). */
#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"

struct requests_conf {
	struct list_conf list;
	const char *client, *rid, *worker, *service;
	bool is_oldest;
};

static const struct requests_conf defaults = {.list = LIST_DEFAULTS};

#define AT(field) offsetof(struct requests_conf, field)

static const struct args_option options[] = {
    {.name = "worker",
	.letter = 'w',
	.type = ARGS_TEXT,
	.at = AT(worker),
	.arg = "ID",
	.want = "the id of a worker",
	.text = "those at that worker"},
    {.name = "service",
	.letter = 's',
	.type = ARGS_TEXT,
	.at = AT(service),
	.arg = "NAME",
	.want = "the name of a service",
	.text = "those that wait in its queue, next one first"},
    {.name = "oldest",
	.type = ARGS_FLAG,
	.at = AT(is_oldest),
	.text = "those that arrived first"},
    {.name = "client",
	.letter = 'c',
	.type = ARGS_TEXT,
	.at = AT(client),
	.arg = "ID",
	.want = "the id of a client",
	.text = "of that client, with --rid"},
    {.name = "rid",
	.type = ARGS_TEXT,
	.at = AT(rid),
	.arg = "RID",
	.want = "the id of a request",
	.text = "that one alone"},
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

/* Gives what is asked for. NULL: no memory. */
static json_t *
filter(const struct requests_conf *conf)
{
	json_t *with = query_with((const struct query_member[]){
	    {"client", conf->client},
	    {"rid", conf->rid},
	    {"worker", conf->worker},
	    {"service", conf->service},
	    {NULL, NULL},
	});

	if (with == NULL || !conf->is_oldest ||
	    json_object_set_new(with, "oldest", json_true()) == 0)
		return with;
	json_decref(with);
	return NULL;
}

static int
requests(struct cli *cli, const struct args *args, const void *values)
{
	const struct requests_conf *conf = values;

	(void)args;
	if ((conf->client == NULL) != (conf->rid == NULL))
		return cli_usage(cli, "--client and --rid go together");
	if ((conf->rid != NULL) + (conf->worker != NULL) +
		(conf->service != NULL) + conf->is_oldest >
	    1)
		return cli_usage(cli, "one of --worker, --service, --oldest "
				      "and --rid, not several");
	return list_run(cli, &list, filter(conf), &conf->list);
}

const struct cmd cmd_requests = {
    .name = "requests",
    .args = "[OPTION ...]",
    .text = "List the requests that are waiting or at workers",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = requests,
};
