/*
 * What core services may do with requests that are not theirs: keep notes on
 * them, answer them in parts.
 */
#include "broker/core.h"

#include "broker/core_table.h"
#include "broker/effect.h"
#include "broker/request.h"
#include "broker/service.h"

bool
core_request_is_nocache(const struct request *r)
{
	return r->nocache;
}

bool
core_request_is_special(const struct request *r)
{
	return r->target != NULL || r->tail != NULL;
}

bool
core_request_had_partials(const struct request *r)
{
	return r->had_partials;
}

bool
core_request_is_gapped(const struct request *r)
{
	return r->is_gapped;
}

void
core_mark(struct core *c, struct pgt_slice name)
{
	struct service *s = service_find(c->b, name);

	if (s != NULL)
		s->marked_at = c->b->last_serial;
}

void
core_mark_all(struct core *c)
{
	c->b->marked_at = c->b->last_serial;
}

bool
core_request_is_old(const struct core *c, const struct request *r)
{
	return request_is_old(c->b, r);
}

int
core_request_keep_data(struct request *r, struct pgt_frame *dst)
{
	return pgt_frame_keep(dst, &r->data);
}

void
core_hold(struct core *c, struct request *r, struct core_hold *h)
{
	if (h != NULL)
		h->core = c;
	r->hold = h;
}

struct core_hold *
core_held(const struct request *r)
{
	return r->hold;
}

void
core_adopt(struct core *c, struct request *r)
{
	r->is_adopted = true;
	request_move_last(r, &c->requests);
}

static struct pgt_packet
packet_of(struct core_part *part)
{
	static const enum pgt_field fields[] = {
	    PGT_F_CODE, PGT_F_DATA, PGT_F_OPTS};
	const size_t n_fields = sizeof(fields) / sizeof(fields[0]);
	struct pgt_packet p = {.n_tail = 0};

	for (size_t i = 0; i < part->n && i < n_fields; i++)
		p.field[fields[i]] = &part->f[i];
	if (part->n > n_fields) {
		p.tail = &part->f[n_fields];
		p.n_tail = part->n - n_fields;
	}
	return p;
}

int
core_send_partial(struct core *c, struct request *r, struct core_part *part)
{
	const struct pgt_packet p = packet_of(part);
	int rc = 0;

	if (!r->is_gapped)
		rc = effect_part(c->b, r, PGT_TO_CLIENT_PARTIAL, &p);
	if (rc < 0)
		r->is_gapped = r->had_partials;
	else
		c->b->stats.partials++;
	r->had_partials |= rc == 0;
	return rc;
}

int
core_send_final(struct core *c, struct request *r, struct core_part *part)
{
	const struct pgt_packet p = packet_of(part);
	int rc = r->is_gapped ? effect_error(c->b, r, "\"PARTIAL_LOST\"")
			      : effect_part(c->b, r, PGT_TO_CLIENT_REPLY, &p);

	return core_finish(c->b, r, rc);
}
