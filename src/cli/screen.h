/*
 * The screen of `top`: where what stands, whatever its size. Nothing that a
 * broker says gets there but as text of known width.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/board.h"
#include "cli/feed.h"

/* What is to be seen. */
struct screen_view {
	const char *endpoint;
	const struct feed *feed;
	const struct board *board;
	size_t first;	    /* row at the top */
	const char *prompt; /* what is being typed; NULL: nothing */
	bool has_help;
};

/* Rows of the board that have room. */
size_t screen_n_rows(void);

void screen_draw(const struct screen_view *v);

#endif
