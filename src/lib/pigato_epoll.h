/*
 * libpigato-client in loops of poll(2) and epoll(7). All of it is inline: a
 * handle has one descriptor and one timeout, and there is not more to it.
 *
 *	struct pollfd fd[2];
 *	int timeout = -1;
 *
 *	timeout = pigato_poll_client(c, &fd[0], timeout);
 *	timeout = pigato_poll_worker(w, &fd[1], timeout);
 *	poll(fd, 2, timeout);
 *	pigato_client_process(c);
 *	pigato_worker_process(w);
 *
 * Timeouts are asked for before each wait, and process is called after each,
 * whatever has ended it. A handle that was freed is not to be asked again; of
 * an epoll it is gone by itself.
 */
#ifndef PIGATO_EPOLL_H
#define PIGATO_EPOLL_H

#include <poll.h>
#include <pigato.h>
#include <sys/epoll.h>

/* The shorter of two timeouts; -1 is the longest there is. */
static inline int
pigato_sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* ---- poll ---- */

/* Makes *fd wait for a handle. The sooner of timeout and its own. */
static inline int
pigato_poll_client(
    const struct pigato_client *c, struct pollfd *fd, int timeout)
{
	fd->fd = pigato_client_fd(c);
	fd->events = POLLIN;
	fd->revents = 0;
	return pigato_sooner(timeout, pigato_client_timeout(c));
}

static inline int
pigato_poll_worker(
    const struct pigato_worker *w, struct pollfd *fd, int timeout)
{
	fd->fd = pigato_worker_fd(w);
	fd->events = POLLIN;
	fd->revents = 0;
	return pigato_sooner(timeout, pigato_worker_timeout(w));
}

/* ---- epoll ---- */

/* Into the epoll for as long as it lives; ptr is what the event tells. */
static inline int
pigato_epoll_add(int epoll, int fd, void *ptr)
{
	struct epoll_event ev;

	ev.events = EPOLLIN;
	ev.data.ptr = ptr;
	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev) == 0
		   ? PIGATO_OK
		   : PIGATO_ERR_SYSTEM;
}

static inline int
pigato_epoll_add_client(int epoll, struct pigato_client *c, void *ptr)
{
	return pigato_epoll_add(epoll, pigato_client_fd(c), ptr);
}

static inline int
pigato_epoll_add_worker(int epoll, struct pigato_worker *w, void *ptr)
{
	return pigato_epoll_add(epoll, pigato_worker_fd(w), ptr);
}

#endif
