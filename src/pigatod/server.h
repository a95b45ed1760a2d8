/*
 * The server: the broker with a clock, a transport, a log and signals around
 * it. One thread.
 */
#ifndef SERVER_H
#define SERVER_H

#include "pigatod/conf.h"

struct server;

/*
 * Listen as conf says. path and args are what conf was loaded from, and will
 * be again when HUP asks for a reload, which changes conf. All three are
 * borrowed until server_close(). 0 and gives a server, or a negative errno,
 * which is logged.
 */
int server_open(struct server **s, struct conf *conf, const char *path,
    const struct conf_args *args);

/*
 * Serve until told to stop, then say good-bye to the workers. 0, or a
 * negative errno, which is logged.
 */
int server_run(struct server *s);

/*
 * Send what is queued, in a bounded time, and log the totals. Takes s, which
 * may be NULL.
 */
void server_close(struct server *s);

#endif
