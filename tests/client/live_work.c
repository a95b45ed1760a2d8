/*
 * Workers without the library: a socket for each service and address. They
 * register whenever a broker does not answer their heartbeats.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "live.h"

#define BEAT_MS	    100
#define MAX_SOCKETS 16
#define MAX_FRAMES  16

static const char *const services[] = {"echo", "stream", "fail", "die"};
#define N_SERVICES ((int)(sizeof(services) / sizeof(services[0])))

struct work {
	void *socket;
	const char *service;
	int n_unheard; /* beats since the broker was heard */
};

static void *context;

static void
put(struct work *w, const char *text, size_t n, bool more)
{
	if (zmq_send(w->socket, text, n, more ? ZMQ_SNDMORE : 0) < 0)
		exit(1);
}

static void
put_text(struct work *w, const char *text, bool more)
{
	put(w, text, strlen(text), more);
}

static void
ready(struct work *w)
{
	put_text(w, "W", true);
	put_text(w, "1", true);
	put_text(w, w->service, false);
}

static void
beat(struct work *w)
{
	if (++w->n_unheard > 3) {
		w->n_unheard = 0;
		ready(w);
	}
	put_text(w, "W", true);
	put_text(w, "4", true);
	put_text(w, "", true);
	put_text(w, "{\"concurrency\":-1}", false);
}

/* f: the frames of a request, W 2 client service - rid data opts. */
static void
reply(struct work *w, zmq_msg_t *f, const char *type, const char *status,
    const char *data)
{
	put_text(w, "W", true);
	put_text(w, type, true);
	put(w, zmq_msg_data(&f[2]), zmq_msg_size(&f[2]), true);
	put_text(w, "", true);
	put(w, zmq_msg_data(&f[5]), zmq_msg_size(&f[5]), true);
	put_text(w, status, true);
	if (data != NULL)
		put_text(w, data, true);
	else
		put(w, zmq_msg_data(&f[6]), zmq_msg_size(&f[6]), true);
	put_text(w, "{}", false);
}

static void
serve(struct work *w, zmq_msg_t *f)
{
	if (strcmp(w->service, "stream") == 0)
		for (int i = 0; i < 3; i++)
			reply(w, f, "6", "0", NULL);
	if (strcmp(w->service, "die") == 0) {
		put_text(w, "W", true);
		put_text(w, "5", false);
		ready(w);
		return;
	}
	reply(w, f, "3", strcmp(w->service, "fail") == 0 ? "-1" : "0", NULL);
}

static bool
is_tag(zmq_msg_t *f, char tag)
{
	return zmq_msg_size(f) == 1 && *(char *)zmq_msg_data(f) == tag;
}

/* One message; false: there is none. */
static bool
turn(struct work *w)
{
	zmq_msg_t f[MAX_FRAMES];
	int n = 0;
	bool more = true;

	while (more && n < MAX_FRAMES) {
		zmq_msg_init(&f[n]);
		if (zmq_msg_recv(&f[n], w->socket, ZMQ_DONTWAIT) < 0)
			return false;
		more = zmq_msg_more(&f[n++]) != 0;
	}
	w->n_unheard = 0;
	if (n >= 7 && is_tag(&f[1], '2'))
		serve(w, f);
	else if (n == 2 && is_tag(&f[1], '5'))
		ready(w);
	while (n > 0)
		zmq_msg_close(&f[--n]);
	return true;
}

static void
open_work(struct work *w, const char *service, int i, const char *address)
{
	char id[64];
	int linger = 1000, none = 0;

	w->service = service;
	w->socket = zmq_socket(context, ZMQ_DEALER);
	snprintf(id, sizeof(id), "W-%s-%d", service, i);
	zmq_setsockopt(w->socket, ZMQ_ROUTING_ID, id, strlen(id));
	zmq_setsockopt(w->socket, ZMQ_LINGER, &linger, sizeof(linger));
	zmq_setsockopt(w->socket, ZMQ_SNDHWM, &none, sizeof(none));
	if (zmq_connect(w->socket, address) != 0)
		exit(1);
	ready(w);
}

int
live_work(int n_addresses, char **addresses)
{
	struct work work[MAX_SOCKETS];
	zmq_pollitem_t item[MAX_SOCKETS];
	int n = 0;

	context = zmq_ctx_new();
	for (int a = 0; a < n_addresses; a++)
		for (int i = 0; i < N_SERVICES && n < MAX_SOCKETS; i++, n++) {
			work[n] = (struct work){0};
			open_work(&work[n], services[i], a, addresses[a]);
			item[n] = (zmq_pollitem_t){
			    .socket = work[n].socket, .events = ZMQ_POLLIN};
		}
	for (time_t last = 0;;) {
		zmq_poll(item, n, BEAT_MS);
		for (int i = 0; i < n; i++)
			while (turn(&work[i]))
				;
		if (time(NULL) == last)
			continue;
		last = time(NULL);
		for (int i = 0; i < n; i++)
			beat(&work[i]);
	}
}
