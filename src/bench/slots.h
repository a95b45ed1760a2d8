/* Room for what is known of requests in flight; it grows and never moves. */
#ifndef BENCH_SLOTS_H
#define BENCH_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

struct load;

struct slot {
	struct load *load;
	struct slot *next; /* of those that are free */
	uint64_t number;
	int64_t from;	      /* when its latency begins */
	int64_t next_partial; /* the number it should have */
	int64_t n_missing;    /* partial replies that were overtaken */
	bool is_measured;
};

struct slots;

struct slots *slots_new(struct load *l);
void slots_free(struct slots *s);

/* NULL for want of memory. */
struct slot *slots_take(struct slots *s);
void slots_give(struct slots *s, struct slot *slot);

#endif
