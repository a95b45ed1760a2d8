/*
 * dir: what the broker's $dir says of services and their workers. A table for
 * people at a terminal, JSON for anybody else.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/table.h"
#include "cli/text.h"

struct dir_conf {
	bool is_json, is_names;
};

static const struct dir_conf defaults;

static const struct args_option options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct dir_conf, is_json),
	.text = "indented JSON, at a terminal as well"},
    {.name = "names",
	.type = ARGS_FLAG,
	.at = offsetof(struct dir_conf, is_names),
	.text = "the services alone, one a line"},
    {.name = NULL},
};

/* ---- the table ---- */

static void
add(struct table *t, const char *name, const char *id)
{
	table_add(t, name);
	table_add(t, id == NULL ? "" : id);
}

/* The name of a service stands before the first of its workers. */
static void
add_service(struct table *t, const char *name, const json_t *ids)
{
	const json_t *id;
	size_t i;

	if (json_array_size(ids) == 0)
		add(t, name, NULL);
	json_array_foreach (ids, i, id) {
		add(t, i == 0 ? name : "", json_string_value(id));
	}
}

static int
print_table(struct cli *cli, json_t *all)
{
	static const struct table_column columns[] = {
	    {"SERVICE", false}, {"WORKERS", false}};
	struct table *t = table_new(&cli->out, columns, 2);
	const char *name;
	json_t *ids;
	bool done;

	if (t == NULL)
		return cli_no_memory(cli);
	json_object_foreach (all, name, ids) {
		add_service(t, name, ids);
	}
	done = table_print(t, true);
	table_free(t);
	return done ? CLI_REPLY : cli_no_memory(cli);
}

static void
print_workers(struct out *o, const json_t *ids)
{
	const json_t *id;
	size_t i;

	json_array_foreach (ids, i, id) {
		const char *text = json_string_value(id);

		if (text != NULL)
			out_bytes(o, text, strlen(text));
		putc('\n', o->file);
	}
}

static void
print_names(struct out *o, json_t *all)
{
	const char *name;
	json_t *ids;

	json_object_foreach (all, name, ids) {
		out_bytes(o, name, strlen(name));
		putc('\n', o->file);
	}
}

/* ---- the answer ---- */

static int
odd_answer(struct cli *cli)
{
	cli_complain(cli, "$dir answers with something else than a directory");
	return CLI_ERROR;
}

static int
print_all(struct cli *cli, json_t *all, const struct dir_conf *conf)
{
	if (!json_is_object(all))
		return odd_answer(cli);
	if (!conf->is_names)
		return print_table(cli, all);
	print_names(&cli->out, all);
	return CLI_REPLY;
}

/* The status tells whether somebody serves it. */
static int
print_one(struct cli *cli, const json_t *ids, bool is_table)
{
	if (!json_is_array(ids))
		return odd_answer(cli);
	if (is_table && json_array_size(ids) > 0)
		print_workers(&cli->out, ids);
	return json_array_size(ids) > 0 ? CLI_REPLY : CLI_NO_WORKER;
}

static int
print(struct cli *cli, const struct ask *a, const char *service,
    const struct dir_conf *conf)
{
	struct out *o = &cli->out;
	bool is_table = o->is_terminal && !conf->is_json;
	json_t *json = pigato_response_json(a->end);
	int status = CLI_REPLY;
	const char *data;
	size_t n;

	if (!is_table && !conf->is_names) {
		data = pigato_response_data(a->end, &n);
		if (data != NULL)
			out_data(
			    o, data, n, conf->is_json ? OUT_PRETTY : OUT_LINE);
	}
	if (service != NULL)
		status = print_one(cli, json, is_table);
	else if (is_table || conf->is_names)
		status = print_all(cli, json, conf);
	json_decref(json);
	if (status == CLI_NO_WORKER && o->is_terminal)
		cli_complain(cli, "nobody serves %s", service);
	return status;
}

static int
dir(struct cli *cli, const struct args *args, const void *values)
{
	const struct dir_conf *conf = values;
	const char *service = args->n_words > 0 ? args->word[0] : NULL;
	struct ask a = {.service = "$dir", .opts = PIGATO_REQUEST_OPTS};
	struct text data = {NULL, 0};
	int status;

	if (service != NULL && service[0] == '\0')
		return cli_usage(cli, "a service has a name of some length");
	if (service != NULL && conf->is_names)
		return cli_usage(cli, "--names goes without SERVICE");
	if (service != NULL && !text_to_json(service, strlen(service), &data))
		return cli_no_memory(cli);
	a.data = data.p;
	a.size = data.n;
	a.opts.failfast = true;
	if (cli_require_client(cli, &status) != NULL) {
		ask_run(cli, &a);
		status = ask_report(cli, &a);
		if (a.error == PIGATO_OK)
			status = print(cli, &a, service, conf);
		ask_clear(&a);
	}
	free(data.p);
	return status;
}

const struct cmd cmd_dir = {
    .name = "dir",
    .args = "[SERVICE] [--json | --names]",
    .text = "List services and their workers, or the workers of one",
    .more = "At a terminal a table, elsewhere JSON. Exit status 5: nobody "
	    "serves SERVICE.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_max = 1,
    .service_at = 1,
    .run = dir,
};
