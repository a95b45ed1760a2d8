/*
 * Workers by the thousand. A libzmq socket costs two descriptors and a good
 * deal of CPU; here a worker is a TCP connection that speaks just enough of
 * ZMTP 3.0 (NULL mechanism), and one thread with epoll has them all.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define BUFFER	    4096 /* the longest message there may be */
#define MAX_PARTS   10
#define GREETING    64
#define CONNECTING  32 /* at once: more would overflow a listener's queue */
#define F_MORE	    1
#define F_LONG	    2
#define F_COMMAND   4
#define PATIENCE_NS UINT64_C(60000000000)

enum stage { ST_GREETING, ST_HANDSHAKE, ST_SERVING, ST_LOST };

struct conn {
	int fd;
	enum stage stage;
	size_t n;
	unsigned char in[BUFFER];
};

struct out {
	size_t n;
	unsigned char b[BUFFER + 512];
};

struct part {
	const unsigned char *p;
	size_t n;
};

static struct {
	pthread_t thread;
	const struct load_conf *conf;
	struct sockaddr_in address;
	struct conn *conn;
	int epoll;
	int n_ready;
	atomic_bool is_over;
	atomic_ullong errors;
} swarm;

/* ---- what is sent ---- */

static void
put(struct out *o, int flags, const void *p, size_t n)
{
	if (n > 255) {
		o->b[o->n++] = (unsigned char)(flags | F_LONG);
		for (int shift = 56; shift >= 0; shift -= 8)
			o->b[o->n++] = (unsigned char)((uint64_t)n >> shift);
	} else {
		o->b[o->n++] = (unsigned char)flags;
		o->b[o->n++] = (unsigned char)n;
	}
	if (n > 0)
		memcpy(o->b + o->n, p, n);
	o->n += n;
}

static void
put_text(struct out *o, int flags, const char *text)
{
	put(o, flags, text, strlen(text));
}

static void
lose(struct conn *c)
{
	if (c->stage == ST_LOST)
		return;
	c->stage = ST_LOST;
	close(c->fd);
	atomic_fetch_add(&swarm.errors, 1);
}

static void
flush(struct conn *c, const struct out *o)
{
	if (c->stage != ST_LOST &&
	    send(c->fd, o->b, o->n, MSG_NOSIGNAL) != (ssize_t)o->n)
		lose(c);
}

static void
send_greeting(struct conn *c)
{
	struct out o = {.n = GREETING};

	memcpy(o.b, "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16);
	flush(c, &o);
}

static void
send_handshake(struct conn *c)
{
	char id[LOAD_ID + 1], body[128];
	struct out o = {.n = 0};
	size_t n;

	load_identity(id, 'W');
	memcpy(body, "\5READY\13Socket-Type\0\0\0\6DEALER\10Identity\0\0\0",
	    n = 6 + 12 + 4 + 6 + 9 + 3);
	body[n++] = LOAD_ID;
	memcpy(body + n, id, LOAD_ID);
	put(&o, F_COMMAND, body, n + LOAD_ID);
	flush(c, &o);
}

static void
send_beat(struct conn *c)
{
	struct out o = {.n = 0};

	put_text(&o, F_MORE, "W");
	put_text(&o, F_MORE, "4");
	put_text(&o, F_MORE, "");
	put_text(&o, 0,
	    swarm.conf->swarm_paused ? "{\"concurrency\":0}"
				     : "{\"concurrency\":-1}");
	flush(c, &o);
}

static void
send_ready(struct conn *c)
{
	struct out o = {.n = 0};
	char service[64];

	snprintf(service, sizeof(service), "%s", swarm.conf->swarm_service);
	if (swarm.conf->swarm_apart)
		snprintf(service, sizeof(service), "%s-%d",
		    swarm.conf->swarm_service, (int)(c - swarm.conn));
	put_text(&o, F_MORE, "W");
	put_text(&o, F_MORE, "1");
	put_text(&o, 0, service);
	flush(c, &o);
	send_beat(c);
}

/* ---- what is received ---- */

static void
on_request(struct conn *c, const struct part *f)
{
	struct out o = {.n = 0};

	put_text(&o, F_MORE, "W");
	put_text(&o, F_MORE, "3");
	put(&o, F_MORE, f[2].p, f[2].n);
	put_text(&o, F_MORE, "");
	put(&o, F_MORE, f[5].p, f[5].n);
	put_text(&o, F_MORE, "0");
	put(&o, F_MORE, f[6].p, f[6].n);
	put_text(&o, 0, "{}");
	flush(c, &o);
}

static void
on_message(struct conn *c, const struct part *f, int n)
{
	char type = n >= 2 && f[0].n == 1 && f[1].n == 1 ? (char)*f[1].p : 0;

	if (type == '2' && n >= 7)
		on_request(c, f);
	else if (type == '1')
		swarm.n_ready++;
	else if (type != '4')
		atomic_fetch_add(&swarm.errors, 1);
}

/* One frame at *at, NULL where it is not all there yet. */
static const unsigned char *
read_frame(const struct conn *c, size_t *at, struct part *f)
{
	const unsigned char *head = c->in + *at;
	size_t left = c->n - *at, n_head = 2;

	if (left < 2)
		return NULL;
	f->n = head[1];
	if ((*head & F_LONG) != 0) {
		n_head = 9;
		if (left < n_head)
			return NULL;
		f->n = (size_t)head[7] << 8 | head[8];
	}
	if (left < n_head + f->n)
		return NULL;
	f->p = head + n_head;
	*at += n_head + f->n;
	return head;
}

/* One whole message, or command; false: it is not all there yet. */
static bool
take_message(struct conn *c, size_t *at)
{
	struct part f[MAX_PARTS];
	const unsigned char *head;
	size_t from = *at;
	int n = 0;

	do {
		head = n == MAX_PARTS ? NULL : read_frame(c, &from, &f[n++]);
		if (head == NULL)
			return false;
	} while ((*head & F_MORE) != 0);
	*at = from;
	if ((*head & F_COMMAND) == 0)
		on_message(c, f, n);
	else if (c->stage == ST_HANDSHAKE) {
		c->stage = ST_SERVING;
		send_ready(c);
	}
	return true;
}

static void
on_bytes(struct conn *c)
{
	size_t at = 0;

	if (c->stage == ST_GREETING) {
		if (c->n < GREETING)
			return;
		at = GREETING;
		c->stage = ST_HANDSHAKE;
		send_handshake(c);
	}
	while (c->stage != ST_LOST && take_message(c, &at))
		continue;
	memmove(c->in, c->in + at, c->n - at);
	c->n -= at;
}

static void
receive(struct conn *c)
{
	ssize_t got = read(c->fd, c->in + c->n, BUFFER - c->n);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		lose(c);
		return;
	}
	c->n += (size_t)got;
	on_bytes(c);
}

