/*
 * peer ADDRESS [INTCH]: raw peers, told what to do by a script on standard
 * input, so that a test can say anything to a server, right or wrong. One
 * command a line; the first word names a peer, unknown ones begin to exist:
 *
 *	NAME open [ID]          a DEALER, connected; its id is NAME or ID
 *	NAME open-deaf          … that takes next to nothing from its connection
 *	NAME subscribe TOPIC    a SUB at INTCH, at once subscribed
 *	NAME send FRAME …       one message
 *	NAME expect FRAME …     the next message must be this one
 *	NAME until FRAME …      skip messages up to this one
 *	NAME close              when what it sent has left
 *	repeat N COMMAND        \# in it counts from 1
 *	# anything              a remark
 *
 * A frame is a word, see words.h. In what is expected, a frame * may be
 * anything, and a last frame ... may be any further frames; =x may be anything
 * as well, and is what =x stands for when something is sent. Whoever waits,
 * waits for at most ten seconds. Exit status 0: all went as scripted.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "words.h"

#define PATIENCE_MS 10000
#define MAX_PEERS   64
#define MAX_WORDS   64

struct frame {
	char *p;
	size_t n;
};

struct peer {
	char name[32];
	void *socket;
};

struct script {
	void *context;
	const char *address, *intch;
	int line;
	long count; /* of repeat */
	struct peer peers[MAX_PEERS];
	size_t n_peers;
	struct frame kept['z' + 1]; /* by their letters */
};

static _Noreturn void __attribute__((format(printf, 2, 3)))
fail(const struct script *s, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "peer: line %d: ", s->line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* ---- words ---- */

static struct frame
parse_frame(struct script *s, const char *word)
{
	struct frame f;

	f.p = words_read(word, s->count, &f.n);
	if (f.p == NULL)
		fail(s, "no such escape: %s", word);
	return f;
}

static bool
is_kept(const char *word)
{
	return word[0] == '=' && word[1] >= 'a' && word[1] <= 'z' &&
	       word[2] == '\0';
}

static struct frame
copy_frame(const void *p, size_t n)
{
	struct frame f = {malloc(n + 1), n};

	if (f.p == NULL)
		abort();
	if (n > 0)
		memcpy(f.p, p, n);
	return f;
}

static void
keep(struct script *s, const char *word, zmq_msg_t *m)
{
	struct frame *f = &s->kept[(unsigned char)word[1]];

	free(f->p);
	*f = copy_frame(zmq_msg_data(m), zmq_msg_size(m));
}

/* The words of a line, cut in place. */
static size_t
split(char *line, char **words)
{
	size_t n = 0;

	for (char *w = strtok(line, " \t\n"); w != NULL && n < MAX_WORDS;
	     w = strtok(NULL, " \t\n"))
		words[n++] = w;
	return n;
}

/* ---- messages ---- */

static void
print_frame(zmq_msg_t *m)
{
	size_t n = zmq_msg_size(m);

	fputc(' ', stderr);
	words_write(stderr, zmq_msg_data(m), n < 80 ? n : 80);
	if (n > 80)
		fprintf(stderr, "... (%zu bytes)", n);
}

/* Receive one message and compare; false: another one, or not in time. */
static bool
receive(struct script *s, struct peer *p, char **words, size_t n, bool *in_time)
{
	bool same = true, rest = false, more = true;
	struct frame want;
	zmq_msg_t m;
	size_t i;

	*in_time = true;
	fprintf(stderr, "#\t%s got", p->name);
	for (i = 0; more; i++) {
		zmq_msg_init(&m);
		if (zmq_msg_recv(&m, p->socket, 0) < 0) {
			fprintf(stderr, " nothing\n");
			*in_time = false;
			return false;
		}
		print_frame(&m);
		rest = rest || (i < n && strcmp(words[i], "...") == 0);
		if (!rest && i < n && is_kept(words[i])) {
			keep(s, words[i], &m);
		} else if (!rest && i < n && strcmp(words[i], "*") != 0) {
			want = parse_frame(s, words[i]);
			same = same && want.n == zmq_msg_size(&m) &&
			       memcmp(want.p, zmq_msg_data(&m), want.n) == 0;
			free(want.p);
		}
		more = zmq_msg_more(&m);
		zmq_msg_close(&m);
	}
	fprintf(stderr, "\n");
	rest = rest || (i + 1 == n && strcmp(words[i], "...") == 0);
	return same && (rest || i == n);
}

/* ---- commands ---- */

static void
set(struct script *s, struct peer *p, int option, int value)
{
	if (zmq_setsockopt(p->socket, option, &value, sizeof(value)) != 0)
		fail(s, "option %d: %s", option, zmq_strerror(zmq_errno()));
}

static void
make_socket(struct script *s, struct peer *p, int type, const char *address)
{
	if (p->socket != NULL || address == NULL)
		fail(s, "%s: open already, or no address", p->name);
	p->socket = zmq_socket(s->context, type);
	if (p->socket == NULL)
		fail(s, "socket: %s", zmq_strerror(zmq_errno()));
	set(s, p, ZMQ_RCVTIMEO, PATIENCE_MS);
	set(s, p, ZMQ_SNDTIMEO, PATIENCE_MS);
	set(s, p, ZMQ_LINGER, PATIENCE_MS);
	set(s, p, ZMQ_SNDHWM, 0);
}

static void
connect_to(struct script *s, struct peer *p, const char *address)
{
	if (zmq_connect(p->socket, address) != 0)
		fail(s, "%s: %s", address, zmq_strerror(zmq_errno()));
}

static void
cmd_open(struct script *s, struct peer *p, char **words, size_t n)
{
	struct frame id = parse_frame(s, n > 0 ? words[0] : p->name);

	make_socket(s, p, ZMQ_DEALER, s->address);
	if (id.n > 0 &&
	    zmq_setsockopt(p->socket, ZMQ_ROUTING_ID, id.p, id.n) != 0)
		fail(s, "id: %s", zmq_strerror(zmq_errno()));
	free(id.p);
	connect_to(s, p, s->address);
}

static void
cmd_open_deaf(struct script *s, struct peer *p, char **words, size_t n)
{
	(void)words;
	(void)n;
	make_socket(s, p, ZMQ_DEALER, s->address);
	if (zmq_setsockopt(
		p->socket, ZMQ_ROUTING_ID, p->name, strlen(p->name)) != 0)
		fail(s, "id: %s", zmq_strerror(zmq_errno()));
	set(s, p, ZMQ_RCVHWM, 1);
	set(s, p, ZMQ_RCVBUF, 4096);
	connect_to(s, p, s->address);
}

static void
cmd_subscribe(struct script *s, struct peer *p, char **words, size_t n)
{
	make_socket(s, p, ZMQ_SUB, s->intch);
	if (zmq_setsockopt(p->socket, ZMQ_SUBSCRIBE, n > 0 ? words[0] : "",
		n > 0 ? strlen(words[0]) : 0) != 0)
		fail(s, "subscribe: %s", zmq_strerror(zmq_errno()));
	connect_to(s, p, s->intch);
}

static struct frame
frame_of(struct script *s, const char *word)
{
	const struct frame *kept;

	if (!is_kept(word))
		return parse_frame(s, word);
	kept = &s->kept[(unsigned char)word[1]];
	return copy_frame(kept->p, kept->n);
}

static void
cmd_send(struct script *s, struct peer *p, char **words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct frame f = frame_of(s, words[i]);

		if (zmq_send(p->socket, f.p, f.n, i + 1 < n ? ZMQ_SNDMORE : 0) <
		    0)
			fail(s, "send: %s", zmq_strerror(zmq_errno()));
		free(f.p);
	}
}

