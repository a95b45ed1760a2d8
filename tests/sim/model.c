/* The model's tables: peers, names, requests. Slow and plain. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

static void *
must_have(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static struct model_bytes
copy(struct pgt_slice s)
{
	struct model_bytes b = {must_have(malloc(s.n + 1)), s.n};

	if (s.n > 0)
		memcpy(b.p, s.p, s.n);
	b.p[s.n] = '\0';
	return b;
}

static struct pgt_slice
view(const struct model_bytes *b)
{
	return (struct pgt_slice){b->p, b->n};
}

void
model_must(struct model *m, bool condition, const char *words)
{
	if (!condition)
		m->fail(words);
}

/* ---- birth and death ---- */

static void
learn_conf(struct model *m, const struct broker_conf *conf)
{
	int64_t life = conf->heartbeat_ms * conf->heartbeat_liveness;

	m->conf = *conf;
	if (conf->heartbeat_ms > m->max_heartbeat)
		m->max_heartbeat = conf->heartbeat_ms;
	if (life > m->max_life)
		m->max_life = life;
}

struct model *
model_new(const struct broker_conf *conf, enum model_core core,
    void (*fail)(const char *words))
{
	struct model *m = must_have(calloc(1, sizeof(*m)));

	m->core = core;
	m->fail = fail;
	m->changed_at = m->drain_at = -1;
	m->n_changes = 1;
	learn_conf(m, conf);
	return m;
}

static void
free_request(struct model_request *r)
{
	free(r->rid.p);
	free(r->data.p);
	free(r->opts.p);
	for (size_t i = 0; i < r->n_tail; i++)
		free(r->tail[i].p);
	free(r->rejected);
	model_drop_parts(r->parts);
	free(r);
}

void
model_free(struct model *m)
{
	for (size_t i = 0; i < m->n_requests; i++)
		free_request(m->requests[i]);
	for (size_t i = 0; i < m->n_peers; i++)
		free(m->peers[i].id.p);
	for (size_t i = 0; i < m->n_names; i++)
		free(m->names[i].text.p);
	pgt_msg_clear(&m->said_msg);
	model_free_kept(m);
	free(m->requests);
	free(m);
}

void
model_conf(struct model *m, const struct broker_conf *conf)
{
	learn_conf(m, conf);
}

/* ---- peers and names ---- */

size_t
model_add_peer(struct model *m, enum broker_port port, struct pgt_slice id)
{
	if (m->n_peers == MODEL_MAX_PEERS)
		abort();
	m->peers[m->n_peers].port = port;
	m->peers[m->n_peers].id = copy(id);
	return m->n_peers++;
}

size_t
model_find_peer_at(
    const struct model *m, enum broker_port port, struct pgt_slice id)
{
	size_t i = 0;

	while (
	    i < m->n_peers && (m->peers[i].port != port ||
				  !pgt_slice_equal(view(&m->peers[i].id), id)))
		i++;
	return i;
}

size_t
model_find_peer(const struct model *m, struct pgt_slice id)
{
	return model_find_peer_at(m, PORT_PUBLIC, id);
}

struct pgt_slice
model_name_of(const struct model *m, size_t name)
{
	return view(&m->names[name].text);
}

size_t
model_require_name(struct model *m, struct pgt_slice text)
{
	struct model_name *new = &m->names[m->n_names];
	size_t i;

	for (i = 0; i < m->n_names; i++)
		if (pgt_slice_equal(model_name_of(m, i), text))
			return i;
	if (m->n_names == MODEL_MAX_NAMES)
		abort();
	new->text = copy(text);
	for (i = 0; i <= m->n_names; i++) {
		new->serves[i] = vocab_serves(model_name_of(m, i), text);
		m->names[i].serves[m->n_names] =
		    vocab_serves(text, model_name_of(m, i));
	}
	return m->n_names++;
}

bool
model_is_built_in(const struct model *m, struct pgt_slice name)
{
	return pgt_slice_is(name, "$info") ||
	       (m->core == CORE_DIR && pgt_slice_is(name, "$dir"));
}

