/*
 * Rows in columns: padded and with a bold heading for people at a terminal,
 * with a tab between for programs. A cell is one line of text in any case.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/out.h"

#define TABLE_MAX 24

struct table_column {
	const char *head;
	bool is_right; /* a number: to the right, with a terminal */
};

struct table;

/* NULL: no memory. The n columns, at most TABLE_MAX, are borrowed. */
struct table *table_new(
    struct out *o, const struct table_column *column, size_t n);
void table_free(struct table *t);

/* The next cell, of a row after the other. */
void table_add(struct table *t, const char *text);

/* All rows. False: no memory, and nothing was printed. */
bool table_print(struct table *t, bool has_heading);

#endif
