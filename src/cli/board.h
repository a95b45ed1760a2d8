/*
 * What `top` shows: rows of one of the broker's lists, kept from sweep to
 * sweep, with the rates of their counters.
 */
#ifndef CLI_BOARD_H
#define CLI_BOARD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/out.h"

#define BOARD_COLUMNS 10

enum board_form {
	BOARD_TEXT,
	BOARD_COUNT,
	BOARD_RATE, /* of a counter, a second */
	BOARD_US,
	BOARD_MS,
	BOARD_MARKS /* what is special: paused, built in */
};

struct board_column {
	const char *head;
	const char *at; /* in a row, as list_find() has it */
	enum board_form form;
	size_t width; /* 0: what is left */
};

struct board_view {
	const char *cmd, *key; /* the command; the member that names a row */
	struct board_column column[BOARD_COLUMNS];
	size_t n, sort; /* sort: the column to begin with */
};

extern const struct board_view board_services, board_workers;

struct board_row {
	char *key;
	char *text[BOARD_COLUMNS];    /* what may be shown; NULL: a number */
	double number[BOARD_COLUMNS]; /* NaN: not known yet */
	int64_t counter[BOARD_COLUMNS];
	int64_t at_us; /* when it was last told of */
	uint64_t sweep;
};

struct board {
	const struct board_view *view;
	struct board_row **row; /* in the order of the last sort */
	size_t n, cap;
	void *tree;    /* the same by key */
	bool is_full;  /* some are not here: there are too many */
	bool is_swept; /* the whole list has been seen once */
	size_t sort;   /* column */
	bool is_reverse;
	char filter[128]; /* text that a key or another text has in it */
	uint64_t sweep;
	struct out safe;
};

void board_init(struct board *b, const struct board_view *view);
void board_clear(struct board *b);

/* Forget all rows: of another list, with another filter, another broker's. */
void board_show(struct board *b, const struct board_view *view);
void board_filter(struct board *b, const char *filter);

/* Rows of an answer, which came then. What finds no memory is left out. */
void board_take(struct board *b, const json_t *rows, int64_t at_us);

/* The list was at its end: who was not in it is gone. */
void board_end_sweep(struct board *b);

void board_sort(struct board *b);

/* The column of that heading, letters alike; view->n: there is none. */
size_t board_find_column(const struct board_view *view, const char *head);

#endif
