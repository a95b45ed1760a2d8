/*
 * A change is made in a copy, which takes the place of what was in force when
 * all of it is right. What was is kept until the broker has heard of it.
 */
#include "pigatod/settings.h"

#include <errno.h>
#include <string.h>

#include "pigatod/conf_error.h"
#include "pigatod/conf_save.h"
#include "pigatod/conf_slot.h"
#include "pigatod/log.h"

int
settings_init(struct settings *s, struct conf *conf, const char *path,
    const struct conf_args *args)
{
	*s = (struct settings){.conf = conf, .path = path, .args = args};
	return conf_init(&s->defaults);
}

void
settings_forget(struct settings *s)
{
	conf_clear(&s->old);
	s->has_news = false;
}

void
settings_clear(struct settings *s)
{
	settings_forget(s);
	conf_clear(&s->defaults);
}

/* Takes what may change out of next, which becomes the old one. */
static void
adopt(struct settings *s, struct conf *next)
{
	const struct conf_row *stuck[CONF_MAX_ROWS];
	size_t n_stuck = conf_reload(s->conf, next, stuck);

	for (size_t i = 0; i < n_stuck; i++)
		log_warn("only a restart changes option=%s", stuck[i]->name);
	conf_clear(&s->old);
	s->old = *next;
	s->has_news = true;
}

int
settings_reload(struct settings *s, struct conf_error *err)
{
	const struct pgt_slice none = {NULL, 0};
	struct conf next;
	int rc;

	if (!conf_can_reread(s->path))
		return conf_fail(err, s->path, none, none,
		    "settings came by standard input or a pipe, which cannot "
		    "be read again");
	rc = conf_load(&next, s->path, s->args, err);
	if (rc == 0)
		adopt(s, &next);
	return rc;
}

/* ---- for $conf ---- */

static void
tell_value(struct settings *s, struct config_value *v, const struct conf *conf,
    const struct conf_row *row, size_t slot)
{
	*v = (struct config_value){.type = CONFIG_NUMBER};
	if (!conf_value_is_text(row)) {
		v->number = conf_slot_number(conf, row);
		if (row->type == CONF_BOOL)
			v->type = CONFIG_FLAG;
		return;
	}
	v->type = CONFIG_TEXT;
	v->n = conf_slot_n_texts(conf, row);
	s->text[slot] = conf_slot_text(conf, row, 0);
	v->text = &s->text[slot];
	if (!conf_value_is_list(row))
		return;
	v->type = CONFIG_TEXTS;
	v->text = conf_slot_texts(conf, row);
}

static void
host_get(void *arg, size_t i, struct config_option *o)
{
	struct settings *s = arg;
	const struct conf_row *row = &conf_table[i];

	o->name = row->name;
	o->source = conf_origin(s->conf, row);
	o->reloadable = row->reload;
	tell_value(s, &o->value, s->conf, row, 0);
	tell_value(s, &o->def, &s->defaults, row, 1);
}

static int
give_why(struct config_why *why, int rc, const struct conf_error *err)
{
	snprintf(why->text, sizeof(why->text), "%s", err->text);
	return rc;
}

static int
host_find(void *arg, const char *name, size_t *i, struct config_why *why)
{
	const struct conf_row *row = conf_find(pgt_slice_of(name));
	struct conf_error err = {""};

	(void)arg;
	if (row == NULL) {
		conf_unknown(CONF_SAVE_ORIGIN, pgt_slice_of(name), &err);
		return give_why(why, -ENOENT, &err);
	}
	*i = (size_t)(row - conf_table);
	return 0;
}

static int
set_one(struct conf *next, const struct config_change *change,
    struct conf_error *err)
{
	const struct conf_row *row = &conf_table[change->option];

	if (!row->reload)
		return conf_fail(err, CONF_SAVE_ORIGIN, pgt_slice_of(row->name),
		    pgt_slice_of(change->text),
		    "only a restart changes this option");
	return conf_set(next, row, change->text, CONF_SAVE_ORIGIN, err);
}

static int
host_set(void *arg, const struct config_change *change, size_t n,
    struct config_why *why)
{
	struct settings *s = arg;
	struct conf_error err = {""};
	struct conf next;
	int rc = conf_copy(&next, s->conf);

	if (rc < 0)
		return give_why(why, conf_no_memory(&err), &err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = set_one(&next, &change[i], &err);
	if (rc == 0)
		rc = conf_check(&next, &err);
	if (rc < 0) {
		conf_clear(&next);
		return give_why(why, rc, &err);
	}
	adopt(s, &next);
	return 0;
}

static int
host_rewrite(void *arg, size_t *n_written, struct config_why *why)
{
	struct settings *s = arg;
	struct conf_error err = {""};
	int rc;

	if (s->path == NULL) {
		snprintf(err.text, sizeof(err.text),
		    "the server was started without a file of settings");
		return give_why(why, -EINVAL, &err);
	}
	rc = conf_save(s->conf, s->path, n_written, &err);
	return rc < 0 ? give_why(why, rc, &err) : 0;
}

static int
host_reload(void *arg, struct config_why *why)
{
	struct conf_error err = {""};
	int rc = settings_reload(arg, &err);

	return rc < 0 ? give_why(why, rc, &err) : 0;
}

struct config_host
settings_host(struct settings *s)
{
	return (struct config_host){
	    .arg = s,
	    .n_options = conf_n_rows,
	    .get = host_get,
	    .find = host_find,
	    .set = host_set,
	    .rewrite = host_rewrite,
	    .reload = host_reload,
	};
}
