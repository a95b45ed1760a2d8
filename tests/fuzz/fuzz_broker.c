/*
 * Any story told to a broker: after each step its tables agree with each
 * other, and no request is forgotten: each one ended by a final reply, has
 * expired, or is there.
 *
 * Input: lines. The first character of the first says which core service the
 * broker has: "c" the channel alone, "n" none, else $dir; but for "n" it keeps
 * replies too. A line is a message ("PEER FRAME …", frames as words.h has
 * them, or bytes; "@PEER …" for one at the administrative port) or one of
 *
 *	wait MS		time goes by, timers fire at their instants
 *	sleep MS	time has gone by, they all fire late
 *	block PEER	mail for that peer is refused, or no more
 *	conf LETTERS	new settings, one letter for each; see read_letter()
 *	malformed …	a message that the transport found too long
 *	drain		no new requests
 *	stop		good-bye
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "broker/broker.h"
#include "services/services.h"
#include "words.h"

#define MAX_BLOCKED 4
#define MAX_WAIT    100000
#define MAX_WORD    4096
#define N_OF(a)	    (sizeof(a) / sizeof((a)[0]))

struct stage {
	struct broker *b;
	struct broker_conf conf;
	int64_t now;
	struct pgt_slice blocked[MAX_BLOCKED]; /* bytes of the input */
	size_t n_blocked;
	uint64_t n_finals;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
ignore_trace(void *arg, enum trace_level level, const char *line)
{
	(void)arg;
	must(level <= TRACE_DEBUG);
	for (; *line != '\0'; line++)
		must(*line >= ' ' && *line < 0x7f);
}

/* ---- steps ---- */

static void
step(struct stage *s, struct event *ev)
{
	ev->now = s->now;
	broker_step(s->b, ev);
	broker_check(s->b);
}

static bool
is_blocked(const struct stage *s, struct pgt_slice peer)
{
	for (size_t i = 0; i < s->n_blocked; i++)
		if (pgt_slice_equal(s->blocked[i], peer))
			return true;
	return false;
}

static void
deliver(struct stage *s, struct effect *fx)
{
	struct pgt_packet p;

	if (fx->type == FX_PUBLISH) {
		must(fx->msg.n == 1);
		return;
	}
	pgt_wire_decode(&p, &fx->msg, PGT_FROM_BROKER, true);
	must(p.peer != NULL && p.verb != PGT_MALFORMED);
	s->n_finals += p.verb == PGT_TO_CLIENT_REPLY;
	if (is_blocked(s, pgt_frame_view(p.peer)))
		step(s, &(struct event){.type = EV_UNSENT, .effect = fx});
}

static void
deliver_all(struct stage *s)
{
	const struct broker_stats *stats;
	struct effect *fx;

	while ((fx = broker_next_effect(s->b)) != NULL) {
		deliver(s, fx);
		broker_return_effect(s->b, fx);
	}
	stats = broker_stats(s->b);
	must(stats->no_memory == 0);
	must(stats->requests ==
	     s->n_finals + stats->expired + stats->n_requests);
}

/* ---- lines ---- */

static struct pgt_slice
take_until(struct pgt_slice *in, char end)
{
	const char *p = in->n == 0 ? NULL : memchr(in->p, end, in->n);
	size_t n = p == NULL ? in->n : (size_t)(p - in->p);
	struct pgt_slice head = pgt_slice_head(*in, n);

	*in = pgt_slice_from(*in, n + (p != NULL));
	return head;
}

