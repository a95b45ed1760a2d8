/*
 * The descriptors of libzmq tell of changes, not of states, and any call on
 * the socket may swallow one. The state is known right after a receive that
 * found nothing: until then has_mail says that it must be tried. A monitor is
 * only ever received from, so its has_news follows epoll alone.
 */
#include "lib/channel.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <zmq.h>

/* Between two tries of libzmq to connect. */
#define RETRY_MAX_MS 10000

#define MONITORED (ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED)

static int
set_int(void *socket, int option, int value)
{
	if (zmq_setsockopt(socket, option, &value, sizeof(value)) == 0)
		return 0;
	return -errno;
}

/*
 * IPv6 where the endpoint asks for it: libzmq would look for localhost at ::1
 * alone otherwise. Mail is taken at any number: a broker drops what it cannot
 * deliver, and there is never more than we have asked for.
 */
static int
set_options(struct pgt_channel *c, const struct pgt_channel_conf *conf,
    const char *endpoint, int retry_ms)
{
	const int options[][2] = {
	    {ZMQ_LINGER, 0},
	    {ZMQ_IPV6, strchr(endpoint, '[') != NULL},
	    {ZMQ_SNDHWM, conf->send_limit},
	    {ZMQ_RCVHWM, 0},
	    {ZMQ_RCVTIMEO, PGT_CHANNEL_PATIENCE_MS},
	    {ZMQ_RECONNECT_IVL, retry_ms},
	    {ZMQ_RECONNECT_IVL_MAX, RETRY_MAX_MS},
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		rc = set_int(c->socket, options[i][0], options[i][1]);
		if (rc < 0)
			return rc;
	}
	if (zmq_setsockopt(
		c->socket, ZMQ_ROUTING_ID, conf->id, strlen(conf->id)) != 0)
		return -errno;
	return 0;
}

static int
open_monitor(struct pgt_channel *c, struct pgt_channel_conf *conf)
{
	char address[32];

	snprintf(
	    address, sizeof(address), "inproc://monitor-%u", conf->n_monitors);
	conf->n_monitors++;
	if (zmq_socket_monitor(c->socket, address, MONITORED) != 0)
		return -errno;
	c->monitor = zmq_socket(conf->context, ZMQ_PAIR);
	if (c->monitor == NULL || zmq_connect(c->monitor, address) != 0)
		return -errno;
	return 0;
}

/* The socket's descriptor into *fd, and into the epoll with its flag. */
static int
watch(void *socket, const struct pgt_channel_conf *conf, bool *flag, int *fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = flag};
	int own;
	size_t n = sizeof(own);

	if (zmq_getsockopt(socket, ZMQ_FD, &own, &n) != 0)
		return -errno;
	if (epoll_ctl(conf->epoll_fd, EPOLL_CTL_ADD, own, &ev) != 0)
		return -errno;
	*fd = own;
	*flag = true;
	return 0;
}

static void
unwatch(int *fd, const struct pgt_channel_conf *conf)
{
	if (*fd >= 0)
		epoll_ctl(conf->epoll_fd, EPOLL_CTL_DEL, *fd, NULL);
	*fd = -1;
}

int
pgt_channel_open(struct pgt_channel *c, struct pgt_channel_conf *conf,
    const char *endpoint, int retry_ms)
{
	int rc;

	*c = (struct pgt_channel){.socket_fd = -1, .monitor_fd = -1};
	c->socket = zmq_socket(conf->context, ZMQ_DEALER);
	if (c->socket == NULL)
		return -errno;
	rc = set_options(c, conf, endpoint, retry_ms);
	if (rc == 0)
		rc = open_monitor(c, conf);
	if (rc == 0)
		rc = watch(c->socket, conf, &c->has_mail, &c->socket_fd);
	if (rc == 0)
		rc = watch(c->monitor, conf, &c->has_news, &c->monitor_fd);
	if (rc == 0 && zmq_connect(c->socket, endpoint) != 0)
		rc = errno == EPROTONOSUPPORT ? -EINVAL : -errno;
	if (rc < 0)
		pgt_channel_close(c, conf, 0);
	return rc;
}

