/* One run: from the first connection to the last reply. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdbool.h>

#include "bench/conf.h"
#include "bench/cpu.h"
#include "bench/tally.h"

struct result {
	const struct conf *conf;
	struct tally tally;
	struct brokers brokers;
	double seconds;	   /* from the first measured request to the last
			      measured reply */
	double own_cpu;	   /* seconds, meanwhile */
	double broker_cpu; /* -1: not known */
	bool was_interrupted;
};

/* Exit statuses. */
enum {
	STATUS_GOOD = 0,
	STATUS_BAD = 1,
	STATUS_USAGE = 2,
	STATUS_NO_BROKER = 3
};

/*
 * Runs. 0, and the result is to be cleared; or the exit status of what has
 * kept it from running, and standard error has been told what that is.
 */
int run(struct result *r, const struct conf *conf);
void run_clear(struct result *r);

#endif
