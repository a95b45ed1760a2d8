/*
 * route: which worker would get a request now, and why no other one
 * (PROTOCOL 11.5).
 */
#include <string.h>

#include "cli/cmd.h"
#include "cli/list.h"
#include "cli/query.h"
#include "cli/sheet.h"

struct route_conf {
	const char *worker, *client, *rid;
	bool is_json;
};

static const struct route_conf defaults;

#define AT(field) offsetof(struct route_conf, field)

static const struct args_option options[] = {
    QUERY_WORKER(AT(worker), "of a request for that worker alone"),
    QUERY_CLIENT(AT(client), "of a request that waits: this client's, …"),
    QUERY_RID(AT(rid), "… with that id; without SERVICE"),
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = AT(is_json),
	.text = "indented JSON"},
    {.name = NULL},
};

static const struct list_column worker_columns[] = {
    {"WORKER", "worker", LIST_TEXT},
    {"WHY", "why", LIST_TEXT},
    {"SERVICE", "service", LIST_TEXT},
    {"IN FLIGHT", "in_flight", LIST_COUNT},
    {"OF", "concurrency", LIST_COUNT},
};
static const struct list workers = {.column = worker_columns, .n = 5};

static const struct list_column name_columns[] = {
    {"PASSED OVER", "service", LIST_TEXT},
    {"WHY", "why", LIST_TEXT},
    {"WORKERS", "workers", LIST_COUNT},
};
static const struct list names = {.column = name_columns, .n = 3};

/* The verdict, in one line; what is true of the rest stands in its rows. */
static void
print_verdict(struct cli *cli, const json_t *answer)
{
	const char *worker = query_word(answer, "worker");
	const char *service = query_word(answer, "service");
	struct out *o = &cli->out;

	if (service == NULL)
		service = "";
	out_bytes(o, service, strlen(service));
	if (json_is_true(json_object_get(answer, "built_in"))) {
		fputs(": the broker itself\n", o->file);
		return;
	}
	if (json_is_true(json_object_get(answer, "kept"))) {
		fputs(": answered from the cache\n", o->file);
		return;
	}
	fputs(worker != NULL ? ": given to " : ": given to nobody", o->file);
	out_colour(o, OUT_KEY);
	if (worker != NULL)
		out_bytes(o, worker, strlen(worker));
	out_colour(o, OUT_DEFAULT);
	if (json_is_true(json_object_get(answer, "paused")))
		fputs(", it is paused", o->file);
	fprintf(o->file, ", %" JSON_INTEGER_FORMAT " in its queue\n",
	    json_integer_value(json_object_get(answer, "queued")));
}

static void
print_rows(struct cli *cli, const struct list *l, const json_t *rows)
{
	const struct list_conf conf = {0};

	if (json_array_size(rows) == 0)
		return;
	putc('\n', cli->out.file);
	list_print(cli, l, rows, &conf);
}

static int
show(struct cli *cli, const json_t *answer, bool is_json)
{
	if (is_json) {
		sheet_json(&cli->out, answer);
	} else {
		print_verdict(cli, answer);
		print_rows(cli, &workers, json_object_get(answer, "workers"));
		print_rows(cli, &names, json_object_get(answer, "passed_over"));
		if (json_is_true(json_object_get(answer, "more")))
			cli_note(cli, "there are more than are shown");
	}
	return query_word(answer, "worker") != NULL ||
		       json_is_true(json_object_get(answer, "built_in")) ||
		       json_is_true(json_object_get(answer, "kept"))
		   ? CLI_REPLY
		   : CLI_NO_WORKER;
}

static int
ask(struct cli *cli, const char *service, const char *data,
    const struct route_conf *conf)
{
	json_t *answer, *with = query_with((const struct query_member[]){
			    {"service", service},
			    {"workerId", conf->worker},
			    {"client", conf->client},
			    {"rid", conf->rid},
			    {NULL, NULL},
			});
	int status;

	if (with == NULL ||
	    json_object_set_new(with, "limit", json_integer(1000)) != 0) {
		json_decref(with);
		return cli_no_memory(cli);
	}
	status = service == NULL ? CLI_REPLY : query_put_data(cli, with, data);
	if (status != CLI_REPLY) {
		json_decref(with);
		return status;
	}
	answer = query_ask(cli, QUERY_INFO, "route", with, &status);
	if (answer != NULL)
		status = show(cli, answer, conf->is_json);
	json_decref(answer);
	return status;
}

static int
route(struct cli *cli, const struct args *args, const void *values)
{
	const struct route_conf *conf = values;
	bool is_pending = conf->client != NULL && conf->rid != NULL;

	if (!query_has_both(cli, conf->client, conf->rid))
		return CLI_USAGE;
	if (is_pending == (args->n_words > 0))
		return cli_usage(
		    cli, "wanted: either SERVICE, or --client and --rid");
	if (is_pending && conf->worker != NULL)
		return cli_usage(cli, "--worker goes with SERVICE");
	return ask(cli, is_pending ? NULL : args->word[0],
	    args->n_words > 1 ? args->word[1] : NULL, conf);
}

const struct cmd cmd_route = {
    .name = "route",
    .args = "SERVICE [DATA | - | @FILE] | --client ID --rid RID [OPTION ...]",
    .text = "Tell which worker would get a request now, and why no other one",
    .more = "DATA matters where the reply to it may be kept. Exit status 5: "
	    "nobody would get it.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_max = 2,
    .service_at = 1,
    .is_admin = true,
    .run = route,
};
