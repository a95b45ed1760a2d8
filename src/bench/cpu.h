/* What processes cost, ours and the brokers'. */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

#include <stddef.h>

#include "bench/conf.h"

#define CPU_NAME 32

/* The processes of the brokers, as far as they are known. */
struct brokers {
	size_t n;
	int pid[CONF_PIDS_MAX];
	char name[CONF_PIDS_MAX][CPU_NAME];
};

/* CPU seconds of all threads of a process; -1: not known. */
double cpu_of(int pid);

/* Of ourselves. */
double cpu_own(void);

/* Of all brokers together; -1: not known. */
double cpu_of_brokers(const struct brokers *b);

/*
 * Those that conf names; or else who listens on this machine, as /proc has
 * it, at the endpoints. Nothing is found where we may not look.
 */
void cpu_find_brokers(struct brokers *b, const struct conf *conf);

/* ---- listeners (listeners.c) ---- */

/* The process that listens at an endpoint; -1: none, or we may not know. */
int listeners_find(const char *endpoint);

#endif
