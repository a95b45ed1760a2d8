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
	double begun[CONF_PIDS_MAX]; /* CPU seconds */
	double seen[CONF_PIDS_MAX];  /* the same, when looked at last */
};

/* CPU seconds of ourselves, all threads. */
double cpu_own(void);

/*
 * Those that conf names; or else who listens on this machine, as /proc has
 * it, at the endpoints. Nothing is found where we may not look.
 */
void cpu_find_brokers(struct brokers *b, const struct conf *conf);

/* From here on their CPU time counts. */
void cpu_begin(struct brokers *b);

/* To be called now and then: one that has ended can be asked no more. */
void cpu_look(struct brokers *b);

/* CPU seconds of all of them, as far as was looked; -1: not known. */
double cpu_spent(const struct brokers *b);

/* ---- listeners (listeners.c) ---- */

/* The process that listens at an endpoint; -1: none, or we may not know. */
int listeners_find(const char *endpoint);

#endif
