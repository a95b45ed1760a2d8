/*
 * terminal COMMAND …: runs it at a terminal of its own, a pty of 24 lines and
 * 200 columns, and does there what a script on standard input says, one thing
 * a line:
 *
 *	type TEXT         the text, and Return
 *	keys TEXT         the text alone
 *	expect TEXT       wait until it shows, behind what was expected before
 *	see TEXT          press Control-L, which paints the whole screen, again
 *			  and again until it shows; in a program that does so
 *	size LINES COLUMNS  of the terminal, from now on
 *	run COMMAND       by the shell, elsewhere
 *	hangup            the terminal is gone
 *	end STATUS        wait until it has ended, and compare
 *	# anything        a remark
 *
 * In TEXT there may be escapes, see words.h. Whoever waits, waits for at most
 * twenty seconds. Exit status 0: all went as scripted; else all that the
 * terminal has shown is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "words.h"

#define PATIENCE_MS 20000
#define PAINT_MS    200
#define SHOWN_MAX   (1 << 22)

struct terminal {
	int fd; /* -1: gone */
	pid_t pid;
	int line;
	char *shown;
	size_t n_shown, n_seen;
};

static _Noreturn void __attribute__((format(printf, 2, 3)))
fail(struct terminal *t, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "terminal: line %d: ", t->line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fprintf(
	    stderr, "\n# shown, %zu bytes of it as expected:\n#\t", t->n_seen);
	words_write(stderr, t->shown, t->n_shown);
	fputc('\n', stderr);
	if (t->pid > 0)
		kill(t->pid, SIGKILL);
	exit(1);
}

static long long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* ---- the pty ---- */

static _Noreturn void
become(const char *name, char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 200};
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	ioctl(fd, TIOCSWINSZ, &size);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	execvp(argv[0], argv);
	_exit(127);
}

static void
start(struct terminal *t, char **argv)
{
	t->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (t->fd < 0 || grantpt(t->fd) != 0 || unlockpt(t->fd) != 0)
		fail(t, "no pty: %s", strerror(errno));
	t->pid = fork();
	if (t->pid < 0)
		fail(t, "fork: %s", strerror(errno));
	if (t->pid == 0)
		become(ptsname(t->fd), argv);
}

/* False: the other side has ended, or nothing comes in time. */
static bool
read_more(struct terminal *t, long long until)
{
	struct pollfd fd = {.fd = t->fd, .events = POLLIN};
	long long left = until - now_ms();
	ssize_t n;

	if (t->fd < 0 || left <= 0 || poll(&fd, 1, (int)left) <= 0)
		return false;
	n = read(t->fd, t->shown + t->n_shown, SHOWN_MAX - t->n_shown);
	if (n <= 0)
		return false;
	t->n_shown += (size_t)n;
	return true;
}

/* ---- what the script says ---- */

static void
do_keys(struct terminal *t, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t written = write(t->fd, p, n);

		if (written < 0)
			fail(t, "cannot type: %s", strerror(errno));
		p += written;
		n -= (size_t)written;
	}
}

static void
do_type(struct terminal *t, const char *p, size_t n)
{
	do_keys(t, p, n);
	do_keys(t, "\r", 1);
}

static void
do_expect(struct terminal *t, const char *p, size_t n)
{
	long long until = now_ms() + PATIENCE_MS;
	char *found;

	for (;;) {
		found =
		    memmem(t->shown + t->n_seen, t->n_shown - t->n_seen, p, n);
		if (found != NULL)
			break;
		if (!read_more(t, until))
			fail(t, "that does not show");
	}
	t->n_seen = (size_t)(found - t->shown) + n;
}

static void
do_see(struct terminal *t, const char *p, size_t n)
{
	long long until = now_ms() + PATIENCE_MS;

	for (;;) {
		long long painted_by = now_ms() + PAINT_MS;

		t->n_seen = t->n_shown;
		do_keys(t, "\f", 1);
		do {
			if (memmem(t->shown + t->n_seen, t->n_shown - t->n_seen,
				p, n) != NULL)
				return;
		} while (read_more(t, painted_by));
		if (now_ms() > until)
			fail(t, "that does not show");
	}
}

static void
do_size(struct terminal *t, const char *p, size_t n)
{
	struct winsize size = {0};

	(void)n;
	if (sscanf(p, "%hu %hu", &size.ws_row, &size.ws_col) != 2 ||
	    ioctl(t->fd, TIOCSWINSZ, &size) != 0)
		fail(t, "no such size");
}

static void
do_run(struct terminal *t, const char *p, size_t n)
{
	(void)n;
	if (system(p) != 0)
		fail(t, "that does not run");
}

static void
do_hangup(struct terminal *t, const char *p, size_t n)
{
	(void)p;
	(void)n;
	close(t->fd);
	t->fd = -1;
}

static void
do_end(struct terminal *t, const char *p, size_t n)
{
	long long until = now_ms() + PATIENCE_MS;
	const struct timespec tick = {.tv_nsec = 10000000};
	int status;

	(void)n;
	while (read_more(t, until))
		;
	while (waitpid(t->pid, &status, WNOHANG) == 0) {
		if (now_ms() > until)
			fail(t, "it does not end");
		nanosleep(&tick, NULL);
	}
	t->pid = 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != atoi(p))
		fail(t, "it ended with %#x", status);
}

static const struct {
	const char *name;
	void (*run)(struct terminal *, const char *, size_t);
} things[] = {
    {"type", do_type},
    {"keys", do_keys},
    {"expect", do_expect},
    {"see", do_see},
    {"size", do_size},
    {"run", do_run},
    {"hangup", do_hangup},
    {"end", do_end},
};

static void
run_line(struct terminal *t, char *line)
{
	size_t n_name, n;
	char *text;

	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return;
	n_name = strcspn(line, " ");
	text = line[n_name] == '\0' ? line + n_name : line + n_name + 1;
	text = words_read(text, 0, &n);
	if (text == NULL)
		fail(t, "no such escape");
	text[n] = '\0'; /* for which there is room */
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
		if (strlen(things[i].name) != n_name ||
		    memcmp(things[i].name, line, n_name) != 0)
			continue;
		things[i].run(t, text, n);
		free(text);
		return;
	}
	fail(t, "no such thing to do");
}

int
main(int argc, char **argv)
{
	static char shown[SHOWN_MAX];
	struct terminal t = {.fd = -1, .shown = shown};
	char line[8192];

	if (argc < 2) {
		fprintf(stderr, "usage: terminal COMMAND … < SCRIPT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	start(&t, argv + 1);
	for (t.line = 1; fgets(line, sizeof(line), stdin) != NULL; t.line++)
		run_line(&t, line);
	if (t.pid > 0)
		kill(t.pid, SIGKILL);
	return 0;
}
