/* Bytes that ought to be UTF-8, one character at a time. */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that p begins with, n > 0; 0: it is none. */
size_t utf8_take(const char *p, size_t n, uint32_t *character);

#endif
