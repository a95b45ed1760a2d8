/*
 * Words of a command line: options by tables, wherever they stand, and the
 * rest. What is wrong is said in one line, with what would be right.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum args_type {
	ARGS_FLAG,    /* a bool */
	ARGS_NUMBER,  /* an int64_t */
	ARGS_SECONDS, /* an int64_t, of milliseconds: 0.5 is 500 */
	ARGS_TEXT,    /* a const char *, of argv */
	ARGS_COMMAND  /* a bool, and a command's words and options follow */
};

struct args_option {
	const char *name; /* without --; NULL: the end of the table */
	char letter;	  /* 0: none */
	enum args_type type;
	size_t at;	  /* offset of its value */
	const char *arg;  /* the value's name, for people; NULL: of a flag */
	const char *want; /* which values are right */
	int64_t min, max; /* of a number, or milliseconds */
	const char *text;
};

struct args_table {
	const struct args_option *options;
	void *values; /* a struct, filled with what holds without options */
};

#define ARGS_TABLES 2

struct args {
	struct args_table table[ARGS_TABLES]; /* options NULL: not used */
	char **word; /* what is no option, in argv, which is reordered */
	size_t n_words;
	char **rest; /* what stands behind -- */
	size_t n_rest;
	bool has_rest;
	bool is_command; /* the last one taken was an ARGS_COMMAND */
	char why[256];	 /* what is wrong */
};

/*
 * Takes the n words of argv. A command's words end at --, which may_rest
 * allows to be followed by more; elsewhere -- only ends the options. False:
 * see a->why.
 */
bool args_parse(struct args *a, size_t n, char **argv, bool may_rest);

/* The same up to a command, be it a word or ARGS_COMMAND; *taken: how many. */
bool args_parse_leading(struct args *a, size_t n, char **argv, size_t *taken);

#endif
