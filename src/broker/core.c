/*
 * Core services and the internal channel. Notices are merged for a few
 * milliseconds, longer where there are many workers: a directory of ten
 * thousand is not written anew for each that registers.
 */
#include "broker/core.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/effect.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/trace.h"

#define NOTICE_MS      5
#define WORKERS_PER_MS 50

/* In a note. */
#define MAX_PAIRS 8

/* ---- for the broker ---- */

static int
take_name(struct broker *b, struct core *c)
{
	struct service *s;

	if (c->ops->name == NULL)
		return 0;
	s = service_require(b, pgt_slice_of(c->ops->name));
	if (s == NULL)
		return -ENOMEM;
	if (s->core != NULL)
		return -EEXIST;
	s->core = c;
	c->service = s;
	service_settle(b, s);
	return 0;
}

static void
core_free(struct broker *b, struct core *c)
{
	if (c->service != NULL) {
		c->service->core = NULL;
		service_settle(b, c->service);
	}
	pgt_free(c);
}

int
broker_add_core(struct broker *b, const struct core_ops *ops)
{
	struct core *c = pgt_alloc(sizeof(*c));
	int rc;

	if (c == NULL)
		return -ENOMEM;
	c->ops = ops;
	c->b = b;
	TAILQ_INIT(&c->requests);
	rc = take_name(b, c);
	if (rc == 0)
		rc = ops->open != NULL ? ops->open(c) : 0;
	if (rc < 0) {
		core_free(b, c);
		return rc;
	}
	TAILQ_INSERT_TAIL(&b->cores, c, link);
	b->n_answering += ops->answer != NULL;
	return 0;
}

void
core_free_all(struct broker *b)
{
	struct request *r;
	struct core *c;

	while ((c = TAILQ_FIRST(&b->cores)) != NULL) {
		while ((r = TAILQ_FIRST(&c->requests)) != NULL)
			request_free(b, r);
		TAILQ_REMOVE(&b->cores, c, link);
		if (c->ops->close != NULL)
			c->ops->close(c);
		core_free(b, c);
	}
}

/* PROTOCOL 6.4. Whoever tries is worth a line, however often he does. */
static void
deny(struct broker *b, struct request *r)
{
	b->stats.denied++;
	TRACE(b, TRACE_WARN, "administrative request denied",
	    T_FRAME("client", &r->client->id),
	    T_FRAME("service", &r->service->name));
	request_fail(b, r, "\"DENIED\"");
}

void
core_take(struct core *c, struct request *r)
{
	if (c->ops->admin && !core_request_is_admin(c, r)) {
		deny(c->b, r);
		return;
	}
	request_move_last(r, &c->requests);
	c->ops->on_request(c, r);
}

bool
core_answer(struct broker *b, struct request *r)
{
	struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->answer != NULL && c->ops->answer(c, r))
			return true;
	return false;
}

bool
core_would_answer(
    const struct broker *b, struct pgt_slice name, struct pgt_slice data)
{
	const struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->would_answer != NULL &&
		    c->ops->would_answer(c, name, data))
			return true;
	return false;
}

void
core_replied(struct broker *b, struct request *r, const struct pgt_packet *p)
{
	struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->on_reply != NULL)
			c->ops->on_reply(c, r, p);
}

void
core_end(struct request *r)
{
	struct core_hold *h = r->hold;

	r->hold = NULL;
	if (h != NULL)
		h->core->ops->on_end(h->core, h);
}

void
core_on_timer(struct core_timer *t)
{
	t->core->ops->on_timer(t->core, t);
}

void
core_heed_conf(struct broker *b)
{
	struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->on_conf != NULL)
			c->ops->on_conf(c);
}

void
core_check(const struct broker *b)
{
	const struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->check != NULL)
			c->ops->check(c);
}

void
core_notice(struct broker *b)
{
	int64_t ms = NOTICE_MS + (int64_t)b->stats.n_workers / WORKERS_PER_MS;

	b->version++;
	if (!pgt_timer_is_armed(&b->notice))
		pgt_timer_arm(&b->timers, &b->notice, b->now + ms);
}

void
core_notify(struct broker *b)
{
	struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->on_notice != NULL)
			c->ops->on_notice(c, "$dir");
}

void
core_gone(struct core *c, struct request *r)
{
	if (c->ops->on_gone != NULL)
		c->ops->on_gone(c, r);
}

