/* What the command line says. */
#ifndef BENCH_CONF_H
#define BENCH_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_PIDS_MAX  16
#define CONF_DEPTH_MAX 10000000

/* Where nothing else is said. */
#define CONF_DEPTH   100
#define CONF_SECONDS 10

enum conf_format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

enum conf_action { ACTION_RUN, ACTION_HELP, ACTION_VERSION };

struct conf {
	enum conf_action action;
	const char *endpoints; /* with commas between them */
	int64_t policy;	       /* enum pigato_policy */
	const char *service;   /* never NULL afterwards */
	bool is_own_service;   /* by a name that nobody else has */
	char name[48];	       /* of that one */

	int64_t clients, depth, workers, concurrency;
	int64_t requests; /* 0: as many as fit into seconds */
	double seconds, warmup, wait;
	double rate;   /* requests a second of all clients; 0: closed loop */
	int64_t waves; /* requests of one; 0: none */
	int64_t size, partials;
	int64_t distinct; /* contents; 0: all differ */
	int64_t timeout_ms, cache_ms;
	bool nocache, retry, quiet;

	bool csv, json;
	enum conf_format format;
	const char *plot;
	const char *pids_text;
	int pid[CONF_PIDS_MAX];
	size_t n_pids;
};

/*
 * Read the command line, and $PIGATO_URL. 0; -EINVAL: it makes no sense, and
 * standard error has been told in a line what would.
 */
int conf_read(struct conf *c, int argc, char **argv);

/* Of that the last step: fills in what was left open, and checks. */
int conf_complete(struct conf *c);

/* Each option with its range, default and a sentence. */
void conf_help(void);

/* One line about what makes no sense, and the status of it. */
int conf_complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Are requests sent at a rate, whatever comes back? */
static inline bool
conf_is_open(const struct conf *c)
{
	return c->rate > 0;
}

#endif
