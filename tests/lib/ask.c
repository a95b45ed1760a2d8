/* Answers are parsed anew for each question: they are right as JSON, too. */
#include "ask.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static json_t *
answer(struct sim *s, const char *data)
{
	json_error_t err;
	json_t *got;
	bool ok;
	char *text = sim_ask(s, "$info", data, &ok);

	got = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &err);
	if (got == NULL)
		check_fail(__FILE__, __LINE__, "no JSON: %s", text);
	free(text);
	if (ok)
		return got;
	return json_pack("{s:o}", "error", got);
}

/* Gives what stands at the path. */
static json_t *
find(json_t *at, char *path)
{
	char *rest = NULL;

	for (char *name = strtok_r(path, ".", &rest); name != NULL;
	     name = strtok_r(NULL, ".", &rest)) {
		if (json_is_array(at) && strcmp(name, "n") == 0)
			return json_integer((json_int_t)json_array_size(at));
		if (json_is_array(at))
			at = json_array_get(at, strtoul(name, NULL, 10));
		else
			at = json_object_get(at, name);
	}
	return at == NULL ? json_null() : json_incref(at);
}

static void
want_line(json_t *all, char *line)
{
	char what[200], *value = strchr(line, '='), *got;
	json_t *at;

	CHECK(value != NULL);
	*value++ = '\0';
	snprintf(what, sizeof(what), "%s", line);
	at = find(all, line);
	got = json_dumps(at, JSON_COMPACT | JSON_ENCODE_ANY);
	check_text(__FILE__, __LINE__, what, got, value);
	free(got);
	json_decref(at);
}

void
ask_want(struct sim *s, const char *data, const char *lines)
{
	json_t *all = answer(s, data);
	char *copy = strdup(lines), *rest = NULL;

	CHECK(copy != NULL);
	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		want_line(all, line);
	free(copy);
	json_decref(all);
}
