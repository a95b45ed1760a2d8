/*
 * One frame of a message: bytes that change hands without being copied.
 * What it is made of is known to frame.c alone.
 *
 * A frame is initialised or it is not; all functions but the first two
 * want initialised ones. Not for use by two threads at once.
 */
#ifndef PGT_FRAME_H
#define PGT_FRAME_H

#include <stdbool.h>

#include "base/slice.h"

struct pgt_frame {
	_Alignas(void *) unsigned char opaque[64];
};

/* Up to that many bytes are held in place: pgt_frame_from() can't fail. */
#define PGT_FRAME_SMALL 32

/* An empty frame. Cannot fail. */
void pgt_frame_init(struct pgt_frame *f);

/* A frame with a copy of bytes. 0, or -ENOMEM and f is an empty frame. */
int pgt_frame_from(struct pgt_frame *f, struct pgt_slice bytes);

/* Releases what f holds and leaves it uninitialised. */
void pgt_frame_clear(struct pgt_frame *f);

/* The bytes; valid until f is moved, cleared or assigned to. */
struct pgt_slice pgt_frame_view(const struct pgt_frame *f);

/* dst releases what it holds and has the bytes from now on; src is empty. */
void pgt_frame_move(struct pgt_frame *dst, struct pgt_frame *src);

/* The same for a dst that is not initialised. */
void pgt_frame_take(struct pgt_frame *dst, struct pgt_frame *src);

/*
 * dst releases what it holds and shares src's bytes, which are read only
 * from now on. Never copies more than PGT_FRAME_SMALL bytes. Cannot fail.
 */
void pgt_frame_share(struct pgt_frame *dst, struct pgt_frame *src);

/*
 * dst, not initialised, has the bytes of src as well, for long: what may be
 * part of a larger buffer is copied, so that it holds back no more memory than
 * pgt_frame_cost() tells; what has memory of its own is shared. 0, or -ENOMEM
 * and dst is an empty frame.
 */
int pgt_frame_keep(struct pgt_frame *dst, struct pgt_frame *src);

/* What malloc takes for n bytes of a kept frame, the struct not counted. */
size_t pgt_frame_cost(size_t n);

/*
 * One frame to or from a ZeroMQ socket, never blocking. 0, or the size
 * received (INT_MAX where it is more), or a negative errno (-EAGAIN,
 * -EHOSTUNREACH, …, as zmq_msg_send(3) and zmq_msg_recv(3) give them). A sent
 * frame is left empty and need not be cleared, a refused one is as it was.
 */
int pgt_frame_send(struct pgt_frame *f, void *socket, bool more);
int pgt_frame_recv(struct pgt_frame *f, void *socket);

/* The same as recv, but it waits for as long as the socket's option says. */
int pgt_frame_await(struct pgt_frame *f, void *socket);

/* Did further frames of the same message follow f when it was received? */
bool pgt_frame_has_more(const struct pgt_frame *f);

#endif
