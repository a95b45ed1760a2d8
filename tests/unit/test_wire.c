/* PROTOCOL 1, row by row, and what only resembles it. */
#include "lib/wire.h"

#include "base/alloc.h"
#include "base/rand.h"
#include "check.h"

#define IN  PGT_TO_BROKER
#define OUT PGT_FROM_BROKER

/*
 * A message and what its frames are, a letter for each: s service, c client,
 * k kind, r rid, - empty, t status, d data, o opts, + tail; . is a tag.
 */
struct example {
	enum pgt_verb verb;
	enum pgt_direction direction;
	const char *names;
	const char *frame[PGT_MSG_PEER_MAX];
};

/* clang-format off */
static const struct example examples[] = {
	{ PGT_CLIENT_REQUEST, IN, "..srdo",
	  { "C", "2", "echo", "r1", "\"hi\"", "{\"retry\":1}" } },
	{ PGT_CLIENT_REQUEST, IN, "..srd", { "C", "2", "echo", "r1", "1" } },
	{ PGT_CLIENT_REQUEST, IN, "..srdo+++",
	  { "C", "2", "echo", "r1", "1", "{}", "x", "", "y" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..", { "C", "4" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..r", { "C", "4", "r1" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..kr", { "C", "4", "request", "r1" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..kr", { "C", "4", "worker", "w1" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..kr", { "C", "4", "", "" } },
	{ PGT_CLIENT_HEARTBEAT, IN, "..kr+", { "C", "4", "req", "x", "y" } },
	{ PGT_WORKER_READY, IN, "..s", { "W", "1", "echo" } },
	{ PGT_WORKER_READY, IN, "..s", { "W", "1", "" } },
	{ PGT_WORKER_HEARTBEAT, IN, "..", { "W", "4" } },
	{ PGT_WORKER_HEARTBEAT, IN, "..-", { "W", "4", "" } },
	{ PGT_WORKER_HEARTBEAT, IN, "..-o",
	  { "W", "4", "", "{\"concurrency\":100}" } },
	{ PGT_WORKER_HEARTBEAT, IN, "..-o+", { "W", "4", "", "{}", "x" } },
	{ PGT_WORKER_PARTIAL, IN, "..c-rtdo",
	  { "W", "6", "c1", "", "r1", "0", "1", "{}" } },
	{ PGT_WORKER_REPLY, IN, "..c-rtdo",
	  { "W", "3", "c1", "", "r1", "0", "\"hi\"", "{\"cache\":5}" } },
	{ PGT_WORKER_REPLY, IN, "..c-rtd",
	  { "W", "3", "c1", "", "r1", "-1", "\"no\"" } },
	{ PGT_WORKER_REPLY, IN, "..c-r", { "W", "3", "c1", "", "r1" } },
	{ PGT_WORKER_REPLY, IN, "..c-r", { "W", "3", "c1", "not empty", "" } },
	{ PGT_WORKER_REPLY, IN, "..c-rtdo++",
	  { "W", "3", "c1", "", "r1", "0", "1", "{}", "x", "y" } },
	{ PGT_WORKER_REJECT, IN, "..c-rtd",
	  { "W", "7", "c1", "", "r1", "0", "null" } },
	{ PGT_WORKER_REJECT, IN, "..c-r", { "W", "7", "c1", "", "r1" } },
	{ PGT_WORKER_DISCONNECT, IN, "..", { "W", "5" } },
	{ PGT_WORKER_DISCONNECT, IN, "..+", { "W", "5", "bye" } },

	{ PGT_TO_CLIENT_PARTIAL, OUT, "..-rtdo",
	  { "C", "6", "", "r1", "0", "1", "{}" } },
	{ PGT_TO_CLIENT_REPLY, OUT, "..-rtdo",
	  { "C", "3", "", "r1", "0", "1", "{}" } },
	{ PGT_TO_CLIENT_REPLY, OUT, "..-rtd",
	  { "C", "3", "", "r1", "-1", "\"WORKER_LOST\"" } },
	{ PGT_TO_CLIENT_REPLY, OUT, "..-r", { "C", "3", "", "r1" } },
	{ PGT_TO_CLIENT_REPLY, OUT, "..-rtdo+",
	  { "C", "3", "", "r1", "0", "1", "{}", "x" } },
	{ PGT_TO_CLIENT_HEARTBEAT, OUT, "..", { "C", "4" } },
	{ PGT_TO_WORKER_READY, OUT, "..", { "W", "1" } },
	{ PGT_TO_WORKER_REQUEST, OUT, "..cs-rdo",
	  { "W", "2", "c1", "echo", "", "r1", "\"hi\"", "{}" } },
	{ PGT_TO_WORKER_REQUEST, OUT, "..cs-rd",
	  { "W", "2", "c1", "echo", "", "r1", "\"hi\"" } },
	{ PGT_TO_WORKER_HEARTBEAT, OUT, "..", { "W", "4" } },
	{ PGT_TO_WORKER_HEARTBEAT, OUT, "..c-r",
	  { "W", "4", "c1", "", "r1" } },
	{ PGT_TO_WORKER_DISCONNECT, OUT, "..", { "W", "5" } },

	{ PGT_MALFORMED, IN, "too few frames", { "C" } },
	{ PGT_MALFORMED, IN, "too few frames", { "x" } },
	{ PGT_MALFORMED, IN, "too few frames", { "C", "2" } },
	{ PGT_MALFORMED, IN, "too few frames", { "C", "2", "echo", "r1" } },
	{ PGT_MALFORMED, IN, "too few frames", { "W", "1" } },
	{ PGT_MALFORMED, IN, "too few frames", { "W", "3", "c1", "" } },
	{ PGT_MALFORMED, IN, "too few frames", { "W", "7" } },
	{ PGT_MALFORMED, OUT, "too few frames", { "C", "3", "" } },
	{ PGT_MALFORMED, OUT, "too few frames",
	  { "W", "2", "c1", "echo", "", "r1" } },
	{ PGT_MALFORMED, IN, "first frame is neither C nor W", { "", "4" } },
	{ PGT_MALFORMED, IN, "first frame is neither C nor W",
	  { "CC", "2", "echo", "r1", "1", "{}" } },
	{ PGT_MALFORMED, IN, "unknown message type", { "C", "1", "echo" } },
	{ PGT_MALFORMED, IN, "unknown message type", { "C", "22", "a", "b" } },
	{ PGT_MALFORMED, IN, "unknown message type",
	  { "C", "3", "", "r1", "0", "1", "{}" } },
	{ PGT_MALFORMED, IN, "unknown message type",
	  { "W", "2", "c1", "echo", "", "r1", "1", "{}" } },
	{ PGT_MALFORMED, OUT, "unknown message type",
	  { "W", "3", "c1", "", "r1", "0", "1", "{}" } },
	{ PGT_MALFORMED, OUT, "unknown message type", { "C", "5" } },
};
/* clang-format on */

#define N_EXAMPLES (sizeof(examples) / sizeof(examples[0]))

/* The field that a letter of names stands for; PGT_N_FIELDS: none. */
static enum pgt_field
field_of(char letter)
{
	static const char letters[PGT_N_FIELDS + 1] = "-sckrtdo";
	const char *at = strchr(letters, letter);

	return at == NULL ? PGT_N_FIELDS : (enum pgt_field)(at - letters);
}

static void
push(struct pgt_msg *m, struct pgt_slice bytes)
{
	CHECK_INT(pgt_frame_from(pgt_msg_push(m), bytes), 0);
}

static void
fill(struct pgt_msg *m, const struct example *e, bool with_peer)
{
	pgt_msg_init(m);
	if (with_peer)
		push(m, pgt_slice_of("the-peer"));
	for (size_t i = 0; i < PGT_MSG_PEER_MAX && e->frame[i] != NULL; i++)
		push(m, pgt_slice_of(e->frame[i]));
}

static void
check_fields(const struct pgt_packet *p, const struct example *e,
    const struct pgt_frame *first)
{
	const struct pgt_frame *want[PGT_N_FIELDS] = {NULL};
	size_t n = strlen(e->names), n_named = strcspn(e->names, "+");

	for (size_t i = 2; i < n_named; i++)
		want[field_of(e->names[i])] = first + i;
	for (size_t i = 0; i < PGT_N_FIELDS; i++)
		CHECK(p->field[i] == want[i]);
	CHECK_INT(p->n_tail, n - n_named);
	if (n > n_named)
		CHECK(p->tail == first + n_named);
}

static void
check_example(const struct example *e, bool with_peer)
{
	struct pgt_packet p;
	struct pgt_msg m;

	fill(&m, e, with_peer);
	pgt_wire_decode(&p, &m, e->direction, with_peer);
	CHECK_TEXT(pgt_verb_name(p.verb), pgt_verb_name(e->verb));
	CHECK_INT(p.verb, e->verb);
	CHECK(p.peer == (with_peer ? &m.f[0] : NULL));
	if (e->verb == PGT_MALFORMED) {
		CHECK_TEXT(p.why, e->names);
		for (size_t i = 0; i < PGT_N_FIELDS; i++)
			CHECK(p.field[i] == NULL);
	} else {
		CHECK(p.why == NULL);
		CHECK_INT(p.side, e->frame[0][0]);
		check_fields(&p, e, &m.f[with_peer]);
	}
	pgt_msg_clear(&m);
}

static void
test_every_row_of_the_protocol(void)
{
	bool met[PGT_N_VERBS] = {false};

	for (size_t i = 0; i < N_EXAMPLES; i++) {
		check_example(&examples[i], false);
		check_example(&examples[i], true);
		met[examples[i].verb] = true;
	}
	for (size_t i = 0; i < PGT_N_VERBS; i++)
		CHECK(met[i]);
}

static void
test_the_side_is_told_where_it_can_be(void)
{
	struct pgt_packet p;
	struct pgt_msg m;

	pgt_msg_init(&m);
	pgt_wire_decode(&p, &m, IN, true);
	CHECK_INT(p.verb, PGT_MALFORMED);
	CHECK_TEXT(p.why, "too few frames");
	CHECK(p.peer == NULL && p.side == 0);
	pgt_wire_decode(&p, &m, IN, false);
	CHECK(p.verb == PGT_MALFORMED && p.peer == NULL && p.side == 0);

	push(&m, pgt_slice_of("W")); /* a peer's id, not a tag */
	pgt_wire_decode(&p, &m, IN, true);
	CHECK(p.peer == &m.f[0] && p.side == 0);
	push(&m, pgt_slice_of("W"));
	pgt_wire_decode(&p, &m, IN, true);
	CHECK(p.verb == PGT_MALFORMED && p.side == 'W');
	push(&m, pgt_slice_of("9"));
	pgt_wire_decode(&p, &m, IN, true);
	CHECK(p.verb == PGT_MALFORMED && p.side == 'W');
	pgt_msg_clear(&m);
}

/* Written again, an example is what it was; shared, it stays whole, too. */
static void
check_round_trip(const struct example *e, bool with_peer, unsigned shared)
{
	struct pgt_msg m, copy, out;
	struct pgt_packet p;

	fill(&m, e, with_peer);
	fill(&copy, e, with_peer);
	pgt_wire_decode(&p, &m, e->direction, with_peer);
	p.shared = shared;
	pgt_msg_init(&out);
	pgt_wire_encode(&out, &p);
	CHECK_INT(out.n, copy.n);
	for (size_t i = 0; i < out.n; i++)
		CHECK(pgt_slice_equal(
		    pgt_frame_view(&out.f[i]), pgt_frame_view(&copy.f[i])));
	for (size_t i = 0; i < m.n; i++) {
		bool is_tag = i == with_peer || i == with_peer + 1U;

		if (shared != 0 || is_tag)
			CHECK(pgt_slice_equal(pgt_frame_view(&m.f[i]),
			    pgt_frame_view(&copy.f[i])));
		else
			CHECK_INT(pgt_frame_view(&m.f[i]).n, 0);
	}
	pgt_msg_clear(&m);
	pgt_msg_clear(&copy);
	pgt_msg_clear(&out);
}

static void
test_what_was_read_is_written_as_it_was(void)
{
	for (size_t i = 0; i < N_EXAMPLES; i++)
		if (examples[i].verb != PGT_MALFORMED)
			for (int peer = 0; peer < 2; peer++) {
				check_round_trip(&examples[i], peer, 0);
				check_round_trip(&examples[i], peer, ~0U);
			}
}

/* A field is moved or shared by its own bit; peer and tail by EMPTY's. */
static void
test_each_field_is_shared_by_its_own_bit(void)
{
	static const struct example e = {PGT_CLIENT_REQUEST, IN, "..srdo+",
	    {"C", "2", "echo", "r1", "1", "{}", "x"}};
	struct pgt_packet p;
	struct pgt_msg m, out;

	for (unsigned f = 0; f < PGT_N_FIELDS; f++) {
		fill(&m, &e, true);
		pgt_wire_decode(&p, &m, IN, true);
		p.shared = 1U << f;
		pgt_msg_init(&out);
		pgt_wire_encode(&out, &p);
		CHECK_INT(pgt_frame_view(&m.f[0]).n, f == PGT_F_EMPTY ? 8 : 0);
		CHECK_INT(
		    pgt_frame_view(&m.f[3]).n, f == PGT_F_SERVICE ? 4 : 0);
		CHECK_INT(pgt_frame_view(&m.f[4]).n, f == PGT_F_RID ? 2 : 0);
		CHECK_INT(pgt_frame_view(&m.f[5]).n, f == PGT_F_DATA ? 1 : 0);
		CHECK_INT(pgt_frame_view(&m.f[6]).n, f == PGT_F_OPTS ? 2 : 0);
		CHECK_INT(pgt_frame_view(&m.f[7]).n, f == PGT_F_EMPTY ? 1 : 0);
		pgt_msg_clear(&m);
		pgt_msg_clear(&out);
	}
}

static void
test_absent_fields_are_empty_or_left_out(void)
{
	struct pgt_frame rid, data, tail;
	struct pgt_packet p = {.verb = PGT_TO_CLIENT_REPLY};
	struct pgt_msg m;

	pgt_frame_from(&rid, pgt_slice_of("r1"));
	pgt_frame_from(&data, pgt_slice_of("1"));
	pgt_frame_from(&tail, pgt_slice_of("t"));
	p.field[PGT_F_RID] = &rid;
	p.field[PGT_F_DATA] = &data;
	p.shared = ~0U;
	pgt_msg_init(&m);
	pgt_wire_encode(&m, &p); /* C 3 - r1 - 1 */
	CHECK_INT(m.n, 6);
	CHECK_INT(pgt_frame_view(&m.f[2]).n, 0);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[3]), "r1"));
	CHECK_INT(pgt_frame_view(&m.f[4]).n, 0);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[5]), "1"));
	pgt_msg_clear(&m);

	/* A tail stays a tail: it must not be taken for the options. */
	p.tail = &tail;
	p.n_tail = 1;
	pgt_wire_encode(&m, &p); /* C 3 - r1 - 1 - t */
	CHECK_INT(m.n, 8);
	CHECK_INT(pgt_frame_view(&m.f[6]).n, 0);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[7]), "t"));
	pgt_msg_clear(&m);
	pgt_frame_clear(&rid);
	pgt_frame_clear(&data);
	pgt_frame_clear(&tail);
}

