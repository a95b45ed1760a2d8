/* The lines of former shells, in a file that is nobody else's to read. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include <histedit.h>

#include "cli/cli.h"

/* NULL: no memory. No file, or one that cannot be read, is an empty one. */
History *history_open(void);

/* A line that begins with a blank is not kept. */
void history_add(History *h, const char *line);

/* Writes the file, complains if it cannot, and frees h. */
void history_close(History *h, struct cli *cli);

#endif
