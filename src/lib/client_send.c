/*
 * Who gets a request: a broker that has answered, by the policy. Requests for
 * which there is none, or no room, wait in their order.
 */
#include "lib/client.h"

#include <errno.h>

void
pgt_client_move(struct pigato_request *r, struct pgt_requests *list)
{
	if (r->list != NULL)
		TAILQ_REMOVE(r->list, r, next);
	TAILQ_INSERT_TAIL(list, r, next);
	r->list = list;
}

bool
pgt_client_has_other(const struct pigato_client *c, const struct pgt_link *l)
{
	const struct pgt_link *o = c->links.link;

	for (; o < c->links.link + c->links.n; o++)
		if (o != l && o->is_up && !o->is_draining)
			return true;
	return false;
}

/* One that is about to go is used where there is no other. */
static bool
is_of_use(const struct pigato_client *c, const struct pgt_link *l)
{
	return l->is_up && (!l->is_draining || !pgt_client_has_other(c, l));
}

/* The first in the list; one that is full is worth waiting for. */
static struct pgt_link *
pick_failover(struct pigato_client *c)
{
	struct pgt_link *l = c->links.link;

	for (; l < c->links.link + c->links.n; l++)
		if (is_of_use(c, l))
			return l->channel.is_full ? NULL : l;
	return NULL;
}

static struct pgt_link *
pick_spread(struct pigato_client *c)
{
	size_t n = c->links.n;

	for (size_t i = 0; i < n; i++) {
		struct pgt_link *l = &c->links.link[c->turn++ % n];

		if (is_of_use(c, l) && !l->channel.is_full)
			return l;
	}
	return NULL;
}

static struct pgt_link *
pick(struct pigato_client *c)
{
	return c->policy == PIGATO_SPREAD ? pick_spread(c) : pick_failover(c);
}

static void
empty(struct pgt_frame *f)
{
	pgt_frame_clear(f);
	pgt_frame_init(f);
}

/* What will not be sent again need not be kept. */
static void
forget_frames(struct pigato_request *r)
{
	empty(&r->service);
	empty(&r->data);
	empty(&r->opts);
}

static int
send_to(struct pgt_link *l, struct pigato_request *r, int64_t now)
{
	struct pgt_packet p = {
	    .verb = PGT_CLIENT_REQUEST,
	    .field[PGT_F_SERVICE] = &r->service,
	    .field[PGT_F_RID] = &r->rid,
	    .field[PGT_F_DATA] = &r->data,
	    .field[PGT_F_OPTS] = &r->opts,
	    .shared = ~0U,
	};
	int rc = pgt_link_send(l, &p);

	if (rc < 0)
		return rc;
	r->client->counters.sent++;
	r->broker = l->index;
	r->heard_at = now;
	if (!r->retry)
		forget_frames(r);
	pgt_client_move(r, &r->client->sent[l->index]);
	return 0;
}

/* Finds a broker for r; false: it has to wait. */
static bool
try_to_send(struct pigato_client *c, struct pigato_request *r, int64_t now)
{
	struct pgt_link *l;

	/* A link that refuses is full from now on, and not picked again. */
	while ((l = pick(c)) != NULL) {
		int rc = send_to(l, r, now);

		if (rc == 0)
			return true;
		if (rc != -EAGAIN)
			return false;
	}
	return false;
}

void
pgt_client_send(struct pigato_client *c, struct pigato_request *r)
{
	/* heard_at is the instant of its birth, which is now. */
	if (!TAILQ_EMPTY(&c->waiting) || !try_to_send(c, r, r->heard_at))
		pgt_client_move(r, &c->waiting);
	pgt_request_arm(r);
}

void
pgt_client_flush(struct pigato_client *c)
{
	int64_t now = pgt_now();
	struct pigato_request *r;

	c->is_flush_due = false;
	while ((r = TAILQ_FIRST(&c->waiting)) != NULL && try_to_send(c, r, now))
		pgt_request_arm(r);
}

int
pgt_client_beat(struct pgt_link *l, struct pigato_request *r)
{
	struct pgt_packet p = {.verb = PGT_CLIENT_HEARTBEAT, .shared = ~0U};
	struct pgt_frame kind;
	int rc;

	if (r == NULL)
		return pgt_link_send(l, &p);
	pgt_frame_from(&kind, pgt_slice_of("request")); /* a small one */
	p.field[PGT_F_KIND] = &kind;
	p.field[PGT_F_RID] = &r->rid;
	rc = pgt_link_send(l, &p);
	pgt_frame_clear(&kind);
	return rc;
}
