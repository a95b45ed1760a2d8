/* PROTOCOL 7.1, with room for all that is ever said: what must be kept. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

struct model_part {
	struct model_bytes f[PGT_MSG_MAX];
	size_t n;
};

struct model_parts {
	struct model_part *p;
	size_t n;
	size_t n_owners;
};

/* Under a name and data; at most one for both. */
struct model_kept {
	size_t name;
	struct model_bytes data;
	struct model_parts *parts;
	int64_t dies_at;
};

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
	return b;
}

static bool
is_same(struct pgt_slice s, const struct model_bytes *b)
{
	return pgt_slice_equal(s, (struct pgt_slice){b->p, b->n});
}

/* ---- parts ---- */

/* The frames of p from the status on. */
static size_t
frames_of(const struct pgt_packet *p, struct pgt_slice *f)
{
	size_t n = 0;

	if (p->field[PGT_F_CODE] != NULL)
		f[n++] = pgt_packet_view(p, PGT_F_CODE);
	if (p->field[PGT_F_DATA] != NULL)
		f[n++] = pgt_packet_view(p, PGT_F_DATA);
	if (p->field[PGT_F_OPTS] != NULL)
		f[n++] = pgt_packet_view(p, PGT_F_OPTS);
	for (size_t i = 0; i < p->n_tail; i++)
		f[n++] = pgt_frame_view(&p->tail[i]);
	return n;
}

static void
add_part(struct model_request *r, const struct pgt_packet *p)
{
	struct pgt_slice f[PGT_MSG_MAX];
	struct model_parts *l = r->parts;
	struct model_part *part;

	if (l == NULL) {
		l = r->parts = must_have(calloc(1, sizeof(*l)));
		l->n_owners = 1;
	}
	l->p = must_have(realloc(l->p, (l->n + 1) * sizeof(*l->p)));
	part = &l->p[l->n++];
	part->n = frames_of(p, f);
	for (size_t i = 0; i < part->n; i++)
		part->f[i] = copy(f[i]);
}

void
model_drop_parts(struct model_parts *l)
{
	if (l == NULL || --l->n_owners > 0)
		return;
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < l->p[i].n; k++)
			free(l->p[i].f[k].p);
	free(l->p);
	free(l);
}

static bool
is_part(const struct pgt_packet *p, const struct model_part *part)
{
	struct pgt_slice f[PGT_MSG_MAX];

	if (frames_of(p, f) != part->n)
		return false;
	for (size_t i = 0; i < part->n; i++)
		if (!is_same(f[i], &part->f[i]))
			return false;
	return true;
}

/* ---- what is kept ---- */

static struct model_kept *
find(struct model *m, const struct model_request *r)
{
	for (size_t i = 0; i < m->n_kept; i++)
		if (m->kept[i].name == r->name &&
		    is_same((struct pgt_slice){r->data.p, r->data.n},
			&m->kept[i].data))
			return &m->kept[i];
	return NULL;
}

static bool
is_special(const struct model_request *r)
{
	return r->meant->worker != NULL || r->n_tail > 0;
}

static void
keep(struct model *m, struct model_request *r, int64_t ttl_ms)
{
	struct model_kept *k = find(m, r);

	if (k == NULL) {
		m->kept = must_have(
		    realloc(m->kept, (m->n_kept + 1) * sizeof(*m->kept)));
		k = &m->kept[m->n_kept++];
		k->name = r->name;
		k->data = copy((struct pgt_slice){r->data.p, r->data.n});
	} else {
		model_drop_parts(k->parts);
	}
	k->parts = r->parts;
	k->parts->n_owners++;
	k->dies_at = m->now + ttl_ms;
}

void
model_heed_reply(struct model *m, struct model_request *r)
{
	const struct pgt_packet *p = &m->said;
	int64_t ttl_ms = vocab_find_ttl(pgt_packet_view(p, PGT_F_OPTS));

	if (!m->has_cache || is_special(r))
		return;
	add_part(r, p);
	if (p->verb == PGT_WORKER_REPLY && ttl_ms > 0 && !r->is_gapped &&
	    pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "0"))
		keep(m, r, ttl_ms);
}

bool
model_is_answered(struct model *m, struct model_request *r)
{
	const struct model_kept *k;

	if (!m->has_cache || is_special(r) || r->meant->nocache)
		return false;
	k = find(m, r);
	if (k == NULL || k->dies_at <= m->now)
		return false;
	r->parts = k->parts;
	r->parts->n_owners++;
	m->n_answered++;
	return true;
}

void
model_check_replayed(
    struct model *m, struct model_request *r, const struct pgt_packet *p)
{
	bool is_end = p->verb == PGT_TO_CLIENT_REPLY;

	model_must(m, is_end == (r->n_replayed + 1 == r->parts->n),
	    "a replay has all parts");
	model_must(m, is_part(p, &r->parts->p[r->n_replayed]),
	    "a replay says what the worker said");
	r->n_replayed++;
	/* The end waits for the next step. */
	model_must(m, !is_end || r->n_replayed == 1 || m->is_settling,
	    "the end of a stream comes when its parts are out");
}

bool
model_waits_for_end(const struct model_request *r)
{
	return r->parts->n > 1 && r->n_replayed + 1 == r->parts->n;
}

void
model_free_kept(struct model *m)
{
	for (size_t i = 0; i < m->n_kept; i++) {
		free(m->kept[i].data.p);
		model_drop_parts(m->kept[i].parts);
	}
	free(m->kept);
}
