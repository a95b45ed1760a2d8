/*
 * The codec against what the JavaScript sends: the recordings beside this
 * file, which say of each message what it is and what its frames are. Found
 * by top_srcdir from the environment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "lib/wire.h"
#include "words.h"

#define MAX_LINE 4096

static const char *const field_names[PGT_N_FIELDS] = {
    [PGT_F_EMPTY] = "empty",
    [PGT_F_SERVICE] = "service",
    [PGT_F_CLIENT] = "client",
    [PGT_F_KIND] = "kind",
    [PGT_F_RID] = "rid",
    [PGT_F_CODE] = "status",
    [PGT_F_DATA] = "data",
    [PGT_F_OPTS] = "opts",
};

/* A message as it was written down, and as far as it has been read. */
struct recording {
	const char *path;
	int line;      /* where it began */
	char verb[64]; /* "": none yet */
	enum pgt_direction direction;
	struct pgt_msg m;
	char names[PGT_MSG_MAX][16];
	unsigned met; /* bit 1 << verb */
};

static enum pgt_field
field_of(const char *name)
{
	unsigned i = 0;

	while (i < PGT_N_FIELDS && strcmp(field_names[i], name) != 0)
		i++;
	return (enum pgt_field)i;
}

#define EXPECT(r, condition)                                                   \
	do {                                                                   \
		if (!(condition))                                              \
			check_fail((r)->path, (r)->line, "%s", #condition);    \
	} while (0)

/* Each frame has the name that it was recorded with, and no other has one. */
static void
check_names(const struct recording *r, const struct pgt_packet *p)
{
	size_t n_fields = 0, n_tail = 0;

	for (size_t i = 0; i < r->m.n; i++) {
		enum pgt_field f = field_of(r->names[i]);

		if (f < PGT_N_FIELDS) {
			EXPECT(r, p->field[f] == &r->m.f[i]);
			n_fields++;
		} else if (strcmp(r->names[i], "tail") == 0) {
			EXPECT(r, p->tail + n_tail == &r->m.f[i]);
			n_tail++;
		} else if (strcmp(r->names[i], "peer") == 0) {
			EXPECT(r, p->peer == &r->m.f[i]);
		} else {
			check_text(r->path, r->line, "name of a frame",
			    r->names[i], "tag");
		}
	}
	EXPECT(r, p->n_tail == n_tail);
	for (size_t f = 0; f < PGT_N_FIELDS; f++)
		n_fields -= p->field[f] != NULL;
	EXPECT(r, n_fields == 0);
}

/* Written again it has the same bytes: shared, so that m is whole, moved. */
static void
check_rewritten(struct recording *r, struct pgt_packet *p)
{
	struct pgt_msg shared, moved;

	pgt_msg_init(&shared);
	pgt_msg_init(&moved);
	p->shared = ~0U;
	pgt_wire_encode(&shared, p);
	EXPECT(r, shared.n == r->m.n);
	for (size_t i = 0; i < shared.n; i++)
		EXPECT(r, pgt_slice_equal(pgt_frame_view(&shared.f[i]),
			      pgt_frame_view(&r->m.f[i])));
	p->shared = 0;
	pgt_wire_encode(&moved, p);
	EXPECT(r, moved.n == shared.n);
	for (size_t i = 0; i < moved.n; i++)
		EXPECT(r, pgt_slice_equal(pgt_frame_view(&moved.f[i]),
			      pgt_frame_view(&shared.f[i])));
	pgt_msg_clear(&shared);
	pgt_msg_clear(&moved);
}

/* What has been read is a message; checks it and leaves nothing of it. */
static void
end_message(struct recording *r)
{
	struct pgt_packet p;

	if (r->verb[0] == '\0')
		return;
	pgt_wire_decode(&p, &r->m, r->direction,
	    r->m.n > 0 && strcmp(r->names[0], "peer") == 0);
	check_text(r->path, r->line, "verb", pgt_verb_name(p.verb), r->verb);
	check_names(r, &p);
	check_rewritten(r, &p);
	r->met |= 1U << p.verb;
	r->verb[0] = '\0';
	pgt_msg_clear(&r->m);
}

static void
begin_message(struct recording *r, const char *line, int n)
{
	char way[8];

	end_message(r);
	r->line = n;
	if (sscanf(line, "%7s broker: %63[a-z ]", way, r->verb) != 2)
		check_fail(r->path, n, "not a message: %s", line);
	EXPECT(r, strcmp(way, "to") == 0 || strcmp(way, "from") == 0);
	r->direction = way[0] == 't' ? PGT_TO_BROKER : PGT_FROM_BROKER;
}

static void
add_frame(struct recording *r, const char *line, int n)
{
	char word[MAX_LINE], *bytes;
	struct pgt_frame *f;
	size_t n_bytes = 0;

	if (r->verb[0] == '\0' || r->m.n == PGT_MSG_MAX ||
	    sscanf(line, " %15s %4095s", r->names[r->m.n], word) != 2)
		check_fail(r->path, n, "not a frame: %s", line);
	bytes = words_read(word, 0, &n_bytes);
	f = pgt_msg_push(&r->m);
	if (bytes == NULL || f == NULL)
		check_fail(r->path, n, "no such escape: %s", word);
	CHECK_INT(pgt_frame_from(f, (struct pgt_slice){bytes, n_bytes}), 0);
	free(bytes);
}

/* Returns which verbs were met, as bits. */
static unsigned
check_file(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[MAX_LINE], line[MAX_LINE];
	struct recording r = {.path = path};
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/wire/%s.frames",
	    top == NULL ? "." : top, name);
	f = fopen(path, "r");
	if (f == NULL)
		check_fail(path, 0, "cannot be opened");
	pgt_msg_init(&r.m);
	for (int n = 1; fgets(line, sizeof(line), f) != NULL; n++)
		if (line[0] == '\t')
			add_frame(&r, line, n);
		else if (line[0] != '#' && line[0] != '\n')
			begin_message(&r, line, n);
	end_message(&r);
	fclose(f);
	return r.met;
}

static void
test_clients(void)
{
	CHECK_INT(check_file("client"),
	    1U << PGT_CLIENT_REQUEST | 1U << PGT_CLIENT_HEARTBEAT);
}

static void
test_workers(void)
{
	CHECK_INT(check_file("worker"),
	    1U << PGT_WORKER_READY | 1U << PGT_WORKER_HEARTBEAT |
		1U << PGT_WORKER_REPLY | 1U << PGT_WORKER_PARTIAL |
		1U << PGT_WORKER_REJECT | 1U << PGT_WORKER_DISCONNECT);
}

static void
test_broker(void)
{
	CHECK_INT(check_file("broker"),
	    1U << PGT_TO_CLIENT_REPLY | 1U << PGT_TO_CLIENT_PARTIAL |
		1U << PGT_TO_CLIENT_HEARTBEAT | 1U << PGT_TO_WORKER_READY |
		1U << PGT_TO_WORKER_REQUEST | 1U << PGT_TO_WORKER_HEARTBEAT |
		1U << PGT_TO_WORKER_DISCONNECT);
}

static const struct check_test tests[] = {
    {test_clients, "what PIGATO's client sends is read and written as it is"},
    {test_workers, "what PIGATO's worker sends is read and written as it is"},
    {test_broker, "what PIGATO's broker sends is read and written as it is"},
};

CHECK_MAIN(tests)
