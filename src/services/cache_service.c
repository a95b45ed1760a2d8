/* Services of which something is kept; their names are found first. */
#include <errno.h>

#include "base/alloc.h"
#include "base/container.h"
#include "services/cache.h"

struct cache_service *
cache_service_find(const struct cache *c, struct pgt_slice name)
{
	const struct pgt_key key = {.s = name};

	return PGT_CONTAINER(
	    pgt_map_find(&c->services, &key), struct cache_service, node);
}

void
cache_service_renew(struct cache *c, struct cache_service *s)
{
	if (s->epoch > c->floor)
		return;
	s->epoch = ++c->last_epoch;
	s->n_live = 0;
}

size_t
cache_service_cost(const struct cache_service *s)
{
	return pgt_alloc_cost(sizeof(*s)) +
	       pgt_frame_cost(pgt_frame_view(&s->name).n);
}

static struct cache_service *
service_new(struct cache *c, struct pgt_slice name)
{
	struct cache_service *s = pgt_alloc(sizeof(*s));
	struct pgt_key key = {0};

	if (s == NULL)
		return NULL;
	if (pgt_frame_from(&s->name, name) < 0)
		goto fail;
	key.s = pgt_frame_view(&s->name);
	if (pgt_map_add(&c->services, &s->node, &key) < 0)
		goto fail;
	TAILQ_INIT(&s->entries);
	c->bytes += cache_service_cost(s);
	return s;
fail:
	pgt_frame_clear(&s->name);
	pgt_free(s);
	return NULL;
}

void
cache_service_settle(struct cache *c, struct cache_service *s)
{
	if (!TAILQ_EMPTY(&s->entries))
		return;
	if (s->is_swept)
		TAILQ_REMOVE(&c->swept, s, swept);
	c->bytes -= cache_service_cost(s);
	pgt_map_remove(&c->services, &s->node);
	pgt_frame_clear(&s->name);
	pgt_free(s);
}

struct cache_service *
cache_service_require(struct cache *c, struct pgt_slice name)
{
	struct cache_service *s = cache_service_find(c, name);

	if (s == NULL)
		s = service_new(c, name);
	if (s != NULL)
		cache_service_renew(c, s);
	return s;
}
