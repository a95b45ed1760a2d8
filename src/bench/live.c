#include "bench/live.h"

#include <stdio.h>
#include <unistd.h>

#include "bench/clock.h"

#define CLEAR_LINE "\r\033[K"

void
live_init(struct live *v, const struct conf *conf)
{
	*v = (struct live){
	    .is_on = !conf->quiet && isatty(STDERR_FILENO),
	    .at = clock_now(),
	};
}

static uint64_t
sum_up(struct load *loads, int64_t n, size_t at)
{
	uint64_t sum = 0;

	for (int64_t i = 0; i < n; i++)
		sum += atomic_load_explicit(
		    (atomic_ullong *)((char *)&loads[i] + at),
		    memory_order_relaxed);
	return sum;
}

#define SUM(field) sum_up(loads, conf->clients, offsetof(struct load, field))

void
live_write(struct live *v, struct load *loads, const struct conf *conf,
    const struct schedule *when)
{
	int64_t now = clock_now();
	uint64_t n = SUM(live_replies), ns = SUM(live_ns);
	uint64_t more = n - v->n_replies;
	double s = clock_seconds(now - v->at);

	if (!v->is_on || s <= 0)
		return;
	fprintf(stderr,
	    CLEAR_LINE "%s%4.0f s  %8.0f/s  mean %8.1f us  in flight %llu  "
		       "replies %llu  bad %llu",
	    now < when->measure_at ? "warm-up " : "",
	    clock_seconds(now - when->start_at), (double)more / s,
	    more == 0 ? 0 : (double)(ns - v->ns) / (double)more / 1e3,
	    (unsigned long long)SUM(live_in_flight), (unsigned long long)n,
	    (unsigned long long)SUM(live_bad));
	fflush(stderr);
	v->has_written = true;
	v->at = now;
	v->n_replies = n;
	v->ns = ns;
}

void
live_end(struct live *v)
{
	if (v->has_written)
		fputs(CLEAR_LINE, stderr);
	v->has_written = false;
}
