/*
 * A worker that gives back what it gets, in a thread of its own: partial
 * replies as data.h describes them, then the data itself.
 */
#ifndef BENCH_ECHO_H
#define BENCH_ECHO_H

#include <pthread.h>
#include <stdint.h>

#include "bench/conf.h"
#include "lib/pigato.h"

struct echo {
	const struct conf *conf;
	struct pigato_worker *worker;
	pthread_t thread;
	int stop_fd;
	char *buf;
	size_t buf_size;
	uint64_t n_taken; /* requests; to be read when it has stopped */
};

/*
 * A worker that registers already. 0; or a negative enum pigato_error, and
 * nothing is left.
 */
int echo_open(struct echo *e, const struct conf *conf);
void echo_close(struct echo *e);

/* Its thread; 0 or a negative errno. Stop ends the thread, and waits. */
int echo_start(struct echo *e);
void echo_stop(struct echo *e);

#endif
