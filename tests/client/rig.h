/* A client between two fake brokers, and what it was called back with. */
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>

#include "check.h"
#include "fake.h"
#include "lib/pigato.h"

#define RIG_LOG 4096

struct rig {
	struct pigato_client *c;
	struct fake broker[2];
	char log[RIG_LOG]; /* a line for each call back */
	bool is_silent;	   /* nothing is logged */
	size_t n_final, n_ok;
};

extern struct rig rig;

/* A client of the first n brokers, heartbeat 2500; the log is empty. */
void rig_open(int n);

/* The same with other heartbeats. */
void rig_open_with(int n, int64_t heartbeat_ms, int liveness);

/* Frees what is left. To be called at the end of each test. */
void rig_close(void);

/* Turns for all until it comes true. The test fails if it does not. */
#define RIG_UNTIL(condition)                                                   \
	do {                                                                   \
		rig_begin_wait();                                              \
		while (!(condition))                                           \
			rig_turn(__FILE__, __LINE__, #condition);              \
	} while (0)
void rig_begin_wait(void);
void rig_turn(const char *file, int line, const char *condition);

/* A request that logs what comes of it; arg of the callback: its name. */
struct pigato_request *rig_request(const char *service, const char *name,
    const struct pigato_request_opts *opts);

/* What it calls back. */
void rig_on_response(struct pigato_request *r,
    const struct pigato_response *response, void *arg);

/* The request that broker i holds under that data; NULL: none. */
struct fake_mail *rig_held(int i, const char *data);

/* Does the log have that line? */
bool rig_logged(const char *line);

void rig_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
