/* What the system, and the settings, tell of this process; for $info. */
#ifndef PROCESS_H
#define PROCESS_H

#include "broker/broker.h"
#include "pigatod/conf.h"

/* When it was started, by two clocks; of process_begin(). */
struct process {
	const struct conf *conf;
	int64_t started_at_s; /* since 1970 */
	int64_t started_us;   /* monotonic */
};

/* Monotonic µs. */
int64_t process_clock_us(void);

/* conf is borrowed for as long as me is used. */
void process_begin(struct process *me, const struct conf *conf);

/*
 * A broker_process_fn, of a struct process. Fills in what can be had without a
 * walk; the rest stays as it is.
 */
void process_look(void *arg, struct broker_process *p);

#endif
