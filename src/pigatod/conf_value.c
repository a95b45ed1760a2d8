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

int
conf_value_add(struct conf_value *v, const struct conf_row *row, const char *p,
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
		int rc = conf_value_add(v, row, text, n, why);

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
	return conf_value_add(v, row, text, strlen(text), why);
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
		rc = conf_value_add(v, row, text, strlen(text), why);
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
			return conf_value_add(v, row, text, strlen(text), why);
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
