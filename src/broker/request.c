/*
 * A request is found by (client, rid); its ghost (ghost.h) under another key
 * in the same map.
 */
#include "broker/request.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "broker/client.h"
#include "broker/core_table.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/room.h"
#include "broker/run.h"
#include "broker/service.h"
#include "broker/target.h"
#include "broker/trace.h"

struct request *
request_find(
    const struct broker *b, const struct client *c, struct pgt_slice rid)
{
	const struct pgt_key key = {c->serial, 0, rid};

	return PGT_CONTAINER(
	    pgt_map_find(&b->requests, &key), struct request, node);
}

struct request *
request_find_at(const struct broker *b, struct pgt_slice client,
    struct pgt_slice rid, const struct worker *w)
{
	const struct client *c;
	struct request *r;

	for (int port = 0; port < BROKER_N_PORTS; port++) {
		c = client_find(b, (enum broker_port)port, client);
		r = c != NULL ? request_find(b, c, rid) : NULL;
		if (r != NULL && r->worker == w && r->proxy == NULL)
			return r;
	}
	return NULL;
}

struct request *
request_find_anywhere(
    const struct broker *b, struct pgt_slice client, struct pgt_slice rid)
{
	const struct client *c;
	struct request *r = NULL;

	for (int port = 0; r == NULL && port < BROKER_N_PORTS; port++) {
		c = client_find(b, (enum broker_port)port, client);
		r = c != NULL ? request_find(b, c, rid) : NULL;
	}
	return r;
}

/* Costs the public port nothing while no operator has a request. */
bool
request_is_elsewhere(
    const struct broker *b, const struct client *c, struct pgt_slice rid)
{
	const struct client *o;

	if (c->port == PORT_PUBLIC && b->n_admin_requests == 0)
		return false;
	o = client_find(b, c->port == PORT_PUBLIC ? PORT_ADMIN : PORT_PUBLIC,
	    pgt_frame_view(&c->id));
	return o != NULL && request_find(b, o, rid) != NULL;
}

/* ---- birth ---- */

static int64_t
timeout_of(const struct broker *b, const struct pgt_request_opts *o)
{
	int64_t ms =
	    o->timeout_ms != 0 ? o->timeout_ms : b->conf.default_timeout_ms;
	int64_t max = b->conf.max_timeout_ms;

	return max >= 0 && (ms < 0 || ms > max) ? max : ms;
}

static void
arm_expiry(struct broker *b, struct request *r)
{
	if (r->timeout_ms >= 0)
		pgt_timer_arm(
		    &b->timers, &r->timer, r->heard_at + r->timeout_ms);
}

static int
move_tail(struct request *r, struct pgt_packet *p)
{
	if (p->n_tail == 0)
		return 0;
	r->tail = pgt_alloc(sizeof(*r->tail));
	if (r->tail == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < p->n_tail; i++)
		pgt_frame_move(pgt_msg_push(r->tail), &p->tail[i]);
	return 0;
}

static void
move_frames(struct request *r, struct pgt_packet *p)
{
	pgt_frame_move(&r->data, p->field[PGT_F_DATA]);
	r->has_opts = p->field[PGT_F_OPTS] != NULL;
	if (r->has_opts)
		pgt_frame_move(&r->opts, p->field[PGT_F_OPTS]);
}

void
request_drop_payload(struct request *r)
{
	pgt_frame_clear(&r->data);
	pgt_frame_init(&r->data);
	pgt_frame_clear(&r->opts);
	pgt_frame_init(&r->opts);
	if (r->tail != NULL)
		pgt_msg_clear(r->tail);
	pgt_free(r->tail);
	r->tail = NULL;
}

static struct request *
new_blank(struct broker *b, const struct pgt_request_opts *o)
{
	struct request *r = pgt_alloc(sizeof(*r));

	if (r == NULL)
		return NULL;
	if (pgt_timer_open(&b->timers, &r->timer, T_REQUEST) < 0) {
		pgt_free(r);
		return NULL;
	}
	pgt_frame_init(&r->rid);
	pgt_frame_init(&r->data);
	pgt_frame_init(&r->opts);
	r->serial = ++b->last_serial;
	r->heard_at = b->now;
	r->arrived_us = r->since_us = b->now_us;
	r->timeout_ms = timeout_of(b, o);
	r->retry = o->retry;
	r->nocache = o->nocache;
	r->failfast = o->failfast;
	r->coalesce = o->coalesce;
	return r;
}

static void
free_blank(struct broker *b, struct request *r)
{
	pgt_timer_close(&b->timers, &r->timer);
	request_drop_payload(r);
	pgt_frame_clear(&r->rid);
	pgt_free(r->rejects);
	pgt_free(r);
}

int
request_new(struct broker *b, struct client *c, struct service *s,
    struct pgt_packet *p, const struct pgt_request_opts *o,
    struct request **out)
{
	struct request *r = new_blank(b, o);
	struct pgt_key key = {.a = c->serial};
	int rc;

