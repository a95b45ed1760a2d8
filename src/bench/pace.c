/*
 * When requests are sent. Closed: the next one when one has ended, so that
 * there are always as many in flight; a slow server is asked less often. Open:
 * by the clock, whatever comes back, and latency counts from the instant at
 * which a request was due. Waves: many at once, and the next ones when all
 * have ended; latency counts from the wave's beginning.
 */
#include "bench/clock.h"
#include "bench/load.h"

#define SENDS_A_TICK 256 /* then replies are looked after again */

static int64_t
tick_closed(struct load *l, int64_t now)
{
	while (l->in_flight < (uint64_t)l->conf->depth && load_wants(l, now)) {
		load_send(l, now);
		now = clock_now();
	}
	return INT64_MAX;
}

static void
on_end_closed(struct load *l, int64_t now)
{
	if (load_wants(l, now))
		load_send(l, now);
}

const struct pace pace_closed = {tick_closed, on_end_closed};

static int64_t
tick_waves(struct load *l, int64_t now)
{
	if (l->in_flight > 0 || !load_wants(l, now))
		return INT64_MAX;
	for (int64_t i = 0; i < l->conf->waves && load_wants(l, now); i++)
		load_send(l, now);
	l->tally.n_waves += now >= l->schedule->measure_at;
	return INT64_MAX;
}

static void
on_end_waves(struct load *l, int64_t now)
{
	(void)l;
	(void)now;
}

const struct pace pace_waves = {tick_waves, on_end_waves};

/* The clients take turns: all their requests together are evenly spaced. */
static int64_t
due_at(const struct load *l)
{
	double turn =
	    (double)l->n_begun * (double)l->conf->clients + (double)l->index;

	return l->schedule->start_at + clock_ns(turn / l->conf->rate);
}

static void
give_up(struct load *l)
{
	while (load_wants(l, due_at(l))) {
		l->n_begun++;
		l->tally.n_unsent++;
		if (due_at(l) >= l->schedule->measure_at && l->left > 0)
			l->left--;
	}
}

static int64_t
tick_open(struct load *l, int64_t now)
{
	int64_t due;

	if (now >= l->schedule->give_up_at)
		give_up(l);
	for (int i = 0; i < SENDS_A_TICK; i++) {
		due = due_at(l);
		if (!load_wants(l, due) ||
		    l->in_flight >= (uint64_t)l->conf->depth)
			return INT64_MAX;
		if (due > now)
			return due;
		load_send(l, due);
		if (due >= l->schedule->measure_at &&
		    now - due > l->tally.behind_max)
			l->tally.behind_max = now - due;
		now = clock_now();
	}
	return now;
}

static void
on_end_open(struct load *l, int64_t now)
{
	(void)l;
	(void)now;
}

const struct pace pace_open = {tick_open, on_end_open};
