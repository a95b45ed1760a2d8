/*
 * liar ADDRESS SERVICE HOW: a worker that gives back what it gets, as
 * pigato-benchmark wants it, but for one misdeed; and
 * liar ADDRESS HOW: a broker that doubles, by HOW, each request on its way to
 * its worker, or each final reply on its way back.
 *
 * Says on standard output where it listens, or that it is registered, and
 * when the second request has come; and goes on until it is killed. The first
 * request is always answered well.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define MAX_PARTS 16
#define MAX_DATA  4096

struct message {
	zmq_msg_t part[MAX_PARTS];
	int n;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "liar: %s: %s\n", what, zmq_strerror(zmq_errno()));
	exit(1);
}

static void
say(const char *text)
{
	printf("%s\n", text);
	fflush(stdout);
}

static void
receive(void *s, struct message *m)
{
	int more = 1;

	for (m->n = 0; more && m->n < MAX_PARTS; m->n++) {
		zmq_msg_init(&m->part[m->n]);
		if (zmq_msg_recv(&m->part[m->n], s, 0) < 0)
			die("receive");
		more = zmq_msg_more(&m->part[m->n]);
	}
}

static void
clear(struct message *m)
{
	while (m->n > 0)
		zmq_msg_close(&m->part[--m->n]);
}

static void
put(void *s, const void *p, size_t n, bool more)
{
	if (zmq_send(s, p, n, more ? ZMQ_SNDMORE : 0) < 0)
		die("send");
}

static void
put_part(void *s, zmq_msg_t *part, bool more)
{
	put(s, zmq_msg_data(part), zmq_msg_size(part), more);
}

static char
tag(const struct message *m, int i)
{
	if (i >= m->n || zmq_msg_size(&m->part[i]) != 1)
		return 0;
	return *(const char *)zmq_msg_data((zmq_msg_t *)&m->part[i]);
}

/* ---- a worker ---- */

static void
say_ready(void *s, const char *service)
{
	put(s, "W", 1, true);
	put(s, "1", 1, true);
	put(s, service, strlen(service), false);
}

/* To W 2 client service - rid data: W type client - rid status text {} */
static void
reply(void *s, struct message *m, const char *type, const char *status,
    const char *text)
{
	put(s, "W", 1, true);
	put(s, type, 1, true);
	put_part(s, &m->part[2], true);
	put(s, "", 0, true);
	put_part(s, &m->part[5], true);
	put(s, status, strlen(status), true);
	put(s, text, strlen(text), true);
	put(s, "{}", 2, false);
}

/* Its data, with an end. */
static const char *
data_of(struct message *m)
{
	static char text[MAX_DATA];
	size_t n = zmq_msg_size(&m->part[6]);

	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	memcpy(text, zmq_msg_data(&m->part[6]), n);
	text[n] = '\0';
	return text;
}

/* The partial replies of these numbers, then the final one. */
static void
stream(void *s, struct message *m, const char *numbers)
{
	char text[MAX_DATA + 16];

	for (; *numbers != '\0'; numbers++) {
		snprintf(text, sizeof(text), "[%c,%s]", *numbers, data_of(m));
		reply(s, m, "6", "0", text);
	}
	reply(s, m, "3", "0", data_of(m));
}

/* The same JSON, in other bytes. */
static void
reply_spaced(void *s, struct message *m)
{
	char text[MAX_DATA + 16];

	snprintf(text, sizeof(text), "[ 0 , %s ]", data_of(m));
	reply(s, m, "6", "0", text);
	snprintf(text, sizeof(text), " %s\n", data_of(m));
	reply(s, m, "3", "0", text);
}

/* Two requests get each other's reply; a first one is kept until then. */
static void
swap(void *s, struct message *m, struct message *kept)
{
	char text[MAX_DATA];

	if (kept->n == 0) {
		*kept = *m;
		m->n = 0;
		return;
	}
	snprintf(text, sizeof(text), "%s", data_of(kept));
	reply(s, kept, "3", "0", data_of(m));
	reply(s, m, "3", "0", text);
	clear(kept);
}

/* Of two requests the first gets its reply twice, the second none. */
static void
repeat(void *s, struct message *m, struct message *kept)
{
	if (kept->n == 0) {
		*kept = *m;
		m->n = 0;
		return;
	}
	reply(s, kept, "3", "0", data_of(kept));
	reply(s, kept, "3", "0", data_of(kept));
	clear(kept);
}

