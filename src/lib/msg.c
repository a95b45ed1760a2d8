/* Frames in a row; the bookkeeping of how many are initialised. */
#include "lib/msg.h"

void
pgt_msg_init(struct pgt_msg *m)
{
	m->n = 0;
}

void
pgt_msg_clear(struct pgt_msg *m)
{
	while (m->n > 0)
		pgt_frame_clear(&m->f[--m->n]);
}

struct pgt_frame *
pgt_msg_push(struct pgt_msg *m)
{
	if (m->n == PGT_MSG_MAX)
		return NULL;
	pgt_frame_init(&m->f[m->n]);
	return &m->f[m->n++];
}

size_t
pgt_msg_size(const struct pgt_msg *m)
{
	size_t size = 0;

	for (size_t i = 0; i < m->n; i++)
		size += pgt_frame_view(&m->f[i]).n;
	return size;
}
