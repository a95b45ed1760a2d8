/*
 * One epoll instance holds the descriptors of all channels; what it is told
 * is where to look, so that a call costs what has happened and not how many
 * brokers there are. One libzmq context for each handle: no state is shared.
 */
#include "lib/links.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include <uuid.h>
#include <zmq.h>

#include "base/alloc.h"
#include "lib/endpoint.h"
#include "lib/pigato.h"

#define N_EVENTS   32
#define SEND_LIMIT 1000

/* What libzmq opens for a context with its threads, and for one broker. */
#define FDS_WANTED 10

int64_t
pgt_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- the list ---- */

static int
add_link(struct pgt_links *ls, struct pgt_slice endpoint)
{
	struct pgt_link *l = &ls->link[ls->n];

	l->endpoint = pgt_alloc(endpoint.n + 1);
	if (l->endpoint == NULL)
		return -ENOMEM;
	memcpy(l->endpoint, endpoint.p, endpoint.n);
	l->index = ls->n++;
	l->open_at = -1;
	return 0;
}

static int
add_links(struct pgt_links *ls, struct pgt_slice list)
{
	size_t n = 1;
	int rc = 0;

	for (size_t i = 0; i < list.n; i++)
		n += list.p[i] == ',';
	ls->link = pgt_alloc(n * sizeof(*ls->link));
	if (ls->link == NULL)
		return -ENOMEM;
	while (rc == 0 && list.n > 0) {
		struct pgt_slice entry = pgt_endpoint_take(&list);

		if (entry.n > 0)
			rc = add_link(ls, entry);
	}
	return rc;
}

/* ---- life ---- */

int
pgt_links_init(struct pgt_links *ls, char side, const char *endpoints)
{
	uuid_t uuid;
	uint64_t seed;
	int rc;

	*ls = (struct pgt_links){.prefix = {side}};
	pgt_msg_init(&ls->msg);
	uuid_generate(uuid);
	memcpy(&seed, uuid, sizeof(seed));
	pgt_rand_init(&ls->conf.rand, seed);
	ls->conf.side = side;
	ls->conf.heartbeat_ms = PGT_HEARTBEAT_MS;
	ls->conf.liveness = PGT_LIVENESS;
	ls->conf.channel.send_limit = side == 'C' ? SEND_LIMIT : 0;
	ls->conf.channel.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (endpoints == NULL)
		endpoints = PIGATO_DEFAULT_ENDPOINT;
	ls->makes_sense = pigato_check_endpoints(endpoints) == NULL;
	rc = add_links(ls, pgt_slice_of(endpoints));
	if (rc < 0)
		pgt_links_clear(ls);
	return rc;
}

void
pgt_links_clear(struct pgt_links *ls)
{
	int saved = errno;

	pgt_links_stop(ls);
	pgt_msg_clear(&ls->msg);
	if (ls->conf.channel.context != NULL)
		while (zmq_ctx_term(ls->conf.channel.context) != 0 &&
		       errno == EINTR)
			;
	if (ls->conf.channel.epoll_fd >= 0)
		close(ls->conf.channel.epoll_fd);
	for (size_t i = 0; i < ls->n; i++)
		pgt_free(ls->link[i].endpoint);
	pgt_free(ls->link);
	*ls = (struct pgt_links){.conf.channel.epoll_fd = -1};
	errno = saved;
}

int
pgt_links_set_prefix(struct pgt_links *ls, const char *prefix)
{
	size_t n = prefix == NULL ? 0 : strlen(prefix);

	if (n == 0 || n > PGT_PREFIX_MAX)
		return -EINVAL;
	memcpy(ls->prefix, prefix, n + 1);
	return 0;
}

int
pgt_links_set_heartbeat(struct pgt_links *ls, int64_t interval_ms, int liveness)
{
	if (interval_ms < 10 || interval_ms > 3600000 || liveness < 1 ||
	    liveness > 1000)
		return -EINVAL;
	ls->conf.heartbeat_ms = interval_ms;
	ls->conf.liveness = liveness;
	return 0;
}

static void
make_id(struct pgt_links *ls)
{
	char text[37];
	uuid_t uuid;

	uuid_generate(uuid);
	uuid_unparse_lower(uuid, text);
	snprintf(ls->conf.channel.id, sizeof(ls->conf.channel.id), "%s-%s",
	    ls->prefix, text);
}

static int
open_all(struct pgt_links *ls, int64_t now)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ls->n; i++) {
		ls->link[i].backoff_ms = 0;
		rc = pgt_link_open(&ls->link[i], &ls->conf, now);
	}
	return rc;
}

