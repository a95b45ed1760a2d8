/*
 * Two ZeroMQ sockets, a ROUTER and a PUB, used by one thread.
 *
 * ROUTER is mandatory, so that mail for an absent or full peer is refused at
 * its first frame, where the message is still whole; and it hands over, so
 * that a peer back under its old identity is heard from its first message on.
 *
 * Sleeping is done by poll(2) on the sockets' own descriptors, at a third of
 * the system calls of zmq_poll(3). Such a descriptor tells of changes, not of
 * states, and any call on its socket may swallow one. The state is known only
 * right after a receive that found nothing: is_dry. Nobody sleeps without it.
 */
#include "pigatod/transport.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uuid.h>
#include <zmq.h>

#include "pigatod/ipc_file.h"
#include "pigatod/log.h"

#ifndef ZMQ_ZERO_COPY_RECV
#define ZMQ_ZERO_COPY_RECV 10 /* in zmq.h with the draft options only */
#endif

#define LISTEN_BACKLOG 1024

/* A peer whose machine went away without a word is noticed in four minutes. */
#define KEEPALIVE_IDLE_S     120
#define KEEPALIVE_INTERVAL_S 30
#define KEEPALIVE_COUNT	     4

struct transport {
	void *context;
	void *router;
	void *pub;
	int router_fd, pub_fd;
	bool is_dry; /* nothing to receive, and nothing done since */
	size_t max_message;
	char *files[CONF_MAX_BINDS + 1]; /* of ipc:// addresses, ours */
	size_t n_files;
};

static int
set_int(void *socket, int option, int value)
{
	if (zmq_setsockopt(socket, option, &value, sizeof(value)) == 0)
		return 0;
	return -errno;
}

/* What both sockets want. 0 or a negative errno. */
static int
set_common(void *socket, const struct conf *conf)
{
	static const int options[][2] = {
	    {ZMQ_LINGER, 0},
	    {ZMQ_IPV6, 1},
	    {ZMQ_BACKLOG, LISTEN_BACKLOG},
	    {ZMQ_TCP_KEEPALIVE, 1},
	    {ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_IDLE_S},
	    {ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_INTERVAL_S},
	    {ZMQ_TCP_KEEPALIVE_CNT, KEEPALIVE_COUNT},
	};
	int rc;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		rc = set_int(socket, options[i][0], options[i][1]);
		if (rc < 0)
			return rc;
	}
	rc = set_int(socket, ZMQ_SNDHWM, (int)conf->hwm);
	if (rc == 0)
		rc = set_int(socket, ZMQ_RCVHWM, (int)conf->hwm);
	return rc;
}

/* The id that the broker shows its peers. */
static int
set_name(void *socket, const char *name)
{
	char text[sizeof("B-") + 36] = "B-";
	uuid_t uuid;

	if (name[0] == '\0') {
		uuid_generate(uuid);
		uuid_unparse_lower(uuid, text + 2);
		name = text;
	}
	if (zmq_setsockopt(socket, ZMQ_ROUTING_ID, name, strlen(name)) != 0)
		return -errno;
	log_info("broker name=%s", name);
	return 0;
}

static int
set_router(void *socket, const struct conf *conf)
{
	int rc = set_common(socket, conf);

	if (rc == 0)
		rc = set_int(socket, ZMQ_ROUTER_MANDATORY, 1);
	if (rc == 0)
		rc = set_int(socket, ZMQ_ROUTER_HANDOVER, 1);
	if (rc < 0)
		return rc;
	if (zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &conf->max_frame,
		sizeof(conf->max_frame)) != 0)
		return -errno;
	return set_name(socket, conf->name);
}

static int
keep_file(struct transport *t, const char *path)
{
	char *copy = strdup(path);

	if (copy == NULL)
		return -ENOMEM;
	t->files[t->n_files++] = copy;
	return 0;
}

/*
 * IPv6 where the address asks for it, or for everything. Otherwise libzmq
 * would turn localhost into ::1, where no client of old looks for it.
 */
static int
bind_to(void *socket, const char *address)
{
	bool v6 = strchr(address, '[') != NULL ||
		  strncmp(address, "tcp://*:", 8) == 0;
	int rc = set_int(socket, ZMQ_IPV6, v6);

	if (rc == 0 && zmq_bind(socket, address) != 0)
		rc = -errno;
	return rc;
}

static int
listen_at(struct transport *t, void *socket, const char *address)
{
	const char *file = ipc_file_of(address);
	char text[256 + sizeof("ipc://")];
	size_t n = sizeof(text);
	int rc = file == NULL ? 0 : ipc_file_check(file);

	if (rc == 0)
		rc = bind_to(socket, address);
	if (rc == 0 && file != NULL)
		rc = keep_file(t, file);
	if (rc < 0) {
		log_error(
		    "cannot listen address=%s: %s", address, zmq_strerror(-rc));
		return rc;
	}
	/* The address as it came out: ports may have been left to the system.
	 */
	if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, text, &n) == 0)
		address = text;
	log_info(
	    "listening %s=%s", socket == t->pub ? "intch" : "address", address);
	return 0;
}

static int
get_fd(void *socket, int *fd)
{
	size_t n = sizeof(*fd);

	return zmq_getsockopt(socket, ZMQ_FD, fd, &n) == 0 ? 0 : -errno;
}

/*
 * libzmq hands out frames as parts of its read buffer, which stays as long as
 * one of them: a small request that waits would hold 8 KiB. Told not to, it
 * copies what fits there and reads the rest straight into its place.
 */
