/*
 * Settings put into the text of a settings file, which stays as it was around
 * them: comments, order, layout.
 */
#ifndef CONF_EDIT_H
#define CONF_EDIT_H

#include "pigatod/conf.h"

/*
 * The text, which conf_parse() takes, with the values that conf has for the
 * rows marked in wanted; those it does not set are appended. Gives *edited, of
 * *n bytes, to be freed. 0 or -ENOMEM.
 */
int conf_edit(struct pgt_slice text, const struct conf *conf,
    const bool wanted[CONF_MAX_ROWS], char **edited, size_t *n);

#endif
