/*
 * The codec: PROTOCOL 1's table of layouts, read in both directions. Decoding
 * names the frames of a message and copies nothing; encoding moves or shares
 * them into a new message.
 */
#ifndef PGT_WIRE_H
#define PGT_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/msg.h"

enum pgt_verb {
	PGT_MALFORMED, /* no layout fits: packet.why says why */
	/* to the broker */
	PGT_CLIENT_REQUEST,
	PGT_CLIENT_HEARTBEAT,
	PGT_WORKER_READY,
	PGT_WORKER_HEARTBEAT,
	PGT_WORKER_REPLY,
	PGT_WORKER_PARTIAL,
	PGT_WORKER_REJECT,
	PGT_WORKER_DISCONNECT,
	/* from the broker */
	PGT_TO_CLIENT_REPLY,
	PGT_TO_CLIENT_PARTIAL,
	PGT_TO_CLIENT_HEARTBEAT,
	PGT_TO_WORKER_READY,
	PGT_TO_WORKER_REQUEST,
	PGT_TO_WORKER_HEARTBEAT,
	PGT_TO_WORKER_DISCONNECT,
	PGT_N_VERBS
};

enum pgt_field {
	PGT_F_EMPTY, /* says nothing; its bytes are not looked at */
	PGT_F_SERVICE,
	PGT_F_CLIENT,
	PGT_F_KIND, /* of a client's heartbeat: what the id is the name of */
	PGT_F_RID,
	PGT_F_CODE, /* PROTOCOL's status */
	PGT_F_DATA,
	PGT_F_OPTS,
	PGT_N_FIELDS
};

/* A message with its frames named. Borrows them all. */
struct pgt_packet {
	enum pgt_verb verb;
	char side;	 /* 'C' or 'W'; 0 where the tag is neither */
	unsigned port;	 /* of a broker with several; the codec leaves 0 */
	const char *why; /* of PGT_MALFORMED, a few words */
	struct pgt_frame *peer; /* routing id, NULL on a DEALER's side */
	struct pgt_frame *field[PGT_N_FIELDS]; /* NULL where absent */
	struct pgt_frame *tail; /* frames behind the layout's last */
	size_t n_tail;
	unsigned shared; /* encode: bit 1 << field: share it, don't move it;
			    1 << PGT_F_EMPTY stands for peer and tail */
};

enum pgt_direction { PGT_TO_BROKER, PGT_FROM_BROKER };

/*
 * Name the frames of m, which came in that direction and has its peer's
 * routing id in front if with_peer. Never fails: what fits no layout becomes
 * PGT_MALFORMED, with peer and side as far as they can be told.
 */
void pgt_wire_decode(struct pgt_packet *p, struct pgt_msg *m,
    enum pgt_direction direction, bool with_peer);

/*
 * Write p into m, which is empty. Absent fields in the middle, or before a
 * tail, become empty frames, absent ones at the end are left out. Cannot
 * fail: the frames of a packet whose message had no more than
 * PGT_MSG_PEER_MAX of them, its peer not counted, always fit.
 */
void pgt_wire_encode(struct pgt_msg *m, const struct pgt_packet *p);

/* The bytes of a field, an empty slice where it is absent. */
static inline struct pgt_slice
pgt_packet_view(const struct pgt_packet *p, enum pgt_field field)
{
	if (p->field[field] == NULL)
		return (struct pgt_slice){NULL, 0};
	return pgt_frame_view(p->field[field]);
}

/* A verb in words, for traces and logs: "client request", … */
const char *pgt_verb_name(enum pgt_verb verb);

#endif
