/* JSON text: is it, what is wrong with it, and how to make it of other text. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes; borrowed or not, as whoever has them says. */
struct text {
	char *p;
	size_t n;
};

/* Is it one JSON value? why, of n_why bytes or NULL, tells what is wrong. */
bool text_is_json(const char *p, size_t n, char *why, size_t n_why);

/*
 * Gives a JSON string, to be freed, of any bytes; those that are no UTF-8
 * become U+FFFD. False: no memory.
 */
bool text_to_json(const char *p, size_t n, struct text *json);

/* Gives the bytes of a JSON string, to be freed. False: it is none. */
bool text_of_json(const char *p, size_t n, struct text *text);

/* Without the blanks at both ends. */
void text_trim(const char **p, size_t *n);

#endif