bool
core_unsent(struct broker *b, const struct pgt_packet *p)
{
	const struct client *client =
	    client_find(b, p->port, pgt_frame_view(p->peer));
	struct request *r = NULL;

	if (client != NULL)
		r = request_find(b, client, pgt_packet_view(p, PGT_F_RID));
	if (r == NULL || r->service->core == NULL)
		return false;
	b->stats.undelivered++;
	if (r->service->core->ops->on_unsent != NULL)
		r->service->core->ops->on_unsent(
		    r->service->core, r, pgt_packet_view(p, PGT_F_DATA));
	return true;
}

void
core_trace(const struct broker *b, int level, struct core_line *line)
{
	struct core *c;

	TAILQ_FOREACH (c, &b->cores, link)
		if (c->ops->on_trace != NULL)
			c->ops->on_trace(c, level, line);
}

/* ---- for the services ---- */

void
core_set_state(struct core *c, void *state)
{
	c->state = state;
}

void *
core_state(const struct core *c)
{
	return c->state;
}

void *
core_arg(const struct core *c)
{
	return c->ops->arg;
}

struct pgt_slice
core_request_data(const struct request *r)
{
	return pgt_frame_view(&r->data);
}

struct pgt_slice
core_request_name(const struct request *r)
{
	return pgt_frame_view(&r->service->name);
}

bool
core_request_is_admin(const struct core *c, const struct request *r)
{
	return r->client->port == PORT_ADMIN || c->b->conf.admin_everywhere;
}

void
core_note(const struct core *c, const struct request *r, const char *words,
    const char *const *pairs)
{
	struct trace_pair line[MAX_PAIRS + 2] = {
	    T_FRAME("client", &r->client->id)};

	if (!TRACE_IS_ON(c->b, TRACE_INFO))
		return;
	for (size_t i = 0; i < MAX_PAIRS && pairs[2 * i] != NULL; i++)
		line[i + 1] =
		    (struct trace_pair)T_WORDS(pairs[2 * i], pairs[2 * i + 1]);
	trace_write(c->b, TRACE_INFO, words, line);
}

int
core_finish(struct broker *b, struct request *r, int rc)
{
	if (rc < 0)
		return rc;
	b->stats.replies++;
	TRACE(b, TRACE_DEBUG, "request answered",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
	request_free(b, r);
	return 0;
}

int
core_reply(struct core *c, struct request *r, const char *status,
    struct pgt_frame *data)
{
	int rc = effect_answer(c->b, r, PGT_TO_CLIENT_REPLY, status, data);

	return core_finish(c->b, r, rc);
}

int
core_partial(struct core *c, struct request *r, struct pgt_frame *data)
{
	return effect_answer(c->b, r, PGT_TO_CLIENT_PARTIAL, "0", data);
}

void
core_keep(struct core *c, struct request *r)
{
	struct broker *b = c->b;

	b->n_kept += !r->is_kept;
	r->is_kept = true;
	r->timeout_ms = b->conf.heartbeat_ms * b->conf.heartbeat_liveness;
	pgt_timer_arm(&b->timers, &r->timer, b->now + r->timeout_ms);
}

int64_t
core_now(const struct core *c)
{
	return c->b->now;
}

void
core_listen(struct core *c, int level)
{
	c->b->heard_level = level;
	trace_settle(c->b);
}

int
core_publish(struct core *c, struct pgt_slice text)
{
	return effect_publish(c->b, text);
}

const struct broker_conf *
core_conf(const struct core *c)
{
	return &c->b->conf;
}

void
core_random(struct core *c, unsigned char *bytes, size_t n)
{
	uint64_t r[2] = {
	    pgt_rand_next(&c->b->rand), pgt_rand_next(&c->b->rand)};

	memcpy(bytes, r, n);
}

uint64_t
core_version(const struct core *c)
{
	return c->b->version;
}

static void
tell_workers(const struct service *s, core_worker_fn fn, void *arg)
{
	const struct worker *w;

	TAILQ_FOREACH (w, &s->workers, link)
		fn(arg, pgt_frame_view(&s->name), pgt_frame_view(&w->id));
}

void
core_each_worker(const struct core *c, core_worker_fn fn, void *arg)
{
	const struct pgt_slice all = {NULL, 0};
	struct pgt_index_node *node =
	    pgt_index_next(&c->b->names, all, all, false);

	for (; node != NULL;
	     node = pgt_index_next(&c->b->names, all, node->name, true))
		tell_workers(
		    PGT_CONTAINER(node, struct service, index), fn, arg);
}

int
core_each_server(
    struct core *c, struct pgt_slice name, core_worker_fn fn, void *arg)
{
	struct service *s = service_require(c->b, name);
	const struct edge *e;

	if (s == NULL)
		return -ENOMEM;
	TAILQ_FOREACH (e, &s->pool, pool)
		tell_workers(e->server, fn, arg);
	return 0;
}
