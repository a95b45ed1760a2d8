/* What the system tells of this process; for $info. */
#ifndef PROCESS_H
#define PROCESS_H

#include "broker/broker.h"

/* When it was started, by two clocks; of process_begin(). */
struct process {
	int64_t started_at_s; /* since 1970 */
	int64_t started_us;   /* monotonic */
};

/* Monotonic µs. */
int64_t process_clock_us(void);

void process_begin(struct process *me);

/* Fills in what can be had without a walk; the rest stays as it is. */
void process_look(const struct process *me, struct broker_process *p);

#endif
