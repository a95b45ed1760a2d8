/* A client's life and settings. */
#include "lib/client.h"

#include <errno.h>
#include <uuid.h>

#include "base/alloc.h"
#include "lib/error.h"

#define TIMEOUT_MS 60000

_Static_assert(sizeof(uuid_t) == PGT_MAP_SEED, "a uuid is a seed");

static int
init_lists(struct pigato_client *c)
{
	size_t n = c->links.n;

	TAILQ_INIT(&c->waiting);
	TAILQ_INIT(&c->doomed);
	c->sent = pgt_alloc((n > 0 ? n : 1) * sizeof(*c->sent));
	if (c->sent == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		TAILQ_INIT(&c->sent[i]);
	return 0;
}

/* No rid's. */
static const struct pgt_key anchor_key = {.a = 1};

struct pigato_client *
pigato_client_new(const char *endpoints)
{
	struct pigato_client *c = pgt_alloc(sizeof(*c));
	uint64_t seed;
	uuid_t uuid;

	if (c == NULL)
		return NULL;
	if (pgt_links_init(&c->links, 'C', endpoints) < 0)
		goto fail_links;
	if (init_lists(c) < 0)
		goto fail_lists;
	uuid_generate(uuid);
	memcpy(&seed, uuid, sizeof(seed));
	if (pgt_rids_init(&c->rids, seed) < 0)
		goto fail_rids;
	uuid_generate(uuid);
	pgt_map_init(&c->requests, uuid);
	if (pgt_map_add(&c->requests, &c->anchor, &anchor_key) < 0)
		goto fail_anchor;
	pgt_timers_init(&c->timers);
	c->timeout_ms = TIMEOUT_MS;
	c->autostart = true;
	return c;
fail_anchor:
	pgt_rids_clear(&c->rids);
fail_rids:
	pgt_free(c->sent);
fail_lists:
	pgt_links_clear(&c->links);
fail_links:
	pgt_free(c);
	return NULL;
}

void
pgt_client_hold(struct pigato_client *c)
{
	c->n_holds++;
}

void
pgt_client_release(struct pigato_client *c)
{
	if (--c->n_holds > 0 || !c->is_freed)
		return;
	pgt_links_clear(&c->links);
	pgt_timers_clear(&c->timers);
	pgt_map_remove(&c->requests, &c->anchor);
	pgt_rids_clear(&c->rids);
	pgt_free(c->sent);
	pgt_free(c);
}

void
pgt_client_tell(struct pigato_client *c, enum pigato_event event,
    const char *endpoint, int error)
{
	if (c->on_event == NULL)
		return;
	pgt_client_hold(c);
	c->n_callbacks++;
	c->on_event(c, event, endpoint, error, c->on_event_arg);
	c->n_callbacks--;
	pgt_client_release(c);
}

/* The anchor was in first, so it is the head. */
static struct pigato_request *
any_request(const struct pigato_client *c)
{
	return PGT_CONTAINER(c->anchor.hh.next, struct pigato_request, node);
}

static void
cancel_all(struct pigato_client *c)
{
	struct pigato_request *r;

	while ((r = any_request(c)) != NULL)
		pgt_request_end(r, PIGATO_ERR_CANCELLED, NULL);
}

int
pigato_client_start(struct pigato_client *c)
{
	int rc;

	if (c->is_started)
		return PIGATO_OK;
	if (c->is_stopping || c->is_freed)
		return PIGATO_ERR_STATE;
	rc = pgt_links_start(&c->links, pgt_now());
	if (rc < 0)
		return pgt_error_of_errno(rc);
	c->is_started = true;
	pgt_client_tell(c, PIGATO_ON_START, NULL, PIGATO_OK);
	return PIGATO_OK;
}

void
pigato_client_stop(struct pigato_client *c)
{
	if (!c->is_started)
		return;
	pgt_client_hold(c);
	c->is_started = false;
	c->is_stopping = true;
	pgt_links_stop(&c->links);
	cancel_all(c);
	c->is_stopping = false;
	pgt_client_tell(c, PIGATO_ON_STOP, NULL, PIGATO_OK);
	pgt_client_release(c);
}

void
pigato_client_free(struct pigato_client *c)
{
	if (c == NULL || c->is_freed)
		return;
	pgt_client_hold(c);
	c->is_freed = true;
	pigato_client_stop(c);
	cancel_all(c); /* what a stop that we are inside of has left */
	pgt_client_release(c);
}

/* ---- settings ---- */

int
pigato_client_set_prefix(struct pigato_client *c, const char *prefix)
{
	if (c->is_started)
		return PIGATO_ERR_STATE;
	return pgt_error_of_errno(pgt_links_set_prefix(&c->links, prefix));
}

int
pigato_client_set_policy(struct pigato_client *c, enum pigato_policy policy)
{
	if (policy != PIGATO_FAILOVER && policy != PIGATO_SPREAD)
		return PIGATO_ERR_INVALID;
	if (c->is_started)
		return PIGATO_ERR_STATE;
	c->policy = policy;
	return PIGATO_OK;
}

int
pigato_client_set_heartbeat(
    struct pigato_client *c, int64_t interval_ms, int liveness)
{
	if (c->is_started)
		return PIGATO_ERR_STATE;
	return pgt_error_of_errno(
	    pgt_links_set_heartbeat(&c->links, interval_ms, liveness));
}

int
pigato_client_set_timeout(struct pigato_client *c, int64_t timeout_ms)
{
	if (timeout_ms < -1 || timeout_ms == 0)
		return PIGATO_ERR_INVALID;
	c->timeout_ms = timeout_ms;
	return PIGATO_OK;
}

int
pigato_client_set_autostart(struct pigato_client *c, bool on)
{
	c->autostart = on;
	return PIGATO_OK;
}

void
pigato_client_on_event(
    struct pigato_client *c, pigato_client_event_fn fn, void *arg)
{
	c->on_event = fn;
	c->on_event_arg = arg;
}

void
pigato_client_set_data(struct pigato_client *c, void *data)
{
	c->data = data;
}

void *
pigato_client_data(const struct pigato_client *c)
{
	return c->data;
}

bool
pigato_client_is_connected(const struct pigato_client *c)
{
	return pgt_links_are_up(&c->links);
}

size_t
pigato_client_in_flight(const struct pigato_client *c)
{
	return pgt_map_count(&c->requests) - 1;
}

#define COUNTERS_SIZE_MIN offsetof(struct pigato_client_counters, sent)

int
pigato_client_counters(
    const struct pigato_client *c, struct pigato_client_counters *counters)
{
	size_t size = counters->size, ours = sizeof(c->counters);

	if (size < COUNTERS_SIZE_MIN)
		return PIGATO_ERR_INVALID;
	memcpy(counters, &c->counters, size < ours ? size : ours);
	/* A caller newer than we are knows of more. */
	if (size > ours)
		memset((char *)counters + ours, 0, size - ours);
	counters->size = size;
	return PIGATO_OK;
}
