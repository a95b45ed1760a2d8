/* Levenshtein's distance, with two letters swapped as one mistake. */
#include "cli/near.h"

#include <string.h>

#define WORD_MAX 32

void
near_init(struct near *near, const char *word)
{
	near->word = word;
	near->best = NULL;
	near->distance = (size_t)-1;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both are shorter than WORD_MAX. */
static size_t
distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	size_t d[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t j = 0; j <= n_b; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n_a; i++) {
		d[i][0] = i;
		for (size_t j = 1; j <= n_b; j++) {
			size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;

			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1);
			d[i][j] = least(d[i][j], d[i - 1][j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[n_a][n_b];
}

void
near_try(struct near *near, const char *name)
{
	size_t n_word = strcspn(near->word, "="), n_name = strlen(name);
	size_t d;

	if (n_word == 0 || n_word >= WORD_MAX || n_name >= WORD_MAX)
		return;
	d = distance(near->word, n_word, name, n_name);
	/* The beginning of a name is meant as such: req, time. */
	if (n_word > 1 && strncmp(near->word, name, n_word) == 0)
		d = 1;
	if (d < near->distance && d <= (n_name + 2) / 3) {
		near->distance = d;
		near->best = name;
	}
}

const char *
near_best(const struct near *near)
{
	return near->best;
}
