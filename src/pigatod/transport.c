/*
 * ZeroMQ sockets, a ROUTER for each port of the broker and a PUB, used by one
 * thread.
 *
 * ROUTER is mandatory, so that mail for an absent or full peer is refused at
 * its first frame, where the message is still whole; and it hands over, so
 * that a peer back under its old identity is heard from its first message on.
 *
 * Sleeping is done by poll(2) on the sockets' own descriptors, at a third of
 * the system calls of zmq_poll(3). Such a descriptor tells of changes, not of
 * states, and any call on its socket may swallow one. The state is known only
 * right after a receive that found nothing: is_dry. Nobody sleeps without it,
 * and nobody asks a socket that is dry until poll says so.
 */
#include "pigatod/transport.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <uuid.h>
#include <zmq.h>

#include "pigatod/ipc_file.h"
#include "pigatod/listener.h"
#include "pigatod/log.h"
#include "pigatod/run_dir.h"

#ifndef ZMQ_ZERO_COPY_RECV
#define ZMQ_ZERO_COPY_RECV 10 /* in zmq.h with the draft options only */
#endif

struct router {
	struct listener listener;
	bool is_dry; /* nothing to receive, and nothing done since */
};

struct transport {
	void *context;
	struct router router[BROKER_N_PORTS];
	struct listener pub;
	size_t max_message;
};

/* ---- birth ---- */

/* The id that the broker shows its peers: the name, or one that is made up. */
static void
choose_name(char text[256], const char *name)
{
	uuid_t uuid;

	snprintf(text, 256, "%s", name[0] == '\0' ? "B-" : name);
	if (name[0] == '\0') {
		uuid_generate(uuid);
		uuid_unparse_lower(uuid, text + 2);
	}
	log_info("broker name=%s", text);
}

static int
open_router(struct transport *t, enum broker_port port, const struct conf *conf,
    const char *option, const char *name)
{
	struct listener *l = &t->router[port].listener;
	int rc = listener_open(l, t->context, ZMQ_ROUTER, conf, option);

	if (rc == 0)
		rc = listener_set(l, ZMQ_ROUTER_MANDATORY, 1);
	if (rc == 0)
		rc = listener_set(l, ZMQ_ROUTER_HANDOVER, 1);
	if (rc < 0)
		return rc;
	if (zmq_setsockopt(l->socket, ZMQ_MAXMSGSIZE, &conf->max_frame,
		sizeof(conf->max_frame)) != 0 ||
	    zmq_setsockopt(l->socket, ZMQ_ROUTING_ID, name, strlen(name)) != 0)
		return -errno;
	return 0;
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
	char name[256];
	int rc = make_context(t, conf);

	if (rc < 0)
		return rc;
	choose_name(name, conf->name);
	rc = open_router(t, PORT_PUBLIC, conf, "address", name);
	if (rc == 0)
		rc = open_router(t, PORT_ADMIN, conf, "admin", name);
	if (rc == 0)
		rc = listener_open(&t->pub, t->context, ZMQ_PUB, conf, "intch");
	return rc;
}

static int
listen_at(struct listener *l, const char *address, bool is_private)
{
	int rc = listener_add(l, address, is_private);

	if (rc < 0)
		log_error(
		    "cannot listen address=%s: %s", address, zmq_strerror(-rc));
	return rc;
}

/*
 * Nobody has asked for it by name: where it can't be had, as beside another
 * server of the same user, the server goes without.
 */
static void
listen_at_run_dir(struct listener *l)
{
	char address[128] = "";
	int rc = run_dir_admin(address, sizeof(address));

	if (rc == 0)
		rc = listener_add(l, address, true);
	if (rc < 0 && address[0] == '\0')
		log_warn("no administrative endpoint: neither "
			 "RUNTIME_DIRECTORY nor XDG_RUNTIME_DIR names a place "
			 "for it; admin_bind may");
	else if (rc < 0)
		log_warn("no administrative endpoint address=%s: %s; "
			 "admin_bind may name another",
		    address, zmq_strerror(-rc));
}

static int
listen_for_operators(struct listener *l, const struct conf *conf)
{
	const char *address = conf->admin_bind[0];
	int rc = 0;

	if (strcmp(address, "none") == 0)
		return 0;
	if (strcmp(address, "auto") == 0) {
		listen_at_run_dir(l);
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < conf->n_admin_binds; i++) {
		address = conf->admin_bind[i];
		rc = listen_at(l, address, true);
		if (rc == 0 && ipc_file_of(address) == NULL)
			log_warn("every user of this machine may act as "
				 "operator address=%s",
			    address);
	}
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
	/* The others first: who connects finds the whole server. */
	rc = listen_at(&t->pub, conf->intch, false);
	if (rc == 0)
		rc =
		    listen_for_operators(&t->router[PORT_ADMIN].listener, conf);
	for (size_t i = 0; rc == 0 && i < conf->n_binds; i++)
		rc = listen_at(
		    &t->router[PORT_PUBLIC].listener, conf->bind[i], false);
	if (rc < 0)
		goto fail;
	*result = t;
	return 0;
fail:
	transport_close(t, 0);
	return rc;
}

