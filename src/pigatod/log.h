/*
 * The log: one event, one line, `level: fixed text key=value …`, to standard
 * error or a file. In front stands the time (UTC, ms), but to the journal its
 * priority. Bytes that are not printable ASCII are escaped as \xHH, and what
 * is over 2048 bytes is cut and ends in …; so whatever a peer calls itself, an
 * event is one line. One of the two places with static state (HACKING.md).
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/*
 * Write to path, or to standard error where path is NULL or empty. Until it
 * is called the log goes to standard error at level info. 0 or a negative
 * errno, and the log stays where it was.
 */
int log_open(const char *path, enum log_level level);

/* Back to standard error; the level stays. */
void log_close(void);

/*
 * The same file anew, after it was moved away (USR1), which is logged. 0 or
 * -errno, and the old one stays.
 */
int log_reopen(void);

/* The least important level that is written. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* Would a line of that level be written? */
bool log_is_on(enum log_level level);

/* A level by its name: error, warn, info, debug. False: no such level. */
bool log_level_find(const char *name, enum log_level *level);

/* One line; the format holds no newline. errno is as before. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As log_error(), with the text of -rc behind it; returns rc. */
int log_errno(int rc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A line about a misbehaving peer, at warn. At most 10 of them a second,
 * now being monotonic ms; the ones held back are counted and told with the
 * next that passes.
 */
void log_peer(long long now, const char *line);

#endif
