/* What a run has shown, for people, for programs, and as a picture. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include "bench/run.h"

/* To standard output, in the format that conf asks for. */
void report_write(const struct result *r);

/* The formats. */
void report_text(const struct result *r);
void report_csv(const struct result *r);
void report_json(const struct result *r);

/* How latency is distributed: a self-contained SVG. */
void report_plot(const struct result *r, FILE *f);

#endif
