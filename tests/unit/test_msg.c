/* Messages: frames in a row, no allocation. */
#include "lib/msg.h"

#include "base/alloc.h"
#include "check.h"

static void
test_frames_are_pushed_up_to_the_limit(void)
{
	struct pgt_frame *f;
	struct pgt_msg m;

	pgt_msg_init(&m);
	CHECK_INT(m.n, 0);
	for (size_t i = 0; i < PGT_MSG_MAX; i++) {
		f = pgt_msg_push(&m);
		CHECK(f == &m.f[i]);
		CHECK_INT(m.n, i + 1);
		CHECK_INT(pgt_frame_view(f).n, 0);
	}
	CHECK(pgt_msg_push(&m) == NULL);
	CHECK_INT(m.n, PGT_MSG_MAX);
	pgt_msg_clear(&m);
	CHECK_INT(m.n, 0);
	CHECK(pgt_msg_push(&m) == &m.f[0]);
	pgt_msg_clear(&m);
}

/* Sixteen frames of a peer, its routing id, three more for the worker. */
static void
test_there_is_room_for_what_a_peer_may_send(void)
{
	CHECK_INT(PGT_MSG_PEER_MAX, 16);
	CHECK(PGT_MSG_MAX >= PGT_MSG_PEER_MAX + 1 + 3);
}

static void
test_the_size_is_the_sum_of_the_frames(void)
{
	static const char bytes[5000];
	struct pgt_frame *f;
	struct pgt_msg m;

	pgt_msg_init(&m);
	CHECK_INT(pgt_msg_size(&m), 0);
	for (size_t n = 1; n <= 5000; n *= 10) {
		f = pgt_msg_push(&m);
		CHECK_INT(pgt_frame_from(f, (struct pgt_slice){bytes, n}), 0);
	}
	pgt_msg_push(&m);
	CHECK_INT(pgt_msg_size(&m), 1111);
	pgt_frame_move(pgt_msg_push(&m), &m.f[3]);
	CHECK_INT(pgt_msg_size(&m), 1111);
	pgt_msg_clear(&m);
	CHECK_INT(pgt_msg_size(&m), 0);
}

static void
test_nothing_is_allocated(void)
{
	struct pgt_msg m;

	pgt_alloc_fail_at(0);
	pgt_msg_init(&m);
	while (pgt_msg_push(&m) != NULL)
		continue;
	pgt_msg_clear(&m);
	CHECK_INT(pgt_alloc_fail_at(0), 0);
}

static const struct check_test tests[] = {
    {test_frames_are_pushed_up_to_the_limit,
	"frames are pushed up to the limit, and cleared"},
    {test_there_is_room_for_what_a_peer_may_send,
	"there is room for what a peer may send, and what is added"},
    {test_the_size_is_the_sum_of_the_frames,
	"the size is the sum of the frames'"},
    {test_nothing_is_allocated, "nothing is allocated"},
};

CHECK_MAIN(tests)
