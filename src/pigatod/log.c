/*
 * A line is put together whole, made printable, and leaves with one write(2)
 * on a descriptor that appends: lines of one process never mix, and a line
 * never waits in a buffer for a crash to lose it. What cannot be written is
 * counted and told when writing works again; the server does not stop for
 * its log.
 */
#include "pigatod/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048
#define PEER_WINDOW_MS 1000
#define PEER_LINES     10

#define ELLIPSIS "\xe2\x80\xa6"

/* The stamp, from the journal's "<3>" or "2026-01-02T03:04:05.678Z ". */
#define STAMP_SIZE 32

static struct {
	char *path; /* NULL: standard error */
	int fd;	    /* -1: standard error */
	enum log_level level;
	unsigned long n_lost; /* lines that could not be written */
	long long window_at;  /* log_peer(): this second's begin */
	unsigned n_in_window, n_held_back;
} state = {.fd = -1, .level = LOG_INFO};

static const struct {
	const char *name;
	int priority; /* syslog's, for the journal */
} levels[] = {
    [LOG_ERROR] = {"error", 3},
    [LOG_WARN] = {"warn", 4},
    [LOG_INFO] = {"info", 6},
    [LOG_DEBUG] = {"debug", 7},
};

/* ---- a line ---- */

/*
 * JOURNAL_STREAM says "device:inode" of the journal's pipe. Programs started
 * from a service inherit the variable with their output elsewhere, so the
 * numbers have to be those of our standard error.
 */
static bool
is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return text != NULL &&
	       sscanf(text, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device &&
	       st.st_ino == inode;
}

static void
format_stamp(char stamp[STAMP_SIZE], enum log_level level)
{
	struct timespec now;
	struct tm tm;
	char date[24];

	if (state.fd < 0 && is_journal()) {
		snprintf(stamp, STAMP_SIZE, "<%d>", levels[level].priority);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(
	    stamp, STAMP_SIZE, "%s.%03dZ ", date, (int)(now.tv_nsec / 1000000));
}

/* Behind line, whose room is LINE_MAX_BYTES, escaped; returns the length. */
static size_t
append_escaped(char *line, size_t n, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	size_t limit = LINE_MAX_BYTES - strlen(ELLIPSIS "\n");

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool is_plain = c >= ' ' && c < 0x7f;

		if (n + (is_plain ? 1 : 4) > limit) {
			memcpy(line + n, ELLIPSIS, strlen(ELLIPSIS));
			return n + strlen(ELLIPSIS);
		}
		if (is_plain) {
			line[n++] = (char)c;
			continue;
		}
		line[n++] = '\\';
		line[n++] = 'x';
		line[n++] = hex[c >> 4];
		line[n++] = hex[c & 15];
	}
	return n;
}

static bool
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static void
write_line(enum log_level level, const char *text)
{
	char stamp[STAMP_SIZE], line[LINE_MAX_BYTES];
	int fd = state.fd < 0 ? STDERR_FILENO : state.fd;
	size_t n;

	format_stamp(stamp, level);
	n = (size_t)snprintf(
	    line, sizeof(line), "%s%s: ", stamp, levels[level].name);
	n = append_escaped(line, n, text);
	line[n++] = '\n';
	if (!write_all(fd, line, n))
		state.n_lost++;
}

static void
log_line(enum log_level level, const char *text)
{
	char lost[64];
	unsigned long n = state.n_lost;

	write_line(level, text);
	if (n == 0 || state.n_lost != n)
		return;
	state.n_lost = 0;
	snprintf(lost, sizeof(lost), "log lines lost n=%lu", n);
	write_line(LOG_WARN, lost);
}

static void
log_format(enum log_level level, const char *format, va_list ap)
{
	char text[LINE_MAX_BYTES];
	int saved = errno;

	if (log_is_on(level)) {
		vsnprintf(text, sizeof(text), format, ap);
		log_line(level, text);
	}
	errno = saved;
}

/* ---- where to ---- */

static int
open_file(const char *path, int *result)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);

	if (fd < 0)
		return -errno;
	*result = fd;
	return 0;
}

int
log_open(const char *path, enum log_level level)
{
	char *copy;
	int fd = -1, rc;

	if (path == NULL || path[0] == '\0') {
		log_close();
		state.level = level;
		return 0;
	}
	copy = strdup(path);
	if (copy == NULL)
		return -ENOMEM;
	rc = open_file(path, &fd);
	if (rc < 0) {
		free(copy);
		return rc;
	}
	log_close();
	state.path = copy;
	state.fd = fd;
	state.level = level;
	return 0;
}

void
log_close(void)
{
	if (state.fd >= 0)
		close(state.fd);
	free(state.path);
	state.fd = -1;
	state.path = NULL;
}

int
log_reopen(void)
{
	int fd = -1, rc;

	if (state.path == NULL) {
		log_info("no log file to reopen");
		return 0;
	}
	rc = open_file(state.path, &fd);
	if (rc < 0)
		return log_errno(
		    rc, "cannot reopen the log: the old one stays");
	close(state.fd);
	state.fd = fd;
	log_info("log reopened");
	return 0;
}

/* ---- levels ---- */

void
log_set_level(enum log_level level)
{
	state.level = level;
}

enum log_level
log_get_level(void)
{
	return state.level;
}

bool
log_is_on(enum log_level level)
{
	return level <= state.level;
}

bool
log_level_find(const char *name, enum log_level *level)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(levels[i].name, name) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	return false;
}

/* ---- events ---- */

void
log_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_format(LOG_ERROR, format, ap);
	va_end(ap);
}

void
log_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_format(LOG_WARN, format, ap);
	va_end(ap);
}

void
log_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_format(LOG_INFO, format, ap);
	va_end(ap);
}

void
log_debug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_format(LOG_DEBUG, format, ap);
	va_end(ap);
}

int
log_errno(int rc, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	log_error("%s: %s", text, strerror(-rc));
	return rc;
}

void
log_peer(long long now, const char *line)
{
	if (!log_is_on(LOG_WARN))
		return;
	if (state.n_in_window == 0 || now - state.window_at >= PEER_WINDOW_MS) {
		state.window_at = now;
		state.n_in_window = 0;
	}
	if (state.n_in_window >= PEER_LINES) {
		state.n_held_back++;
		return;
	}
	state.n_in_window++;
	if (state.n_held_back > 0)
		log_warn("%s held_back=%u", line, state.n_held_back);
	else
		log_warn("%s", line);
	state.n_held_back = 0;
}
