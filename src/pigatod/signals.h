/*
 * Signals, turned into something the loop can wait for. One of the two
 * places with static state (HACKING.md).
 */
#ifndef SIGNALS_H
#define SIGNALS_H

enum signal_news {
	SIGNAL_STOP = 1,   /* TERM, INT */
	SIGNAL_RELOAD = 2, /* HUP */
	SIGNAL_REOPEN = 4, /* USR1 */
	SIGNAL_DRAIN = 8,  /* USR2 */
};

/*
 * Catch TERM, INT, HUP, USR1 and USR2, ignore PIPE. A second USR2 counts as
 * TERM; a second TERM or INT ends the process at once with status 1. 0 or a
 * negative errno, which is logged.
 */
int signals_open(void);

/* Readable when there is news. */
int signals_fd(void);

/* The news since the last call, enum signal_news or'ed; mostly 0. Cheap. */
unsigned signals_take(void);

#endif
