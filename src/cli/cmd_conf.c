/* conf: the settings of a running broker, by $conf at its administrative end.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/near.h"

struct conf_conf {
	bool is_json;
};

static const struct conf_conf defaults;

static const struct args_option options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct conf_conf, is_json),
	.text = "the answer as indented JSON"},
    {.name = NULL},
};

/* ---- answers ---- */

static void
print_text(struct out *o, const char *text)
{
	out_bytes(o, text, strlen(text));
}

static void
print_value(struct out *o, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);

	if (text != NULL)
		out_json(o, text, strlen(text), false);
	free(text);
}

static const char *
member(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text != NULL ? text : "";
}

static void
print_setting(struct out *o, const json_t *row)
{
	out_colour(o, OUT_KEY);
	print_text(o, member(row, "name"));
	out_colour(o, OUT_DEFAULT);
	print_text(o, " = ");
	print_value(o, json_object_get(row, "value"));
	print_text(o, ";");
}

/* Lines as a settings file has them. */
static void
print_options(struct out *o, const json_t *answer)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(answer, "options"), i, row) {
		print_setting(o, row);
		print_text(o, "  # ");
		print_text(o, member(row, "source"));
		putc('\n', o->file);
	}
}

static void
print_changes(struct out *o, const json_t *answer)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(answer, "changed"), i, row) {
		print_setting(o, row);
		print_text(o, "  # was ");
		print_value(o, json_object_get(row, "old"));
		putc('\n', o->file);
	}
}

static void
print_written(struct out *o, const json_t *answer)
{
	fprintf(o->file, "%lld written\n",
	    (long long)json_integer_value(json_object_get(answer, "written")));
}

/* ---- questions ---- */

static json_t *
ask_get(const struct args *args)
{
	if (args->n_words == 1)
		return json_pack("{s:s}", "cmd", "get");
	return json_pack("{s:s,s:s}", "cmd", "get", "name", args->word[1]);
}

static json_t *
ask_set(const struct args *args)
{
	json_t *values = json_object();

	for (size_t i = 1; i + 1 < args->n_words; i += 2)
		json_object_set_new(
		    values, args->word[i], json_string(args->word[i + 1]));
	return json_pack("{s:s,s:o}", "cmd", "set", "values", values);
}

static json_t *
ask_plainly(const struct args *args)
{
	return json_pack("{s:s}", "cmd", args->word[0]);
}

static const struct deed {
	const char *name;
	size_t n_min, n_max; /* words behind it */
	bool in_pairs;
	const char *want;
	json_t *(*ask)(const struct args *args);
	void (*print)(struct out *o, const json_t *answer); /* NULL: nothing */
} deeds[] = {
    {"get", 0, 1, false, "conf get [NAME | PREFIX*]", ask_get, print_options},
    {"set", 2, 128, true, "conf set NAME VALUE ...", ask_set, print_changes},
    {"rewrite", 0, 0, false, "conf rewrite", ask_plainly, print_written},
    {"reload", 0, 0, false, "conf reload", ask_plainly, NULL},
    {"drain", 0, 0, false, "conf drain", ask_plainly, NULL},
};

#define N_DEEDS (sizeof(deeds) / sizeof(deeds[0]))

static const struct deed *
find_deed(struct cli *cli, const char *name)
{
	struct near near;
	const char *best;

	near_init(&near, name);
	for (size_t i = 0; i < N_DEEDS; i++) {
		if (strcmp(deeds[i].name, name) == 0)
			return &deeds[i];
		near_try(&near, deeds[i].name);
	}
	best = near_best(&near);
	cli_usage(cli, "%s is none of get, set, rewrite, reload, drain%s%s",
	    name, best != NULL ? "; the nearest is " : "",
	    best != NULL ? best : "");
	return NULL;
}

static bool
is_whole(const struct deed *deed, const struct args *args)
{
	size_t n = args->n_words - 1;

	return n >= deed->n_min && n <= deed->n_max &&
	       !(deed->in_pairs && n % 2 != 0);
}

/* ---- the command ---- */

static void
print(
    struct cli *cli, const struct ask *a, const struct deed *deed, bool is_json)
{
	json_t *answer;
	const char *data;
	size_t n;

	if (is_json) {
		data = pigato_response_data(a->end, &n);
		if (data != NULL)
			out_data(&cli->out, data, n, OUT_PRETTY);
		return;
	}
	answer = pigato_response_json(a->end);
	if (deed->print != NULL)
		deed->print(&cli->out, answer);
	json_decref(answer);
}

static int
ask(struct cli *cli, const struct deed *deed, const char *data, bool is_json)
{
	struct ask a = {
	    .service = "$conf",
	    .data = data,
	    .size = strlen(data),
	    .opts = PIGATO_REQUEST_OPTS,
	};
	int status;

	a.opts.failfast = true;
	if (cli_require_client(cli, &status) == NULL)
		return status;
	ask_run(cli, &a);
	status = ask_report(cli, &a);
	if (a.error == PIGATO_OK)
		print(cli, &a, deed, is_json);
	ask_clear(&a);
	return status;
}

static int
conf(struct cli *cli, const struct args *args, const void *values)
{
	const struct conf_conf *own = values;
	const struct deed *deed = find_deed(cli, args->word[0]);
	char *data = NULL;
	json_t *json;
	int status;

	if (deed == NULL)
		return CLI_USAGE;
	if (!is_whole(deed, args))
		return cli_usage(cli, "wanted: %s", deed->want);
	json = deed->ask(args);
	if (json != NULL)
		data = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (data == NULL)
		return cli_usage(cli, "names and values are UTF-8");
	status = ask(cli, deed, data, own->is_json);
	free(data);
	return status;
}

const struct cmd cmd_conf = {
    .name = "conf",
    .args = "get [NAME] | set NAME VALUE ... | rewrite | reload | drain",
    .text = "Show and change the settings of a running broker, or drain it",
    .more =
	"  get NAME        one option; PREFIX* for several; all without\n"
	"  set NAME VALUE  until the broker ends or reads its file again;\n"
	"                  all of them or none\n"
	"  rewrite         put into the broker's file what was set\n"
	"  reload          read that file again, as HUP does\n"
	"  drain           end when all accepted requests are answered, as by "
	"USR2\n",
    .words = "get set rewrite reload drain",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 1,
    .n_max = 129,
    .is_admin = true,
    .run = conf,
};