static void
pump(int timeout)
{
	struct epoll_event e[256];
	int n = epoll_wait(swarm.epoll, e, 256, timeout);

	for (int i = 0; i < n; i++)
		receive(e[i].data.ptr);
}

/* ---- life ---- */

/* Heartbeats are spread over the interval, a few each millisecond. */
static void *
serve(void *arg)
{
	const uint64_t n = (uint64_t)swarm.conf->n_swarm;
	const uint64_t beat = (uint64_t)swarm.conf->beat_ms * 1000000;
	uint64_t start = measure_now(), done = 0, due;

	while (!atomic_load(&swarm.is_over)) {
		pump(n > 100 ? 10 : 100);
		due = (measure_now() - start) * n / beat;
		for (; done < due; done++)
			send_beat(&swarm.conn[done % n]);
	}
	return arg;
}

static void
open_conn(struct conn *c)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		load_die("socket (ulimit -n?)");
	if (connect(c->fd, (struct sockaddr *)&swarm.address,
		sizeof(swarm.address)) != 0)
		load_die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(swarm.epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
		load_die("epoll_ctl");
	send_greeting(c);
}

static void
read_endpoint(const char *endpoint)
{
	char host[64];
	int port;

	swarm.address.sin_family = AF_INET;
	if (sscanf(endpoint, "tcp://%63[0-9.]:%d", host, &port) != 2 ||
	    inet_pton(AF_INET, host, &swarm.address.sin_addr) != 1)
		load_die("a swarm wants tcp://a.b.c.d:port");
	swarm.address.sin_port = htons((uint16_t)port);
}

void
swarm_start(const struct load_conf *conf)
{
	uint64_t limit = measure_now() + PATIENCE_NS;

	if (conf->n_swarm == 0)
		return;
	swarm.conf = conf;
	read_endpoint(conf->endpoint);
	swarm.epoll = epoll_create1(EPOLL_CLOEXEC);
	swarm.conn = calloc((size_t)conf->n_swarm, sizeof(*swarm.conn));
	for (int i = 0; i < conf->n_swarm || swarm.n_ready < conf->n_swarm;) {
		if (i < conf->n_swarm && i < swarm.n_ready + CONNECTING)
			open_conn(&swarm.conn[i++]);
		else
			pump(100);
		if (measure_now() > limit || atomic_load(&swarm.errors) > 0)
			load_die("the swarm is not answered");
	}
	if (pthread_create(&swarm.thread, NULL, serve, NULL) != 0)
		load_die("pthread_create");
}

void
swarm_stop(void)
{
	if (swarm.conn == NULL)
		return;
	atomic_store(&swarm.is_over, true);
	pthread_join(swarm.thread, NULL);
	for (int i = 0; i < swarm.conf->n_swarm; i++)
		if (swarm.conn[i].stage != ST_LOST)
			close(swarm.conn[i].fd);
	free(swarm.conn);
}

uint64_t
swarm_errors(void)
{
	return atomic_load(&swarm.errors);
}