static int64_t
read_ms(struct pgt_slice text)
{
	int64_t ms = 0;

	for (size_t i = 0; i < text.n && ms < MAX_WAIT; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9')
			ms = ms * 10 + text.p[i] - '0';
	return ms < MAX_WAIT ? ms : MAX_WAIT;
}

/* Filling of any length would be a test of calloc(). */
static bool
is_short(const char *word)
{
	for (word = strstr(word, "\\*"); word != NULL;
	     word = strstr(word + 1, "\\*"))
		if (strspn(word + 2, "0123456789") > 4)
			return false;
	return true;
}

static void
add_frame(struct pgt_msg *m, struct pgt_slice word)
{
	struct pgt_frame *f = pgt_msg_push(m);
	char text[MAX_WORD], *p = NULL;
	size_t n = 0;

	if (word.n < sizeof(text) && word.n > 0 &&
	    memchr(word.p, '\\', word.n) != NULL) {
		memcpy(text, word.p, word.n);
		text[word.n] = '\0';
		if (is_short(text))
			p = words_read(text, 0, &n);
	}
	if (p != NULL)
		word = (struct pgt_slice){p, n};
	must(pgt_frame_from(f, word) == 0);
	free(p);
}

static void
do_message(struct stage *s, struct pgt_slice line, bool is_cut)
{
	bool is_admin = line.n > 0 && line.p[0] == '@';
	struct pgt_packet p;
	struct pgt_msg m;

	pgt_msg_init(&m);
	if (is_admin)
		line = pgt_slice_from(line, 1);
	while (line.n > 0 && m.n < PGT_MSG_PEER_MAX + 1)
		add_frame(&m, take_until(&line, ' '));
	pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
	p.port = is_admin ? PORT_ADMIN : PORT_PUBLIC;
	if (is_cut) {
		p.verb = PGT_MALFORMED;
		p.why = "too many frames";
	}
	step(s, &(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(&m);
}

static void
do_wait(struct stage *s, int64_t ms)
{
	int64_t end = s->now + ms, due;

	do {
		due = broker_deadline(s->b);
		if (due < 0 || due > end)
			s->now = end;
		else if (due > s->now)
			s->now = due;
		step(s, &(struct event){.type = EV_TIME});
		deliver_all(s);
		due = broker_deadline(s->b);
	} while (s->now < end || (due >= 0 && due <= end));
}

static void
do_block(struct stage *s, struct pgt_slice peer)
{
	for (size_t i = 0; i < s->n_blocked; i++)
		if (pgt_slice_equal(s->blocked[i], peer)) {
			s->blocked[i] = s->blocked[--s->n_blocked];
			return;
		}
	if (s->n_blocked < MAX_BLOCKED)
		s->blocked[s->n_blocked++] = peer;
}

static const struct number {
	char letter;
	size_t at;
	int64_t value;
} numbers[] = {
    {'h', offsetof(struct broker_conf, heartbeat_ms), 500},
    {'H', offsetof(struct broker_conf, heartbeat_ms), 2500},
    {'v', offsetof(struct broker_conf, heartbeat_liveness), 1},
    {'V', offsetof(struct broker_conf, heartbeat_liveness), 3},
    {'t', offsetof(struct broker_conf, default_timeout_ms), 100},
    {'T', offsetof(struct broker_conf, default_timeout_ms), -1},
    {'m', offsetof(struct broker_conf, max_timeout_ms), 1000},
    {'M', offsetof(struct broker_conf, max_timeout_ms), -1},
    {'c', offsetof(struct broker_conf, default_concurrency), 1},
    {'C', offsetof(struct broker_conf, default_concurrency), -1},
    {'q', offsetof(struct broker_conf, max_queue), 2},
    {'Q', offsetof(struct broker_conf, max_queue), -1},
    {'s', offsetof(struct broker_conf, max_service_queue_bytes), 2500},
    {'S', offsetof(struct broker_conf, max_service_queue_bytes), -1},
    {'k', offsetof(struct broker_conf, max_clients), 1},
    {'K', offsetof(struct broker_conf, max_clients), -1},
    {'y', offsetof(struct broker_conf, max_memory), 4000},
    {'Y', offsetof(struct broker_conf, max_memory), -1},
    {'d', offsetof(struct broker_conf, drain_timeout_ms), 100},
    {'D', offsetof(struct broker_conf, drain_timeout_ms), -1},
    {'g', offsetof(struct broker_conf, cache.max_memory), 4000},
    {'G', offsetof(struct broker_conf, cache.max_memory), 100000},
    {'z', offsetof(struct broker_conf, cache.max_entry), 1500},
    {'Z', offsetof(struct broker_conf, cache.max_entry), 50000},
    {'x', offsetof(struct broker_conf, cache.max_ttl_ms), 100},
    {'X', offsetof(struct broker_conf, cache.max_ttl_ms), -1},
};

static void
read_letter(struct broker_conf *conf, char letter)
{
	if (letter == 'l')
		conf->dispatch = "load";
	else if (letter == 'r')
		conf->dispatch = "rr";
	else if (letter == 'a')
		conf->dispatch = "rand";
	else if (letter == 'e' || letter == 'E')
		conf->external_core = letter == 'e';
	else if (letter == 'b' || letter == 'B')
		conf->cache.is_on = letter == 'B';
	else if (letter == 'n' || letter == 'N')
		conf->cache.notices = letter == 'n';
	else if (letter == 'o' || letter == 'O')
		conf->n_coalesce = letter == 'o';
	for (size_t i = 0; i < N_OF(numbers); i++)
		if (numbers[i].letter == letter)
			*(int64_t *)((char *)conf + numbers[i].at) =
			    numbers[i].value;
}

static void
do_conf(struct stage *s, struct pgt_slice letters)
{
	for (size_t i = 0; i < letters.n; i++)
		read_letter(&s->conf, letters.p[i]);
	step(s, &(struct event){.type = EV_CONF, .conf = &s->conf});
}

static bool
is_word(struct pgt_slice *line, const char *word)
{
	struct pgt_slice rest = *line;

	if (!pgt_slice_is(take_until(&rest, ' '), word))
		return false;
	*line = rest;
	return true;
}

static void
do_line(struct stage *s, struct pgt_slice line)
{
	if (is_word(&line, "wait")) {
		do_wait(s, read_ms(line));
	} else if (is_word(&line, "sleep")) {
		s->now += read_ms(line);
		do_wait(s, 0);
	} else if (is_word(&line, "block")) {
		do_block(s, line);
	} else if (is_word(&line, "conf")) {
		do_conf(s, line);
	} else if (is_word(&line, "drain")) {
		step(s, &(struct event){.type = EV_DRAIN});
	} else if (is_word(&line, "stop")) {
		step(s, &(struct event){.type = EV_STOP});
	} else if (is_word(&line, "malformed")) {
		do_message(s, line, true);
	} else {
		do_message(s, line, false);
	}
	deliver_all(s);
}

/* ---- the whole ---- */

static void
open_stage(struct stage *s, char core)
{
	static char all[] = "*";
	static char *const names[] = {all};

	*s = (struct stage){
	    .conf =
		{
		    .heartbeat_ms = 2500,
		    .heartbeat_liveness = 3,
		    .default_timeout_ms = 60000,
		    .max_timeout_ms = -1,
		    .default_concurrency = 100,
		    .dispatch = "load",
		    .slowlog_max = 3,
		    .cache = {true, 100000, 50000, -1, false},
		    .coalesce = names,
		    .trace = ignore_trace,
		    .trace_level = TRACE_DEBUG,
		},
	};
	s->b = broker_new(&s->conf, 1);
	must(s->b != NULL);
	must(broker_add_core(s->b, &info_service) == 0);
	if (core == 'n')
		return;
	must(broker_add_core(s->b, core == 'c' ? &dir_channel : &dir_service) ==
	     0);
	must(broker_add_core(s->b, &cache_service) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pgt_slice in = {(const char *)data, size}, first;
	struct stage s;

	first = take_until(&in, '\n');
	open_stage(&s, first.n > 0 ? first.p[0] : '\0');
	while (in.n > 0)
		do_line(&s, take_until(&in, '\n'));
	broker_free(s.b);
	return 0;
}
