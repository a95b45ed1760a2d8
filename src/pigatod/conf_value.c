/*
 * A value is read whole and checked before the settings see it, so that a
 * wrong one never leaves half of itself behind.
 */
#include "pigatod/conf_value.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pigatod/conf_endpoint.h"

static int __attribute__((format(printf, 2, 3)))
wrong(struct conf_why *why, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(why->text, sizeof(why->text), format, ap);
	va_end(ap);
	return -EINVAL;
}

bool
conf_value_is_list(const struct conf_row *row)
{
	return row->type == CONF_ENDPOINTS || row->type == CONF_NAMES;
}

bool
conf_value_is_text(const struct conf_row *row)
{
	return row->type == CONF_TEXT || row->type == CONF_CHOICE ||
	       row->type == CONF_ENDPOINT || conf_value_is_list(row);
}

/* What a list is of. */
static const char *
things(const struct conf_row *row)
{
	return row->type == CONF_NAMES ? "names" : "addresses";
}

/* ---- checks ---- */

static int
check_number(const struct conf_row *row, int64_t n, struct conf_why *why)
{
	if ((n >= row->min && n <= row->max) || (row->none && n == -1))
		return 0;
	return wrong(why, "must be %" PRId64 " to %" PRId64 "%s%s", row->min,
	    row->max,
	    row->type == CONF_MS      ? " ms"
	    : row->type == CONF_BYTES ? " bytes"
				      : "",
	    row->none ? ", or -1 for none" : "");
}

static bool
is_choice(const struct conf_row *row, const char *text)
{
	for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
		if (strcmp(row->choices[i], text) == 0)
			return true;
	return false;
}

static int
refuse_choice(const struct conf_row *row, struct conf_why *why)
{
	size_t n;

	wrong(why, "must be one of");
	for (size_t i = 0; row->choices[i] != NULL; i++) {
		n = strlen(why->text);
		snprintf(why->text + n, sizeof(why->text) - n, "%s %s",
		    i == 0 ? "" : ",", row->choices[i]);
	}
	return -EINVAL;
}

