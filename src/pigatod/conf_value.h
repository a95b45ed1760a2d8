/*
 * One value on its way: read from a word of the command line or from a
 * libconfig setting, checked against its row, then put into its slot
 * (conf_slot.h).
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

/* One text more, copied. 0; -EINVAL and why: too many; -ENOMEM. */
int conf_value_add(struct conf_value *v, const struct conf_row *row,
    const char *p, size_t n, struct conf_why *why);

/* Does it have texts, or a number? Any number of texts? */
bool conf_value_is_text(const struct conf_row *row);
bool conf_value_is_list(const struct conf_row *row);

#endif