/* As the broker does it: the largest message that a client may send. */
static void
test_the_longest_request_fits_on_its_way_to_a_worker(void)
{
	struct pgt_packet p, q = {.verb = PGT_TO_WORKER_REQUEST};
	struct pgt_frame id;
	struct pgt_msg m, out;

	pgt_frame_from(&id, pgt_slice_of("w1"));
	pgt_msg_init(&m);
	push(&m, pgt_slice_of("c1"));
	push(&m, pgt_slice_of("C"));
	push(&m, pgt_slice_of("2"));
	while (m.n < PGT_MSG_PEER_MAX + 1)
		push(&m, (struct pgt_slice){"a\0", 2});
	pgt_wire_decode(&p, &m, IN, true);
	CHECK_INT(p.n_tail, 10);
	memcpy(q.field, p.field, sizeof(q.field));
	q.field[PGT_F_CLIENT] = p.peer;
	q.tail = p.tail;
	q.n_tail = p.n_tail;
	q.peer = &id;
	pgt_msg_init(&out);
	pgt_wire_encode(&out, &q);
	CHECK_INT(out.n, PGT_MSG_PEER_MAX + 1 + 2);
	pgt_wire_decode(&p, &out, OUT, true);
	CHECK_INT(p.verb, PGT_TO_WORKER_REQUEST);
	CHECK_INT(p.n_tail, 10);
	CHECK(pgt_slice_is(pgt_packet_view(&p, PGT_F_CLIENT), "c1"));
	CHECK_INT(pgt_packet_view(&p, PGT_F_CODE).n, 0);
	pgt_msg_clear(&m);
	pgt_msg_clear(&out);
	pgt_frame_clear(&id);
}

