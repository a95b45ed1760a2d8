/* Frames: bytes that change hands. Over 33 bytes libzmq counts references. */
#include "lib/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <zmq.h>

#include "base/alloc.h"
#include "check.h"

/* A frame of n bytes that begin with c. */
static void
fill(struct pgt_frame *f, char c, size_t n)
{
	char *p = malloc(n + 1);

	memset(p, c, n);
	CHECK_INT(pgt_frame_from(f, (struct pgt_slice){p, n}), 0);
	free(p);
}

static bool
holds(const struct pgt_frame *f, char c, size_t n)
{
	struct pgt_slice s = pgt_frame_view(f);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != c)
			return false;
	return s.n == n;
}

static void
test_a_frame_is_a_copy_of_its_bytes(void)
{
	char text[] = "a\0b";
	struct pgt_frame f;

	CHECK_INT(pgt_frame_from(&f, (struct pgt_slice){text, 3}), 0);
	text[0] = 'x';
	CHECK(
	    pgt_slice_equal(pgt_frame_view(&f), (struct pgt_slice){"a\0b", 3}));
	CHECK(!pgt_frame_has_more(&f));
	pgt_frame_clear(&f);
	for (size_t n = 0; n < 100; n++) {
		fill(&f, 'q', n);
		CHECK(holds(&f, 'q', n));
		pgt_frame_clear(&f);
	}
}

static void
test_an_empty_frame(void)
{
	struct pgt_frame f;

	pgt_frame_init(&f);
	CHECK_INT(pgt_frame_view(&f).n, 0);
	pgt_frame_clear(&f);
	CHECK_INT(pgt_frame_from(&f, (struct pgt_slice){NULL, 0}), 0);
	CHECK_INT(pgt_frame_view(&f).n, 0);
	pgt_frame_clear(&f);
}

static void
test_moving_leaves_the_source_empty(void)
{
	static const size_t size[] = {0, 1, 32, 33, 34, 5000};
	struct pgt_frame a, b;
	const char *bytes;

	for (size_t i = 0; i < 6; i++) {
		fill(&a, 'a', size[i]);
		fill(&b, 'b', 100); /* is released */
		bytes = pgt_frame_view(&a).p;
		pgt_frame_move(&b, &a);
		CHECK(holds(&b, 'a', size[i]));
		CHECK(size[i] < 34 || pgt_frame_view(&b).p == bytes);
		CHECK_INT(pgt_frame_view(&a).n, 0);
		pgt_frame_clear(&a);
		CHECK(holds(&b, 'a', size[i]));
		pgt_frame_clear(&b);
	}
}

static void
test_taking_needs_no_initialised_frame(void)
{
	struct pgt_frame a, b;

	memset(&b, 0xff, sizeof(b));
	fill(&a, 'a', 5000);
	pgt_frame_take(&b, &a);
	CHECK_INT(pgt_frame_view(&a).n, 0);
	CHECK(holds(&b, 'a', 5000));
	pgt_frame_clear(&a);
	pgt_frame_clear(&b);
}

static void
test_sharing_keeps_both_and_copies_nothing_large(void)
{
	static const size_t size[] = {0, 1, PGT_FRAME_SMALL, 33, 34, 5000};
	struct pgt_frame a, b, c;

	for (size_t i = 0; i < 6; i++) {
		fill(&a, 'a', size[i]);
		fill(&b, 'b', 100); /* is released */
		pgt_frame_init(&c);
		pgt_frame_share(&b, &a);
		pgt_frame_share(&c, &b);
		CHECK(holds(&a, 'a', size[i]));
		CHECK(holds(&b, 'a', size[i]));
		CHECK(size[i] < 34 ||
		      pgt_frame_view(&c).p == pgt_frame_view(&a).p);
		pgt_frame_clear(&a);
		CHECK(holds(&b, 'a', size[i]));
		pgt_frame_clear(&b);
		CHECK(holds(&c, 'a', size[i]));
		pgt_frame_clear(&c);
	}
}

static void
test_no_memory_gives_an_empty_frame(void)
{
	char text[PGT_FRAME_SMALL + 1] = {0};
	struct pgt_frame f;

	pgt_alloc_fail_at(1);
	CHECK_INT(pgt_frame_from(&f, (struct pgt_slice){text, sizeof(text)}),
	    -ENOMEM);
	CHECK_INT(pgt_frame_view(&f).n, 0);
	pgt_frame_clear(&f);
	/* A small one needs none. */
	CHECK_INT(
	    pgt_frame_from(&f, (struct pgt_slice){text, PGT_FRAME_SMALL}), 0);
	pgt_frame_clear(&f);
	CHECK_INT(pgt_alloc_fail_at(0), 1);
}

