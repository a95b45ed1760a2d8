/*
 * Commands line by line: at a terminal with an editor, a history and
 * completion, from elsewhere without.
 */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "cli/cli.h"

/* Until the end of its input, or quit; the exit status. */
int shell_run(struct cli *cli);

#endif