static int
check_text(const struct conf_row *row, const char *text, struct conf_why *why)
{
	const char *what;

	for (const char *p = text; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			return wrong(why, "must not hold control characters");
	if (is_choice(row, text))
		return 0;
	if (row->type == CONF_CHOICE)
		return refuse_choice(row, why);
	if (row->type == CONF_NAMES && *text == '\0')
		return wrong(why, "must not hold empty names");
	if (row->type == CONF_TEXT || row->type == CONF_NAMES)
		return strlen(text) <= (size_t)row->max
			   ? 0
			   : wrong(why, "must have at most %" PRId64 " bytes",
				 row->max);
	what = conf_endpoint_check(text);
	return what == NULL ? 0 : wrong(why, "%s", what);
}

static int
check(const struct conf_row *row, const struct conf_value *v,
    struct conf_why *why)
{
	if (row->type == CONF_BOOL)
		return 0;
	if (!conf_value_is_text(row))
		return check_number(row, v->number, why);
	if (v->n == 0 && row->type != CONF_NAMES)
		return wrong(why, "must have at least one address");
	for (size_t i = 0; i < v->n; i++) {
		int rc = check_text(row, v->text[i], why);

		if (rc < 0)
			return rc;
		if (v->n > 1 && is_choice(row, v->text[i]))
			return wrong(why, "%s stands alone", v->text[i]);
	}
	return 0;
}

/* ---- reading ---- */

static int
add_text(struct conf_value *v, const struct conf_row *row, const char *p,
    size_t n, struct conf_why *why)
{
	size_t max = row->type == CONF_NAMES ? CONF_MAX_NAMES : CONF_MAX_BINDS;

	if (v->n == max)
		return wrong(why, "at most %zu %s", max, things(row));
	v->text[v->n] = strndup(p, n);
	if (v->text[v->n] == NULL)
		return -ENOMEM;
	v->n++;
	return 0;
}

static int
read_bool(const char *text, int64_t *n, struct conf_why *why)
{
	static const char *const words[] = {
	    "false", "true", "no", "yes", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0) {
			*n = (int64_t)(i & 1);
			return 0;
		}
	return wrong(why, "must be true or false");
}

/* The factor of K, M, G, T, also KB or KiB; 0: none of them. */
static int64_t
read_unit(const char *unit)
{
	static const char letters[] = "KMGT";
	const char *letter;

	if (unit[0] == '\0' || strcasecmp(unit, "B") == 0)
		return 1;
	letter = strchr(letters, toupper((unsigned char)unit[0]));
	if (letter == NULL ||
	    (unit[1] != '\0' && strcasecmp(unit + 1, "B") != 0 &&
		strcasecmp(unit + 1, "iB") != 0))
		return 0;
	return INT64_C(1) << (10 * (letter - letters + 1));
}

static int
read_number(const struct conf_row *row, const char *text, int64_t *result,
    struct conf_why *why)
{
	bool is_bytes = row->type == CONF_BYTES;
	int64_t unit = 1;
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (is_bytes && end != text)
		unit = read_unit(end);
	if (end == text || isspace((unsigned char)text[0]) || unit == 0 ||
	    (!is_bytes && *end != '\0'))
		return wrong(why, "must be a whole number%s",
		    is_bytes ? ", with K, M, G or T behind it if wanted" : "");
	if (errno != 0 || n > INT64_MAX / unit || n < INT64_MIN / unit)
		n = n < 0 ? INT64_MIN : INT64_MAX; /* the range will refuse */
	else
		n *= unit;
	*result = n;
	return 0;
}

/* With commas between them. */
static int
read_list(struct conf_value *v, const struct conf_row *row, const char *text,
    struct conf_why *why)
{
	if (row->type == CONF_NAMES && *text == '\0')
		return 0;
	for (;;) {
		size_t n = strcspn(text, ",");
		int rc = add_text(v, row, text, n, why);

		if (rc < 0 || text[n] == '\0')
			return rc;
		text += n + 1;
	}
}

static int
read_text(struct conf_value *v, const struct conf_row *row, const char *text,
    struct conf_why *why)
{
	if (row->type == CONF_BOOL)
		return read_bool(text, &v->number, why);
	if (!conf_value_is_text(row))
		return read_number(row, text, &v->number, why);
	if (conf_value_is_list(row))
		return read_list(v, row, text, why);
	return add_text(v, row, text, strlen(text), why);
}

static int
read_strings(struct conf_value *v, const struct conf_row *row,
    const config_setting_t *s, struct conf_why *why)
{
	int rc = 0, n = config_setting_length(s);

	for (int i = 0; rc == 0 && i < n; i++) {
		const char *text = config_setting_get_string_elem(s, i);

		if (text == NULL)
			return wrong(why, "must be %s in quotes", things(row));
		rc = add_text(v, row, text, strlen(text), why);
	}
	return rc;
}

static int
read_setting(struct conf_value *v, const struct conf_row *row,
    const config_setting_t *s, struct conf_why *why)
{
	int type = config_setting_type(s);
	const char *text =
	    type == CONFIG_TYPE_STRING ? config_setting_get_string(s) : NULL;

	if (row->type == CONF_BOOL) {
		if (type != CONFIG_TYPE_BOOL)
			return wrong(
			    why, "must be true or false, without quotes");
		v->number = config_setting_get_bool(s);
		return 0;
	}
	if (conf_value_is_text(row)) {
		if (text != NULL)
			return add_text(v, row, text, strlen(text), why);
		if (!conf_value_is_list(row))
			return wrong(why, "must be a text in quotes");
		if (type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST)
			return read_strings(v, row, s, why);
		return wrong(why,
		    "must be %s in quotes, or several "
		    "within [ ]",
		    row->type == CONF_NAMES ? "a name" : "an address");
	}
	if (text != NULL && row->type == CONF_BYTES)
		return read_number(row, text, &v->number, why);
	if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
		return wrong(why, "must be a whole number, without quotes");
	v->number = config_setting_get_int64(s);
	return 0;
}

static int
finish(struct conf_value *v, const struct conf_row *row, int rc,
    struct conf_why *why)
{
	if (rc == 0)
		rc = check(row, v, why);
	if (rc < 0)
		conf_value_clear(v);
	return rc;
}

int
conf_value_of_text(struct conf_value *v, const struct conf_row *row,
    const char *text, struct conf_why *why)
{
	*v = (struct conf_value){0};
	return finish(v, row, read_text(v, row, text, why), why);
}

int
conf_value_of_setting(struct conf_value *v, const struct conf_row *row,
    const config_setting_t *setting, struct conf_why *why)
{
	*v = (struct conf_value){0};
	return finish(v, row, read_setting(v, row, setting, why), why);
}

void
conf_value_clear(struct conf_value *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->text[i]);
	v->n = 0;
}

