/*
 * What our semver says, for semver_diff.js to compare. A line of input is a
 * version and a range, each in hexadecimal so that it may hold any byte, with
 * a tab between. A line of output is two digits: whether the first is a
 * version, and whether it satisfies the second.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/semver.h"

static int
nibble(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10;
}

/*
 * Gives the bytes of the n digits at hex, in a block of just their size, so
 * that a sanitizer sees a read behind them.
 */
static struct pgt_slice
unhex(const char *hex, size_t n)
{
	char *p = malloc(n / 2 + (n < 2));

	if (p == NULL)
		abort();
	for (size_t i = 0; i < n / 2; i++)
		p[i] = (char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	return (struct pgt_slice){p, n / 2};
}

static void
answer(const char *line)
{
	size_t n = strcspn(line, "\t");
	struct pgt_slice version = unhex(line, n);
	struct pgt_slice range =
	    unhex(line + n + (line[n] == '\t'), strcspn(line + n, "\n") - 1);

	printf("%d%d\n", pgt_semver_is_version(version),
	    pgt_semver_satisfies(version, range));
	free((void *)version.p);
	free((void *)range.p);
}

int
main(void)
{
	char *line = NULL;
	size_t n = 0;

	while (getline(&line, &n, stdin) > 0)
		answer(line);
	free(line);
	return fflush(stdout) == 0 ? 0 : 1;
}
