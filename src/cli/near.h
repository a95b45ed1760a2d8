/* Which of the names there are was meant by one there is not. */
#ifndef CLI_NEAR_H
#define CLI_NEAR_H

#include <stddef.h>

struct near {
	const char *word, *best;
	size_t distance;
};

void near_init(struct near *near, const char *word);

/* name lives on until the best is asked for. */
void near_try(struct near *near, const char *name);

/* NULL: none that could have been meant. */
const char *near_best(const struct near *near);

#endif
