/*
 * A request remembers who rejected it by serial numbers, ascending: a worker
 * that registers anew is a new worker.
 */
#include "broker/reject.h"

#include <errno.h>

#include "base/alloc.h"
#include "broker/service.h"

/* The place of serial among the rejections, or where it would stand. */
static size_t
find(const struct rejects *j, uint64_t serial)
{
	size_t low = 0, high = j->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (j->serial[mid] < serial)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
reject_is_by(const struct request *r, const struct worker *w)
{
	size_t i;

	if (r->rejects == NULL)
		return false;
	i = find(r->rejects, w->serial);
	return i < r->rejects->n && r->rejects->serial[i] == w->serial;
}

static int
grow(struct request *r)
{
	const struct rejects *old = r->rejects;
	size_t n = old == NULL ? 0 : old->n;
	size_t cap = n == 0 ? 4 : n * 2;
	struct rejects *j;

	if (old != NULL && n < old->cap)
		return 0;
	j = pgt_alloc(sizeof(*j) + cap * sizeof(j->serial[0]));
	if (j == NULL)
		return -ENOMEM;
	j->n = n;
	j->cap = cap;
	if (n > 0)
		memcpy(j->serial, old->serial, n * sizeof(j->serial[0]));
	pgt_free(r->rejects);
	r->rejects = j;
	return 0;
}

int
reject_add(struct request *r, const struct worker *w)
{
	struct rejects *j;
	size_t i;

	if (reject_is_by(r, w))
		return 0;
	if (grow(r) < 0)
		return -ENOMEM;
	j = r->rejects;
	i = find(j, w->serial);
	memmove(&j->serial[i + 1], &j->serial[i],
	    (j->n - i) * sizeof(j->serial[0]));
	j->serial[i] = w->serial;
	j->n++;
	return 0;
}

/*
 * More workers than rejections: somebody is left. Else the rejections of
 * those still present are counted; most often there are none of the others.
 */
bool
reject_is_by_all(const struct request *r)
{
	const struct edge *e;
	const struct worker *w;
	size_t n = service_pool_size(r->service);

	if (r->rejects == NULL || n > r->rejects->n)
		return n == 0;
	TAILQ_FOREACH (e, &r->service->pool, pool)
		TAILQ_FOREACH (w, &e->server->workers, link)
			if (!reject_is_by(r, w))
				return false;
	return true;
}