	if (r == NULL)
		return -ENOMEM;
	pgt_frame_move(&r->rid, p->field[PGT_F_RID]);
	key.s = pgt_frame_view(&r->rid);
	rc = pgt_map_add(&b->requests, &r->node, &key);
	if (rc < 0)
		goto fail;
	rc = move_tail(r, p);
	if (rc < 0) {
		pgt_map_remove(&b->requests, &r->node);
		goto fail;
	}
	r->is_mapped = true;
	move_frames(r, p);
	r->client = c;
	r->service = s;
	client_hold(b, c);
	b->n_admin_requests += c->port == PORT_ADMIN;
	s->n_requests++;
	service_settle(b, s);
	b->stats.n_requests++;
	room_add(b, r);
	arm_expiry(b, r);
	*out = r;
	return 0;
fail:
	pgt_frame_move(p->field[PGT_F_RID], &r->rid);
	free_blank(b, r);
	return rc;
}

void
request_set_worker(struct broker *b, struct request *r, struct worker *w)
{
	if (r->worker != NULL) {
		r->worker->n_running--;
		r->service->n_running--;
		b->stats.n_running--;
		if (r->target != NULL)
			r->target->n_running--;
	}
	r->worker = w;
	if (w != NULL) {
		w->n_running++;
		r->service->n_running++;
		b->stats.n_running++;
		if (r->target != NULL)
			r->target->n_running++;
	}
}

/* ---- lists ---- */

static void
leave_list(struct request *r)
{
	struct service *s = r->service;

	if (s->returned == r)
		s->returned = NULL;
	if (s->next_parked == r)
		s->next_parked = TAILQ_NEXT(r, link);
	if (r->list != NULL)
		TAILQ_REMOVE(r->list, r, link);
	r->list = NULL;
	if (r->target != NULL && r->target->returned == r)
		r->target->returned = NULL;
}

void
request_move_last(struct request *r, struct request_list *to)
{
	leave_list(r);
	TAILQ_INSERT_TAIL(to, r, link);
	r->list = to;
}

void
request_move_back(
    struct request *r, struct request_list *to, struct request **returned)
{
	struct request *next;

	leave_list(r);
	next = TAILQ_FIRST(to);
	if (*returned != NULL && (*returned)->serial < r->serial)
		next = TAILQ_NEXT(*returned, link);
	for (int i = 0; i < MAX_STEPS && next != NULL; i++) {
		if (next->serial > r->serial)
			break;
		next = TAILQ_NEXT(next, link);
	}
	if (next != NULL)
		TAILQ_INSERT_BEFORE(next, r, link);
	else
		TAILQ_INSERT_TAIL(to, r, link);
	r->list = to;
	*returned = r;
}

void
request_move_aside(struct request *r, struct request_list *to)
{
	struct request *last;

	leave_list(r);
	last = TAILQ_LAST(to, request_list);
	for (int i = 0; i < MAX_STEPS && last != NULL; i++) {
		if (last->serial < r->serial)
			break;
		last = TAILQ_PREV(last, request_list, link);
	}
	if (last != NULL)
		TAILQ_INSERT_AFTER(to, last, r, link);
	else
		TAILQ_INSERT_HEAD(to, r, link);
	r->list = to;
}

bool
request_is_old(const struct broker *b, const struct request *r)
{
	return r->serial <= b->marked_at || r->serial <= r->service->marked_at;
}

/* ---- end ---- */

static void
unhook(struct broker *b, struct request *r)
{
	if (r->is_ghost) {
		r->worker->n_ghosts--;
		r->service->n_ghosts--;
		r->worker = NULL;
	} else {
		request_set_worker(b, r, NULL);
	}
	if (r->proxy != NULL)
		r->proxy->proxy = NULL;
	r->proxy = NULL;
	leave_list(r);
	if (r->target != NULL)
		target_drop(b, r->target);
	r->target = NULL;
}

void
request_free(struct broker *b, struct request *r)
{
	struct client *c = r->client;
	struct service *s = r->service;

	if (s->core != NULL)
		core_gone(s->core, r);
	if (r->is_ghost)
		b->stats.n_ghosts--;
	else
		b->stats.n_requests--;
	b->n_kept -= r->is_kept;
	room_remove(b, r);
	unhook(b, r);
	run_leave(b, r);
	core_end(r);
	if (r->is_mapped)
		pgt_map_remove(&b->requests, &r->node);
	free_blank(b, r);
	s->n_requests--;
	service_settle(b, s);
	b->n_admin_requests -= c->port == PORT_ADMIN;
	client_drop(b, c);
}

void
request_fail(struct broker *b, struct request *r, const char *json)
{
	effect_error(b, r, json);
	request_free(b, r);
}

void
request_refuse(struct broker *b, struct request *r)
{
	b->stats.draining++;
	TRACE(b, TRACE_DEBUG, "request refused: draining",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
	request_fail(b, r, "\"DRAINING\"");
}

void
request_lose(struct broker *b, struct request *r)
{
	figures_lost(b, r);
	TRACE(b, TRACE_DEBUG, "request lost", T_FRAME("client", &r->client->id),
	    T_FRAME("rid", &r->rid));
	request_fail(b, r, "\"WORKER_LOST\"");
}
