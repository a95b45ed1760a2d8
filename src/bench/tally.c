#include "bench/tally.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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

/* The beginning of what may be any bytes, for one line on a terminal. */
static void
write_plain(char *buf, size_t size, const char *text, size_t n)
{
	size_t fits = n < size - 1 ? n : size - 1;

	for (size_t i = 0; i < fits; i++)
		buf[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	buf[fits] = '\0';
	if (fits < n && fits >= 3)
		memcpy(buf + fits - 3, "...", 3);
}

void
tally_wrong(struct tally *t, const char *text, size_t n, const char *request,
    size_t request_n)
{
	char got[80], data[80];

	t->n_wrong++;
	if (t->first_wrong[0] != '\0')
		return;
	write_plain(got, sizeof(got), text, n);
	write_plain(data, sizeof(data), request, request_n);
	snprintf(t->first_wrong, sizeof(t->first_wrong),
	    "%s to a request of %s", n == 0 ? "nothing" : got, data);
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
	if (t->first_wrong[0] == '\0')
		memcpy(t->first_wrong, from->first_wrong, TALLY_TEXT);
}

bool
tally_is_good(const struct tally *t)
{
	return t->n_lost + t->n_doubled + t->n_wrong + t->n_unsent +
		   t->n_errors ==
	       0;
}
