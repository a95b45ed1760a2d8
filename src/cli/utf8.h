/* Bytes that ought to be UTF-8, one character at a time. */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that p begins with, n > 0; 0: it is none. */
size_t utf8_take(const char *p, size_t n, uint32_t *character);

/* Is all of it? */
bool utf8_is_text(const char *text);

/*
 * How many of n bytes go into so many columns of the screen; *width: columns
 * that they take. What has no known width counts as one, and so does each
 * byte that is no UTF-8.
 */
size_t utf8_cut(const char *p, size_t n, size_t columns, size_t *width);

#endif
