/*
 * A message: frames in place, no allocation. Only the first n frames are
 * initialised.
 */
#ifndef PGT_MSG_H
#define PGT_MSG_H

#include <stddef.h>

#include "lib/frame.h"

/* Frames that a peer may send, its routing id not counted (PROTOCOL 1). */
#define PGT_MSG_PEER_MAX 16

/*
 * Room for one of those with its routing id, and for the three frames that
 * a request to a worker has more than the one from the client.
 */
#define PGT_MSG_MAX (PGT_MSG_PEER_MAX + 1 + 3)

struct pgt_msg {
	size_t n;
	struct pgt_frame f[PGT_MSG_MAX];
};

void pgt_msg_init(struct pgt_msg *m);

/* Releases all frames and leaves an empty message. */
void pgt_msg_clear(struct pgt_msg *m);

/* One more frame, empty, to be filled in; NULL where there is no room. */
struct pgt_frame *pgt_msg_push(struct pgt_msg *m);

/* The sum of the frames' sizes in bytes. */
size_t pgt_msg_size(const struct pgt_msg *m);

#endif
