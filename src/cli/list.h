/*
 * Lists that brokers keep (PROTOCOL 11.4): asked for step by step, printed as
 * a table for people, as columns for programs, or as JSON.
 */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/cli.h"

enum list_form { LIST_TEXT, LIST_COUNT, LIST_BYTES, LIST_MS, LIST_US };

struct list_column {
	const char *head; /* for people; NULL: for programs only */
	const char *at;	  /* where it is in a row: a member, or member.member */
	enum list_form form;
};

struct list {
	const char *cmd; /* the command, … */
	const char *name; /* … and the member of its answer that has the rows */
	const struct list_column *column;
	size_t n;
};

/* What a list may be asked for; each command offers some of it. */
struct list_conf {
	const char *worker, *service, *prefix, *client, *rid;
	bool is_oldest;
	int64_t limit; /* 0: no limit */
	bool is_json, is_names, is_bare;
};

#define LIST_AT(field) offsetof(struct list_conf, field)

extern const struct list_conf list_defaults;

/* Rows of an options table: what every list has. */
#define LIST_OPTIONS                                                           \
	{.name = "limit",                                                      \
	    .letter = 'n',                                                     \
	    .type = ARGS_NUMBER,                                               \
	    .at = LIST_AT(limit),                                              \
	    .arg = "N",                                                        \
	    .want = "rows, 0 for all",                                         \
	    .min = 0,                                                          \
	    .max = 1000000000,                                                 \
	    .text = "at most so many rows (1000); 0: all"},                    \
	    {.name = "json",                                                   \
		.letter = 'j',                                                 \
		.type = ARGS_FLAG,                                             \
		.at = LIST_AT(is_json),                                        \
		.text = "all that is known, as indented JSON"},                \
	    {.name = "names",                                                  \
		.type = ARGS_FLAG,                                             \
		.at = LIST_AT(is_names),                                       \
		.text = "the first column alone, one a line"},                 \
	{                                                                      \
		.name = "bare", .type = ARGS_FLAG, .at = LIST_AT(is_bare),     \
		.text = "without the heading"                                  \
	}

/* Asks for what conf wants of it, and prints. The exit status. */
int list_run(
    struct cli *cli, const struct list *l, const struct list_conf *conf);

/* Prints rows that are there already. False: no memory. */
bool list_print(struct cli *cli, const struct list *l, const json_t *rows,
    const struct list_conf *conf);

/* A member, or member.member and so on. Borrowed; NULL: it is not there. */
const json_t *list_find(const json_t *row, const char *at);

#endif
