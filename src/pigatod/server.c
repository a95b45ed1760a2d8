/*
 * One turn of the loop: take what has arrived, a step of the broker for each
 * message, its effects at once; then the timers that are due, then what
 * signals asked for; then sleep until the next of these. The clock is read
 * once in a turn for all its steps, and at the end, for what the turn took.
 */
#include "pigatod/server.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>

#include "broker/broker.h"
#include "pigatod/conf_broker.h"
#include "pigatod/limits.h"
#include "pigatod/log.h"
#include "pigatod/notify.h"
#include "pigatod/process.h"
#include "pigatod/settings.h"
#include "pigatod/signals.h"
#include "pigatod/totals.h"
#include "pigatod/trace_log.h"
#include "pigatod/transport.h"
#include "services/services.h"

/* Messages taken in one turn; more of them gain nothing. */
#define BATCH 256

/* How long leaving messages may take at the end. */
#define LINGER_MS 2000

/*
 * When a drain is done we read on for a moment. A connection that is closed
 * with mail unread takes what the peer has not got yet down with it.
 */
#define LEAVE_MS 100

struct server {
	struct conf *conf;
	struct settings settings;
	struct config_host host; /* of them, for $conf */
	struct core_ops config;	 /* $conf */
	struct broker *broker;
	struct transport *transport;
	struct notify *notify;
	struct process process;
	int64_t now, now_us; /* of this turn, monotonic */
	uint64_t n_messages; /* of this turn */
	bool is_full;	     /* there may have been more of them */
	int64_t leave_at;    /* the drain is done; -1: not so far */
	bool is_stopping;
};

static void
begin_turn(struct server *s)
{
	s->now_us = process_clock_us();
	s->now = s->now_us / 1000;
	s->n_messages = 0;
	s->is_full = false;
}

/* ---- effects ---- */

static void
publish(struct server *s, struct effect *fx)
{
	int rc = transport_publish(s->transport, &fx->msg);

	if (rc < 0)
		log_errno(rc, "cannot publish");
}

static void
send_or_give_back(struct server *s, struct effect *fx)
{
	struct event ev = {
	    .type = EV_UNSENT,
	    .now = s->now,
	    .now_us = s->now_us,
	    .effect = fx,
	};

	if (transport_send(s->transport, fx->port, &fx->msg) < 0)
		broker_step(s->broker, &ev);
}

/* Until the outbox is empty: mail that came back may make more of it. */
static void
flush(struct server *s)
{
	struct effect *fx;

	while ((fx = broker_next_effect(s->broker)) != NULL) {
		if (fx->type == FX_SEND)
			send_or_give_back(s, fx);
		else
			publish(s, fx);
		broker_return_effect(s->broker, fx);
	}
}

/* ---- settings ---- */

static struct broker_conf
broker_conf_of(struct server *s)
{
	struct broker_conf bc = {
	    .process = process_look,
	    .process_arg = &s->process,
	};

	conf_broker_set(&bc, s->conf);
	limits_set(&bc, s->conf);
	trace_log_set(&bc, &s->now);
	return bc;
}

/* The broker is told of new settings before anybody hears that they hold. */
static void
apply_news(struct server *s)
{
	struct broker_conf bc;
	enum log_level level;

	if (log_level_find(s->conf->log_level, &level))
		log_set_level(level);
	bc = broker_conf_of(s);
	limits_log(&bc);
	broker_step(s->broker, &(struct event){.type = EV_CONF,
				   .now = s->now,
				   .now_us = s->now_us,
				   .conf = &bc});
	settings_forget(&s->settings);
}

static void
step(struct server *s, struct event ev)
{
	ev.now = s->now;
	ev.now_us = s->now_us;
	broker_step(s->broker, &ev);
	if (s->settings.has_news)
		apply_news(s);
	flush(s);
}

static void
reload(struct server *s)
{
	struct conf_error err = {""};

	if (settings_reload(&s->settings, &err) < 0) {
		log_error("%s", err.text);
		log_error("not reloaded: the old settings stay");
		return;
	}
	apply_news(s);
	flush(s);
	log_info("settings reloaded");
}

/* ---- events ---- */

static void
on_message(
    struct server *s, enum broker_port port, struct pgt_msg *m, const char *why)
{
	struct pgt_packet p;

	pgt_wire_decode(&p, m, PGT_TO_BROKER, true);
	p.port = port;
	if (why != NULL) {
		p.verb = PGT_MALFORMED;
		p.why = why;
	}
	step(s, (struct event){.type = EV_MESSAGE, .packet = &p});
}

/* 0 or a negative errno of a transport that is of no more use. */
static int
take_batch(struct server *s, enum broker_port port)
{
	struct pgt_msg m;
	const char *why;
	int rc;

	pgt_msg_init(&m);
	for (int i = 0; i < BATCH; i++) {
		rc = transport_recv(s->transport, port, &m, &why);
		if (rc < 0)
			return rc == -EAGAIN ? 0 : rc;
		on_message(s, port, &m, why);
		pgt_msg_clear(&m);
		s->n_messages++;
	}
	s->is_full = true;
	return 0;
}

