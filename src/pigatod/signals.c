/*
 * A pipe to ourselves. A handler marks which signal came, then writes a byte,
 * so that a loop about to sleep wakes up. Marks are read and cleared by the
 * loop only, before it acts: a signal that comes later marks anew.
 */
#include "pigatod/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "pigatod/log.h"

static int wake[2] = {-1, -1};
static volatile sig_atomic_t any, stop, reload, reopen, drain;
static volatile sig_atomic_t is_draining, is_stopping;

static void
on_signal(int number)
{
	int saved = errno;

	if (number == SIGHUP)
		reload = 1;
	else if (number == SIGUSR1)
		reopen = 1;
	else if (number == SIGUSR2 && !is_draining && !is_stopping)
		is_draining = drain = 1;
	else if (is_stopping)
		_exit(1);
	else
		is_stopping = stop = 1;
	any = 1;
	/* A full pipe is readable already. */
	if (write(wake[1], "", 1) < 0)
		errno = 0;
	errno = saved;
}

static int
catch_all(void)
{
	static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};
	struct sigaction sa = {.sa_handler = on_signal};

	sigemptyset(&sa.sa_mask);
	/* One handler at a time: the second TERM must see the first. */
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaddset(&sa.sa_mask, caught[i]);
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		if (sigaction(caught[i], &sa, NULL) != 0)
			return -errno;
	sa.sa_handler = SIG_IGN;
	return sigaction(SIGPIPE, &sa, NULL) == 0 ? 0 : -errno;
}

int
signals_open(void)
{
	int rc = pipe2(wake, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : -errno;

	if (rc == 0)
		rc = catch_all();
	return rc < 0 ? log_errno(rc, "cannot catch signals") : 0;
}

int
signals_fd(void)
{
	return wake[0];
}

static unsigned
take(volatile sig_atomic_t *mark, unsigned news)
{
	if (!*mark)
		return 0;
	*mark = 0;
	return news;
}

unsigned
signals_take(void)
{
	char bytes[64];

	if (!any)
		return 0;
	any = 0;
	while (read(wake[0], bytes, sizeof(bytes)) > 0)
		;
	return take(&stop, SIGNAL_STOP) | take(&reload, SIGNAL_RELOAD) |
	       take(&reopen, SIGNAL_REOPEN) | take(&drain, SIGNAL_DRAIN);
}
