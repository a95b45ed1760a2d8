/*
 * One row for each message of PROTOCOL 1. A message may be shorter than its
 * row (workers without an opts frame are in the field), never shorter than
 * the row's minimum; of several rows with the same tags the last one whose
 * minimum is met is meant. What is longer keeps its further frames as tail.
 */
#include "lib/wire.h"

#include <assert.h>

#define MAX_FIELDS 6

struct layout {
	enum pgt_verb verb;
	enum pgt_direction direction;
	char side, type;
	size_t min, n;
	enum pgt_field field[MAX_FIELDS];
};

#define SERVICE PGT_F_SERVICE
#define CLIENT	PGT_F_CLIENT
#define KIND	PGT_F_KIND
#define RID	PGT_F_RID
#define CODE	PGT_F_CODE
#define DATA	PGT_F_DATA
#define OPTS	PGT_F_OPTS
#define EMPTY	PGT_F_EMPTY
#define IN	PGT_TO_BROKER
#define OUT	PGT_FROM_BROKER

/* clang-format off */
static const struct layout layouts[] = {
	{ PGT_CLIENT_REQUEST, IN, 'C', '2', 3, 4, { SERVICE, RID, DATA, OPTS } },
	{ PGT_CLIENT_HEARTBEAT, IN, 'C', '4', 0, 0, { 0 } },
	{ PGT_CLIENT_HEARTBEAT, IN, 'C', '4', 1, 1, { RID } },
	{ PGT_CLIENT_HEARTBEAT, IN, 'C', '4', 2, 2, { KIND, RID } },
	{ PGT_WORKER_READY, IN, 'W', '1', 1, 1, { SERVICE } },
	{ PGT_WORKER_REPLY, IN, 'W', '3', 3, 6,
	  { CLIENT, EMPTY, RID, CODE, DATA, OPTS } },
	{ PGT_WORKER_PARTIAL, IN, 'W', '6', 3, 6,
	  { CLIENT, EMPTY, RID, CODE, DATA, OPTS } },
	{ PGT_WORKER_REJECT, IN, 'W', '7', 3, 6,
	  { CLIENT, EMPTY, RID, CODE, DATA, OPTS } },
	{ PGT_WORKER_HEARTBEAT, IN, 'W', '4', 0, 2, { EMPTY, OPTS } },
	{ PGT_WORKER_DISCONNECT, IN, 'W', '5', 0, 0, { 0 } },

	{ PGT_TO_CLIENT_REPLY, OUT, 'C', '3', 2, 5,
	  { EMPTY, RID, CODE, DATA, OPTS } },
	{ PGT_TO_CLIENT_PARTIAL, OUT, 'C', '6', 2, 5,
	  { EMPTY, RID, CODE, DATA, OPTS } },
	{ PGT_TO_CLIENT_HEARTBEAT, OUT, 'C', '4', 0, 0, { 0 } },
	{ PGT_TO_WORKER_READY, OUT, 'W', '1', 0, 0, { 0 } },
	{ PGT_TO_WORKER_REQUEST, OUT, 'W', '2', 5, 6,
	  { CLIENT, SERVICE, EMPTY, RID, DATA, OPTS } },
	{ PGT_TO_WORKER_HEARTBEAT, OUT, 'W', '4', 0, 3,
	  { CLIENT, EMPTY, RID } },
	{ PGT_TO_WORKER_DISCONNECT, OUT, 'W', '5', 0, 0, { 0 } },
};
/* clang-format on */

#define N_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

static const char *const verb_names[PGT_N_VERBS] = {
    [PGT_MALFORMED] = "malformed message",
    [PGT_CLIENT_REQUEST] = "client request",
    [PGT_CLIENT_HEARTBEAT] = "client heartbeat",
    [PGT_WORKER_READY] = "worker ready",
    [PGT_WORKER_HEARTBEAT] = "worker heartbeat",
    [PGT_WORKER_REPLY] = "worker reply",
    [PGT_WORKER_PARTIAL] = "worker partial reply",
    [PGT_WORKER_REJECT] = "worker reject",
    [PGT_WORKER_DISCONNECT] = "worker disconnect",
    [PGT_TO_CLIENT_REPLY] = "reply to client",
    [PGT_TO_CLIENT_PARTIAL] = "partial reply to client",
    [PGT_TO_CLIENT_HEARTBEAT] = "heartbeat to client",
    [PGT_TO_WORKER_READY] = "ready to worker",
    [PGT_TO_WORKER_REQUEST] = "request to worker",
    [PGT_TO_WORKER_HEARTBEAT] = "heartbeat to worker",
    [PGT_TO_WORKER_DISCONNECT] = "disconnect to worker",
};

