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

/* False: this terminal cannot be used. */
bool screen_open(void);
void screen_close(void);

/* The terminal has another size now, or somebody else has written on it. */
void screen_resize(void);

/* Rows of the board that have room. */
size_t screen_n_rows(void);

void screen_draw(const struct screen_view *v);

/* A key, as curses has them; -1: none waits. */
int screen_key(void);

#endif
