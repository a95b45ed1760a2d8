/*
 * What our histogram says, for hist_diff.js to compare: takes the nanoseconds
 * of standard input, one a line, and prints those of each percentile that is
 * an argument.
 */
#include "bench/hist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	struct hist *h = hist_new();
	int64_t ns;

	if (h == NULL)
		return 1;
	while (scanf("%" SCNd64, &ns) == 1)
		hist_add(h, ns);
	for (int i = 1; i < argc; i++)
		printf("%" PRId64 "\n", hist_at(h, strtod(argv[i], NULL)));
	hist_free(h);
	return fflush(stdout) == 0 ? 0 : 1;
}
