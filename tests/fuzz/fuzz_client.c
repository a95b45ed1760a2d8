/*
 * Anything from brokers to a client or to a worker, and anything that may
 * happen to connections, while the program does what it likes, in callbacks
 * as well: each request ends once, and each handle is good for one last word.
 *
 * Input: a byte of which bit 0 says whose, and bit 1 the policy; then deeds,
 * see turn(): a byte that says which, and a byte about whom. A message is a
 * byte with the number of its frames, then a length byte and as many bytes for
 * each; length 255 stands for the id of a request that was sent, of the number
 * that follows.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "fuzz_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pgt_slice in;
static bool is_short; /* of memory, while it processes */

void
must(bool condition)
{
	if (!condition)
		abort();
}

unsigned
take(void)
{
	unsigned byte;

	if (in.n == 0)
		return 0;
	byte = (unsigned char)in.p[0];
	in = pgt_slice_from(in, 1);
	return byte;
}

static void
read_frame(struct pgt_frame *f, const struct side *side)
{
	unsigned n = take();
	struct pgt_slice bytes;

	if (n == 255) {
		bytes = side->id_of(take());
	} else {
		bytes = pgt_slice_head(in, n < in.n ? n : in.n);
		in = pgt_slice_from(in, bytes.n);
	}
	pgt_frame_clear(f);
	must(pgt_frame_from(f, bytes) == 0);
}

static void
read_message(const struct side *side, unsigned i)
{
	struct pgt_msg *m = line_mail(i);

	if (m == NULL)
		return;
	pgt_msg_init(m);
	for (unsigned n = take() % 9; n > 0; n--)
		read_frame(pgt_msg_push(m), side);
}

/* True: it may be that something is to be processed now. */
static bool
turn(const struct side *side)
{
	unsigned what = take() % 16, i;

	if (what >= 13) {
		side->deed();
		return what == 13;
	}
	i = take();
	switch (what) {
	case 0:
		line_news(i, PGT_CHANNEL_CONNECTED);
		break;
	case 1:
		line_news(i, PGT_CHANNEL_DISCONNECTED);
		break;
	case 2:
	case 3:
		line_fill(i, what == 2);
		break;
	case 4:
	case 5:
		line_break(i, what == 4);
		break;
	case 6:
		line_skip(i);
		break;
	case 7:
		is_short = !is_short;
		break;
	default:
		read_message(side, i);
		return what < 12;
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct side *side;

	if (size == 0)
		return 0;
	side = data[0] & 1 ? &worker_side : &client_side;
	is_short = false;
	in = (struct pgt_slice){(const char *)data + 1, size - 1};
	for (unsigned i = 0; i < N_LINES; i++)
		line_break(i, false);
	while (in.n > 0) {
		side->start((data[0] & 2) != 0);
		if (!turn(side))
			continue;
		pgt_alloc_fail_at(is_short ? 1 : 0);
		side->process();
		pgt_alloc_fail_at(0);
	}
	side->stop();
	return 0;
}
