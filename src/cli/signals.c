/*
 * A pipe to ourselves. A handler marks which signal came, then writes a byte,
 * so that a loop about to sleep wakes up. The loop empties the pipe before it
 * reads the marks: none is overlooked.
 */
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define N_SIGNALS 65

static int wake[2] = {-1, -1};
static volatile sig_atomic_t marks[N_SIGNALS];
static struct sigaction before[N_SIGNALS];

static void
on_signal(int number)
{
	int saved = errno;

	marks[number] = 1;
	/* A full pipe is readable already. */
	if (write(wake[1], "", 1) < 0)
		errno = 0;
	errno = saved;
}

int
signals_catch(int number)
{
	struct sigaction sa = {.sa_handler = on_signal};

	if (wake[0] < 0 && pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	if (number == SIGCHLD)
		sa.sa_flags = SA_NOCLDSTOP;
	sigemptyset(&sa.sa_mask);
	marks[number] = 0;
	return sigaction(number, &sa, &before[number]);
}

void
signals_release(int number)
{
	sigaction(number, &before[number], NULL);
}

int
signals_fd(void)
{
	return wake[0];
}

void
signals_drain(void)
{
	char bytes[64];

	while (wake[0] >= 0 && read(wake[0], bytes, sizeof(bytes)) > 0)
		;
}

bool
signals_take(int number)
{
	if (!marks[number])
		return false;
	marks[number] = 0;
	return true;
}
