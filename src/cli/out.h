/*
 * What goes to people or to other programs. A terminal gets colour, and never
 * a control character off the wire; a file or pipe gets the bytes.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum out_colour {
	OUT_DEFAULT,
	OUT_KEY,
	OUT_STRING,
	OUT_NUMBER,
	OUT_WORD, /* true, false, null */
	OUT_HEAD,
	OUT_WRONG
};

enum out_form {
	OUT_LINE,   /* JSON, each value on one line */
	OUT_PRETTY, /* JSON, indented */
	OUT_RAW	    /* a JSON string as its text, all else as OUT_LINE */
};

struct out {
	FILE *file;
	bool is_terminal;
	bool has_colour;
	bool is_utf8; /* what the terminal shows */
	bool escapes; /* control characters are made visible */
	int why;      /* errno of what could not be written; 0: all was */
};

/* A terminal has colour unless NO_COLOR is set, or TERM is of no use. */
void out_init(struct out *o, FILE *file);

/* What follows has that colour, where there is any. */
void out_colour(struct out *o, enum out_colour colour);

/* Bytes from wherever; escaped where need be. */
void out_bytes(struct out *o, const char *p, size_t n);

/*
 * Gives a copy for a screen: escaped, and of known width all along. NULL: no
 * memory.
 */
char *out_tame(const struct out *o, const char *text);

/* Data as it came over the wire, and a newline; flushed. */
void out_data(struct out *o, const char *p, size_t n, enum out_form form);

/* JSON off the wire without a newline, one value on one line or indented. */
void out_json(struct out *o, const char *p, size_t n, bool is_pretty);

/* Everything out. False: not all could be written, see o->why. */
bool out_flush(struct out *o);

#endif
