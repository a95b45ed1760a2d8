/* Mail is written down the moment the broker sends it. */
#include "sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "check.h"
#include "words.h"

#define MAX_PEERS 16

struct text {
	char *p;
	size_t n;
	FILE *f;
};

struct peer {
	char name[32];
	bool is_alive, is_blocked;
	int64_t heartbeat_at; /* the next it sends */
};

/* The reply to sim_ask(). */
struct told {
	char *text; /* NULL: not yet */
	bool is_asked, ok;
};

struct sim {
	struct told told;
	bool checks_seldom;
	struct broker *b;
	struct broker_conf conf;
	int64_t now;
	struct text mail, trace;
	struct peer peers[MAX_PEERS];
	size_t n_peers;
};

/* ---- texts ---- */

static void
text_open(struct text *t)
{
	t->f = open_memstream(&t->p, &t->n);
	CHECK(t->f != NULL);
}

static void
text_close(struct text *t)
{
	fclose(t->f);
	free(t->p);
}

static void
text_want(struct text *t, const char *what, const char *want)
{
	fflush(t->f);
	check_text(__FILE__, __LINE__, what, t->p, want);
	text_close(t);
	text_open(t);
}

static void
write_trace(void *arg, enum trace_level level, const char *line)
{
	struct sim *s = arg;

	(void)level;
	fprintf(s->trace.f, "[%" PRId64 "] %s\n", s->now, line);
}

/* ---- peers ---- */

static const char *
prefix_of(unsigned port)
{
	return port == PORT_ADMIN ? "@" : "";
}

static struct peer *
find_peer(struct sim *s, unsigned port, struct pgt_slice id)
{
	const char *prefix = prefix_of(port);

	for (size_t i = 0; i < s->n_peers; i++) {
		const char *name = s->peers[i].name;

		if (strncmp(name, prefix, strlen(prefix)) == 0 &&
		    pgt_slice_is(id, name + strlen(prefix)))
			return &s->peers[i];
	}
	return NULL;
}

