#include "bench/tally.h"

#include <errno.h>
#include <stddef.h>

int
tally_init(struct tally *t)
{
	*t = (struct tally){.latency = hist_new()};
	return t->latency == NULL ? -ENOMEM : 0;
}

void
tally_clear(struct tally *t)
{
	hist_free(t->latency);
	t->latency = NULL;
}

void
tally_error(struct tally *t, int error)
{
	t->n_errors++;
	if (error < 0 && error > -TALLY_ERRORS)
		t->error[-error]++;
	else
		t->error[0]++;
}

void
tally_merge(struct tally *t, const struct tally *from)
{
	t->n_sent += from->n_sent;
	t->n_replies += from->n_replies;
	t->n_partials += from->n_partials;
	t->n_waves += from->n_waves;
	hist_merge(t->latency, from->latency);
	if (from->last_at > t->last_at)
		t->last_at = from->last_at;
	if (from->behind_max > t->behind_max)
		t->behind_max = from->behind_max;
	t->n_lost += from->n_lost;
	t->n_doubled += from->n_doubled;
	t->n_wrong += from->n_wrong;
	t->n_unsent += from->n_unsent;
	t->n_errors += from->n_errors;
	for (size_t i = 0; i < TALLY_ERRORS; i++)
		t->error[i] += from->error[i];
}

bool
tally_is_good(const struct tally *t)
{
	return t->n_lost + t->n_doubled + t->n_wrong + t->n_unsent +
		   t->n_errors ==
	       0;
}
