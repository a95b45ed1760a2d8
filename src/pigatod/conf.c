/*
 * Settings are read into a struct of their own and take effect when all of
 * them are right: a start or a reload has either all of a file or none of it.
 */
#include "pigatod/conf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libconfig.h>
#include <stdlib.h>

#include "pigatod/conf_endpoint.h"
#include "pigatod/conf_error.h"
#include "pigatod/conf_file.h"
#include "pigatod/conf_scan.h"
#include "pigatod/conf_slot.h"

static const struct pgt_slice none = {NULL, 0};

static size_t
index_of(const struct conf_row *row)
{
	return (size_t)(row - conf_table);
}

/* ---- one value ---- */

int
conf_set(struct conf *conf, const struct conf_row *row, const char *text,
    const char *origin, struct conf_error *err)
{
	struct conf_value v;
	struct conf_why why;
	char *copy;
	int rc = conf_value_of_text(&v, row, text, &why);

	if (rc == -ENOMEM)
		return conf_no_memory(err);
	if (rc < 0)
		return conf_fail(err, origin, pgt_slice_of(row->name),
		    pgt_slice_of(text), "%s", why.text);
	copy = strdup(origin);
	if (copy == NULL) {
		conf_value_clear(&v);
		return conf_no_memory(err);
	}
	conf_slot_put(conf, row, &v, copy);
	return 0;
}

int
conf_init(struct conf *conf)
{
	struct conf_value v;
	struct conf_why why;
	int rc = 0;

	*conf = (struct conf){0};
	for (size_t i = 0; rc == 0 && i < conf_n_rows; i++) {
		rc = conf_value_of_text(
		    &v, &conf_table[i], conf_table[i].def, &why);
		if (rc == 0)
			conf_slot_put(conf, &conf_table[i], &v, NULL);
	}
	if (rc < 0)
		conf_clear(conf);
	return rc;
}

void
conf_clear(struct conf *conf)
{
	struct conf_value empty = {0};

	for (size_t i = 0; i < conf_n_rows; i++)
		conf_slot_put(conf, &conf_table[i], &empty, NULL);
	*conf = (struct conf){0};
}

int
conf_copy(struct conf *conf, const struct conf *from)
{
	int rc = 0;

	*conf = (struct conf){0};
	for (size_t i = 0; rc == 0 && i < conf_n_rows; i++)
		rc = conf_slot_copy(conf, from, &conf_table[i]);
	if (rc < 0)
		conf_clear(conf);
	return rc;
}

const char *
conf_origin(const struct conf *conf, const struct conf_row *row)
{
	const char *origin = conf->origin[index_of(row)];

	return origin == NULL ? "default" : origin;
}

bool
conf_is_equal(
    const struct conf *a, const struct conf *b, const struct conf_row *row)
{
	size_t n;

	if (!conf_value_is_text(row))
		return conf_slot_number(a, row) == conf_slot_number(b, row);
	n = conf_slot_n_texts(a, row);
	if (n != conf_slot_n_texts(b, row))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(conf_slot_text(a, row, i),
			conf_slot_text(b, row, i)) != 0)
			return false;
	return true;
}

/* ---- the file ---- */

struct reader {
	struct conf *conf;
	const char *file;
	struct conf_error *err;
	int set_at[CONF_MAX_ROWS]; /* the line; 0: not yet */
};

int
conf_unknown(const char *place, struct pgt_slice name, struct conf_error *err)
{
	const char *nearest = conf_nearest(name);

	if (nearest == NULL)
		return conf_fail(err, place, name, none, "no such option");
	return conf_fail(err, place, name, none,
	    "no such option; the nearest is %s", nearest);
}

/* What stands in the file, for an error; gives, or NULL. */
static char *
setting_text(const config_setting_t *s)
{
	char *text = NULL;
	int rc = -1;

	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		rc = asprintf(&text, "%lld", config_setting_get_int64(s));
		break;
	case CONFIG_TYPE_FLOAT:
		rc = asprintf(&text, "%g", config_setting_get_float(s));
		break;
	case CONFIG_TYPE_BOOL:
		return strdup(config_setting_get_bool(s) ? "true" : "false");
	case CONFIG_TYPE_STRING:
		rc = asprintf(&text, "\"%s\"", config_setting_get_string(s));
		break;
	case CONFIG_TYPE_GROUP:
		return strdup("{ ... }");
	case CONFIG_TYPE_ARRAY:
		return strdup("[ ... ]");
	default:
		return strdup("( ... )");
	}
	return rc < 0 ? NULL : text;
}

static int
refuse_setting(struct reader *rd, const struct conf_row *row,
    const config_setting_t *s, const char *place, const struct conf_why *why)
{
	char *text = setting_text(s);
	int rc;

	if (text == NULL)
		return conf_no_memory(rd->err);
	rc = conf_fail(rd->err, place, pgt_slice_of(row->name),
	    pgt_slice_of(text), "%s", why->text);
	free(text);
	return rc;
}

