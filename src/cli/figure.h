/* Numbers for people: in few characters, with the unit that suits them. */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

#include <stddef.h>
#include <stdint.h>

#define FIGURE_MAX 32

/* Each writes at most FIGURE_MAX bytes, and returns text. */
char *figure_count(char *text, double n);  /* 7  1234  56.7k  8.9M */
char *figure_bytes(char *text, double n);  /* 7  1.2K  56M, by 1024 */
char *figure_us(char *text, double us);	   /* 0  85us  1.2ms  3.4s  5m */
char *figure_span(char *text, int64_t ms); /* 0s  59s  3m20s  2d04h */

#endif
