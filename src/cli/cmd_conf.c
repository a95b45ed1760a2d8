/* conf: the settings of a running broker, by $conf at its administrative end.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"
#include "cli/utf8.h"

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

/* A member that is text. */
static void
print_member(struct out *o, const json_t *row, const char *key)
{
	const char *text = query_word(row, key);

	if (text != NULL)
		print_text(o, text);
}

static void
print_setting(struct out *o, const json_t *row)
{
	out_colour(o, OUT_KEY);
	print_member(o, row, "name");
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
		print_member(o, row, "source");
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

/* ---- questions: their members; NULL: no memory ---- */

static json_t *
ask_get(const struct args *args)
{
	return query_with((const struct query_member[]){
	    {"name", args->n_words > 1 ? args->word[1] : NULL},
	    {NULL, NULL},
	});
}

static json_t *
ask_set(const struct args *args)
{
	json_t *values = json_object();
	int rc = 0;

	for (size_t i = 1; rc == 0 && i + 1 < args->n_words; i += 2)
		rc = json_object_set_new(
		    values, args->word[i], json_string(args->word[i + 1]));
	if (rc == 0)
		return json_pack("{s:o}", "values", values);
	json_decref(values);
	return NULL;
}

static json_t *
ask_plainly(const struct args *args)
{
	(void)args;
	return json_object();
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
    {"reset", 0, 0, false, "conf reset", ask_plainly, NULL},
};

/* name is one of cmd_conf's words. */
static const struct deed *
get_deed(const char *name)
{
	const struct deed *deed = deeds;

	while (strcmp(deed->name, name) != 0)
		deed++;
	return deed;
}

/* Is what stands behind the deed as it wants it? */
static bool
check(struct cli *cli, const struct deed *deed, const struct args *args)
{
	size_t n = args->n_words - 1;

	if (n < deed->n_min || n > deed->n_max ||
	    (deed->in_pairs && n % 2 != 0)) {
		cli_usage(cli, "wanted: %s", deed->want);
		return false;
	}
	for (size_t i = 1; i < args->n_words; i++)
		if (!utf8_is_text(args->word[i])) {
			cli_usage(cli, "%s: wanted: names and values in UTF-8",
			    args->word[i]);
			return false;
		}
	return true;
}

/* ---- the command ---- */

static int
conf(struct cli *cli, const struct args *args, const void *values)
{
	const struct sheet_conf *own = values;
	const struct deed *deed = get_deed(args->word[0]);
	json_t *with, *answer;
	int status;

	if (!check(cli, deed, args))
		return CLI_USAGE;
	with = deed->ask(args);
	if (with == NULL)
		return cli_no_memory(cli);
	answer = query_ask(cli, "$conf", deed->name, with, &status);
	if (answer == NULL)
		return status;
	if (own->is_json)
		sheet_json(&cli->out, answer);
	else if (deed->print != NULL)
		deed->print(&cli->out, answer);
	json_decref(answer);
	return CLI_REPLY;
}

const struct cmd cmd_conf = {
    .name = "conf",
    .args = "get [NAME] | set NAME VALUE ... | rewrite | reload | drain | "
	    "reset",
    .text = "Show and change the settings of a running broker, or drain it",
    .more =
	"  get NAME        one option; PREFIX* for several; all without\n"
	"  set NAME VALUE  until the broker ends or reads its file again;\n"
	"                  all of them or none\n"
	"  rewrite         put into the broker's file what was set\n"
	"  reload          read that file again, as HUP does\n"
	"  drain           end when all accepted requests are answered, as by "
	"USR2\n"
	"  reset           start the counters of info anew\n",
    .words = (const char *const[]){"get", "set", "rewrite", "reload", "drain",
	"reset", NULL},
    .is_choice = true,
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_min = 1,
    .n_max = 129,
    .is_admin = true,
    .run = conf,
};