/* Takes place. */
static int
take_setting(struct reader *rd, const struct conf_row *row,
    const config_setting_t *s, char *place)
{
	int *set_at = &rd->set_at[index_of(row)];
	struct conf_value v;
	struct conf_why why;
	int rc;

	if (*set_at != 0) {
		rc = conf_fail(rd->err, place, pgt_slice_of(row->name), none,
		    "is set in line %d already", *set_at);
		free(place);
		return rc;
	}
	rc = conf_value_of_setting(&v, row, s, &why);
	if (rc == 0) {
		*set_at = (int)config_setting_source_line(s);
		conf_slot_put(rd->conf, row, &v, place);
		return 0;
	}
	rc = rc == -ENOMEM ? conf_no_memory(rd->err)
			   : refuse_setting(rd, row, s, place, &why);
	free(place);
	return rc;
}

static int
on_setting(struct reader *rd, const config_setting_t *s)
{
	struct pgt_slice name = pgt_slice_of(config_setting_name(s));
	const struct conf_row *row = conf_find(name);
	char *place = conf_place(rd->file, (int)config_setting_source_line(s));
	int rc;

	if (place == NULL)
		return conf_no_memory(rd->err);
	if (row != NULL)
		return take_setting(rd, row, s, place);
	rc = conf_unknown(place, name, rd->err);
	free(place);
	return rc;
}

static int
on_bad_syntax(struct reader *rd, const config_t *config)
{
	char *place = conf_place(rd->file, config_error_line(config));
	int rc;

	if (place == NULL)
		return conf_no_memory(rd->err);
	rc = conf_fail(rd->err, place, none, none, "%s%s",
	    config_error_text(config),
	    strcmp(config_error_text(config), "syntax error") == 0
		? " here or in the line before"
		: "");
	free(place);
	return rc;
}

/* text is ended by a zero. */
static int
read_settings(struct reader *rd, const char *text)
{
	const config_setting_t *root;
	config_t config;
	int rc = 0;

	config_init(&config);
	if (config_read_string(&config, text) != CONFIG_TRUE)
		rc = on_bad_syntax(rd, &config);
	root = config_root_setting(&config);
	for (int i = 0; rc == 0 && i < config_setting_length(root); i++)
		rc = on_setting(rd, config_setting_get_elem(root, (unsigned)i));
	config_destroy(&config);
	return rc;
}

int
conf_parse(struct conf *conf, struct pgt_slice text, const char *name,
    struct conf_error *err)
{
	struct reader rd = {.conf = conf, .file = name, .err = err};
	char *copy;
	int rc = conf_scan(text, name, err);

	if (rc < 0)
		return rc;
	copy = strndup(text.n > 0 ? text.p : "", text.n);
	if (copy == NULL)
		return conf_no_memory(err);
	rc = read_settings(&rd, copy);
	free(copy);
	return rc;
}

static int
parse_file(struct conf *conf, const char *path, struct conf_error *err)
{
	char *text = NULL;
	size_t n = 0;
	int rc = conf_file_read(path, &text, &n, err);

	if (rc < 0)
		return rc;
	rc = conf_parse(conf, (struct pgt_slice){text, n},
	    strcmp(path, "-") == 0 ? "standard input" : path, err);
	free(text);
	return rc;
}

/* ---- the command line ---- */

/* Behind an option's name: does the next argument belong to it? */
static bool
wants_next(const struct conf_row *row, const char *next)
{
	struct conf_value v;
	struct conf_why why;

	if (row->type != CONF_BOOL)
		return true;
	if (next == NULL || conf_value_of_text(&v, row, next, &why) < 0)
		return false;
	conf_value_clear(&v);
	return true;
}

int
conf_option(struct conf_args *args, int argc, char **argv, int *i,
    struct conf_error *err)
{
	static const char place[] = "command line";
	const char *word = argv[*i] + 2, *value = strchr(word, '=');
	struct pgt_slice name = pgt_slice_of(word);
	const struct conf_row *row;

	if (value != NULL)
		name = pgt_slice_head(name, (size_t)(value++ - word));
	row = conf_find(name);
	if (row == NULL)
		return conf_unknown(place, name, err);
	if (args->n == CONF_MAX_ARGS)
		return conf_fail(err, place, name, none, "too many options");
	++*i;
	if (value == NULL && wants_next(row, *i < argc ? argv[*i] : NULL)) {
		if (*i == argc)
			return conf_fail(
			    err, place, name, none, "has no value");
		value = argv[(*i)++];
	}
	args->arg[args->n].row = row;
	args->arg[args->n].value = value == NULL ? "true" : value;
	args->n++;
	return 0;
}

/* ---- all of it ---- */

int
conf_load(struct conf *conf, const char *path, const struct conf_args *args,
    struct conf_error *err)
{
	struct conf next;
	int rc = conf_init(&next);

	if (rc < 0)
		return conf_no_memory(err);
	if (path != NULL)
		rc = parse_file(&next, path, err);
	for (size_t i = 0; rc == 0 && i < args->n; i++)
		rc = conf_set(&next, args->arg[i].row, args->arg[i].value,
		    "command line", err);
	if (rc == 0)
		rc = conf_check(&next, err);
	if (rc == 0)
		*conf = next;
	else
		conf_clear(&next);
	return rc;
}

size_t
conf_reload(struct conf *conf, struct conf *next,
    const struct conf_row *stuck[CONF_MAX_ROWS])
{
	size_t n = 0;

	for (size_t i = 0; i < conf_n_rows; i++) {
		const struct conf_row *row = &conf_table[i];

		if (row->reload)
			conf_slot_swap(conf, next, row);
		else if (!conf_is_equal(conf, next, row))
			stuck[n++] = row;
	}
	return n;
}
