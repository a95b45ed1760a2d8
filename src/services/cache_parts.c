/*
 * Parts of replies, as they are kept. Small frames stand in the part, larger
 * ones are shared by reference count with every replay.
 */
#include <errno.h>

#include "base/alloc.h"
#include "services/cache.h"

static const enum pgt_field fields[] = {PGT_F_CODE, PGT_F_DATA, PGT_F_OPTS};
#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

void
cache_parts_init(struct cache_parts *l)
{
	l->first = NULL;
	l->last = &l->first;
	l->cost = 0;
}

void
cache_part_free(struct core_part *part)
{
	while (part->n > 0)
		pgt_frame_clear(&part->f[--part->n]);
	pgt_free(part);
}

void
cache_parts_clear(struct cache_parts *l)
{
	struct core_part *part;

	while ((part = l->first) != NULL) {
		l->first = part->next;
		cache_part_free(part);
	}
	cache_parts_init(l);
}

/* Those that a message has stand in front, so much is sure. */
static size_t
count_fields(const struct pgt_packet *p)
{
	size_t n = N_FIELDS;

	while (n > 0 && p->field[fields[n - 1]] == NULL)
		n--;
	return n;
}

static size_t
size_of(size_t n)
{
	return sizeof(struct core_part) + n * sizeof(struct pgt_frame);
}

size_t
cache_part_cost(const struct pgt_packet *p)
{
	size_t n = count_fields(p);
	size_t cost = pgt_alloc_cost(size_of(n + p->n_tail));

	for (size_t i = 0; i < n; i++)
		cost += pgt_frame_cost(pgt_packet_view(p, fields[i]).n);
	for (size_t i = 0; i < p->n_tail; i++)
		cost += pgt_frame_cost(pgt_frame_view(&p->tail[i]).n);
	return cost;
}

static int
keep_frames(struct core_part *part, const struct pgt_packet *p)
{
	size_t n = count_fields(p);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n + p->n_tail; i++)
		rc = pgt_frame_keep(&part->f[part->n++],
		    i < n ? p->field[fields[i]] : &p->tail[i - n]);
	return rc;
}

int
cache_parts_add(struct cache_parts *l, const struct pgt_packet *p)
{
	struct core_part *part =
	    pgt_alloc(size_of(count_fields(p) + p->n_tail));

	if (part == NULL)
		return -ENOMEM;
	if (keep_frames(part, p) < 0) {
		cache_part_free(part);
		return -ENOMEM;
	}
	*l->last = part;
	l->last = &part->next;
	l->cost += cache_part_cost(p);
	return 0;
}

void
cache_parts_prepend(struct cache_parts *dst, struct cache_parts *src)
{
	if (src->first == NULL)
		return;
	*src->last = dst->first;
	if (dst->first == NULL)
		dst->last = src->last;
	dst->first = src->first;
	dst->cost += src->cost;
	cache_parts_init(src);
}

struct core_part *
cache_part_share(struct core_part *part)
{
	struct core_part *copy = pgt_alloc(size_of(part->n));

	if (copy == NULL)
		return NULL;
	for (; copy->n < part->n; copy->n++) {
		pgt_frame_init(&copy->f[copy->n]);
		pgt_frame_share(&copy->f[copy->n], &part->f[copy->n]);
	}
	return copy;
}
