/* Frames are short texts here; longer ones are kept as far as there is room. */
#include "fake.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "check.h"

/*
 * Not 0: libzmq asserts if it drops a message that it has written in part at
 * the very moment at which the peer closes its end.
 */
#define LINGER_MS 30000

void
fake_open(struct fake *f)
{
	const char *at =
	    f->endpoint[0] == '\0' ? "tcp://127.0.0.1:*" : f->endpoint;
	size_t n = sizeof(f->endpoint);
	int rc = -1, one = 1, none = 0, linger = LINGER_MS;

	if (f->context == NULL)
		f->context = zmq_ctx_new();
	f->router = zmq_socket(f->context, ZMQ_ROUTER);
	CHECK(f->router != NULL);
	zmq_setsockopt(f->router, ZMQ_LINGER, &linger, sizeof(linger));
	zmq_setsockopt(f->router, ZMQ_SNDHWM, &none, sizeof(none));
	zmq_setsockopt(f->router, ZMQ_ROUTER_HANDOVER, &one, sizeof(one));
	/* The one before closes in the background. */
	for (int i = 0; rc != 0 && i < 2000; i++) {
		rc = zmq_bind(f->router, at);
		if (rc != 0)
			zmq_poll(NULL, 0, 5);
	}
	CHECK_INT(rc, 0);
	zmq_getsockopt(f->router, ZMQ_LAST_ENDPOINT, f->endpoint, &n);
}

void
fake_close(struct fake *f)
{
	if (f->router != NULL)
		zmq_close(f->router);
	f->router = NULL;
}

void
fake_forget(struct fake *f)
{
	f->n_mail = 0;
}

void
fake_clear(struct fake *f)
{
	fake_close(f);
	if (f->context != NULL)
		zmq_ctx_term(f->context);
	*f = (struct fake){0};
}

static void
send_text(struct fake *f, const char *text, bool more)
{
	/* A peer that has gone is no error here. */
	(void)zmq_send(f->router, text, strlen(text), more ? ZMQ_SNDMORE : 0);
}

void
fake_send(struct fake *f, const char *peer, ...)
{
	const char *text, *next;
	va_list ap;

	send_text(f, peer, true);
	va_start(ap, peer);
	for (text = va_arg(ap, const char *); text != NULL; text = next) {
		next = va_arg(ap, const char *);
		send_text(f, text, next != NULL);
	}
	va_end(ap);
}

void
fake_reply(struct fake *f, const struct fake_mail *m, const char *type,
    const char *status, const char *data)
{
	fake_send(f, m->peer, "C", type, "", m->frame[3], status, data, "{}",
	    (char *)NULL);
}

/* The next message; false: none. */
static bool
receive(struct fake *f, struct fake_mail *m)
{
	char *to = m->peer;
	size_t room = sizeof(m->peer);
	bool more = true;

	m->n = 0;
	for (size_t i = 0; more; i++) {
		zmq_msg_t frame;
		size_t n;

		zmq_msg_init(&frame);
		if (zmq_msg_recv(&frame, f->router, ZMQ_DONTWAIT) < 0)
			return false;
		n = zmq_msg_size(&frame);
		n = n < room ? n : room - 1;
		memcpy(to, zmq_msg_data(&frame), n);
		to[n] = '\0';
		more = zmq_msg_more(&frame) != 0;
		zmq_msg_close(&frame);
		m->n = i;
		to = m->frame[i < 8 ? i : 7];
		room = FAKE_FRAME;
	}
	return true;
}

/* True: it was dealt with, nobody need see it. */
static bool
answer(struct fake *f, const struct fake_mail *m)
{
	if (m->n == 2 && strcmp(m->frame[1], "4") == 0) {
		f->n_beats++;
		if (!f->is_mute)
			fake_send(f, m->peer, m->frame[0], "4", (char *)NULL);
		return true;
	}
	if (strcmp(m->frame[0], "C") != 0 || strcmp(m->frame[1], "2") != 0)
		return false;
	f->n_requests++;
	if (f->is_echo)
		fake_reply(f, m, "3", "0", m->frame[4]);
	return f->is_echo;
}

static void
forget_half(struct fake *f)
{
	f->n_mail /= 2;
	memmove(f->mail, f->mail + f->n_mail, f->n_mail * sizeof(f->mail[0]));
}

bool
fake_turn(struct fake *f)
{
	struct fake_mail *m;
	bool any = false;

	while (f->router != NULL && !f->is_deaf) {
		if (f->n_mail == FAKE_KEEP)
			forget_half(f);
		m = &f->mail[f->n_mail];
		if (!receive(f, m))
			break;
		any = true;
		if (answer(f, m))
			continue;
		if (f->serve != NULL)
			f->serve(m);
		else
			f->n_mail++;
	}
	return any;
}