static void
cmd_expect(struct script *s, struct peer *p, char **words, size_t n)
{
	bool in_time;

	if (!receive(s, p, words, n, &in_time))
		fail(s, "%s expected another message", p->name);
}

static void
cmd_until(struct script *s, struct peer *p, char **words, size_t n)
{
	bool in_time;

	while (!receive(s, p, words, n, &in_time))
		if (!in_time)
			fail(s, "%s did not get that in time", p->name);
}

static void
cmd_close(struct script *s, struct peer *p, char **words, size_t n)
{
	(void)s;
	(void)words;
	(void)n;
	zmq_close(p->socket);
	p->socket = NULL;
}

static const struct command {
	const char *name;
	void (*run)(struct script *, struct peer *, char **, size_t);
	bool opens;
} commands[] = {
    {"open", cmd_open, true},
    {"open-deaf", cmd_open_deaf, true},
    {"subscribe", cmd_subscribe, true},
    {"send", cmd_send, false},
    {"expect", cmd_expect, false},
    {"until", cmd_until, false},
    {"close", cmd_close, false},
};

/* ---- the script ---- */

static struct peer *
require_peer(struct script *s, const char *name)
{
	struct peer *p = s->peers;

	while (p < s->peers + s->n_peers && strcmp(p->name, name) != 0)
		p++;
	if (p < s->peers + s->n_peers)
		return p;
	if (s->n_peers == MAX_PEERS)
		fail(s, "too many peers");
	snprintf(p->name, sizeof(p->name), "%s", name);
	s->n_peers++;
	return p;
}

static void
run_words(struct script *s, char **words, size_t n)
{
	struct peer *p;

	if (n < 2)
		fail(s, "a peer and a command are wanted");
	p = require_peer(s, words[0]);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, words[1]) != 0)
			continue;
		if (!commands[i].opens && p->socket == NULL)
			fail(s, "%s is not open", p->name);
		commands[i].run(s, p, words + 2, n - 2);
		return;
	}
	fail(s, "no such command: %s", words[1]);
}

static void
run_line(struct script *s, char *line)
{
	char *words[MAX_WORDS];
	size_t n = split(line, words);

	if (n == 0 || words[0][0] == '#')
		return;
	if (strcmp(words[0], "repeat") != 0) {
		run_words(s, words, n);
		return;
	}
	if (n < 2)
		fail(s, "repeat how often?");
	for (s->count = 1; s->count <= atol(words[1]); s->count++)
		run_words(s, words + 2, n - 2);
}

int
main(int argc, char **argv)
{
	struct script s = {
	    .address = argv[1], .intch = argc > 2 ? argv[2] : NULL};
	char line[8192];

	if (argc < 2) {
		fprintf(stderr, "usage: peer ADDRESS [INTCH] < SCRIPT\n");
		return 2;
	}
	s.context = zmq_ctx_new();
	for (s.line = 1; fgets(line, sizeof(line), stdin) != NULL; s.line++)
		run_line(&s, line);
	for (size_t i = 0; i < s.n_peers; i++)
		if (s.peers[i].socket != NULL)
			zmq_close(s.peers[i].socket);
	for (size_t i = 0; i < sizeof(s.kept) / sizeof(s.kept[0]); i++)
		free(s.kept[i].p);
	zmq_ctx_term(s.context);
	return 0;
}