/* Tags right or wrong, any number of frames, any bytes in them. */
static void
test_random_messages_are_read_without_allocation(void)
{
	static const char *const tag[] = {"C", "W", "", "\0", "1", "2", "3",
	    "4", "5", "6", "7", "8", "request"};
	const size_t n_tags = sizeof(tag) / sizeof(tag[0]);
	struct pgt_packet p;
	struct pgt_msg m;
	struct pgt_rand r;
	unsigned met = 0;

	pgt_rand_init(&r, 17);
	pgt_msg_init(&m);
	for (int step = 0; step < 50000; step++) {
		size_t n = pgt_rand_below(&r, PGT_MSG_MAX + 1);

		while (m.n < n)
			push(&m, pgt_slice_of(tag[pgt_rand_below(&r, n_tags)]));
		pgt_alloc_fail_at(1);
		pgt_wire_decode(
		    &p, &m, (enum pgt_direction)(step & 1), (step & 2) != 0);
		CHECK_INT(pgt_alloc_fail_at(0), 0);
		CHECK((p.verb == PGT_MALFORMED) == (p.why != NULL));
		for (size_t i = 0; i < PGT_N_FIELDS; i++)
			CHECK(p.field[i] == NULL ||
			      (p.field[i] >= m.f && p.field[i] < m.f + m.n));
		CHECK(p.n_tail == 0 || p.tail + p.n_tail == m.f + m.n);
		met |= 1U << p.verb;
		pgt_msg_clear(&m);
	}
	CHECK_INT(met, (1U << PGT_N_VERBS) - 1);
}

static const struct check_test tests[] = {
    {test_every_row_of_the_protocol,
	"every row of PROTOCOL 1, short and long, and what is none"},
    {test_the_side_is_told_where_it_can_be,
	"peer and side of a malformed message are told"},
    {test_what_was_read_is_written_as_it_was,
	"what was read is written as it was, moved or shared"},
    {test_each_field_is_shared_by_its_own_bit,
	"each field is shared by its own bit"},
    {test_absent_fields_are_empty_or_left_out,
	"absent fields are empty frames, or left out at the end"},
    {test_the_longest_request_fits_on_its_way_to_a_worker,
	"the longest request fits on its way to a worker"},
    {test_random_messages_are_read_without_allocation,
	"random messages are read without allocation"},
};

CHECK_MAIN(tests)
