/* Settings written back into the file that they are from. */
#ifndef CONF_SAVE_H
#define CONF_SAVE_H

#include "pigatod/conf.h"

/* The origin of what conf_save() has to save. */
#define CONF_SAVE_ORIGIN "$conf"

/*
 * Write what conf has from CONF_SAVE_ORIGIN, where it differs, into the file
 * at path: all of it, or the file is as it was, whatever happens on the way.
 * 0, *n_written is the number of options changed, and their origins in conf
 * are lines of the file from now on; or a negative errno and err.
 */
int conf_save(struct conf *conf, const char *path, size_t *n_written,
    struct conf_error *err);

#endif
