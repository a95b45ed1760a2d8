/*
 * Datagrams of NAME=value lines. The watchdog is fed by the loop alone, so
 * that it starves when the loop hangs, at half of its time. States must
 * arrive and may wait a moment for it; figures and food are dropped where
 * nobody reads.
 */
#include "pigatod/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "pigatod/log.h"

/* Between two STATUS lines. */
#define STATUS_MS 5000

/* Each word of a stop asks for so much time from then on. */
#define EXTEND_USEC "30000000"

struct figures {
	uint64_t n_workers, n_services, n_waiting, n_running;
	bool is_stopping;
};

struct notify {
	int fd;
	struct sockaddr_un address;
	socklen_t n_address;
	int64_t watchdog_ms; /* between two feedings; 0: there is none */
	int64_t fed_at, told_at;
	struct figures told;
	bool was_told;
	bool is_stopping;
};

/* ---- sending ---- */

static void
send_text(struct notify *n, const char *text, int flags)
{
	ssize_t sent = sendto(n->fd, text, strlen(text), MSG_NOSIGNAL | flags,
	    (const struct sockaddr *)&n->address, n->n_address);

	if (sent < 0 && flags == 0)
		log_warn(
		    "cannot tell the service manager: %s", strerror(errno));
}

void
notify_ready(struct notify *n)
{
	char text[64];

	if (n == NULL || n->is_stopping)
		return;
	/* Another process than the one that was started, if we detached. */
	snprintf(text, sizeof(text), "READY=1\nMAINPID=%ld", (long)getpid());
	send_text(n, text, 0);
}

void
notify_reloading(struct notify *n)
{
	char text[64];
	struct timespec ts;

	if (n == NULL || n->is_stopping)
		return;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
	    (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
	send_text(n, text, 0);
}

void
notify_stopping(struct notify *n)
{
	if (n == NULL || n->is_stopping)
		return;
	n->is_stopping = true;
	send_text(n, "STOPPING=1\nEXTEND_TIMEOUT_USEC=" EXTEND_USEC, 0);
}

/* ---- figures ---- */

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
tell(struct notify *n, const struct figures *f)
{
	char text[256];

	snprintf(text, sizeof(text),
	    "%sSTATUS=%s: %" PRIu64 " worker%s, %" PRIu64 " service%s, %" PRIu64
	    " request%s waiting, %" PRIu64 " in flight",
	    f->is_stopping ? "EXTEND_TIMEOUT_USEC=" EXTEND_USEC "\n" : "",
	    f->is_stopping ? "draining" : "serving", f->n_workers,
	    plural(f->n_workers), f->n_services, plural(f->n_services),
	    f->n_waiting, plural(f->n_waiting), f->n_running);
	send_text(n, text, MSG_DONTWAIT);
	n->told = *f;
	n->was_told = true;
}

static bool
is_same(const struct figures *a, const struct figures *b)
{
	return a->n_workers == b->n_workers && a->n_services == b->n_services &&
	       a->n_waiting == b->n_waiting && a->n_running == b->n_running &&
	       a->is_stopping == b->is_stopping;
}

/* On the way to the end each word wins time: then there is always news. */
static int64_t
turn_figures(struct notify *n, int64_t now, const struct broker_stats *stats)
{
	const struct figures f = {
	    .n_workers = stats->n_workers,
	    .n_services = stats->n_served,
	    .n_waiting = stats->n_waiting,
	    .n_running = stats->n_requests - stats->n_waiting,
	    .is_stopping = n->is_stopping,
	};
	bool has_news = !n->was_told || !is_same(&f, &n->told);

	if ((has_news || f.is_stopping) &&
	    (!n->was_told || now >= n->told_at + STATUS_MS)) {
		tell(n, &f);
		n->told_at = now;
		has_news = false;
	}
	return has_news || f.is_stopping ? n->told_at + STATUS_MS : -1;
}

static int64_t
turn_watchdog(struct notify *n, int64_t now)
{
	if (n->watchdog_ms == 0)
		return -1;
	if (now >= n->fed_at + n->watchdog_ms) {
		send_text(n, "WATCHDOG=1", MSG_DONTWAIT);
		n->fed_at = now;
	}
	return n->fed_at + n->watchdog_ms;
}

int64_t
notify_turn(struct notify *n, int64_t now, const struct broker_stats *stats)
{
	int64_t figures_at, watchdog_at;

	if (n == NULL)
		return -1;
	figures_at = turn_figures(n, now, stats);
	watchdog_at = turn_watchdog(n, now);
	if (figures_at < 0 || (watchdog_at >= 0 && watchdog_at < figures_at))
		return watchdog_at;
	return figures_at;
}

/* ---- birth and death ---- */

static int64_t
number_of(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long long number;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' ? number : 0;
}

/* The process that was started waits until we are ready: see daemon.c. */
static bool
is_ours(int64_t pid)
{
	return pid == 0 || pid == getpid() || pid == getppid();
}

/* Half of what it allows; it may be a matter of a few milliseconds. */
static int64_t
watchdog_ms(void)
{
	int64_t usec = number_of("WATCHDOG_USEC");

	if (usec <= 0 || !is_ours(number_of("WATCHDOG_PID")))
		return 0;
	return usec / 2000 > 0 ? usec / 2000 : 1;
}

/* /path, or @name for one without a file. False: neither, or too long. */
static bool
read_address(struct notify *n, const char *text)
{
	size_t len = strlen(text);

	if ((text[0] != '/' && text[0] != '@') || len < 2 ||
	    len >= sizeof(n->address.sun_path))
		return false;
	n->address.sun_family = AF_UNIX;
	memcpy(n->address.sun_path, text, len);
	if (text[0] == '@')
		n->address.sun_path[0] = '\0';
	n->n_address =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

static int
open_socket(void)
{
	const struct timeval patience = {.tv_sec = 1};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return fd;
}

struct notify *
notify_open(void)
{
	const char *text = getenv("NOTIFY_SOCKET");
	struct notify *n;

	if (text == NULL || text[0] == '\0')
		return NULL;
	n = calloc(1, sizeof(*n));
	if (n == NULL)
		return NULL;
	if (!read_address(n, text)) {
		log_warn("NOTIFY_SOCKET is no address: nobody is told");
		free(n);
		return NULL;
	}
	n->fd = open_socket();
	if (n->fd < 0) {
		log_errno(-errno, "socket for the service manager");
		free(n);
		return NULL;
	}
	n->watchdog_ms = watchdog_ms();
	return n;
}

void
notify_close(struct notify *n)
{
	if (n == NULL)
		return;
	close(n->fd);
	free(n);
}
