/* What operators ask a broker: JSON to its core services (PROTOCOL 11). */
#ifndef CLI_QUERY_H
#define CLI_QUERY_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/cli.h"

#define QUERY_INFO   "$info" /* tells */
#define QUERY_MANAGE "$info" /* changes: 11.7 */

/*
 * Sends {"cmd": cmd, …} with the members of `with`, which it takes, and gives
 * the answer, an object. NULL: told, and *status is set.
 */
json_t *query_ask(struct cli *cli, const char *service, const char *cmd,
    json_t *with, int *status);

/* The JSON text of such a request, to be freed; takes `with`. NULL: memory. */
char *query_text(const char *cmd, json_t *with);

/*
 * Adds a member, a name or id as the command line or an answer has it; NULL:
 * there is none. False: no memory.
 */
bool query_put(json_t *with, const char *key, const char *word);

/*
 * An object of such members; `members` ends with key NULL. NULL: no memory.
 */
struct query_member {
	const char *key, *word; /* word NULL: not said */
};
json_t *query_with(const struct query_member *members);

/*
 * Adds `data`, a request's data as the command line names it (input.h). False:
 * told.
 */
bool query_put_data(struct cli *cli, json_t *with, const char *word);

/* A member of an answer, NULL being a missing one or one of another type. */
const char *query_word(const json_t *object, const char *key);

#endif
