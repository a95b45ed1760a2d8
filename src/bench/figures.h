/* The figures of a run by name, for --csv and --json alike. */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/run.h"

/* Microseconds that so many percent of the replies did not exceed. */
double figures_us(const struct result *r, double percent);

/* Replies a second. */
double figures_per_second(const struct result *r);

/* "closed", "open" or "waves". */
const char *figures_mode(const struct conf *conf);

struct figure {
	const char *name;
	bool is_whole;
	/* Either; NaN where it is not known. */
	const char *(*text)(const struct result *r);
	double (*value)(const struct result *r);
};

extern const struct figure figures[];
extern const size_t n_figures;

#endif
