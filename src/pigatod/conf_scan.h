/* What libconfig would take without a word and get wrong. */
#ifndef CONF_SCAN_H
#define CONF_SCAN_H

#include "pigatod/conf.h"

/*
 * Look through libconfig text for numbers that would be wrapped, texts that
 * would be cut, other files that would be read, texts and comments without
 * an end. name stands for the file. 0, or -EINVAL, -ENOMEM and err.
 */
int conf_scan(struct pgt_slice text, const char *name, struct conf_error *err);

#endif
