/*
 * A pid file is locked as long as its server lives, and the lock is what
 * counts: a file without one is stale and is taken over, one with it belongs
 * to another server. It is removed while the lock is held; who waited for it
 * must look whether the file it locked still has its name.
 */
#include "pigatod/daemon.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pigatod/log.h"

struct daemon {
	int ready_fd;	/* to the waiting parent, -1: none */
	int pid_fd;	/* -1: no pid file */
	char *pid_file; /* absolute or not: we never change directory */
};

void
daemon_hold_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		log_warn("cannot raise the limit of open files: %s",
		    strerror(errno));
}

/* The parent's part: what becomes of the child? */
static int
await_child(pid_t pid, int fd)
{
	int status;
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		return EXIT_SUCCESS;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	return WIFEXITED(status) && WEXITSTATUS(status) != 0
		   ? WEXITSTATUS(status)
		   : EXIT_FAILURE;
}

static int
detach(struct daemon *d)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		int rc = -errno;

		close(fds[0]);
		close(fds[1]);
		return rc;
	}
	if (pid > 0) {
		close(fds[1]);
		_exit(await_child(pid, fds[0]));
	}
	close(fds[0]);
	d->ready_fd = fds[1];
	return setsid() < 0 ? -errno : 0;
}

/* An open and locked file of that name. 0 or a negative errno. */
static int
open_locked(const char *path, int *result)
{
	struct stat ours, named;
	int fd, rc;

	for (;;) {
		fd =
		    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
		if (fd < 0)
			return -errno;
		if (fstat(fd, &ours) != 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
			goto fail;
		if (lstat(path, &named) == 0 && named.st_dev == ours.st_dev &&
		    named.st_ino == ours.st_ino)
			break;
		/* Its server removed it just before we had the lock. */
		close(fd);
	}
	*result = fd;
	return 0;
fail:
	rc = -errno;
	close(fd);
	return rc;
}

/* Not every file that pid_file may name by mistake is ours to overwrite. */
static bool
is_pid_file(int fd)
{
	struct stat st;
	char text[32];
	ssize_t n;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	n = pread(fd, text, sizeof(text), 0);
	for (ssize_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)text[i]) && text[i] != '\n')
			return false;
	return n >= 0 && n < (ssize_t)sizeof(text);
}

static int
write_pid(int fd)
{
	if (!is_pid_file(fd))
		return -EEXIST;
	if (ftruncate(fd, 0) != 0)
		return -errno;
	return dprintf(fd, "%ld\n", (long)getpid()) < 0 ? -errno : 0;
}

static int
open_pid_file(struct daemon *d, const char *path)
{
	int rc = open_locked(path, &d->pid_fd);

	if (rc == -EWOULDBLOCK) {
		log_error("pid file is held by a running server path=%s", path);
		return rc;
	}
	if (rc < 0)
		return log_errno(rc, "pid file path=%s", path);
	rc = write_pid(d->pid_fd);
	if (rc == 0) {
		d->pid_file = strdup(path);
		return d->pid_file == NULL ? -ENOMEM : 0;
	}
	if (rc == -EEXIST)
		log_error("not a pid file, left alone path=%s", path);
	else
		log_errno(rc, "pid file path=%s", path);
	return rc;
}

int
daemon_start(struct daemon **result, const struct conf *conf)
{
	struct daemon *d = calloc(1, sizeof(*d));
	int rc = 0;

	if (d == NULL)
		return log_errno(-ENOMEM, "daemon");
	d->ready_fd = d->pid_fd = -1;
	raise_limits();
	if (conf->daemonize) {
		rc = detach(d);
		if (rc < 0)
			log_errno(rc, "cannot detach");
	}
	if (rc == 0 && conf->pid_file[0] != '\0')
		rc = open_pid_file(d, conf->pid_file);
	if (rc < 0) {
		daemon_stop(d);
		return rc;
	}
	if (conf->daemonize && conf->log_file[0] == '\0')
		log_warn("detached without log_file: nothing is logged");
	*result = d;
	return 0;
}

void
daemon_ready(struct daemon *d)
{
	int fd;

	if (d->ready_fd < 0)
		return;
	fd = open("/dev/null", O_RDWR);
	if (fd >= 0) {
		for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
			dup2(fd, i);
		if (fd > STDERR_FILENO)
			close(fd);
	}
	if (write(d->ready_fd, "", 1) < 0)
		log_warn("the starting process did not wait");
	close(d->ready_fd);
	d->ready_fd = -1;
}

void
daemon_stop(struct daemon *d)
{
	if (d == NULL)
		return;
	if (d->pid_file != NULL)
		unlink(d->pid_file);
	if (d->pid_fd >= 0)
		close(d->pid_fd);
	if (d->ready_fd >= 0)
		close(d->ready_fd);
	free(d->pid_file);
	free(d);
}
