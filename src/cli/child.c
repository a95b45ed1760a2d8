#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define GRACE_MS     2000
#define STATUS_NO_GO 127

enum { READ_END, WRITE_END };

struct pipes {
	int in[2], out[2];
};

/* ---- birth ---- */

static void
close_pair(int fd[2])
{
	int saved = errno;

	close(fd[READ_END]);
	close(fd[WRITE_END]);
	errno = saved;
}

/* Our ends do not block. */
static int
open_pipes(struct pipes *p)
{
	if (pipe2(p->in, O_CLOEXEC) != 0)
		return -errno;
	if (pipe2(p->out, O_CLOEXEC) != 0) {
		close_pair(p->in);
		return -errno;
	}
	fcntl(p->in[WRITE_END], F_SETFL, O_NONBLOCK);
	fcntl(p->out[READ_END], F_SETFL, O_NONBLOCK);
	return 0;
}

/* Between fork() and exec: only what POSIX calls async-signal-safe. */
static _Noreturn void
become(const struct pipes *p, const char *path, char *const *argv, pid_t parent)
{
	static const char no_go[] = "pigato-cli: cannot run the command\n";
	struct sigaction sa = {.sa_handler = SIG_DFL};
	sigset_t none;

	setpgid(0, 0);
#ifdef __linux__
	/* Nobody is left behind by who is killed without a chance to stop. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(STATUS_NO_GO);
	dup2(p->in[READ_END], STDIN_FILENO);
	dup2(p->out[WRITE_END], STDOUT_FILENO);
	sigaction(SIGPIPE, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(path, argv);
	if (write(STDERR_FILENO, no_go, sizeof(no_go) - 1) < 0)
		_exit(STATUS_NO_GO);
	_exit(STATUS_NO_GO);
}

/* Our handlers do not run in the child: it would write to our pipe. */
static void
forget_handlers(void)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1,
	    SIGWINCH, SIGCONT, SIGCHLD};
	struct sigaction sa = {.sa_handler = SIG_DFL};

	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaction(caught[i], &sa, NULL);
}

static pid_t
fork_child(const struct pipes *p, const char *path, char *const *argv)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		forget_handlers();
		become(p, path, argv, parent);
	}
	if (pid > 0)
		setpgid(pid, pid); /* whoever of us comes first */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int
child_start(struct child *c, const char *path, char *const *argv,
    const char *data, size_t n_data)
{
	struct pipes p;
	int rc = open_pipes(&p);

	if (rc < 0)
		return rc;
	*c = (struct child){
	    .in_fd = p.in[WRITE_END],
	    .out_fd = p.out[READ_END],
	    .data = data,
	    .n_data = n_data,
	    .kill_at = -1,
	};
	c->pid = fork_child(&p, path, argv);
	if (c->pid < 0) {
		rc = -errno;
		close_pair(p.in);
		close_pair(p.out);
		return rc;
	}
	close(p.in[READ_END]);
	close(p.out[WRITE_END]);
	child_feed(c);
	return 0;
}

/* ---- the pipes ---- */

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
child_feed(struct child *c)
{
	ssize_t n = 1;

	while (c->n_data > 0 && n > 0) {
		n = write(c->in_fd, c->data, c->n_data);
		if (n > 0) {
			c->data += n;
			c->n_data -= (size_t)n;
		}
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* All is written, or it does not want to read it. */
	shut(&c->in_fd);
}

size_t
child_read(struct child *c, char *p, size_t n)
{
	ssize_t got = read(c->out_fd, p, n);

	if (got > 0)
		return (size_t)got;
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		shut(&c->out_fd);
	return 0;
}

/* ---- the end ---- */

void
child_look(struct child *c, int64_t now)
{
	siginfo_t info = {.si_pid = 0};

	if (c->is_exited ||
	    waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
		0 ||
	    info.si_pid == 0)
		return;
	c->is_exited = true;
	c->status =
	    info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
	shut(&c->in_fd);
	if (c->kill_at < 0)
		c->kill_at = now + GRACE_MS;
}

/* None once it is reaped: its number may be somebody else's. */
static void
signal_all(const struct child *c, int number)
{
	if (c->pid > 0)
		kill(-c->pid, number);
}

void
child_stop(struct child *c, int64_t now)
{
	signal_all(c, SIGTERM);
	signal_all(c, SIGCONT);
	shut(&c->in_fd);
	shut(&c->out_fd);
	if (c->kill_at < 0)
		c->kill_at = now + GRACE_MS;
}

void
child_kill(struct child *c)
{
	signal_all(c, SIGKILL);
	c->kill_at = -1;
	shut(&c->in_fd);
	shut(&c->out_fd);
}

void
child_on_time(struct child *c, int64_t now)
{
	if (c->kill_at >= 0 && now >= c->kill_at)
		child_kill(c);
}

bool
child_is_over(const struct child *c)
{
	return c->is_exited && c->out_fd < 0;
}

void
child_close(struct child *c)
{
	child_kill(c);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
}
