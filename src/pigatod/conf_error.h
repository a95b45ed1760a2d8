/* How the other conf_ files say what is wrong. */
#ifndef CONF_ERROR_H
#define CONF_ERROR_H

#include "pigatod/conf.h"

/* "file:line"; gives, or NULL for want of memory. */
char *conf_place(const char *name, int line);

/*
 * "place: option = value: what would be right" into err. option and value
 * are made printable and cut where they are long; value.p NULL leaves it
 * out, option.p NULL both. Returns -EINVAL.
 */
int conf_fail(struct conf_error *err, const char *place,
    struct pgt_slice option, struct pgt_slice value, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Returns -ENOMEM. */
int conf_no_memory(struct conf_error *err);

#endif
