/* What $info says, member by member. */
#ifndef ASK_H
#define ASK_H

#include "sim.h"

/*
 * Ask $info; each line of `lines` is a path into the answer (names and
 * numbers of array elements, with dots), "=", and the JSON text that must
 * stand there: `workers.0.state="free"`. What is not there is null, the number
 * of an array's elements is `workers.n`. Of an error the answer is
 * {"error":text}.
 */
void ask_want(struct sim *s, const char *data, const char *lines);

#endif
