/* The bytes of a settings file. */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include "pigatod/conf.h"

/*
 * Read path, "-" being standard input. 0 and gives text, ended by a zero
 * that *n does not count, to be freed; a negative errno and err.
 */
int conf_file_read(
    const char *path, char **text, size_t *n, struct conf_error *err);

#endif
