/*
 * Any frames, in both directions: what the codec names lies within the
 * message, and what it has read it writes so that it reads the same again.
 *
 * Input: a byte of which bit 0 is the direction and bit 1 says that a routing
 * id comes first; then frames, a length byte and as many bytes each.
 */
#include "lib/wire.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
read_frames(struct pgt_msg *m, struct pgt_slice in, size_t max)
{
	size_t n;

	pgt_msg_init(m);
	while (in.n > 0 && m->n < max) {
		n = (unsigned char)in.p[0];
		in = pgt_slice_from(in, 1);
		if (n > in.n)
			n = in.n;
		must(pgt_frame_from(pgt_msg_push(m), pgt_slice_head(in, n)) ==
		     0);
		in = pgt_slice_from(in, n);
	}
}

static void
check_packet(const struct pgt_packet *p, const struct pgt_msg *m)
{
	const struct pgt_frame *f;

	must(p->verb < PGT_N_VERBS && pgt_verb_name(p->verb) != NULL);
	must((p->verb == PGT_MALFORMED) == (p->why != NULL));
	must(p->side == 0 || p->side == 'C' || p->side == 'W');
	must(p->peer == NULL || p->peer == &m->f[0]);
	for (size_t i = 0; i < PGT_N_FIELDS; i++) {
		f = p->field[i];
		must(f == NULL || (f >= m->f && f < m->f + m->n));
		must(f == NULL || p->verb != PGT_MALFORMED);
	}
	must(p->n_tail == 0 || p->tail + p->n_tail == m->f + m->n);
}

static void
check_same(const struct pgt_packet *a, const struct pgt_packet *b)
{
	must(a->verb == b->verb && a->side == b->side);
	must(a->n_tail == b->n_tail);
	for (unsigned i = 0; i < PGT_N_FIELDS; i++) {
		must((a->field[i] == NULL) == (b->field[i] == NULL));
		must(pgt_slice_equal(
		    pgt_packet_view(a, i), pgt_packet_view(b, i)));
	}
	for (size_t i = 0; i < a->n_tail; i++)
		must(pgt_slice_equal(
		    pgt_frame_view(&a->tail[i]), pgt_frame_view(&b->tail[i])));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum pgt_direction direction;
	struct pgt_packet p, q, moved;
	struct pgt_msg m, out, last;
	bool with_peer;

	if (size == 0)
		return 0;
	direction = data[0] & 1 ? PGT_FROM_BROKER : PGT_TO_BROKER;
	with_peer = (data[0] & 2) != 0;
	read_frames(&m, (struct pgt_slice){(const char *)data + 1, size - 1},
	    PGT_MSG_PEER_MAX + with_peer);
	pgt_wire_decode(&p, &m, direction, with_peer);
	check_packet(&p, &m);
	pgt_msg_init(&out);
	pgt_msg_init(&last);
	if (p.verb != PGT_MALFORMED) {
		p.shared = ~0U;
		pgt_wire_encode(&out, &p);
		must(out.n == m.n && pgt_msg_size(&out) == pgt_msg_size(&m));
		pgt_wire_decode(&q, &out, direction, with_peer);
		check_packet(&q, &out);
		check_same(&p, &q);
		pgt_wire_encode(&last, &q); /* moved this time */
		pgt_wire_decode(&moved, &last, direction, with_peer);
		check_same(&p, &moved);
	}
	pgt_msg_clear(&m);
	pgt_msg_clear(&out);
	pgt_msg_clear(&last);
	return 0;
}
