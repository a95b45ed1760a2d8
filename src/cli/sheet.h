/*
 * An answer as lines name:value, a section under a heading, as redis-cli has
 * made operators and their scripts used to; for people and programs alike.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/args.h"
#include "cli/cli.h"

/* One section; title NULL: without a heading. */
void sheet_print(struct out *o, const char *title, const json_t *object);

/* A list of sections: each member of it is one, with an empty line between. */
void sheet_print_all(struct out *o, const json_t *sections);

/* The options of commands that have no others, and their values. */
struct sheet_conf {
	bool is_json;
};
extern const struct args_option sheet_options[];
extern const struct sheet_conf sheet_defaults;

/*
 * Asks as query_ask() does, taking `with`, and prints the answer as lines, or
 * as indented JSON; the exit status.
 */
int sheet_ask(struct cli *cli, const char *service, const char *cmd,
    json_t *with, const struct sheet_conf *conf);

/* JSON indented, with an end of line; the exit status. */
int sheet_json(struct out *o, const json_t *json);

#endif
