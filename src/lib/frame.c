/*
 * A frame is a zmq_msg_t. libzmq keeps up to 33 bytes in the struct itself,
 * counts references for the rest, and hands received frames out of its read
 * buffer without a copy: just what we need, so there is nothing on top.
 */
#include "lib/frame.h"

#include <assert.h>
#include <errno.h>
#include <zmq.h>

#include "base/alloc.h"

/* libzmq receives that much at once; longer frames are in none with others. */
#define READ_BUFFER 8192
/* What libzmq has beside the bytes: where they are, how many, whose. */
#define CONTENT 40

_Static_assert(sizeof(struct pgt_frame) == sizeof(zmq_msg_t), "size");
_Static_assert(_Alignof(struct pgt_frame) >= _Alignof(zmq_msg_t), "alignment");

static zmq_msg_t *
msg_of(struct pgt_frame *f)
{
	return (zmq_msg_t *)f;
}

void
pgt_frame_init(struct pgt_frame *f)
{
	zmq_msg_init(msg_of(f));
}

int
pgt_frame_from(struct pgt_frame *f, struct pgt_slice bytes)
{
	if ((bytes.n > PGT_FRAME_SMALL && pgt_alloc_fails()) ||
	    zmq_msg_init_size(msg_of(f), bytes.n) != 0) {
		zmq_msg_init(msg_of(f));
		return -ENOMEM;
	}
	if (bytes.n > 0)
		memcpy(zmq_msg_data(msg_of(f)), bytes.p, bytes.n);
	return 0;
}

void
pgt_frame_clear(struct pgt_frame *f)
{
	zmq_msg_close(msg_of(f));
}

struct pgt_slice
pgt_frame_view(const struct pgt_frame *f)
{
	/* zmq_msg_data() wants no const, and changes nothing. */
	zmq_msg_t *m = (zmq_msg_t *)(void *)f;

	return (struct pgt_slice){zmq_msg_data(m), zmq_msg_size(m)};
}

void
pgt_frame_move(struct pgt_frame *dst, struct pgt_frame *src)
{
	int rc = zmq_msg_move(msg_of(dst), msg_of(src));

	assert(rc == 0);
	(void)rc;
}

void
pgt_frame_take(struct pgt_frame *dst, struct pgt_frame *src)
{
	/* What zmq_msg_move() does once it has closed what dst held. */
	*dst = *src;
	zmq_msg_init(msg_of(src));
}

void
pgt_frame_share(struct pgt_frame *dst, struct pgt_frame *src)
{
	int rc = zmq_msg_copy(msg_of(dst), msg_of(src));

	assert(rc == 0);
	(void)rc;
}

int
pgt_frame_keep(struct pgt_frame *dst, struct pgt_frame *src)
{
	struct pgt_slice bytes = pgt_frame_view(src);

	if (bytes.n <= READ_BUFFER)
		return pgt_frame_from(dst, bytes);
	pgt_frame_init(dst);
	pgt_frame_share(dst, src);
	return 0;
}

size_t
pgt_frame_cost(size_t n)
{
	return n <= PGT_FRAME_SMALL ? 0 : pgt_alloc_cost(n + CONTENT);
}

int
pgt_frame_send(struct pgt_frame *f, void *socket, bool more)
{
	int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);

	return zmq_msg_send(msg_of(f), socket, flags) < 0 ? -errno : 0;
}

int
pgt_frame_recv(struct pgt_frame *f, void *socket)
{
	int n = zmq_msg_recv(msg_of(f), socket, ZMQ_DONTWAIT);

	return n < 0 ? -errno : n;
}

int
pgt_frame_await(struct pgt_frame *f, void *socket)
{
	int n = zmq_msg_recv(msg_of(f), socket, 0);

	return n < 0 ? -errno : n;
}

bool
pgt_frame_has_more(const struct pgt_frame *f)
{
	return zmq_msg_more((const zmq_msg_t *)f) != 0;
}