static struct peer *
require_peer(struct sim *s, const char *name)
{
	struct peer *p = find_peer(s, PORT_PUBLIC, pgt_slice_of(name));

	if (p != NULL)
		return p;
	CHECK(s->n_peers < MAX_PEERS);
	p = &s->peers[s->n_peers++];
	snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

static bool
is_heartbeat(const struct pgt_msg *m)
{
	return m->n == 3 && pgt_slice_is(pgt_frame_view(&m->f[1]), "W") &&
	       pgt_slice_is(pgt_frame_view(&m->f[2]), "4");
}

static void
write_mail(struct sim *s, const struct effect *fx)
{
	fprintf(s->mail.f, "[%" PRId64 "]", s->now);
	if (fx->type == FX_PUBLISH)
		fputs(" PUB", s->mail.f);
	for (size_t i = 0; i < fx->msg.n; i++) {
		struct pgt_slice v = pgt_frame_view(&fx->msg.f[i]);

		fputs(i == 0 && fx->type == FX_SEND && fx->port == PORT_ADMIN
			  ? " @"
			  : " ",
		    s->mail.f);
		words_write(s->mail.f, v.p, v.n);
	}
	fputc('\n', s->mail.f);
}

/* ---- steps ---- */

/* Is it what sim_ask() waits for? Then it is taken. */
static bool
take_told(struct sim *s, const struct effect *fx)
{
	struct pgt_slice data;

	if (!s->told.is_asked || fx->type != FX_SEND || fx->msg.n != 8 ||
	    fx->port != PORT_ADMIN ||
	    !pgt_slice_is(pgt_frame_view(&fx->msg.f[0]), "op"))
		return false;
	CHECK(s->told.text == NULL);
	data = pgt_frame_view(&fx->msg.f[6]);
	s->told.ok = pgt_slice_is(pgt_frame_view(&fx->msg.f[5]), "0");
	s->told.text = strndup(data.p, data.n);
	return true;
}

/* Carries out an effect; false: it comes back. */
static bool
deliver(struct sim *s, struct effect *fx)
{
	struct peer *p = NULL;

	if (take_told(s, fx))
		return true;
	if (fx->type == FX_SEND)
		p = find_peer(s, fx->port, pgt_frame_view(&fx->msg.f[0]));
	if (p != NULL && p->is_blocked)
		return false;
	if (p == NULL || !p->is_alive || !is_heartbeat(&fx->msg))
		write_mail(s, fx);
	return true;
}

static void
step(struct sim *s, struct event *ev)
{
	struct effect *fx;

	ev->now = s->now;
	broker_step(s->b, ev);
	if (!s->checks_seldom || ev->type == EV_TIME)
		broker_check(s->b);
	while ((fx = broker_next_effect(s->b)) != NULL) {
		if (!deliver(s, fx)) {
			broker_step(s->b, &(struct event){.type = EV_UNSENT,
					      .now = s->now,
					      .effect = fx});
			broker_check(s->b);
		}
		broker_return_effect(s->b, fx);
	}
}

static void
send(struct sim *s, struct pgt_msg *m, unsigned port)
{
	struct pgt_packet p;

	pgt_wire_decode(&p, m, PGT_TO_BROKER, true);
	p.port = port;
	step(s, &(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(m);
}

static void
tell_line(struct sim *s, char *line)
{
	unsigned port = line[0] == '@' ? PORT_ADMIN : PORT_PUBLIC;
	struct pgt_msg m;

	pgt_msg_init(&m);
	CHECK(words_to_message(line + strlen(prefix_of(port)), &m));
	if (m.n > 0)
		send(s, &m, port);
}

void
sim_tell(struct sim *s, const char *lines)
{
	char *copy = strdup(lines), *rest = NULL;

	CHECK(copy != NULL);
	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		tell_line(s, line);
	free(copy);
}

char *
sim_ask(struct sim *s, const char *service, const char *data, bool *ok)
{
	static const char *const frames[] = {"op", "C", "2", NULL, "ask", NULL};
	struct pgt_msg m;

	s->told = (struct told){.is_asked = true};
	pgt_msg_init(&m);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		const char *text = i == 3 ? service : i == 5 ? data : frames[i];

		CHECK_INT(
		    pgt_frame_from(pgt_msg_push(&m), pgt_slice_of(text)), 0);
	}
	send(s, &m, PORT_ADMIN);
	s->told.is_asked = false;
	CHECK(s->told.text != NULL);
	*ok = s->told.ok;
	return s->told.text;
}

/* ---- time ---- */

/* The next thing to happen by itself, at most at `end`. */
static int64_t
next_instant(const struct sim *s, int64_t end)
{
	int64_t at = broker_deadline(s->b);

	if (at < 0 || at > end)
		at = end;
	for (size_t i = 0; i < s->n_peers; i++)
		if (s->peers[i].is_alive && s->peers[i].heartbeat_at < at)
			at = s->peers[i].heartbeat_at;
	return at;
}

static void
beat(struct sim *s, struct peer *p)
{
	char line[64];

	snprintf(line, sizeof(line), "%s W 4", p->name);
	p->heartbeat_at = s->now + s->conf.heartbeat_ms;
	tell_line(s, line);
}

void
sim_run(struct sim *s, int64_t ms)
{
	int64_t end = s->now + ms, at;

	do {
		at = next_instant(s, end);
		if (at > s->now)
			s->now = at;
		for (size_t i = 0; i < s->n_peers; i++)
			if (s->peers[i].is_alive &&
			    s->peers[i].heartbeat_at <= s->now)
				beat(s, &s->peers[i]);
		step(s, &(struct event){.type = EV_TIME});
		at = broker_deadline(s->b);
	} while (s->now < end || (at >= 0 && at <= end));
}

void
sim_skip(struct sim *s, int64_t ms)
{
	s->now += ms;
}

void
sim_sleep(struct sim *s, int64_t ms)
{
	s->now += ms;
	sim_run(s, 0);
}

void
sim_keep_alive(struct sim *s, const char *peer, bool on)
{
	struct peer *p = require_peer(s, peer);

	p->is_alive = on;
	p->heartbeat_at = s->now + s->conf.heartbeat_ms;
}

void
sim_block(struct sim *s, const char *peer, bool on)
{
	require_peer(s, peer)->is_blocked = on;
}

/* ---- the broker ---- */

struct broker_conf
sim_conf(void)
{
	return (struct broker_conf){
	    .heartbeat_ms = 2500,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = 60000,
	    .max_timeout_ms = -1,
	    .default_concurrency = 100,
	    .drain_timeout_ms = 30000,
	    .dispatch = "load",
	    .cache = {.is_on = true,
		.max_memory = 64 << 20,
		.max_entry = 1 << 20,
		.max_ttl_ms = -1},
	    .trace_level = TRACE_DEBUG,
	};
}

static void
take_conf(struct sim *s, const struct broker_conf *conf)
{
	s->conf = *conf;
	s->conf.trace = write_trace;
	s->conf.trace_arg = s;
}

struct sim *
sim_new(const struct core_ops *ops)
{
	struct broker_conf conf = sim_conf();

	return sim_new_conf(&conf, ops);
}

struct sim *
sim_new_conf(const struct broker_conf *conf, const struct core_ops *ops)
{
	struct sim *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	text_open(&s->mail);
	text_open(&s->trace);
	take_conf(s, conf);
	s->b = broker_new(&s->conf, 1);
	CHECK(s->b != NULL);
	if (ops != NULL)
		sim_add_core(s, ops);
	return s;
}

void
sim_add_core(struct sim *s, const struct core_ops *ops)
{
	CHECK_INT(broker_add_core(s->b, ops), 0);
}

void
sim_free(struct sim *s)
{
	text_want(&s->mail, "the mail nobody wanted", "");
	broker_free(s->b);
	text_close(&s->mail);
	text_close(&s->trace);
	free(s);
}

void
sim_want(struct sim *s, const char *lines)
{
	text_want(&s->mail, "mail", lines);
}

bool
sim_has_mail(struct sim *s, const char *text)
{
	fflush(s->mail.f);
	return strstr(s->mail.p, text) != NULL;
}

int64_t
sim_number_in_mail(struct sim *s, const char *text)
{
	CHECK(sim_has_mail(s, text));
	return strtoll(strstr(s->mail.p, text) + strlen(text), NULL, 10);
}

void
sim_forget(struct sim *s)
{
	text_close(&s->mail);
	text_open(&s->mail);
}

void
sim_check_seldom(struct sim *s)
{
	s->checks_seldom = true;
}

void
sim_want_trace(struct sim *s, const char *lines)
{
	text_want(&s->trace, "trace", lines);
}

void
sim_reload(struct sim *s, const struct broker_conf *conf)
{
	take_conf(s, conf);
	step(s, &(struct event){.type = EV_CONF, .conf = &s->conf});
}

void
sim_turn(struct sim *s, int64_t us, uint64_t n_messages, bool is_full)
{
	step(s, &(struct event){.type = EV_TURN,
		    .turn_us = us,
		    .n_messages = n_messages,
		    .is_full = is_full});
}

void
sim_drain(struct sim *s)
{
	step(s, &(struct event){.type = EV_DRAIN});
}

bool
sim_is_drained(const struct sim *s)
{
	return broker_is_drained(s->b);
}

void
sim_stop(struct sim *s)
{
	step(s, &(struct event){.type = EV_STOP});
}

const struct broker_stats *
sim_stats(struct sim *s)
{
	return broker_stats(s->b);
}
