/* A loop of poll(2): the worker's descriptor, and one that tells of signals. */
#include "serve.h"

#include <pigato_epoll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	bool *is_over = arg;

	if (event == PIGATO_ON_STOP)
		*is_over = true;
	if (event == PIGATO_ON_CONNECT)
		fprintf(stderr, "%s: at %s\n", pigato_worker_id(w), endpoint);
	if (event == PIGATO_ON_DISCONNECT)
		fprintf(stderr, "%s: lost %s\n", pigato_worker_id(w), endpoint);
	if (event == PIGATO_ON_ERROR)
		fprintf(stderr, "%s: %s\n", endpoint, pigato_strerror(error));
}

/* Blocked before the worker starts, for the threads of libzmq as well. */
static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* A second one does not wait for those in flight. */
static void
on_signal(struct pigato_worker *w, int fd)
{
	static int n_signals;
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (n_signals++ == 0)
		pigato_worker_drain(w);
	else
		pigato_worker_stop(w);
}

int
serve(struct pigato_worker *w, int (*tick)(void *arg), void *arg)
{
	struct pollfd fd[2] = {{.fd = -1}, {.events = POLLIN}};
	bool is_over = false;
	int rc, next = -1;

	fd[1].fd = open_signals();
	pigato_worker_on_event(w, on_event, &is_over);
	rc = pigato_worker_start(w);
	if (rc != PIGATO_OK) {
		fprintf(stderr, "start: %s\n", pigato_strerror(rc));
		return 1;
	}
	while (!is_over) {
		poll(fd, 2, pigato_poll_worker(w, &fd[0], next));
		if (fd[1].revents != 0)
			on_signal(w, fd[1].fd);
		pigato_worker_process(w);
		if (tick != NULL)
			next = tick(arg);
	}
	close(fd[1].fd);
	return 0;
}
