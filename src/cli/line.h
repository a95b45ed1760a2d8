/*
 * A line of the shell as words. Blanks part them. A word that begins with {,
 * [ or " is JSON and goes up to its end as it is; '…' quotes anything, and a
 * backslash the next character. Behind -- "…" quotes as in other shells.
 */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct line {
	char **word; /* in the text that was given; to be freed */
	size_t n;
	const char *why; /* what is wrong with it */
};

/* Cuts text in place. False: see line->why; nothing to be freed. */
bool line_split(struct line *line, char *text);

#endif
