/* Interventions (PROTOCOL 11.7): a command, its members, a short answer. */
#ifndef CLI_MANAGE_H
#define CLI_MANAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"
#include "cli/query.h"

struct manage_conf {
	bool is_json;
};

/* A row of an options table, with a struct manage_conf as values. */
#define MANAGE_OPTIONS                                                         \
	{                                                                      \
		.name = "json", .letter = 'j', .type = ARGS_FLAG,              \
		.at = offsetof(struct manage_conf, is_json),                   \
		.text = "the answer as indented JSON"                          \
	}

/* Does it, and prints the answer; members end with key NULL. */
int manage_run(struct cli *cli, const char *cmd,
    const struct query_member *members, const struct manage_conf *conf);

/*
 * A deed is a word on the command line and a command on the wire. The one
 * that word names; NULL: there is none, and that was told.
 */
struct manage_deed {
	const char *word, *cmd;
};
const char *manage_find(struct cli *cli, const struct manage_deed *deeds,
    size_t n, const char *word);

#endif
