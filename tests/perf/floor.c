/*
 * The floor: what libzmq alone costs. A ROUTER that hands requests to the
 * workers that said READY, in turn, and replies back to their clients. It
 * keeps no books, checks nothing and knows no time; nothing that keeps books
 * can be cheaper.
 *
 * usage: floor ENDPOINT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define MAX_FRAMES  20
#define MAX_WORKERS 65536
#define BATCH	    256

struct floor {
	void *router;
	zmq_msg_t worker[MAX_WORKERS];
	unsigned n_workers, turn;
	zmq_msg_t f[MAX_FRAMES]; /* of the message in hand */
	int n;
};

static volatile sig_atomic_t is_over;

static void
on_signal(int signo)
{
	(void)signo;
	is_over = 1;
}

static char
tag(struct floor *fl, int i)
{
	return i < fl->n && zmq_msg_size(&fl->f[i]) == 1
		   ? *(char *)zmq_msg_data(&fl->f[i])
		   : 0;
}

static void
put(struct floor *fl, zmq_msg_t *m, int flags)
{
	if (zmq_msg_send(m, fl->router, flags) < 0)
		zmq_msg_close(m);
}

/* Frames from the i-th on, to the end of the message. */
static void
put_rest(struct floor *fl, int i)
{
	for (; i < fl->n; i++)
		put(fl, &fl->f[i], i + 1 < fl->n ? ZMQ_SNDMORE : 0);
}

/* client C 2 service rid data opts -> worker W 2 client service - rid … */
static void
on_request(struct floor *fl)
{
	zmq_msg_t id;

	if (fl->n_workers == 0 || fl->n < 6)
		return;
	fl->turn = (fl->turn + 1) % fl->n_workers;
	zmq_msg_init(&id);
	zmq_msg_copy(&id, &fl->worker[fl->turn]);
	put(fl, &id, ZMQ_SNDMORE);
	zmq_send(fl->router, "W", 1, ZMQ_SNDMORE);
	put(fl, &fl->f[2], ZMQ_SNDMORE);
	put(fl, &fl->f[0], ZMQ_SNDMORE);
	put(fl, &fl->f[3], ZMQ_SNDMORE);
	zmq_send(fl->router, "", 0, ZMQ_SNDMORE);
	put_rest(fl, 4);
}

/* worker W 3 client - rid … -> client C 3 - rid … */
static void
on_reply(struct floor *fl)
{
	if (fl->n < 6)
		return;
	put(fl, &fl->f[3], ZMQ_SNDMORE);
	zmq_send(fl->router, "C", 1, ZMQ_SNDMORE);
	put(fl, &fl->f[2], ZMQ_SNDMORE);
	put_rest(fl, 4);
}

static void
on_ready(struct floor *fl)
{
	zmq_msg_t *w = &fl->worker[fl->n_workers];

	if (fl->n_workers == MAX_WORKERS)
		return;
	zmq_msg_init(w);
	zmq_msg_copy(w, &fl->f[0]);
	fl->n_workers++;
}

static void
on_disconnect(struct floor *fl)
{
	zmq_msg_t *id = &fl->f[0], *w;
	size_t n = zmq_msg_size(id);

	for (unsigned i = 0; i < fl->n_workers; i++) {
		w = &fl->worker[i];
		if (zmq_msg_size(w) != n ||
		    memcmp(zmq_msg_data(w), zmq_msg_data(id), n) != 0)
			continue;
		zmq_msg_move(w, &fl->worker[--fl->n_workers]);
		return;
	}
}

/* peer tag 1, peer tag 4: answered in kind */
static void
on_sign_of_life(struct floor *fl)
{
	put(fl, &fl->f[0], ZMQ_SNDMORE);
	put(fl, &fl->f[1], ZMQ_SNDMORE);
	put(fl, &fl->f[2], 0);
}

static void
forward(struct floor *fl)
{
	char side = tag(fl, 1), type = tag(fl, 2);

	if (side == 'W' && type == '1')
		on_ready(fl);
	if (side == 'W' && type == '5')
		on_disconnect(fl);
	else if (side == 'C' && type == '2')
		on_request(fl);
	else if (side == 'W' && (type == '3' || type == '6'))
		on_reply(fl);
	else if (type == '1' || type == '4')
		on_sign_of_life(fl);
}

/* 1: there was a message. What is left of it is released. */
static int
serve(struct floor *fl)
{
	int more = 1;

	for (fl->n = 0; more; fl->n++) {
		if (fl->n == MAX_FRAMES)
			abort();
		zmq_msg_init(&fl->f[fl->n]);
		if (zmq_msg_recv(&fl->f[fl->n], fl->router, ZMQ_DONTWAIT) < 0)
			return 0;
		more = zmq_msg_more(&fl->f[fl->n]);
	}
	forward(fl);
	for (int i = 0; i < fl->n; i++)
		zmq_msg_close(&fl->f[i]);
	return 1;
}

int
main(int argc, char **argv)
{
	static struct floor fl;
	void *ctx = zmq_ctx_new();
	zmq_pollitem_t item = {.events = ZMQ_POLLIN};
	struct sigaction action = {.sa_handler = on_signal};
	int none = 0;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	fl.router = item.socket = zmq_socket(ctx, ZMQ_ROUTER);
	zmq_setsockopt(fl.router, ZMQ_SNDHWM, &none, sizeof(none));
	zmq_setsockopt(fl.router, ZMQ_RCVHWM, &none, sizeof(none));
	zmq_setsockopt(fl.router, ZMQ_LINGER, &none, sizeof(none));
	if (argc != 2 || zmq_bind(fl.router, argv[1]) != 0) {
		fprintf(stderr, "usage: floor ENDPOINT\n");
		return 2;
	}
	fprintf(stderr, "floor: listening\n");
	while (!is_over) {
		zmq_poll(&item, 1, 1000);
		for (int i = 0; i < BATCH && serve(&fl); i++)
			continue;
	}
	for (unsigned i = 0; i < fl.n_workers; i++)
		zmq_msg_close(&fl.worker[i]);
	zmq_close(fl.router);
	zmq_ctx_term(ctx);
	return 0;
}