static void
test_two_frames_cross_a_socket(void)
{
	void *ctx = zmq_ctx_new();
	void *a = zmq_socket(ctx, ZMQ_PAIR), *b = zmq_socket(ctx, ZMQ_PAIR);
	struct pgt_frame f;

	CHECK_INT(zmq_bind(a, "inproc://frames"), 0);
	CHECK_INT(zmq_connect(b, "inproc://frames"), 0);
	fill(&f, 'x', 5000);
	CHECK_INT(pgt_frame_send(&f, a, true), 0);
	CHECK_INT(pgt_frame_view(&f).n, 0);
	fill(&f, 'y', 3);
	CHECK_INT(pgt_frame_send(&f, a, false), 0);

	CHECK_INT(pgt_frame_recv(&f, b), 5000);
	CHECK(holds(&f, 'x', 5000));
	CHECK(pgt_frame_has_more(&f));
	CHECK_INT(pgt_frame_recv(&f, b), 3); /* releases what it held */
	CHECK(holds(&f, 'y', 3));
	CHECK(!pgt_frame_has_more(&f));
	CHECK_INT(pgt_frame_recv(&f, b), -EAGAIN);
	pgt_frame_clear(&f);
	zmq_close(a);
	zmq_close(b);
	zmq_ctx_term(ctx);
}

static void
test_a_refused_frame_is_left_as_it_was(void)
{
	void *ctx = zmq_ctx_new();
	void *router = zmq_socket(ctx, ZMQ_ROUTER);
	void *lonely = zmq_socket(ctx, ZMQ_DEALER);
	int one = 1;
	struct pgt_frame f;

	zmq_setsockopt(router, ZMQ_ROUTER_MANDATORY, &one, sizeof(one));
	fill(&f, 'n', 74);
	CHECK_INT(pgt_frame_send(&f, router, true), -EHOSTUNREACH);
	CHECK(holds(&f, 'n', 74));
	CHECK_INT(pgt_frame_send(&f, lonely, false), -EAGAIN);
	CHECK(holds(&f, 'n', 74));
	pgt_frame_clear(&f);
	zmq_close(router);
	zmq_close(lonely);
	zmq_ctx_term(ctx);
}

/* What may lie in a read buffer with others is copied, the rest is shared. */
static void
test_keep(void)
{
	static const size_t sizes[] = {0, 32, 33, 8192, 8193, 100000};
	static char bytes[100000];
	struct pgt_frame f, kept;
	struct pgt_slice v, k;

	memset(bytes, 'b', sizeof(bytes));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		CHECK_INT(
		    pgt_frame_from(&f, (struct pgt_slice){bytes, sizes[i]}), 0);
		CHECK_INT(pgt_frame_keep(&kept, &f), 0);
		v = pgt_frame_view(&f);
		k = pgt_frame_view(&kept);
		CHECK(pgt_slice_equal(v, k));
		CHECK((v.p == k.p) == (sizes[i] > 8192));
		CHECK(sizes[i] <= 32 ? pgt_frame_cost(sizes[i]) == 0
				     : pgt_frame_cost(sizes[i]) > sizes[i]);
		pgt_frame_clear(&f);
		CHECK(pgt_slice_equal(pgt_frame_view(&kept),
		    (struct pgt_slice){bytes, sizes[i]}));
		pgt_frame_clear(&kept);
	}
}

static const struct check_test tests[] = {
    {test_a_frame_is_a_copy_of_its_bytes, "it is a copy of its bytes"},
    {test_an_empty_frame, "it may be empty"},
    {test_moving_leaves_the_source_empty, "moving leaves the source empty"},
    {test_taking_needs_no_initialised_frame,
	"what is taken goes to a frame that was none"},
    {test_sharing_keeps_both_and_copies_nothing_large,
	"sharing keeps both, and copies nothing large"},
    {test_no_memory_gives_an_empty_frame,
	"no memory gives an empty frame; a small one needs none"},
    {test_two_frames_cross_a_socket, "two frames cross a socket"},
    {test_a_refused_frame_is_left_as_it_was,
	"a refused frame is left as it was"},
    {test_keep, "keeping: copied if small, shared if large"},
};

CHECK_MAIN(tests)
