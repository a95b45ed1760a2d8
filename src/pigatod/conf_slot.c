/*
 * Values move in and out whole: what a slot holds is freed by whoever takes
 * it out.
 */
#include "pigatod/conf_slot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
conf_slot_number(const struct conf *conf, const struct conf_row *row)
{
	return row->type == CONF_BOOL ? *(bool *)at(conf, row)
				      : *(int64_t *)at(conf, row);
}

size_t
conf_slot_n_texts(const struct conf *conf, const struct conf_row *row)
{
	if (conf_value_is_list(row))
		return *at_n(conf, row);
	return ((char **)at(conf, row))[0] == NULL ? 0 : 1;
}

const char *
conf_slot_text(const struct conf *conf, const struct conf_row *row, size_t i)
{
	return ((char **)at(conf, row))[i];
}

const char *const *
conf_slot_texts(const struct conf *conf, const struct conf_row *row)
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
		v.number = conf_slot_number(conf, row);
		return v;
	}
	v.n = conf_slot_n_texts(conf, row);
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
conf_slot_put(struct conf *conf, const struct conf_row *row,
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
conf_slot_copy(
    struct conf *to, const struct conf *from, const struct conf_row *row)
{
	const char *origin = from->origin[row - conf_table];
	struct conf_value v = {0};
	struct conf_why why;
	char *copy = NULL;
	int rc = 0;

	if (!conf_value_is_text(row))
		v.number = conf_slot_number(from, row);
	else
		for (size_t i = 0; rc == 0 && i < conf_slot_n_texts(from, row);
		     i++)
			rc = conf_value_add(&v, row,
			    conf_slot_text(from, row, i),
			    strlen(conf_slot_text(from, row, i)), &why);
	if (rc == 0 && origin != NULL) {
		copy = strdup(origin);
		rc = copy == NULL ? -ENOMEM : 0;
	}
	if (rc == 0)
		conf_slot_put(to, row, &v, copy);
	else
		conf_value_clear(&v);
	return rc;
}

void
conf_slot_swap(struct conf *a, struct conf *b, const struct conf_row *row)
{
	struct conf_value va = take(a, row), vb = take(b, row);
	size_t i = (size_t)(row - conf_table);
	char *origin = a->origin[i];

	give(a, row, &vb);
	give(b, row, &va);
	a->origin[i] = b->origin[i];
	b->origin[i] = origin;
}