/* A descriptor leaves the epoll before libzmq closes it in the background. */
void
pgt_channel_close(
    struct pgt_channel *c, const struct pgt_channel_conf *conf, int linger_ms)
{
	if (c->socket != NULL) {
		unwatch(&c->socket_fd, conf);
		zmq_socket_monitor(c->socket, NULL, 0);
		set_int(c->socket, ZMQ_LINGER, linger_ms);
		zmq_close(c->socket);
	}
	if (c->monitor != NULL) {
		unwatch(&c->monitor_fd, conf);
		zmq_close(c->monitor);
	}
	*c = (struct pgt_channel){.socket_fd = -1, .monitor_fd = -1};
}

/* A signal is nobody's business here, least of all in mid-message. */
static int
send_frame(struct pgt_channel *c, struct pgt_frame *f, bool more)
{
	int rc;

	do
		rc = pgt_frame_send(f, c->socket, more);
	while (rc == -EINTR);
	return rc;
}

static int
receive_frame(void *socket, struct pgt_frame *f, bool waits)
{
	int rc;

	do
		rc = waits ? pgt_frame_await(f, socket)
			   : pgt_frame_recv(f, socket);
	while (rc == -EINTR);
	return rc < 0 ? rc : 0;
}

/*
 * A socket refuses a message at its first frame. Should it lose its pipe in
 * the middle it drops what follows, so the rest is handed over all the same.
 */
int
pgt_channel_send(struct pgt_channel *c, struct pgt_msg *m)
{
	int rc, failed = 0;

	for (size_t i = 0; i < m->n; i++) {
		rc = send_frame(c, &m->f[i], i + 1 < m->n);
		if (rc < 0)
			failed = rc;
		if (rc < 0 && i == 0)
			break;
	}
	if (failed == 0)
		m->n = 0; /* frames that were sent need not be cleared */
	c->has_mail = true;
	c->is_full = c->is_full || failed == -EAGAIN;
	return failed;
}

int
pgt_channel_receive(struct pgt_channel *c, struct pgt_msg *m)
{
	struct pgt_frame *f, extra;
	bool more = true, fits = true;
	int rc = 0;

	pgt_frame_init(&extra);
	while (more && rc == 0) {
		fits = fits && m->n < PGT_MSG_PEER_MAX;
		f = fits ? pgt_msg_push(m) : &extra;
		rc = receive_frame(c->socket, f, c->may_wait);
		c->may_wait = false;
		more = rc == 0 && pgt_frame_has_more(f);
	}
	pgt_frame_clear(&extra);
	if (rc < 0 || !fits)
		pgt_msg_clear(m);
	if (rc == -EAGAIN)
		c->has_mail = false;
	return rc;
}

static int
events_of(void *socket)
{
	int events = 0;
	size_t n = sizeof(events);

	zmq_getsockopt(socket, ZMQ_EVENTS, &events, &n);
	return events;
}

bool
pgt_channel_has_room(struct pgt_channel *c)
{
	int events;

	if (!c->is_full)
		return false;
	events = events_of(c->socket);
	c->has_mail = c->has_mail || (events & ZMQ_POLLIN) != 0;
	if ((events & ZMQ_POLLOUT) == 0)
		return false;
	c->is_full = false;
	return true;
}

/* The number of the monitor's next event, 0 where there is none. */
static unsigned
read_event(struct pgt_channel *c)
{
	struct pgt_msg m;
	uint16_t number = 0;
	struct pgt_slice first;
	bool more = true;

	pgt_msg_init(&m);
	while (more) {
		struct pgt_frame *f = pgt_msg_push(&m);
		int rc = receive_frame(c->monitor, f, false);

		if (rc == -EAGAIN)
			c->has_news = false;
		more = rc == 0 && pgt_frame_has_more(f);
	}
	first = pgt_frame_view(&m.f[0]);
	if (first.n >= sizeof(number))
		memcpy(&number, first.p, sizeof(number));
	pgt_msg_clear(&m);
	return number;
}

enum pgt_channel_news
pgt_channel_next_news(struct pgt_channel *c)
{
	while (c->has_news)
		switch (read_event(c)) {
		case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
			return PGT_CHANNEL_CONNECTED;
		case ZMQ_EVENT_DISCONNECTED:
			return PGT_CHANNEL_DISCONNECTED;
		}
	return PGT_CHANNEL_NO_NEWS;
}

bool
pgt_channel_is_dry(struct pgt_channel *c)
{
	int events;

	if (c->has_news)
		return false;
	if (!c->has_mail)
		return true;
	events = events_of(c->socket);
	if ((events & ZMQ_POLLIN) != 0)
		return false;
	if (c->is_full && (events & ZMQ_POLLOUT) != 0)
		return false;
	c->has_mail = false;
	return true;
}
