/*
 * The settings of a running server: read again by HUP, and looked at and
 * changed by $conf.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "pigatod/conf.h"
#include "services/config.h"

struct settings {
	struct conf *conf; /* in force, once settings_forget() was called */
	const char *path;
	const struct conf_args *args;
	struct conf defaults;
	struct conf old; /* what the broker may still refer to */
	bool has_news;	 /* conf has changed, and the broker is to be told */
	const char *text[2]; /* of the option told last */
};

/*
 * conf, and what it was loaded from, which are borrowed until
 * settings_clear(). 0 or -ENOMEM.
 */
int settings_init(struct settings *s, struct conf *conf, const char *path,
    const struct conf_args *args);
void settings_clear(struct settings *s);

/* Read all anew: has_news, or a negative errno and err and nothing changed. */
int settings_reload(struct settings *s, struct conf_error *err);

/* The broker has been told: the old values are of no use any more. */
void settings_forget(struct settings *s);

/* For $conf; arg is s. */
struct config_host settings_host(struct settings *s);

#endif
