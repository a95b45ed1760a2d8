/*
 * libzmq binds in the caller's thread, so that the mode of a new socket is
 * the umask's business.
 *
 * It accepts connections by the two functions below, as a program's own go over
 * those of libraries: its ipc listener takes the process down where no
 * descriptor is left, but not where nobody is there.
 */
#include "pigatod/listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zmq.h>

#include "pigatod/ipc_file.h"
#include "pigatod/log.h"

#define LISTEN_BACKLOG 1024

/* A peer whose machine went away without a word is noticed in four minutes. */
#define KEEPALIVE_IDLE_S     120
#define KEEPALIVE_INTERVAL_S 30
#define KEEPALIVE_COUNT	     4

int accept_later(int fd, struct sockaddr *address, socklen_t *n) __asm__(
    "accept") __attribute__((visibility("default")));
int accept4_later(int fd, struct sockaddr *address, socklen_t *n,
    int flags) __asm__("accept4") __attribute__((visibility("default")));

int
accept4_later(int fd, struct sockaddr *address, socklen_t *n, int flags)
{
	int rc = (int)syscall(SYS_accept4, fd, address, n, flags);

	if (rc < 0 && errno == EMFILE)
		errno = EAGAIN;
	return rc;
}

int
accept_later(int fd, struct sockaddr *address, socklen_t *n)
{
	return accept4_later(fd, address, n, 0);
}

int
listener_set(struct listener *l, int option, int value)
{
	if (zmq_setsockopt(l->socket, option, &value, sizeof(value)) == 0)
		return 0;
	return -errno;
}

static int
set_common(struct listener *l, const struct conf *conf)
{
	const int options[][2] = {
	    {ZMQ_LINGER, 0},
	    {ZMQ_IPV6, 1},
	    {ZMQ_BACKLOG, LISTEN_BACKLOG},
	    {ZMQ_TCP_KEEPALIVE, 1},
	    {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
	    {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
	    {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
	    {ZMQ_SNDHWM, (int)conf->hwm},
	    {ZMQ_RCVHWM, (int)conf->hwm},
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(options) / sizeof(options[0]);
	     i++)
		rc = listener_set(l, options[i][0], options[i][1]);
	return rc;
}

int
listener_open(struct listener *l, void *context, int type,
    const struct conf *conf, const char *option)
{
	size_t n = sizeof(l->fd);
	int rc;

	*l = (struct listener){.option = option};
	l->socket = zmq_socket(context, type);
	if (l->socket == NULL)
		return -errno;
	rc = set_common(l, conf);
	if (rc == 0 && zmq_getsockopt(l->socket, ZMQ_FD, &l->fd, &n) != 0)
		rc = -errno;
	return rc;
}

/*
 * IPv6 where the address asks for it, or for everything. Otherwise libzmq
 * would turn localhost into ::1, where no client of old looks for it.
 */
static int
bind_to(struct listener *l, const char *address)
{
	bool v6 = strchr(address, '[') != NULL ||
		  strncmp(address, "tcp://*:", 8) == 0;
	int rc = listener_set(l, ZMQ_IPV6, v6);

	if (rc == 0 && zmq_bind(l->socket, address) != 0)
		rc = -errno;
	return rc;
}

static int
bind_in_private(struct listener *l, const char *address)
{
	mode_t old = umask(S_IRWXG | S_IRWXO);
	int rc = bind_to(l, address);

	umask(old);
	return rc;
}

/* The address as it came out: ports may have been left to the system. */
static void
tell(const struct listener *l, const char *address)
{
	char text[256 + sizeof("ipc://")];
	size_t n = sizeof(text);

	if (zmq_getsockopt(l->socket, ZMQ_LAST_ENDPOINT, text, &n) == 0)
		address = text;
	log_info("listening %s=%s", l->option, address);
}

int
listener_add(struct listener *l, const char *address, bool is_private)
{
	const char *path = ipc_file_of(address);
	char *file = NULL;
	int rc = 0;

	if (path != NULL) {
		rc = ipc_file_check(path);
		if (rc < 0)
			return rc;
		file = strdup(path);
		if (file == NULL)
			return -ENOMEM;
	}
	rc = is_private ? bind_in_private(l, address) : bind_to(l, address);
	if (rc < 0) {
		free(file);
		return rc;
	}
	if (file != NULL)
		l->files[l->n_files++] = file;
	tell(l, address);
	return 0;
}

void
listener_remove_files(struct listener *l)
{
	while (l->n_files > 0) {
		unlink(l->files[--l->n_files]);
		free(l->files[l->n_files]);
	}
}

void
listener_close(struct listener *l, int linger_ms)
{
	listener_remove_files(l);
	if (l->socket == NULL)
		return;
	listener_set(l, ZMQ_LINGER, linger_ms);
	zmq_close(l->socket);
	l->socket = NULL;
}