void
transport_close(struct transport *t, int linger_ms)
{
	if (t == NULL)
		return;
	/* Before the sockets: behind them a successor may own the names. */
	for (int i = 0; i < BROKER_N_PORTS; i++)
		listener_remove_files(&t->router[i].listener);
	listener_close(&t->pub, linger_ms);
	for (int i = 0; i < BROKER_N_PORTS; i++)
		listener_close(&t->router[i].listener, linger_ms);
	if (t->context != NULL)
		while (zmq_ctx_term(t->context) != 0 && errno == EINTR)
			;
	free(t);
}

/* ---- messages ---- */

/* Some versions of libzmq give up for a signal although told not to wait. */
static int
recv_frame(void *socket, struct pgt_frame *f)
{
	int rc;

	do
		rc = pgt_frame_recv(f, socket);
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
drain(void *socket)
{
	struct pgt_frame f;
	bool more = true;
	int rc = 0;

	pgt_frame_init(&f);
	while (more && rc >= 0) {
		rc = recv_frame(socket, &f);
		more = pgt_frame_has_more(&f);
	}
	pgt_frame_clear(&f);
	return rc < 0 ? rc : 0;
}

int
transport_recv(struct transport *t, enum broker_port port, struct pgt_msg *m,
    const char **why)
{
	struct router *r = &t->router[port];
	struct pgt_frame *f;
	size_t size = 0;
	bool more;
	int rc;

	*why = NULL;
	if (r->is_dry)
		return -EAGAIN;
	do {
		f = pgt_msg_push(m);
		rc = recv_frame(r->listener.socket, f);
		if (rc < 0)
			goto fail;
		if (m->n > 1)
			size += rc < INT_MAX ? (size_t)rc : pgt_frame_view(f).n;
		more = pgt_frame_has_more(f);
		if (size > t->max_message)
			*why = "message too large";
		else if (more && m->n > PGT_MSG_PEER_MAX)
			*why = "too many frames";
	} while (more && *why == NULL);
	rc = more ? drain(r->listener.socket) : 0;
	if (rc == 0)
		return 0;
fail:
	r->is_dry = rc == -EAGAIN;
	pgt_msg_clear(m);
	return rc;
}

int
transport_send(struct transport *t, enum broker_port port, struct pgt_msg *m)
{
	struct router *r = &t->router[port];
	struct pgt_frame end;
	int rc;

	r->is_dry = false;
	for (size_t i = 0; i < m->n; i++) {
		rc = send_frame(r->listener.socket, &m->f[i], i + 1 < m->n);
		if (rc == 0)
			continue;
		if (i == 0)
			return rc;
		/*
		 * Past its first frame libzmq takes a message to its end; but
		 * whatever happens, the next one must start at a start.
		 */
		pgt_frame_init(&end);
		send_frame(r->listener.socket, &end, false);
		pgt_frame_clear(&end);
		return 0;
	}
	m->n = 0; /* sent frames hold nothing */
	return 0;
}

int
transport_publish(struct transport *t, struct pgt_msg *m)
{
	return send_frame(t->pub.socket, &m->f[0], false);
}

/* Subscribers come and go by commands that only a call on the socket sees. */
static void
serve_pub(struct transport *t)
{
	int events;
	size_t n = sizeof(events);

	(void)zmq_getsockopt(t->pub.socket, ZMQ_EVENTS, &events, &n);
}

int
transport_wait(struct transport *t, int fd, int timeout_ms)
{
	struct pollfd fds[BROKER_N_PORTS + 2];
	bool is_dry = true;

	for (int i = 0; i < BROKER_N_PORTS; i++) {
		fds[i] = (struct pollfd){
		    .fd = t->router[i].listener.fd, .events = POLLIN};
		is_dry = is_dry && t->router[i].is_dry;
	}
	fds[BROKER_N_PORTS] =
	    (struct pollfd){.fd = t->pub.fd, .events = POLLIN};
	fds[BROKER_N_PORTS + 1] = (struct pollfd){.fd = fd, .events = POLLIN};
	if (poll(fds, BROKER_N_PORTS + 2, is_dry ? timeout_ms : 0) < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < BROKER_N_PORTS; i++)
		if (fds[i].revents != 0)
			t->router[i].is_dry = false;
	if (fds[BROKER_N_PORTS].revents != 0)
		serve_pub(t);
	return 0;
}
