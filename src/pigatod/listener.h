/*
 * A ZeroMQ socket that listens, with what all of ours have in common; and the
 * files that its ipc:// addresses made.
 */
#ifndef LISTENER_H
#define LISTENER_H

#include "pigatod/conf.h"

struct listener {
	void *socket;
	int fd; /* readable when the socket's state may have changed */
	const char *option; /* the one that its addresses are from */
	char *files[CONF_MAX_BINDS];
	size_t n_files;
};

/*
 * A socket of that type, listening nowhere yet. option is for the log. 0 or a
 * negative errno; listener_close() in any case.
 */
int listener_open(struct listener *l, void *context, int type,
    const struct conf *conf, const char *option);

int listener_set(struct listener *l, int option, int value);

/*
 * Listen at address as well; is_private: the file of an ipc:// address lets
 * in its owner alone, from its first moment. 0 or a negative errno, which is
 * not logged.
 */
int listener_add(struct listener *l, const char *address, bool is_private);

/* Remove the files, so that a successor may have their names. */
void listener_remove_files(struct listener *l);

/* What is queued may take linger_ms to leave. l may be all zero. */
void listener_close(struct listener *l, int linger_ms);

#endif
