/*
 * One value on its way: read from a word of the command line or from a
 * libconfig setting, checked against its row, then put into struct conf.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <libconfig.h>

#include "pigatod/conf.h"

struct conf_value {
	int64_t number; /* of a CONF_BOOL too */
	size_t n;
	char *text[CONF_MAX_NAMES];
};

/* What would be right, where something is wrong. */
struct conf_why {
	char text[256];
};

/*
 * Read and check a value for row. 0 and gives a value, to be cleared or put;
 * -EINVAL and why; -ENOMEM.
 */
int conf_value_of_text(struct conf_value *v, const struct conf_row *row,
    const char *text, struct conf_why *why);
int conf_value_of_setting(struct conf_value *v, const struct conf_row *row,
    const config_setting_t *setting, struct conf_why *why);

void conf_value_clear(struct conf_value *v);

/* Moves v, and takes origin, into conf; what was there is freed. */
void conf_value_put(struct conf *conf, const struct conf_row *row,
    struct conf_value *v, char *origin);

/* Moves the value of row from one conf to the other, with its origin. */
void conf_value_swap(
    struct conf *a, struct conf *b, const struct conf_row *row);

/* A copy of what row has in from; to is empty there. 0 or -ENOMEM. */
int conf_value_copy(
    struct conf *to, const struct conf *from, const struct conf_row *row);

/* As it stands in a file. */
void conf_write_value(
    FILE *f, const struct conf *conf, const struct conf_row *row);

/* Does it have texts, or a number? Any number of texts? */
bool conf_value_is_text(const struct conf_row *row);
bool conf_value_is_list(const struct conf_row *row);

/* What row has in conf. */
int64_t conf_value_number(const struct conf *conf, const struct conf_row *row);
size_t conf_value_n_texts(const struct conf *conf, const struct conf_row *row);
const char *conf_value_text(
    const struct conf *conf, const struct conf_row *row, size_t i);

const char *const *conf_value_texts(
    const struct conf *conf, const struct conf_row *row);

#endif
