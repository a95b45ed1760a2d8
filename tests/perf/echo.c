/*
 * Workers that give back what they get, on libzmq like PIGATO's own: one
 * thread for all of them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "load.h"

#define BEAT	  UINT64_C(1000000000) /* ns */
#define MAX_PARTS 20

static struct {
	pthread_t thread;
	const struct load_conf *conf;
	void *ctx;
	zmq_pollitem_t *item;
	atomic_bool is_over;
	atomic_int n_ready;
	atomic_ullong errors;
} echo;

static void
put(void *s, const char *p, size_t n, int flags)
{
	if (zmq_send(s, p, n, flags) < 0)
		load_die("zmq_send");
}

static void
put_part(void *s, zmq_msg_t *m, int flags)
{
	if (zmq_msg_send(m, s, flags) < 0)
		load_die("zmq_msg_send");
}

/* W 4 - {"concurrency":-1} */
static void
beat(void *s)
{
	static const char opts[] = "{\"concurrency\":-1}";

	put(s, "W", 1, ZMQ_SNDMORE);
	put(s, "4", 1, ZMQ_SNDMORE);
	put(s, "", 0, ZMQ_SNDMORE);
	put(s, opts, sizeof(opts) - 1, 0);
}

static void *
open_worker(const struct load_conf *conf)
{
	void *s = zmq_socket(echo.ctx, ZMQ_DEALER);
	char id[LOAD_ID + 1];
	int none = 0, linger = 1000;

	if (s == NULL)
		load_die("zmq_socket");
	load_identity(id, 'W');
	zmq_setsockopt(s, ZMQ_IDENTITY, id, LOAD_ID);
	zmq_setsockopt(s, ZMQ_SNDHWM, &none, sizeof(none));
	zmq_setsockopt(s, ZMQ_RCVHWM, &none, sizeof(none));
	zmq_setsockopt(s, ZMQ_LINGER, &linger, sizeof(linger));
	if (zmq_connect(s, conf->endpoint) != 0)
		load_die(conf->endpoint);
	put(s, "W", 1, ZMQ_SNDMORE);
	put(s, "1", 1, ZMQ_SNDMORE);
	put(s, conf->service, strlen(conf->service), 0);
	beat(s);
	return s;
}

static char
tag(zmq_msg_t *m)
{
	return zmq_msg_size(m) == 1 ? *(char *)zmq_msg_data(m) : 0;
}

/* W 2 client service - rid data opts -> W 3 client - rid 0 data {} */
static void
reply(void *s, zmq_msg_t *part)
{
	put_part(s, &part[0], ZMQ_SNDMORE);
	put(s, "3", 1, ZMQ_SNDMORE);
	put_part(s, &part[2], ZMQ_SNDMORE);
	put_part(s, &part[4], ZMQ_SNDMORE);
	put_part(s, &part[5], ZMQ_SNDMORE);
	put(s, "0", 1, ZMQ_SNDMORE);
	put_part(s, &part[6], ZMQ_SNDMORE);
	put(s, "{}", 2, 0);
}

static void
on_message(void *s, zmq_msg_t *part, int n)
{
	char type = n < 2 || tag(&part[0]) != 'W' ? 0 : tag(&part[1]);

	if (type == '2' && n >= 7)
		reply(s, part);
	else if (type == '1')
		atomic_fetch_add(&echo.n_ready, 1);
	else if (type != '4')
		atomic_fetch_add(&echo.errors, 1);
}

static bool
receive(void *s)
{
	zmq_msg_t part[MAX_PARTS];
	int n = 0, more = 1;

	while (more && n < MAX_PARTS) {
		zmq_msg_init(&part[n]);
		if (zmq_msg_recv(&part[n], s, n == 0 ? ZMQ_DONTWAIT : 0) < 0)
			return false;
		more = zmq_msg_more(&part[n++]);
	}
	on_message(s, part, n);
	while (n > 0)
		zmq_msg_close(&part[--n]);
	return true;
}

static void *
serve(void *arg)
{
	const int n = echo.conf->n_workers;
	uint64_t beat_at = measure_now() + BEAT;

	while (!atomic_load(&echo.is_over)) {
		zmq_poll(echo.item, n, 100);
		for (int i = 0; i < n; i++)
			if (echo.item[i].revents != 0)
				while (receive(echo.item[i].socket))
					continue;
		if (measure_now() < beat_at)
			continue;
		for (int i = 0; i < n; i++)
			beat(echo.item[i].socket);
		beat_at += BEAT;
	}
	for (int i = 0; i < n; i++) {
		put(echo.item[i].socket, "W", 1, ZMQ_SNDMORE);
		put(echo.item[i].socket, "5", 1, 0);
		zmq_close(echo.item[i].socket);
	}
	return arg;
}

void
echo_start(const struct load_conf *conf)
{
	uint64_t limit = measure_now() + UINT64_C(10000000000);

	if (conf->n_workers == 0)
		return;
	echo.conf = conf;
	echo.ctx = zmq_ctx_new();
	zmq_ctx_set(echo.ctx, ZMQ_MAX_SOCKETS, conf->n_workers + 10);
	echo.item = calloc((size_t)conf->n_workers, sizeof(*echo.item));
	for (int i = 0; i < conf->n_workers; i++) {
		echo.item[i].socket = open_worker(conf);
		echo.item[i].events = ZMQ_POLLIN;
	}
	if (pthread_create(&echo.thread, NULL, serve, NULL) != 0)
		load_die("pthread_create");
	while (atomic_load(&echo.n_ready) < conf->n_workers) {
		if (measure_now() > limit)
			load_die("workers are not answered");
		zmq_poll(NULL, 0, 10);
	}
}

void
echo_stop(void)
{
	if (echo.item == NULL)
		return;
	atomic_store(&echo.is_over, true);
	pthread_join(echo.thread, NULL);
	zmq_ctx_term(echo.ctx);
	free(echo.item);
}

uint64_t
echo_errors(void)
{
	return atomic_load(&echo.errors);
}
