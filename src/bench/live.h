/* The line each second, on a terminal. */
#ifndef BENCH_LIVE_H
#define BENCH_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/load.h"

struct live {
	bool is_on;
	bool has_written;
	int64_t at;
	uint64_t n_replies, ns; /* when it was written last */
};

void live_init(struct live *v, const struct conf *conf);
void live_write(struct live *v, struct load *loads, const struct conf *conf,
    const struct schedule *when);

/* Leaves an empty line to write to. */
void live_end(struct live *v);

#endif
