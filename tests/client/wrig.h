/*
 * A worker between two fake brokers: what they were told, what it was called
 * back with, and the handles it has been given.
 */
#ifndef WRIG_H
#define WRIG_H

#include <stdbool.h>

#include "check.h"
#include "fake.h"
#include "lib/pigato.h"

#define WRIG_LOG  8192
#define WRIG_KEEP 256

/* How a broker answers READY. */
enum wrig_manner { WRIG_GREETS, WRIG_REFUSES, WRIG_IS_SILENT };

struct wrig_broker {
	struct fake fake;
	enum wrig_manner manner;
	char peer[256];	      /* the worker, as READY told it */
	char heard[WRIG_LOG]; /* a line for each message, see below */
	char beat[64];	      /* the options of the last heartbeat */
	bool is_counting;     /* replies are counted, and no line is written */
	size_t n_ready, n_beats, n_replies;
	bool is_disordered; /* a reply was not the number of those before */
};

struct wrig {
	struct pigato_worker *w;
	struct wrig_broker broker[2];
	char log[WRIG_LOG];		     /* a line for each call back */
	struct pigato_reply *rep[WRIG_KEEP]; /* in the order of requests */
	size_t n_rep;
	void (*on_request)(struct pigato_reply *rep); /* after it was kept */
	void (*on_event)(enum pigato_event event);    /* after it was logged */
};

extern struct wrig wrig;

/*
 * A worker for "echo" at the first n brokers, not started, heartbeat 2500 and
 * liveness 3; all else is empty.
 */
void wrig_open(int n);

/* Started, and registered with all of them; nothing of that is in the logs. */
void wrig_start(void);

/* Frees what is left. To be called at the end of each test. */
void wrig_close(void);

/* Broker i asks: client "c", that rid and data. */
void wrig_ask(int i, const char *rid, const char *data);

/* … and the worker has got it; gives the handle. */
struct pigato_reply *wrig_get(int i, const char *rid, const char *data);

/* Is that line in the log, or among those that broker i has heard? */
bool wrig_logged(const char *line);
bool wrig_heard(int i, const char *line);

/* Forgets all that was logged and heard. */
void wrig_forget(void);

/* The ends of a connection that a broker knows by its death. */
void wrig_kill(int i);
void wrig_revive(int i);

void wrig_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Turns for all until it comes true. The test fails if it does not. */
#define WRIG_UNTIL(condition)                                                  \
	do {                                                                   \
		wrig_begin_wait();                                             \
		while (!(condition))                                           \
			wrig_turn(__FILE__, __LINE__, #condition);             \
	} while (0)
void wrig_begin_wait(void);
void wrig_turn(const char *file, int line, const char *condition);

/*
 * All that was said has been heard, and answered: a request comes and goes at
 * broker i.
 */
void wrig_sync(int i);

#endif
