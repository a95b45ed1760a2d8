/* What operators ask a broker: JSON to its core services (PROTOCOL 11). */
#ifndef CLI_QUERY_H
#define CLI_QUERY_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/args.h"
#include "cli/ask.h"
#include "cli/cli.h"

#define QUERY_INFO   "$info" /* tells */
#define QUERY_MANAGE "$info" /* changes: 11.7 */

/*
 * Sends {"cmd": cmd, …} with the members of `with`, which it takes, and gives
 * the answer, an object. NULL: told, and *status is set.
 */
json_t *query_ask(struct cli *cli, const char *service, const char *cmd,
    json_t *with, int *status);

/*
 * Tells of a->error, in words for operators where there are such; the exit
 * status.
 */
int query_report(struct cli *cli, const struct ask *a);

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
 * Adds `data`, a request's data as the command line names it (input.h). The
 * exit status: CLI_REPLY, or it was told.
 */
int query_put_data(struct cli *cli, json_t *with, const char *word);

/*
 * Rows of options tables, for what operators name things by; at is where the
 * text goes, and text what it does there.
 */
#define QUERY_OPTION(name_, letter_, arg_, want_, at_, text_)                  \
	{                                                                      \
		.name = (name_), .letter = (letter_), .type = ARGS_TEXT,       \
		.at = (at_), .arg = (arg_), .want = (want_), .text = (text_)   \
	}
#define QUERY_WORKER(at, text)                                                 \
	QUERY_OPTION("worker", 'w', "ID", "the id of a worker", at, text)
#define QUERY_SERVICE(at, text)                                                \
	QUERY_OPTION("service", 's', "NAME", "the name of a service", at, text)
#define QUERY_CLIENT(at, text)                                                 \
	QUERY_OPTION("client", 'c', "ID", "the id of a client", at, text)
#define QUERY_RID(at, text)                                                    \
	QUERY_OPTION("rid", 0, "RID", "the id of a request", at, text)

/* A request has two names: told if there is but one of them. */
bool query_has_both(struct cli *cli, const char *client, const char *rid);

/* A member of an answer, NULL being a missing one or one of another type. */
const char *query_word(const json_t *object, const char *key);

#endif