/* The longest wildcard with workers that takes name; n_names: none. */
static size_t
best_wildcard(struct model *m, size_t name)
{
	struct model_name *n = &m->names[name];

	if (n->best_at == m->n_changes)
		return n->best;
	n->best = SIZE_MAX;
	n->best_at = m->n_changes;
	for (size_t i = 0; i < m->n_names; i++)
		if (m->names[i].n_workers > 0 &&
		    n->serves[i] == SERVES_PREFIX &&
		    (n->best == SIZE_MAX ||
			m->names[i].text.n > m->names[n->best].text.n))
			n->best = i;
	return n->best;
}

bool
model_is_in_pool(struct model *m, size_t name, const struct model_peer *w)
{
	const struct model_name *n = &m->names[name];

	if (!w->is_registered || w->is_draining)
		return false;
	switch ((enum vocab_serves)n->serves[w->name]) {
	case SERVES_ITSELF:
	case SERVES_VERSION:
		return true;
	case SERVES_PREFIX:
		return n->n_workers == 0 && best_wildcard(m, name) == w->name;
	case SERVES_NOT:
		break;
	}
	return false;
}

bool
model_may_serve(
    struct model *m, const struct model_request *r, const struct model_peer *w)
{
	if (r->meant->worker == NULL)
		return model_is_in_pool(m, r->name, w);
	return w->is_registered && !w->is_draining &&
	       pgt_slice_is(view(&w->id), r->meant->worker) &&
	       m->names[r->name].serves[w->name] != SERVES_NOT;
}

bool
model_has_anybody(struct model *m, const struct model_request *r)
{
	for (size_t i = 0; i < m->n_peers; i++)
		if (model_may_serve(m, r, &m->peers[i]))
			return true;
	return false;
}

/* ---- workers ---- */

static void
workers_changed(struct model *m)
{
	m->n_changes++;
	if (m->changed_at < 0)
		m->changed_at = m->now;
}

void
model_register(struct model *m, size_t worker, size_t name)
{
	struct model_peer *w = &m->peers[worker];

	w->is_registered = true;
	w->is_unreachable = w->is_draining = false;
	w->incarnation = ++m->last_incarnation;
	w->name = name;
	w->concurrency = m->conf.default_concurrency;
	w->heard_at = w->beaten_at = m->now;
	w->n_served = w->given_at = 0;
	m->names[name].n_workers++;
	m->n_registered++;
	workers_changed(m);
}

/* PROTOCOL 2: with retry to another, unless the client has seen a part. */
static void
lose_request(struct model *m, struct model_request *r)
{
	r->state = M_WAITS;
	if (!r->meant->retry || r->had_partials) {
		r->end = END_LOST;
		m->n_lost++;
	} else if (m->is_late) {
		r->end = END_DRAINING;
	} else if (r->meant->failfast && !model_has_anybody(m, r)) {
		r->end = END_NO_WORKER;
	}
}

void
model_drain(struct model *m, size_t worker)
{
	struct model_peer *w = &m->peers[worker];

	if (w->is_draining)
		return;
	w->is_draining = true;
	m->names[w->name].n_workers--;
	workers_changed(m);
}

bool
model_has_drained(struct model *m, const struct model_peer *w)
{
	model_count_running(m);
	return w->is_registered && w->is_draining && w->n_running == 0;
}

void
model_lose(struct model *m, size_t worker)
{
	struct model_peer *w = &m->peers[worker];
	struct model_request *r;

	w->is_registered = false;
	m->n_registered--;
	if (!w->is_draining) {
		m->names[w->name].n_workers--;
		workers_changed(m);
	}
	for (size_t i = m->n_requests; i-- > 0;) {
		r = m->requests[i];
		if (r->state == M_WAITS || r->worker != worker)
			continue;
		if (r->state == M_RUNS)
			lose_request(m, r);
		else
			model_remove(m, r);
	}
}

void
model_count_running(struct model *m)
{
	const struct model_request *r;

	for (size_t i = 0; i < m->n_peers; i++)
		m->peers[i].n_running = 0;
	for (size_t i = 0; i < m->n_requests; i++) {
		r = m->requests[i];
		if (r->state == M_RUNS &&
		    !(m->is_settling && model_is_past(m, r)))
			m->peers[r->worker].n_running++;
	}
}

bool
model_has_slot(const struct model_peer *w)
{
	return !w->is_unreachable && !w->is_draining &&
	       (w->concurrency < 0 || (int64_t)w->n_running < w->concurrency);
}

