/*
 * What becomes of requests when something happens to their broker.
 *
 *	              connection lost           dead
 *	retry         sent again, same rid      sent again, same rid
 *	no retry      wait: it may come back    NO_BROKER
 *	… no timeout  NO_BROKER                 NO_BROKER
 *	stream begun  PARTIAL_LOST              NO_BROKER
 *
 * A request that a broker refuses because it drains goes to another one that
 * has answered, with retry, and ends if there is none. The word may be a
 * worker's: so it is no reason to leave the only broker there is.
 *
 * To send again is safe: a broker ignores a rid that it still has (PROTOCOL
 * 2). A stream that has begun is never sent again, as its start would come
 * twice; and replies count only if they come from where the request is now.
 */
#include "lib/client.h"

#include "lib/error.h"

static void
doom(struct pigato_client *c, struct pigato_request *r, int error)
{
	r->error = error;
	pgt_client_move(r, &c->doomed);
}

/* One request of a broker that is lost, or dead. */
static void
sort_out(struct pigato_client *c, struct pigato_request *r, bool is_dead)
{
	if (r->retry && !r->had_partial)
		pgt_client_move(r, &c->waiting);
	else if (r->had_partial && !is_dead)
		doom(c, r, PIGATO_ERR_PARTIAL_LOST);
	else if (is_dead || r->timeout_ms < 0)
		doom(c, r, PIGATO_ERR_NO_BROKER);
}

static void
end_doomed(struct pigato_client *c)
{
	struct pigato_request *r;

	while ((r = TAILQ_FIRST(&c->doomed)) != NULL)
		pgt_request_end(r, r->error, NULL);
}

/* Nobody is called back before all requests are where they belong. */
static void
on_gone(struct pigato_client *c, const struct pgt_link_event *ev)
{
	struct pgt_requests *sent = &c->sent[ev->link->index];
	struct pigato_request *r, *next;

	for (r = TAILQ_FIRST(sent); r != NULL; r = next) {
		next = TAILQ_NEXT(r, next);
		sort_out(c, r, ev->kind == PGT_LINK_DEAD);
	}
	c->is_flush_due = true;
	c->counters.disconnects += ev->was_up;
	ev->link->is_draining = false;
	if (ev->was_up)
		pgt_client_tell(
		    c, PIGATO_ON_DISCONNECT, ev->link->endpoint, PIGATO_OK);
	end_doomed(c);
}

/* ---- mail ---- */

/* PROTOCOL 1: 0 is success, -1 an error; no number at all is taken as 0. */
static int
error_of(const struct pgt_packet *p)
{
	struct pgt_slice code = pgt_packet_view(p, PGT_F_CODE);
	bool is_error = false;

	for (size_t i = 0; i < code.n; i++)
		is_error = is_error || (code.p[i] >= '1' && code.p[i] <= '9');
	if (!is_error)
		return PIGATO_OK;
	return pgt_error_of_data(pgt_packet_view(p, PGT_F_DATA));
}

/* A reply that nobody waits for: counted, and dropped. */
static void
count_unwanted(struct pigato_client *c, const struct pigato_request *r,
    const struct pgt_packet *p)
{
	struct pigato_client_counters *n = &c->counters;

	if (r != NULL) { /* it is elsewhere by now */
		n->late++;
		return;
	}
	switch (pgt_rids_find(&c->rids, pgt_packet_view(p, PGT_F_RID))) {
	case PGT_RID_REPLIED:
		n->doubled++;
		break;
	case PGT_RID_LEFT:
		n->late++;
		break;
	case PGT_RID_UNKNOWN:
		n->stray++;
		break;
	}
}

/* True: r goes to another one. */
static bool
on_draining(
    struct pigato_client *c, struct pgt_link *l, struct pigato_request *r)
{
	l->is_draining = true;
	if (!r->retry || r->had_partial || !pgt_client_has_other(c, l))
		return false;
	pgt_client_move(r, &c->waiting);
	c->is_flush_due = true;
	return true;
}

static void
on_reply(struct pigato_client *c, const struct pgt_link_event *ev)
{
	const struct pgt_packet *p = &ev->packet;
	struct pgt_key key = {.s = pgt_packet_view(p, PGT_F_RID)};
	struct pigato_request *r = PGT_CONTAINER(
	    pgt_map_find(&c->requests, &key), struct pigato_request, node);
	int error;

	if (r == NULL || r->broker != ev->link->index) {
		count_unwanted(c, r, p);
		return;
	}
	error = error_of(p);
	if (error == PIGATO_ERR_DRAINING && on_draining(c, ev->link, r))
		return;
	if (p->verb == PGT_TO_CLIENT_REPLY) {
		c->counters.replies++;
		r->is_replied = true;
		pgt_request_end(r, error, p->field[PGT_F_DATA]);
		return;
	}
	/* Its broker is back and still has it: not to be sent again. */
	if (r->list == &c->waiting)
		pgt_client_move(r, &c->sent[r->broker]);
	c->counters.partials++;
	pgt_request_partial(r, error, p->field[PGT_F_DATA]);
}

static void
on_message(struct pigato_client *c, const struct pgt_link_event *ev)
{
	switch (ev->packet.verb) {
	case PGT_TO_CLIENT_REPLY:
	case PGT_TO_CLIENT_PARTIAL:
		on_reply(c, ev);
		break;
	case PGT_TO_CLIENT_HEARTBEAT:
		break;
	default:
		c->counters.malformed++;
		pgt_client_tell(c, PIGATO_ON_ERROR, ev->link->endpoint,
		    PIGATO_ERR_PROTOCOL);
		break;
	}
}

void
pgt_client_on_event(struct pigato_client *c, const struct pgt_link_event *ev)
{
	switch (ev->kind) {
	case PGT_LINK_CONNECTED:
	case PGT_LINK_BEAT:
		pgt_client_beat(ev->link, NULL);
		break;
	case PGT_LINK_ANSWERED:
		c->is_flush_due = true;
		c->counters.connects++;
		pgt_client_tell(
		    c, PIGATO_ON_CONNECT, ev->link->endpoint, PIGATO_OK);
		break;
	case PGT_LINK_MESSAGE:
		on_message(c, ev);
		break;
	case PGT_LINK_WRITABLE:
		c->is_flush_due = true;
		break;
	case PGT_LINK_LOST:
	case PGT_LINK_DEAD:
		on_gone(c, ev);
		break;
	case PGT_LINK_FAILED:
		pgt_client_tell(c, PIGATO_ON_ERROR, ev->link->endpoint,
		    pgt_error_of_errno(ev->error));
		break;
	}
}