/*
 * libzmq ends the process where there is no descriptor for the threads of a
 * new context, so it is seen beforehand whether there are enough. It tells
 * what else it lacks. (Another thread may take them in between; nothing helps
 * against that.)
 */
static int
check_descriptors(const struct pgt_links *ls)
{
	int fd[FDS_WANTED], rc = 0;
	size_t got = 0;

	while (got < FDS_WANTED && rc == 0) {
		fd[got] = fcntl(ls->conf.channel.epoll_fd, F_DUPFD_CLOEXEC, 0);
		if (fd[got] < 0)
			rc = -errno;
		else
			got++;
	}
	while (got > 0)
		close(fd[--got]);
	return rc;
}

static int
open_context(struct pgt_links *ls)
{
	int rc;

	if (ls->conf.channel.epoll_fd < 0)
		return -EMFILE;
	if (ls->conf.channel.context != NULL)
		return 0;
	rc = check_descriptors(ls);
	if (rc < 0)
		return rc;
	ls->conf.channel.context = zmq_ctx_new();
	return ls->conf.channel.context == NULL ? -errno : 0;
}

int
pgt_links_start(struct pgt_links *ls, int64_t now)
{
	int rc = ls->makes_sense ? open_context(ls) : -EINVAL;

	if (rc < 0)
		return rc;
	make_id(ls);
	ls->is_started = true;
	ls->looked_at = now;
	rc = open_all(ls, now);
	if (rc < 0)
		pgt_links_stop(ls);
	return rc;
}

void
pgt_links_stop(struct pgt_links *ls)
{
	struct pgt_link *l;

	for (size_t i = 0; i < ls->n; i++) {
		l = &ls->link[i];
		if (ls->is_started)
			pgt_link_close(
			    l, &ls->conf, l->is_up ? PGT_LINGER_MS : 0);
	}
	ls->is_started = false;
}

/* ---- events ---- */

/*
 * A program that was stopped or busy for long must ask before it judges:
 * libzmq's thread may not have come to read what has arrived meanwhile.
 */
static void
forgive(struct pgt_links *ls, int64_t now)
{
	struct pgt_link *l = ls->link;
	bool overslept = now - ls->looked_at > 2 * ls->conf.heartbeat_ms;

	ls->looked_at = now;
	if (!overslept)
		return;
	for (; l < ls->link + ls->n; l++)
		if (l->asked_at >= 0)
			l->asked_at = now;
}

int
pgt_links_sleep(struct pgt_links *ls, int timeout_ms)
{
	struct epoll_event ev[N_EVENTS];
	int n;

	n = epoll_wait(ls->conf.channel.epoll_fd, ev, N_EVENTS, timeout_ms);
	for (int i = 0; i < n; i++)
		*(bool *)ev[i].data.ptr = true;
	ls->has_slept = n >= 0;
	return n >= 0 || errno == EINTR ? 0 : -errno;
}

bool
pgt_links_listen(struct pgt_links *ls, int64_t now, int64_t at)
{
	int64_t until = now + PGT_CHANNEL_PATIENCE_MS;

	if (ls->n != 1 || at < until ||
	    !pgt_link_listen(&ls->link[0], &ls->conf, until))
		return false;
	ls->has_slept = true;
	return true;
}

void
pgt_links_look(struct pgt_links *ls, int64_t now)
{
	if (!ls->is_started)
		return;
	forgive(ls, now);
	if (!ls->has_slept)
		pgt_links_sleep(ls, 0);
	ls->has_slept = false;
}

bool
pgt_links_next(struct pgt_links *ls, int64_t now, struct pgt_link_event *ev)
{
	for (size_t i = 0; ls->is_started && i < ls->n; i++) {
		size_t at = (ls->turn + i) % ls->n;

		if (pgt_link_next(
			&ls->link[at], &ls->conf, now, &ls->msg, ev)) {
			ls->turn = ev->kind == PGT_LINK_ANSWERED ? at : at + 1;
			return true;
		}
	}
	return false;
}

int
pgt_links_timeout(struct pgt_links *ls, int64_t at)
{
	int64_t next, now;

	for (size_t i = 0; ls->is_started && i < ls->n; i++) {
		next = pgt_link_deadline(&ls->link[i], &ls->conf);
		if (next < at)
			at = next;
	}
	if (at == INT64_MAX)
		return -1;
	if (at <= 0)
		return 0;
	now = pgt_now();
	if (at <= now)
		return 0;
	return at - now < INT_MAX ? (int)(at - now) : INT_MAX;
}

bool
pgt_links_are_up(const struct pgt_links *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		if (ls->link[i].is_up)
			return true;
	return false;
}