/* ---- requests ---- */

static struct model_request *
find(const struct model *m, size_t client, struct pgt_slice rid, bool is_ghost,
    size_t worker)
{
	struct model_request *r;

	for (size_t i = 0; i < m->n_requests; i++) {
		r = m->requests[i];
		if (r->client == client && (r->state == M_GHOST) == is_ghost &&
		    (!is_ghost || r->worker == worker) &&
		    pgt_slice_equal(view(&r->rid), rid))
			return r;
	}
	return NULL;
}

struct model_request *
model_find(const struct model *m, size_t client, struct pgt_slice rid)
{
	return find(m, client, rid, false, 0);
}

struct model_request *
model_find_ghost(
    const struct model *m, size_t client, size_t worker, struct pgt_slice rid)
{
	return find(m, client, rid, true, worker);
}

/* At the public port first, as the broker looks for it. */
static struct model_request *
find_called(const struct model *m, struct pgt_slice client,
    struct pgt_slice rid, bool is_ghost, size_t worker)
{
	struct model_request *r = NULL;

	for (int port = 0; r == NULL && port < BROKER_N_PORTS; port++)
		r = find(m,
		    model_find_peer_at(m, (enum broker_port)port, client), rid,
		    is_ghost, worker);
	return r;
}

struct model_request *
model_find_called(
    const struct model *m, struct pgt_slice client, struct pgt_slice rid)
{
	return find_called(m, client, rid, false, 0);
}

struct model_request *
model_find_called_ghost(const struct model *m, struct pgt_slice client,
    size_t worker, struct pgt_slice rid)
{
	return find_called(m, client, rid, true, worker);
}

struct model_request *
model_add(struct model *m, const struct pgt_packet *p)
{
	struct model_request *r = must_have(calloc(1, sizeof(*r)));

	if (m->n_requests == m->cap) {
		m->cap = m->cap * 2 + 16;
		m->requests =
		    must_have(realloc(m->requests, m->cap * sizeof(r)));
	}
	m->requests[m->n_requests++] = r;
	r->serial = ++m->last_serial;
	r->rid = copy(pgt_packet_view(p, PGT_F_RID));
	r->data = copy(pgt_packet_view(p, PGT_F_DATA));
	r->opts = copy(pgt_packet_view(p, PGT_F_OPTS));
	r->has_opts = p->field[PGT_F_OPTS] != NULL;
	r->meant = vocab_find_request(view(&r->opts));
	r->n_tail = p->n_tail;
	r->size = BROKER_REQUEST_OVERHEAD + r->rid.n + r->data.n + r->opts.n;
	for (size_t i = 0; i < p->n_tail; i++) {
		r->tail[i] = copy(pgt_frame_view(&p->tail[i]));
		r->size += r->tail[i].n;
	}
	return r;
}

void
model_remove(struct model *m, struct model_request *r)
{
	for (size_t i = 0; i < m->n_requests; i++)
		if (m->requests[i] == r) {
			m->requests[i] = m->requests[--m->n_requests];
			break;
		}
	free_request(r);
}

/* PROTOCOL 2: a worker's request is its ghost now, an elder one gives way. */
void
model_make_ghost(struct model *m, struct model_request *r)
{
	struct model_request *elder =
	    model_find_ghost(m, r->client, r->worker, view(&r->rid));

	r->n_owed = 1 + (elder != NULL ? elder->n_owed : 0);
	if (elder != NULL)
		model_remove(m, elder);
	r->end = END_NOT;
	r->state = M_GHOST;
}

bool
model_is_past(const struct model *m, const struct model_request *r)
{
	return r->timeout_ms >= 0 && m->now >= r->heard_at + r->timeout_ms;
}

bool
model_was_rejected(const struct model_request *r, const struct model_peer *w)
{
	for (size_t i = 0; i < r->n_rejected; i++)
		if (r->rejected[i] == w->incarnation)
			return true;
	return false;
}

void
model_add_rejection(struct model_request *r, const struct model_peer *w)
{
	r->rejected = must_have(
	    realloc(r->rejected, (r->n_rejected + 1) * sizeof(r->rejected[0])));
	r->rejected[r->n_rejected++] = w->incarnation;
}
