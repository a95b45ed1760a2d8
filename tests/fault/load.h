/* The parts of tests/fault/load: see load.c. */
#ifndef FAULT_LOAD_H
#define FAULT_LOAD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/pigato.h"

struct load_conf {
	const char *endpoints;
	enum pigato_policy policy;
	bool retry, has_streams;
	int depth;
	int64_t timeout_ms;
};

#define LOAD_SERVICE	  "job"
#define LOAD_HEARTBEAT_MS 100
#define LOAD_LIVENESS	  5
#define LOAD_PARTS	  4
#define LOAD_TEXT	  64

/* Both serve until they are told to end; the exit status. */
int load_ask(const struct load_conf *conf);
int load_work(const struct load_conf *conf);

/* TERM has come: end in good order. */
extern volatile sig_atomic_t load_is_over;

/*
 * Sleeps until the handle wants to be looked at or TERM has come, for most_ms
 * at most.
 */
void load_sleep(int fd, int timeout_ms, int most_ms);

/* The reply to request n, of its part (LOAD_PARTS: the last); its length. */
size_t load_reply(char text[LOAD_TEXT], uint64_t n, unsigned part);

/* Is n answered in parts? */
bool load_is_stream(const struct load_conf *conf, uint64_t n);

void load_die(const char *why);

#endif
