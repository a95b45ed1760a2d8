#include "cli/figure.h"

#include <inttypes.h>
#include <stdio.h>

struct unit {
	double of;
	const char *name;
};

static const struct unit counts[] = {
    {1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}};
static const struct unit sizes[] = {{1, ""}, {1024, "K"}, {1048576, "M"},
    {1073741824, "G"}, {1099511627776, "T"}};
static const struct unit times[] = {
    {1, "us"}, {1e3, "ms"}, {1e6, "s"}, {60e6, "m"}, {3600e6, "h"}};

#define N_UNITS 5

/* With three digits at least: 1.23k would be as long as 12.3k. */
static char *
put(char *text, double n, const struct unit *unit, double least)
{
	size_t u = 0;

	while (u + 1 < N_UNITS && n >= least * unit[u + 1].of)
		u++;
	n /= unit[u].of;
	snprintf(text, FIGURE_MAX, n < 9.95 && u > 0 ? "%.1f%s" : "%.0f%s", n,
	    unit[u].name);
	return text;
}

char *
figure_count(char *text, double n)
{
	/* A few a minute are not none. */
	if (n > 0 && n < 9.95 && n != (double)(int64_t)n) {
		snprintf(text, FIGURE_MAX, n < 0.095 ? "%.2f" : "%.1f", n);
		return text;
	}
	return put(text, n, counts, 10);
}

char *
figure_bytes(char *text, double n)
{
	return put(text, n, sizes, 1);
}

char *
figure_us(char *text, double us)
{
	if (us <= 0) {
		snprintf(text, FIGURE_MAX, "0");
		return text;
	}
	return put(text, us, times, 1);
}

char *
figure_span(char *text, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s < 60)
		snprintf(text, FIGURE_MAX, "%" PRId64 "s", s);
	else if (s < 3600)
		snprintf(text, FIGURE_MAX, "%" PRId64 "m%02" PRId64 "s", s / 60,
		    s % 60);
	else if (s < 86400)
		snprintf(text, FIGURE_MAX, "%" PRId64 "h%02" PRId64 "m",
		    s / 3600, s / 60 % 60);
	else
		snprintf(text, FIGURE_MAX, "%" PRId64 "d%02" PRId64 "h",
		    s / 86400, s / 3600 % 24);
	return text;
}