static int
make_context(struct transport *t, const struct conf *conf)
{
	t->context = zmq_ctx_new();
	if (t->context == NULL ||
	    zmq_ctx_set(t->context, ZMQ_IO_THREADS, (int)conf->io_threads) != 0)
		return -errno;
	if (zmq_ctx_set(t->context, ZMQ_ZERO_COPY_RECV, 0) != 0)
		log_warn("this libzmq lets small requests hold 8 KiB each");
	return 0;
}

/* The sockets, not listening yet. */
static int
make_sockets(struct transport *t, const struct conf *conf)
{
	int rc = make_context(t, conf);

	if (rc < 0)
		return rc;
	t->router = zmq_socket(t->context, ZMQ_ROUTER);
	if (t->router == NULL)
		return -errno;
	t->pub = zmq_socket(t->context, ZMQ_PUB);
	if (t->pub == NULL)
		return -errno;
	rc = set_router(t->router, conf);
	if (rc == 0)
		rc = set_common(t->pub, conf);
	if (rc == 0)
		rc = get_fd(t->router, &t->router_fd);
	if (rc == 0)
		rc = get_fd(t->pub, &t->pub_fd);
	return rc;
}

int
transport_open(struct transport **result, const struct conf *conf)
{
	struct transport *t = calloc(1, sizeof(*t));
	int rc;

	if (t == NULL)
		return log_errno(-ENOMEM, "transport");
	t->max_message = (size_t)conf->max_message;
	rc = make_sockets(t, conf);
	if (rc < 0) {
		log_error("cannot set up sockets: %s", zmq_strerror(-rc));
		goto fail;
	}
	/* The channel first: who connects finds the whole server. */
	rc = listen_at(t, t->pub, conf->intch);
	for (size_t i = 0; rc == 0 && i < conf->n_binds; i++)
		rc = listen_at(t, t->router, conf->bind[i]);
	if (rc < 0)
		goto fail;
	*result = t;
	return 0;
fail:
	transport_close(t, 0);
	return rc;
}

static void
close_socket(void *socket, int linger_ms)
{
	if (socket == NULL)
		return;
	set_int(socket, ZMQ_LINGER, linger_ms);
	zmq_close(socket);
}

void
transport_close(struct transport *t, int linger_ms)
{
	if (t == NULL)
		return;
	/* Before the sockets: behind them a successor may own the names. */
	while (t->n_files > 0) {
		unlink(t->files[--t->n_files]);
		free(t->files[t->n_files]);
	}
	close_socket(t->pub, linger_ms);
	close_socket(t->router, linger_ms);
	if (t->context != NULL)
		while (zmq_ctx_term(t->context) != 0 && errno == EINTR)
			;
	free(t);
}

/* Some versions of libzmq give up for a signal although told not to wait. */
static int
recv_frame(struct transport *t, struct pgt_frame *f)
{
	int rc;

	do
		rc = pgt_frame_recv(f, t->router);
	while (rc == -EINTR);
	return rc;
}

static int
send_frame(void *socket, struct pgt_frame *f, bool more)
{
	int rc;

	do
		rc = pgt_frame_send(f, socket, more);
	while (rc == -EINTR);
	return rc;
}

/* What is left of a message, which is there whole or not at all. */
static int
drain(struct transport *t)
{
	struct pgt_frame f;
	bool more = true;
	int rc = 0;

	pgt_frame_init(&f);
	while (more && rc == 0) {
		rc = recv_frame(t, &f);
		more = pgt_frame_has_more(&f);
	}
	pgt_frame_clear(&f);
	return rc;
}

int
transport_recv(struct transport *t, struct pgt_msg *m, const char **why)
{
	struct pgt_frame *f;
	size_t size = 0;
	bool more;
	int rc;

	*why = NULL;
	t->is_dry = false;
	do {
		f = pgt_msg_push(m);
		rc = recv_frame(t, f);
		if (rc < 0)
			goto fail;
		if (m->n > 1)
			size += pgt_frame_view(f).n;
		more = pgt_frame_has_more(f);
		if (size > t->max_message)
			*why = "message too large";
		else if (more && m->n > PGT_MSG_PEER_MAX)
			*why = "too many frames";
	} while (more && *why == NULL);
	rc = more ? drain(t) : 0;
	if (rc == 0)
		return 0;
fail:
	t->is_dry = rc == -EAGAIN;
	pgt_msg_clear(m);
	return rc;
}

int
transport_send(struct transport *t, struct pgt_msg *m)
{
	struct pgt_frame end;
	int rc;

	t->is_dry = false;
	for (size_t i = 0; i < m->n; i++) {
		rc = send_frame(t->router, &m->f[i], i + 1 < m->n);
		if (rc == 0)
			continue;
		if (i == 0)
			return rc;
		/*
		 * Past its first frame libzmq takes a message to its end; but
		 * whatever happens, the next one must start at a start.
		 */
		pgt_frame_init(&end);
		send_frame(t->router, &end, false);
		pgt_frame_clear(&end);
		break;
	}
	return 0;
}

int
transport_publish(struct transport *t, struct pgt_msg *m)
{
	return send_frame(t->pub, &m->f[0], false);
}

/* Subscribers come and go by commands that only a call on the socket sees. */
static void
serve_pub(struct transport *t)
{
	int events;
	size_t n = sizeof(events);

	(void)zmq_getsockopt(t->pub, ZMQ_EVENTS, &events, &n);
}

int
transport_wait(struct transport *t, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
	    {.fd = t->router_fd, .events = POLLIN},
	    {.fd = t->pub_fd, .events = POLLIN},
	    {.fd = fd, .events = POLLIN},
	};

	if (poll(fds, 3, t->is_dry ? timeout_ms : 0) < 0)
		return errno == EINTR ? 0 : -errno;
	if (fds[1].revents != 0)
		serve_pub(t);
	return 0;
}
