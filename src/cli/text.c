/*
 * What is JSON goes its way byte by byte; jansson only says whether it is. It
 * is asked to let pass what it could not hold: NUL, integers of any size.
 */
#include "cli/text.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"

#define LENIENT (JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL)

static const char replacement[] = "\xef\xbf\xbd";

bool
text_is_json(const char *p, size_t n, char *why, size_t n_why)
{
	json_error_t error;
	json_t *json = json_loadb(p, n, LENIENT, &error);

	if (json == NULL && why != NULL)
		snprintf(why, n_why, "line %d, column %d: %s", error.line,
		    error.column, error.text);
	json_decref(json);
	return json != NULL;
}

/* Gives a copy with nothing in it that is no UTF-8. */
static char *
clean(const char *p, size_t n, size_t *n_clean)
{
	char *copy = n > SIZE_MAX / 3 - 1 ? NULL : malloc(3 * n + 1);
	char *end = copy;
	uint32_t character;

	while (copy != NULL && n > 0) {
		size_t size = utf8_take(p, n, &character);
		size_t n_out = size > 0 ? size : sizeof(replacement) - 1;

		memcpy(end, size > 0 ? p : replacement, n_out);
		end += n_out;
		p += size > 0 ? size : 1;
		n -= size > 0 ? size : 1;
	}
	*n_clean = (size_t)(end - copy);
	return copy;
}

bool
text_to_json(const char *p, size_t n, struct text *json)
{
	size_t n_clean;
	char *copy = clean(p, n, &n_clean);
	json_t *string;

	if (copy == NULL)
		return false;
	string = json_stringn_nocheck(copy, n_clean);
	free(copy);
	json->p = string == NULL ? NULL : json_dumps(string, JSON_ENCODE_ANY);
	json_decref(string);
	if (json->p == NULL)
		return false;
	json->n = strlen(json->p);
	return true;
}

bool
text_of_json(const char *p, size_t n, struct text *text)
{
	json_t *json;

	text_trim(&p, &n);
	if (n == 0 || p[0] != '"')
		return false;
	json = json_loadb(p, n, LENIENT, NULL);
	text->p = NULL;
	if (json_is_string(json)) {
		text->n = json_string_length(json);
		text->p = malloc(text->n + 1);
		if (text->p != NULL)
			memcpy(text->p, json_string_value(json), text->n + 1);
	}
	json_decref(json);
	return text->p != NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
text_trim(const char **p, size_t *n)
{
	while (*n > 0 && is_blank(**p)) {
		++*p;
		--*n;
	}
	while (*n > 0 && is_blank((*p)[*n - 1]))
		--*n;
}
