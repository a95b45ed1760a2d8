/*
 * Timers: embedded nodes in one heap, ordered by the instant they are due.
 * Instants are monotonic milliseconds and never negative.
 */
#ifndef PGT_TIMER_H
#define PGT_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/heap.h"

struct pgt_timer {
	struct pgt_heap_node node;
	int kind; /* the owner's word, to know it again when it fires */
};

struct pgt_timers {
	struct pgt_heap heap;
};

void pgt_timers_init(struct pgt_timers *t);
void pgt_timers_clear(struct pgt_timers *t);

/* Makes room for a timer that is about to exist; 0 or -ENOMEM. */
int pgt_timer_open(struct pgt_timers *t, struct pgt_timer *timer, int kind);

/* Disarms it and gives its room back. */
void pgt_timer_close(struct pgt_timers *t, struct pgt_timer *timer);

/* Due at that instant, whether it was armed before or not. Cannot fail. */
void pgt_timer_arm(struct pgt_timers *t, struct pgt_timer *timer, int64_t at);
void pgt_timer_disarm(struct pgt_timers *t, struct pgt_timer *timer);
bool pgt_timer_is_armed(const struct pgt_timer *timer);

/* When the next one is due, -1 where none is armed. */
int64_t pgt_timers_next(const struct pgt_timers *t);

/* The next one due at or before now, disarmed; NULL where there is none. */
struct pgt_timer *pgt_timers_pop(struct pgt_timers *t, int64_t now);

#endif
