/* The parts of tests/client/pair: see pair.c. */
#ifndef PAIR_H
#define PAIR_H

#include <stdbool.h>

#include "check.h"
#include "lib/pigato.h"

#define PAIR_WORKERS 4

/* All handles of the program, which take turns in one loop of poll(2). */
struct pair {
	struct pigato_client *c;
	struct pigato_worker *w[PAIR_WORKERS]; /* NULL: none */
};

extern struct pair pair;

/* Sleeps until one of them has something to do, and lets all do it. */
void pair_turn(void);

/* Frees them all. */
void pair_close(void);

/* Turns until it comes true. */
#define PAIR_UNTIL(condition)                                                  \
	do {                                                                   \
		pair_begin_wait();                                             \
		while (!(condition))                                           \
			pair_wait(__FILE__, __LINE__, #condition);             \
	} while (0)
void pair_begin_wait(void);
void pair_wait(const char *file, int line, const char *condition);

/* What clients and workers can do with each other, one by one. */
int pair_features(const char *address);

/*
 * n requests, many at once, while workers leave and come back. Each is ended
 * once, with its own data; calm: none of them with an error.
 */
int pair_load(const char *addresses, long n, bool calm);

#endif