static void
serve(void *s, struct message *m, const char *how, long count)
{
	static struct message kept;
	bool is_tenth = count % 10 == 0;

	if (strcmp(how, "wrong") == 0 && is_tenth)
		reply(s, m, "3", "0", "\"something else\"");
	else if (strcmp(how, "error") == 0 && is_tenth)
		reply(s, m, "3", "-1", "\"broken\"");
	else if (strcmp(how, "mute") == 0 && is_tenth)
		return;
	else if (strcmp(how, "deaf") == 0 && count > 1)
		return;
	else if (strcmp(how, "spaced") == 0)
		reply_spaced(s, m);
	else if (strncmp(how, "stream", 6) == 0)
		stream(s, m, how + 6);
	else if (strcmp(how, "swap") == 0 && count > 1)
		swap(s, m, &kept);
	else if (strcmp(how, "repeat") == 0 && count > 1)
		repeat(s, m, &kept);
	else
		reply(s, m, "3", "0", data_of(m));
}

static _Noreturn void
be_worker(
    void *context, const char *address, const char *service, const char *how)
{
	void *s = zmq_socket(context, ZMQ_DEALER);
	struct message m;
	long count = 0;

	if (s == NULL || zmq_setsockopt(s, ZMQ_ROUTING_ID, "liar", 4) != 0 ||
	    zmq_connect(s, address) != 0)
		die(address);
	for (say_ready(s, service);; clear(&m)) {
		receive(s, &m);
		switch (tag(&m, 1)) {
		case '1':
			say("registered");
			break;
		case '2':
			if (++count == 2)
				say("serving");
			serve(s, &m, how, count);
			break;
		case '5':
			say_ready(s, service);
			break;
		}
	}
}

/* ---- a broker ---- */

/* id C 2 service rid data … -> worker W 2 id service - rid data … */
static void
dispatch(void *s, struct message *m, const char *worker)
{
	put(s, worker, strlen(worker), true);
	put(s, "W", 1, true);
	put(s, "2", 1, true);
	put_part(s, &m->part[0], true);
	put_part(s, &m->part[3], true);
	put(s, "", 0, true);
	put_part(s, &m->part[4], true);
	put_part(s, &m->part[5], true);
	put_part(s, &m->part[6], false);
}

/* id W 3 client - rid … -> client C 3 - rid … */
static void
pass_on(void *s, struct message *m)
{
	put_part(s, &m->part[3], true);
	put(s, "C", 1, true);
	for (int i = 2; i < m->n; i++)
		if (i != 3)
			put_part(s, &m->part[i], i + 1 < m->n);
}

/* The same back, which answers READY and heartbeats. */
static void
answer(void *s, struct message *m)
{
	put_part(s, &m->part[0], true);
	put_part(s, &m->part[1], true);
	put_part(s, &m->part[2], false);
}

/* C 2, W 3: again and again, where that is to be doubled. */
static void
forward(void *s, struct message *m, const char *worker, const char *how)
{
	bool is_request = tag(m, 1) == 'C';
	const char *doubled = is_request ? "requests" : "replies";

	for (int n = strcmp(how, doubled) == 0 ? 2 : 1; n > 0; n--)
		if (is_request)
			dispatch(s, m, worker);
		else
			pass_on(s, m);
}

static _Noreturn void
be_broker(void *context, const char *address, const char *how)
{
	void *s = zmq_socket(context, ZMQ_ROUTER);
	char worker[256] = "", bound[256];
	size_t n = sizeof(bound);
	struct message m;

	if (s == NULL || zmq_bind(s, address) != 0 ||
	    zmq_getsockopt(s, ZMQ_LAST_ENDPOINT, bound, &n) != 0)
		die(address);
	say(bound);
	for (;; clear(&m)) {
		receive(s, &m);
		if (tag(&m, 1) == 'W' && tag(&m, 2) == '1')
			snprintf(worker, sizeof(worker), "%.*s",
			    (int)zmq_msg_size(&m.part[0]),
			    (char *)zmq_msg_data(&m.part[0]));
		if (tag(&m, 2) == '1' || tag(&m, 2) == '4')
			answer(s, &m);
		else if (tag(&m, 2) == '2' || tag(&m, 2) == '3')
			forward(s, &m, worker, how);
	}
}

int
main(int argc, char **argv)
{
	void *context = zmq_ctx_new();

	if (argc == 4)
		be_worker(context, argv[1], argv[2], argv[3]);
	if (argc == 3)
		be_broker(context, argv[1], argv[2]);
	fprintf(stderr, "usage: liar ADDRESS [SERVICE] HOW\n");
	return 2;
}
