/*
 * Frames as words, for what tests write down: \e is nothing (\e alone: an
 * empty frame), \s a space, \\ a backslash, \# the count, \xHH a byte, \*N as
 * many bytes of filling.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/msg.h"

/*
 * Gives the bytes of a word, *n of them, to be freed; NULL: no such escape.
 * Aborts where there is no memory.
 */
char *words_read(const char *word, long count, size_t *n);

/*
 * The words of a line, with blanks between them, as the frames of m, which is
 * empty. Cuts the line up. False: no such escape, or too many words.
 */
bool words_to_message(char *line, struct pgt_msg *m);

/* Writes bytes so that words_read() gives them again. */
void words_write(FILE *f, const char *p, size_t n);

#endif
