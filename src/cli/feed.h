/*
 * What keeps `top` fed: at each refresh the broker's figures, then a part of
 * the list that is shown, in small steps, so that nobody waits for an answer
 * with all of it; and what becomes of the broker meanwhile.
 */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/board.h"
#include "cli/sample.h"
#include "lib/pigato.h"

/* Rows of a refresh: so many steps of so many. */
#define FEED_ROWS  100
#define FEED_STEPS 5
#define FEED_MAX   ((int64_t)FEED_ROWS * FEED_STEPS)

struct feed {
	struct pigato_client *client; /* borrowed */
	struct board *board;
	struct pigato_request *request; /* NULL: none is in flight */
	struct sample now, before;	/* at_us 0: not known */
	char version[64];
	int64_t interval_ms, due_at;
	size_t n_steps;	 /* of this refresh */
	bool asks_list;	 /* … what is in flight */
	bool is_stale;	 /* … is of no use any more */
	char *cursor;	 /* where the next refresh goes on; NULL: at the top */
	int64_t total;	 /* rows of the list, as the broker says; -1: unknown */
	int64_t lost_at; /* since then nobody answers; -1: somebody does */
	int error;	 /* that it answers with; PIGATO_OK */
	bool is_changed; /* there is something new to show */
};

void feed_init(struct feed *f, struct pigato_client *c, struct board *board,
    int64_t interval_ms);
void feed_clear(struct feed *f);

/* To be called at each turn, after the client's. */
void feed_turn(struct feed *f, int64_t now_ms);

/* The list from its top, now: the board is another. */
void feed_again(struct feed *f);

#endif
