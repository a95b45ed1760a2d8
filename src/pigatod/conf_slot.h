/* What a row of the table has in struct conf. */
#ifndef CONF_SLOT_H
#define CONF_SLOT_H

#include "pigatod/conf_value.h"

/* Moves v, and takes origin, into conf; what was there is freed. */
void conf_slot_put(struct conf *conf, const struct conf_row *row,
    struct conf_value *v, char *origin);

/* Moves the value of row from one conf to the other, with its origin. */
void conf_slot_swap(struct conf *a, struct conf *b, const struct conf_row *row);

/* A copy of what row has in from; to is empty there. 0 or -ENOMEM. */
int conf_slot_copy(
    struct conf *to, const struct conf *from, const struct conf_row *row);

/* As it stands in a file. */
void conf_write_value(
    FILE *f, const struct conf *conf, const struct conf_row *row);

/* What row has in conf. */
int64_t conf_slot_number(const struct conf *conf, const struct conf_row *row);
size_t conf_slot_n_texts(const struct conf *conf, const struct conf_row *row);
const char *conf_slot_text(
    const struct conf *conf, const struct conf_row *row, size_t i);

const char *const *conf_slot_texts(
    const struct conf *conf, const struct conf_row *row);

#endif
