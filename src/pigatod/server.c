/*
 * One turn of the loop: take what has arrived, a step of the broker for each
 * message, its effects at once; then the timers that are due, then what
 * signals asked for; then sleep until the next of these. The clock is read
 * once in a turn.
 */
#include "pigatod/server.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "broker/broker.h"
#include "pigatod/log.h"
#include "pigatod/memory.h"
#include "pigatod/signals.h"
#include "pigatod/transport.h"
#include "services/services.h"

/* Messages taken in one turn; more of them gain nothing. */
#define BATCH 256

/* How long leaving messages may take at the end. */
#define LINGER_MS 2000

struct server {
	struct conf *conf;
	const char *path; /* what conf was loaded from */
	const struct conf_args *args;
	struct broker *broker;
	struct transport *transport;
	int64_t now; /* of this turn, monotonic ms */
	bool is_stopping;
};

static int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
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
	struct event ev = {.type = EV_UNSENT, .now = s->now, .effect = fx};

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

static void
step(struct server *s, struct event ev)
{
	ev.now = s->now;
	broker_step(s->broker, &ev);
	flush(s);
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
	}
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
on_trace(void *arg, enum trace_level level, const char *line)
{
	struct server *s = arg;

	if (level == TRACE_WARN)
		log_peer(s->now, line);
	else if (level == TRACE_INFO)
		log_info("%s", line);
	else
		log_debug("%s", line);
}

/* ---- settings ---- */

/* Nothing is to be put into words that the log would throw away. */
static void
set_trace(struct server *s, struct broker_conf *bc)
{
	static const enum trace_level levels[] = {
	    [LOG_WARN] = TRACE_WARN,
	    [LOG_INFO] = TRACE_INFO,
	    [LOG_DEBUG] = TRACE_DEBUG,
	};
	enum log_level level = log_get_level();

	if (level == LOG_ERROR)
		return;
	bc->trace = on_trace;
	bc->trace_arg = s;
	bc->trace_level = levels[level];
}

/* What 0 stands for: see pigato.conf(5). */
static void
set_limits(const struct conf *conf, struct broker_conf *bc)
{
	bc->max_clients = conf->max_clients;
	bc->max_queue = conf->max_queue;
	bc->max_queue_bytes = conf->max_queue_bytes;
	bc->max_service_queue = conf->max_service_queue;
	bc->max_service_queue_bytes = conf->max_service_queue_bytes;
	bc->max_memory = conf->max_memory;
	if (bc->max_memory == 0)
		bc->max_memory = memory_available() / 2;
	if (bc->max_service_queue_bytes == 0)
		bc->max_service_queue_bytes = bc->max_memory / 2;
}

static struct broker_conf
broker_conf_of(struct server *s)
{
	const struct conf *conf = s->conf;
	struct broker_conf bc = {
	    .heartbeat_ms = conf->heartbeat,
	    .heartbeat_liveness = conf->heartbeat_liveness,
	    .default_timeout_ms = conf->default_timeout,
	    .max_timeout_ms = conf->max_timeout,
	    .default_concurrency = conf->default_concurrency,
	    .dispatch = conf->dispatch,
	    .external_core = conf->external_core,
	    .admin_everywhere = conf->admin_everywhere,
	    .drain_timeout_ms = conf->drain_timeout,
	};

	set_limits(conf, &bc);
	set_trace(s, &bc);
	return bc;
}

static void
apply(struct server *s, struct conf *next)
{
	const struct conf_row *stuck[CONF_MAX_ROWS];
	size_t n_stuck = conf_reload(s->conf, next, stuck);
	struct broker_conf bc;
	enum log_level level;

	if (log_level_find(s->conf->log_level, &level))
		log_set_level(level);
	bc = broker_conf_of(s);
	step(s, (struct event){.type = EV_CONF, .conf = &bc});
	for (size_t i = 0; i < n_stuck; i++)
		log_warn("only a restart changes option=%s", stuck[i]->name);
	log_info("settings reloaded");
}

static void
reload(struct server *s)
{
	struct conf_error err = {""};
	struct conf next;

	if (!conf_can_reread(s->path)) {
		log_warn("settings came by standard input or a pipe, which "
			 "cannot be read again: the old settings stay");
		return;
	}
	if (conf_load(&next, s->path, s->args, &err) < 0) {
		log_error("%s", err.text);
		log_error("not reloaded: the old settings stay");
		return;
	}
	apply(s, &next);
	conf_clear(&next); /* now that nobody has the old policy's name */
}

static void
reopen_log(void)
{
	int rc = log_reopen();

	if (rc < 0)
		log_errno(rc, "cannot reopen the log: the old one stays");
	else
		log_info("log reopened");
}

/* ---- the loop ---- */

static void
stop(struct server *s)
{
	log_info("stopping");
	step(s, (struct event){.type = EV_STOP});
	s->is_stopping = true;
}

static void
heed_signals(struct server *s)
{
	unsigned news = signals_take();

	if (news & SIGNAL_REOPEN)
		reopen_log();
	if (news & SIGNAL_RELOAD)
		reload(s);
	if (news & SIGNAL_STOP)
		stop(s);
}

/* How long nothing is to be done but for messages and signals; -1: ever. */
static int
idle_ms(struct server *s)
{
	int64_t due = broker_deadline(s->broker);

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

	for (;;) {
		s->now = clock_ms();
		rc = take_messages(s);
		if (rc < 0)
			return log_errno(rc, "cannot receive");
		serve_timers(s);
		heed_signals(s);
		if (s->is_stopping)
			return 0;
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
	uint64_t seed;
	int rc;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		return log_errno(-errno, "seed");
	s->broker = broker_new(&bc, seed);
	if (s->broker == NULL)
		return log_errno(-ENOMEM, "broker");
	rc = broker_add_core(
	    s->broker, s->conf->directory ? &dir_service : &dir_channel);
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
	s->path = path;
	s->args = args;
	s->now = clock_ms();
	rc = make_broker(s);
	if (rc == 0)
		rc = transport_open(&s->transport, conf);
	if (rc < 0)
		goto fail;
	*result = s;
	return 0;
fail:
	broker_free(s->broker);
	free(s);
	return rc;
}

static void
log_totals(const struct broker_stats *n)
{
	log_info("stopped requests=%" PRIu64 " replies=%" PRIu64
		 " partials=%" PRIu64 " rejects=%" PRIu64 " retries=%" PRIu64
		 " expired=%" PRIu64 " denied=%" PRIu64 " lost=%" PRIu64 " no_worker=%" PRIu64
		 " duplicates=%" PRIu64 " late=%" PRIu64 " malformed=%" PRIu64
		 " protocol_errors=%" PRIu64 " unsent=%" PRIu64
		 " undelivered=%" PRIu64 " no_memory=%" PRIu64 " busy=%" PRIu64
		 " draining=%" PRIu64,
	    n->requests, n->replies, n->partials, n->rejects, n->retries,
	    n->expired, n->denied, n->lost, n->no_worker, n->duplicates, n->late,
	    n->malformed, n->protocol_errors, n->unsent, n->undelivered,
	    n->no_memory, n->busy, n->draining);
}

void
server_close(struct server *s)
{
	if (s == NULL)
		return;
	transport_close(s->transport, LINGER_MS);
	log_totals(broker_stats(s->broker));
	broker_free(s->broker);
	free(s);
}
