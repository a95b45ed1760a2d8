/*
 * An option is --name VALUE, --name=VALUE, -l VALUE or -lVALUE. A minus with a
 * digit behind it is a number and no option: -1 is JSON.
 */
#include "cli/args.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/near.h"

/* Where we are. */
struct cursor {
	char **argv;
	size_t n, i;
};

/* An option as it was found. */
struct found {
	const struct args_option *option;
	void *value;
	const char *text; /* its value, where it stands in the same word */
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct args *a, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(a->why, sizeof(a->why), format, ap);
	va_end(ap);
	return false;
}

static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' &&
	       !isdigit((unsigned char)word[1]) && word[1] != '.';
}

/* ---- which one ---- */

static bool
has_name(const struct args_option *o, const char *name, size_t n)
{
	return strlen(o->name) == n && memcmp(o->name, name, n) == 0;
}

/* A word after its minus signs; letter: there was but one of them. */
static bool
find(const struct args *a, const char *word, bool letter, struct found *found)
{
	size_t n = letter ? 1 : strcspn(word, "=");

	for (size_t t = 0; t < ARGS_TABLES; t++) {
		const struct args_option *o = a->table[t].options;

		for (; o != NULL && o->name != NULL; o++) {
			if (letter ? o->letter != word[0]
				   : !has_name(o, word, n))
				continue;
			found->option = o;
			found->value = (char *)a->table[t].values + o->at;
			found->text = word[n] == '\0' ? NULL : word + n;
			if (found->text != NULL && !letter)
				found->text++;
			return true;
		}
	}
	return false;
}

static bool
no_such_option(struct args *a, const char *word)
{
	int n = (int)strcspn(word, "=");
	struct near near;
	const char *best;

	near_init(&near, word + strspn(word, "-"));
	for (size_t t = 0; t < ARGS_TABLES; t++) {
		const struct args_option *o = a->table[t].options;

		for (; o != NULL && o->name != NULL; o++)
			near_try(&near, o->name);
	}
	best = near_best(&near);
	if (best == NULL)
		return wrong(
		    a, "no such option: %.*s; --help tells which", n, word);
	return wrong(
	    a, "no such option: %.*s; the nearest is --%s", n, word, best);
}

/* ---- its value ---- */

static bool
take_number(struct args *a, const struct found *f)
{
	const struct args_option *o = f->option;
	long long number;
	char *end;

	errno = 0;
	number = strtoll(f->text, &end, 10);
	if (end != f->text && *end == '\0' && errno == 0 &&
	    !isspace((unsigned char)f->text[0]) && number >= o->min &&
	    number <= o->max) {
		*(int64_t *)f->value = number;
		return true;
	}
	return wrong(a, "--%s is %s; wanted: %s", o->name, f->text, o->want);
}

static bool
take_seconds(struct args *a, const struct found *f)
{
	const struct args_option *o = f->option;
	char *end;
	double ms = strtod(f->text, &end) * 1000;

	if (end != f->text && *end == '\0' && isdigit((unsigned char)end[-1]) &&
	    !isspace((unsigned char)f->text[0]) && ms >= (double)o->min &&
	    ms <= (double)o->max) {
		*(int64_t *)f->value = (int64_t)(ms + 0.5);
		return true;
	}
	return wrong(a, "--%s is %s; wanted: %s", o->name, f->text, o->want);
}

static bool
take_value(struct args *a, struct cursor *c, struct found *f)
{
	const struct args_option *o = f->option;

	if (o->type == ARGS_FLAG || o->type == ARGS_COMMAND) {
		if (f->text != NULL)
			return wrong(a, "--%s takes no value", o->name);
		*(bool *)f->value = true;
		a->is_command = o->type == ARGS_COMMAND;
		return true;
	}
	if (f->text == NULL && c->i < c->n)
		f->text = c->argv[c->i++];
	if (f->text == NULL || f->text[0] == '\0')
		return wrong(a, "--%s wants a value: %s", o->name, o->want);
	if (o->type == ARGS_NUMBER)
		return take_number(a, f);
	if (o->type == ARGS_SECONDS)
		return take_seconds(a, f);
	*(const char **)f->value = f->text;
	return true;
}

/* The next word is an option. */
static bool
take_option(struct args *a, struct cursor *c)
{
	char *word = c->argv[c->i++];
	bool letter = word[1] != '-';
	struct found found;

	if (!find(a, word + (letter ? 1 : 2), letter, &found))
		return no_such_option(a, word);
	if (letter && found.option->type == ARGS_FLAG && found.text != NULL)
		return wrong(a, "%s: letters stand alone: -%c", word, word[1]);
	return take_value(a, c, &found);
}

/* ---- all of them ---- */

static void
take_rest(struct args *a, struct cursor *c, bool may_rest)
{
	c->i++;
	a->has_rest = may_rest;
	if (may_rest) {
		a->rest = c->argv + c->i;
		a->n_rest = c->n - c->i;
		return;
	}
	while (c->i < c->n)
		a->word[a->n_words++] = c->argv[c->i++];
}

bool
args_parse(struct args *a, size_t n, char **argv, bool may_rest)
{
	struct cursor c = {argv, n, 0};

	a->word = argv;
	a->n_words = a->n_rest = 0;
	a->has_rest = false;
	while (c.i < n) {
		if (strcmp(argv[c.i], "--") == 0) {
			take_rest(a, &c, may_rest);
			break;
		}
		if (!is_option(argv[c.i]))
			a->word[a->n_words++] = argv[c.i++];
		else if (!take_option(a, &c))
			return false;
	}
	return true;
}

bool
args_parse_leading(struct args *a, size_t n, char **argv, size_t *taken)
{
	struct cursor c = {argv, n, 0};

	a->is_command = false;
	while (c.i < n && is_option(argv[c.i]) && !a->is_command)
		if (!take_option(a, &c))
			return false;
	*taken = c.i;
	return true;
}
