/*
 * What the service manager is told, as sd_notify(3) has it but without its
 * library: nothing where NOTIFY_SOCKET is not set.
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

#include "broker/broker.h"

struct notify;

/*
 * What NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of the environment say;
 * call it behind a detaching fork(). What makes no sense is warned of. Gives
 * NULL where nobody is to be told, or for want of memory: all functions take
 * that.
 */
struct notify *notify_open(void);
void notify_close(struct notify *n);

/*
 * It serves: at the start, and when a reload is over, whatever came of it. On
 * its way to the end nobody is told of reloads.
 */
void notify_ready(struct notify *n);
void notify_reloading(struct notify *n);

/* It is on its way to the end. */
void notify_stopping(struct notify *n);

/*
 * Once in a turn of the loop: feeds the watchdog and tells the figures, if
 * there is news and it is time for it. Returns when it wants to be called at
 * the latest, monotonic ms; -1: any time.
 */
int64_t notify_turn(
    struct notify *n, int64_t now, const struct broker_stats *stats);

#endif
