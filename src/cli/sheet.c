#include "cli/sheet.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/query.h"

const struct sheet_conf sheet_defaults;

const struct args_option sheet_options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct sheet_conf, is_json),
	.text = "the answer as indented JSON"},
    {.name = NULL},
};

static void put_value(struct out *o, const json_t *value);

static void
put_object(struct out *o, const json_t *object)
{
	const char *key, *before = "";
	json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		fputs(before, o->file);
		out_bytes(o, key, strlen(key));
		putc('=', o->file);
		put_value(o, value);
		before = ",";
	}
}

static void
put_array(struct out *o, const json_t *array)
{
	const json_t *value;
	size_t i;

	json_array_foreach (array, i, value) {
		if (i > 0)
			putc(',', o->file);
		put_value(o, value);
	}
}

static void
put_value(struct out *o, const json_t *value)
{
	char *text;

	if (json_is_string(value)) {
		out_bytes(
		    o, json_string_value(value), json_string_length(value));
		return;
	}
	if (json_is_object(value) || json_is_array(value)) {
		if (json_is_object(value))
			put_object(o, value);
		else
			put_array(o, value);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	if (text != NULL)
		out_bytes(o, text, strlen(text));
	free(text);
}

/* The lines are what programs read: a value has no end of line in it. */
void
sheet_print(struct out *o, const char *title, const json_t *object)
{
	struct out safe = *o;
	const char *key;
	json_t *value;

	safe.escapes = true;
	safe.is_utf8 = o->is_utf8 || !o->is_terminal;
	if (title != NULL) {
		out_colour(o, OUT_HEAD);
		fprintf(o->file, "# %c", toupper((unsigned char)title[0]));
		if (title[0] != '\0')
			out_bytes(&safe, title + 1, strlen(title + 1));
		out_colour(o, OUT_DEFAULT);
		putc('\n', o->file);
	}
	json_object_foreach ((json_t *)object, key, value) {
		out_colour(o, OUT_KEY);
		out_bytes(&safe, key, strlen(key));
		out_colour(o, OUT_DEFAULT);
		putc(':', o->file);
		put_value(&safe, value);
		putc('\n', o->file);
	}
}

void
sheet_print_all(struct out *o, const json_t *sections)
{
	const char *key;
	json_t *value;
	bool is_next = false;

	json_object_foreach ((json_t *)sections, key, value) {
		if (is_next)
			putc('\n', o->file);
		sheet_print(o, key, value);
		is_next = true;
	}
}

int
sheet_json(struct out *o, const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL)
		return CLI_ERROR;
	out_data(o, text, strlen(text), OUT_PRETTY);
	free(text);
	return CLI_REPLY;
}

int
sheet_ask(struct cli *cli, const char *service, const char *cmd, json_t *with,
    const struct sheet_conf *conf)
{
	int status;
	json_t *answer = query_ask(cli, service, cmd, with, &status);

	if (answer == NULL)
		return status;
	status = CLI_REPLY;
	if (conf->is_json)
		status = sheet_json(&cli->out, answer);
	else
		sheet_print(&cli->out, NULL, answer);
	json_decref(answer);
	return status;
}
