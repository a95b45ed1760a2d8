/* A request's data as it is named on the command line. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/text.h"

/*
 * Gives JSON, to be freed, of word: the data itself, - for standard input,
 * @FILE for a file; NULL: null. is_text: what it is becomes a JSON string.
 * The exit status: CLI_REPLY, or what is wrong was told.
 */
int input_read(
    struct cli *cli, const char *word, bool is_text, struct text *json);

#endif