/* Of each port in turn: who floods one of them is not in the other's way. */
static int
take_messages(struct server *s)
{
	int rc = 0;

	for (int port = 0; rc == 0 && port < BROKER_N_PORTS; port++)
		rc = take_batch(s, (enum broker_port)port);
	return rc;
}

static void
serve_timers(struct server *s)
{
	int64_t due = broker_deadline(s->broker);

	if (due >= 0 && due <= s->now)
		step(s, (struct event){.type = EV_TIME});
}

static void
end_turn(struct server *s)
{
	step(s, (struct event){.type = EV_TURN,
		    .turn_us = process_clock_us() - s->now_us,
		    .n_messages = s->n_messages,
		    .is_full = s->is_full});
}

/* ---- signals ---- */

static void
stop(struct server *s)
{
	log_info("stopping");
	notify_stopping(s->notify);
	step(s, (struct event){.type = EV_STOP});
	s->is_stopping = true;
}

/* Whoever asked for it, a signal or an operator. */
static void
look_at_drain(struct server *s)
{
	if (s->is_stopping || !broker_is_draining(s->broker))
		return;
	notify_stopping(s->notify);
	if (!broker_is_drained(s->broker))
		return;
	if (s->leave_at < 0) {
		log_info("drained");
		s->leave_at = s->now + LEAVE_MS;
	}
	if (s->now >= s->leave_at)
		stop(s);
}

static void
heed_signals(struct server *s)
{
	unsigned news = signals_take();

	if (news & SIGNAL_REOPEN)
		log_reopen();
	if (news & SIGNAL_RELOAD) {
		/* Who waits for it is told of its end, whatever came of it. */
		notify_reloading(s->notify);
		reload(s);
		notify_ready(s->notify);
	}
	if (news & SIGNAL_DRAIN)
		step(s, (struct event){.type = EV_DRAIN});
	if (news & SIGNAL_STOP)
		stop(s);
}

/* ---- the loop ---- */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* How long nothing is to be done but for messages and signals; -1: ever. */
static int
idle_ms(struct server *s)
{
	int64_t due = sooner(broker_deadline(s->broker), s->leave_at);

	due = sooner(
	    due, notify_turn(s->notify, s->now, broker_stats(s->broker)));
	if (due < 0)
		return -1;
	if (due <= s->now)
		return 0;
	return due - s->now < INT_MAX ? (int)(due - s->now) : INT_MAX;
}

int
server_run(struct server *s)
{
	int rc = 0;

	notify_ready(s->notify);
	for (;;) {
		begin_turn(s);
		rc = take_messages(s);
		if (rc < 0)
			return log_errno(rc, "cannot receive");
		serve_timers(s);
		heed_signals(s);
		look_at_drain(s);
		if (s->is_stopping)
			return 0;
		end_turn(s);
		rc = transport_wait(s->transport, signals_fd(), idle_ms(s));
		if (rc < 0)
			return log_errno(rc, "cannot wait");
	}
}

/* ---- birth and death ---- */

static int
make_broker(struct server *s)
{
	struct broker_conf bc = broker_conf_of(s);
	const struct core_ops *cores[] = {
	    s->conf->directory ? &dir_service : &dir_channel,
	    &cache_service,
	    &s->config,
	    &monitor_service,
	    &info_service,
	};
	uint64_t seed;
	int rc = 0;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return log_errno(-errno, "seed");
	limits_log(&bc);
	s->broker = broker_new(&bc, seed);
	if (s->broker == NULL)
		return log_errno(-ENOMEM, "broker");
	s->host = settings_host(&s->settings);
	s->config = config_service;
	s->config.arg = &s->host;
	for (size_t i = 0; rc == 0 && i < sizeof(cores) / sizeof(cores[0]); i++)
		rc = broker_add_core(s->broker, cores[i]);
	return rc < 0 ? log_errno(rc, "core service") : 0;
}

int
server_open(struct server **result, struct conf *conf, const char *path,
    const struct conf_args *args)
{
	struct server *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return log_errno(-ENOMEM, "server");
	s->conf = conf;
	process_begin(&s->process, conf);
	begin_turn(s);
	s->leave_at = -1;
	s->notify = notify_open();
	rc = limits_check(conf);
	if (rc == 0)
		rc = settings_init(&s->settings, conf, path, args);
	if (rc == 0)
		rc = make_broker(s);
	if (rc == 0)
		rc = transport_open(&s->transport, conf);
	if (rc < 0)
		goto fail;
	*result = s;
	return 0;
fail:
	broker_free(s->broker);
	notify_close(s->notify);
	settings_clear(&s->settings);
	free(s);
	return rc;
}

void
server_close(struct server *s)
{
	if (s == NULL)
		return;
	transport_close(s->transport, LINGER_MS);
	totals_log(broker_stats(s->broker));
	broker_free(s->broker);
	notify_close(s->notify);
	settings_clear(&s->settings);
	free(s);
}