/* ---- in the settings ---- */

static void *
at(const struct conf *conf, const struct conf_row *row)
{
	return (char *)(uintptr_t)conf + row->at;
}

static size_t *
at_n(const struct conf *conf, const struct conf_row *row)
{
	return (size_t *)(void *)((char *)(uintptr_t)conf + row->at_n);
}

int64_t
conf_value_number(const struct conf *conf, const struct conf_row *row)
{
	return row->type == CONF_BOOL ? *(bool *)at(conf, row)
				      : *(int64_t *)at(conf, row);
}

size_t
conf_value_n_texts(const struct conf *conf, const struct conf_row *row)
{
	if (conf_value_is_list(row))
		return *at_n(conf, row);
	return ((char **)at(conf, row))[0] == NULL ? 0 : 1;
}

const char *
conf_value_text(const struct conf *conf, const struct conf_row *row, size_t i)
{
	return ((char **)at(conf, row))[i];
}

const char *const *
conf_value_texts(const struct conf *conf, const struct conf_row *row)
{
	return at(conf, row);
}

/* Moves it out; what is left holds nothing. */
static struct conf_value
take(struct conf *conf, const struct conf_row *row)
{
	struct conf_value v = {0};
	char **texts = at(conf, row);

	if (!conf_value_is_text(row)) {
		v.number = conf_value_number(conf, row);
		return v;
	}
	v.n = conf_value_n_texts(conf, row);
	for (size_t i = 0; i < v.n; i++) {
		v.text[i] = texts[i];
		texts[i] = NULL;
	}
	if (conf_value_is_list(row))
		*at_n(conf, row) = 0;
	return v;
}

/* Moves it in, where nothing is held. */
static void
give(struct conf *conf, const struct conf_row *row, struct conf_value *v)
{
	if (row->type == CONF_BOOL)
		*(bool *)at(conf, row) = v->number != 0;
	else if (!conf_value_is_text(row))
		*(int64_t *)at(conf, row) = v->number;
	for (size_t i = 0; i < v->n; i++)
		((char **)at(conf, row))[i] = v->text[i];
	if (conf_value_is_list(row))
		*at_n(conf, row) = v->n;
	v->n = 0;
}

void
conf_value_put(struct conf *conf, const struct conf_row *row,
    struct conf_value *v, char *origin)
{
	struct conf_value old = take(conf, row);
	char **place = &conf->origin[row - conf_table];

	conf_value_clear(&old);
	give(conf, row, v);
	free(*place);
	*place = origin;
}

int
conf_value_copy(
    struct conf *to, const struct conf *from, const struct conf_row *row)
{
	const char *origin = from->origin[row - conf_table];
	struct conf_value v = {0};
	struct conf_why why;
	char *copy = NULL;
	int rc = 0;

	if (!conf_value_is_text(row))
		v.number = conf_value_number(from, row);
	else
		for (size_t i = 0; rc == 0 && i < conf_value_n_texts(from, row);
		     i++)
			rc = add_text(&v, row, conf_value_text(from, row, i),
			    strlen(conf_value_text(from, row, i)), &why);
	if (rc == 0 && origin != NULL) {
		copy = strdup(origin);
		rc = copy == NULL ? -ENOMEM : 0;
	}
	if (rc == 0)
		conf_value_put(to, row, &v, copy);
	else
		conf_value_clear(&v);
	return rc;
}

void
conf_value_swap(struct conf *a, struct conf *b, const struct conf_row *row)
{
	struct conf_value va = take(a, row), vb = take(b, row);
	size_t i = (size_t)(row - conf_table);
	char *origin = a->origin[i];

	give(a, row, &vb);
	give(b, row, &va);
	a->origin[i] = b->origin[i];
	b->origin[i] = origin;
}