const char *
pgt_verb_name(enum pgt_verb verb)
{
	return verb_names[verb];
}

static char
tag_of(const struct pgt_frame *f)
{
	struct pgt_slice s = pgt_frame_view(f);

	return s.n == 1 ? s.p[0] : 0;
}

static const struct layout *
find_layout(enum pgt_direction direction, char side, char type, size_t n)
{
	const struct layout *found = NULL;

	for (const struct layout *l = layouts; l < layouts + N_LAYOUTS; l++)
		if (l->type == type && l->side == side &&
		    l->direction == direction && n >= l->min)
			found = l;
	return found;
}

static bool
has_field(const struct layout *l, enum pgt_field field)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->field[i] == field)
			return true;
	return false;
}

/* Of several rows with p's verb the first one that has all of its fields. */
static const struct layout *
find_layout_of(const struct pgt_packet *p)
{
	const struct layout *l = layouts;

	while (l->verb != p->verb)
		l++;
	for (unsigned i = 0; i < PGT_N_FIELDS; i++)
		while (p->field[i] != NULL && !has_field(l, i) &&
		       l + 1 < layouts + N_LAYOUTS && l[1].verb == p->verb)
			l++;
	return l;
}

static const char *
why_not(enum pgt_direction direction, char side, char type)
{
	if (side == 0)
		return "first frame is neither C nor W";
	for (const struct layout *l = layouts; l < layouts + N_LAYOUTS; l++)
		if (l->type == type && l->side == side &&
		    l->direction == direction)
			return "too few frames";
	return "unknown message type";
}

void
pgt_wire_decode(struct pgt_packet *p, struct pgt_msg *m,
    enum pgt_direction direction, bool with_peer)
{
	const struct layout *l;
	size_t at = with_peer ? 1 : 0;
	char type;

	*p = (struct pgt_packet){.verb = PGT_MALFORMED};
	if (with_peer && m->n > 0)
		p->peer = &m->f[0];
	if (m->n < at + 2) {
		p->why = "too few frames";
		if (m->n == at + 1)
			p->side = tag_of(&m->f[at]);
	} else {
		p->side = tag_of(&m->f[at]);
	}
	if (p->side != 'C' && p->side != 'W')
		p->side = 0;
	if (p->why != NULL)
		return;
	type = tag_of(&m->f[at + 1]);
	at += 2;
	l = find_layout(direction, p->side, type, m->n - at);
	if (l == NULL) {
		p->why = why_not(direction, p->side, type);
		return;
	}
	p->verb = l->verb;
	for (size_t i = 0; i < l->n && at < m->n; i++, at++)
		p->field[l->field[i]] = &m->f[at];
	p->tail = &m->f[at];
	p->n_tail = m->n - at;
}

static void
put_tag(struct pgt_msg *m, char tag)
{
	struct pgt_frame *f = &m->f[m->n++];
	int rc = pgt_frame_from(f, (struct pgt_slice){&tag, 1});

	assert(rc == 0); /* PGT_FRAME_SMALL */
	(void)rc;
}

static void
put_frame(struct pgt_msg *m, struct pgt_frame *from, bool shared)
{
	if (from == NULL)
		pgt_msg_push(m);
	else if (shared)
		pgt_frame_share(pgt_msg_push(m), from);
	else
		pgt_frame_take(&m->f[m->n++], from);
}

void
pgt_wire_encode(struct pgt_msg *m, const struct pgt_packet *p)
{
	const struct layout *l = find_layout_of(p);
	bool share_rest = (p->shared & 1U << PGT_F_EMPTY) != 0;
	size_t n = l->n;

	/* What stands before a tail keeps its place. */
	while (
	    n > l->min && p->n_tail == 0 && p->field[l->field[n - 1]] == NULL)
		n--;
	if (p->peer != NULL)
		put_frame(m, p->peer, share_rest);
	put_tag(m, l->side);
	put_tag(m, l->type);
	for (size_t i = 0; i < n; i++)
		put_frame(m, p->field[l->field[i]],
		    (p->shared & 1U << l->field[i]) != 0);
	for (size_t i = 0; i < p->n_tail; i++)
		put_frame(m, &p->tail[i], share_rest);
}
