/*
 * What $conf wants of the program around the broker: its settings, behind
 * functions. Options are numbered from 0; all texts are borrowed until the
 * next call.
 */
#ifndef SERVICES_CONFIG_H
#define SERVICES_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_type { CONFIG_FLAG, CONFIG_NUMBER, CONFIG_TEXT, CONFIG_TEXTS };

struct config_value {
	enum config_type type;
	int64_t number; /* of a flag, too */
	size_t n;
	const char *const *text;
};

struct config_option {
	const char *name;
	const char *source; /* where the value is from, in words */
	bool reloadable;
	struct config_value value, def;
};

struct config_change {
	size_t option;
	const char *text; /* as on the command line */
};

/* What went wrong, in the words of the log. */
struct config_why {
	char text[512];
};

struct config_host {
	void *arg;
	size_t n_options;
	void (*get)(void *arg, size_t i, struct config_option *o);
	/* 0, or -ENOENT and why. */
	int (*find)(
	    void *arg, const char *name, size_t *i, struct config_why *why);
	/* All of them, or none: 0, or a negative errno and why. */
	int (*set)(void *arg, const struct config_change *change, size_t n,
	    struct config_why *why);
	/* *n_written says how many were not in the file as they are. */
	int (*rewrite)(void *arg, size_t *n_written, struct config_why *why);
	int (*reload)(void *arg, struct config_why *why);
};

#endif
