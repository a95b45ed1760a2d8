/*
 * The process as the system sees it: detached or not, its pid file, its
 * limits.
 */
#ifndef DAEMON_H
#define DAEMON_H

#include "pigatod/conf.h"

struct daemon;

/*
 * Descriptors 0, 1 and 2 that are not open become /dev/null, so that no
 * file or socket of ours gets one of them, and what is written to it.
 */
void daemon_hold_descriptors(void);

/*
 * Raise the limit of open files, detach where conf says so, and write and
 * lock the pid file. No thread may run yet. Where it detaches it returns in
 * the child only: the parent waits there for daemon_ready() and exits with 0,
 * or with the status of a child that ended before.
 *
 * 0 and gives a daemon, or a negative errno, which is logged.
 */
int daemon_start(struct daemon **d, const struct conf *conf);

/* The server is up: let the parent go, and the terminal. */
void daemon_ready(struct daemon *d);

/* Removes the pid file. Takes d, which may be NULL. */
void daemon_stop(struct daemon *d);

#endif
