/*
 * A reply handle: where it is, and what it knows. It takes all the memory
 * that it will need for its own purposes when it is made.
 */
#include "lib/worker.h"

#include <errno.h>

#include "base/alloc.h"
#include "lib/json.h"

/* ---- its name ---- */

/* bytes: the client's id, a zero, the rid. */
static struct pgt_key
key_of(const struct pgt_post *post, const char *bytes, size_t n_client,
    size_t n_rid)
{
	return (struct pgt_key){
	    .a = post->link->index,
	    .b = n_client,
	    .s = {bytes, n_client + 1 + n_rid},
	};
}

static char *
put(char *to, struct pgt_slice bytes)
{
	if (bytes.n > 0)
		memcpy(to, bytes.p, bytes.n);
	to[bytes.n] = '\0';
	return to + bytes.n + 1;
}

struct pigato_reply *
pgt_reply_find(struct pigato_worker *w, const struct pgt_post *post,
    const struct pgt_packet *p)
{
	struct pgt_slice client = pgt_packet_view(p, PGT_F_CLIENT);
	struct pgt_slice rid = pgt_packet_view(p, PGT_F_RID);
	char small[512], *bytes = small;
	struct pigato_reply *rep;
	struct pgt_key key;

	if (client.n + rid.n + 2 > sizeof(small))
		bytes = pgt_alloc(client.n + rid.n + 2);
	if (bytes == NULL)
		return NULL;
	put(put(bytes, client), rid);
	key = key_of(post, bytes, client.n, rid.n);
	rep = PGT_CONTAINER(
	    pgt_map_find(&w->replies, &key), struct pigato_reply, node);
	if (bytes != small)
		pgt_free(bytes);
	return rep;
}

/* ---- birth and death ---- */

static void
fill_frames(struct pigato_reply *rep, const struct pgt_packet *p)
{
	pgt_frame_init(&rep->client);
	pgt_frame_init(&rep->rid);
	pgt_frame_init(&rep->data);
	pgt_frame_move(&rep->client, p->field[PGT_F_CLIENT]);
	pgt_frame_move(&rep->rid, p->field[PGT_F_RID]);
	pgt_frame_move(&rep->data, p->field[PGT_F_DATA]);
}

int
pgt_reply_new(struct pigato_worker *w, struct pgt_post *post,
    const struct pgt_packet *p, struct pigato_reply **out)
{
	struct pgt_slice service = pgt_packet_view(p, PGT_F_SERVICE);
	struct pgt_slice client = pgt_packet_view(p, PGT_F_CLIENT);
	struct pgt_slice rid = pgt_packet_view(p, PGT_F_RID);
	struct pigato_reply *rep =
	    pgt_alloc(sizeof(*rep) + service.n + client.n + rid.n + 3);
	struct pgt_key key;
	char *bytes;
	int rc;

	if (rep == NULL)
		return -ENOMEM;
	bytes = put(rep->text, service);
	put(put(bytes, client), rid);
	key = key_of(post, bytes, client.n, rid.n);
	rc = pgt_map_add(&w->replies, &rep->node, &key);
	if (rc < 0) {
		pgt_free(rep);
		return rc;
	}
	rep->n_service = service.n;
	rep->n_client = client.n;
	rep->n_rid = rid.n;
	rep->worker = w;
	rep->post = post;
	rep->heard_at = -1;
	rep->list = &post->parked;
	TAILQ_INSERT_TAIL(rep->list, rep, next);
	fill_frames(rep, p);
	*out = rep;
	return 0;
}

static void
move_to(struct pigato_reply *rep, struct pgt_replies *list)
{
	TAILQ_REMOVE(rep->list, rep, next);
	TAILQ_INSERT_TAIL(list, rep, next);
	rep->list = list;
}

void
pgt_reply_begin(struct pigato_reply *rep)
{
	move_to(rep, &rep->post->open);
	rep->post->n_open++;
	rep->worker->n_open++;
}

void
pgt_reply_leave(struct pigato_reply *rep)
{
	struct pigato_worker *w = rep->worker;

	if (rep->list == &rep->post->open) {
		rep->post->n_open--;
		w->n_open--;
		w->is_feed_due =
		    w->is_feed_due || !TAILQ_EMPTY(&rep->post->parked);
		w->is_leave_due = true;
	}
	pgt_map_remove(&w->replies, &rep->node);
	move_to(rep, &w->left);
	rep->post = NULL;
}

void
pgt_reply_destroy(struct pigato_reply *rep)
{
	if (rep->post != NULL)
		pgt_reply_leave(rep);
	if (rep->list != NULL)
		TAILQ_REMOVE(rep->list, rep, next);
	pgt_frame_clear(&rep->client);
	pgt_frame_clear(&rep->rid);
	pgt_frame_clear(&rep->data);
	pgt_free(rep);
}

/* ---- what it knows ---- */

bool
pigato_reply_is_active(const struct pigato_reply *rep)
{
	return rep->post != NULL;
}

bool
pigato_reply_is_ended(const struct pigato_reply *rep)
{
	return rep->is_ended;
}

static const char *
text_of(const struct pigato_reply *rep, size_t at, size_t n, size_t *size)
{
	if (size != NULL)
		*size = n;
	return rep->text + at;
}

const char *
pigato_reply_service(const struct pigato_reply *rep, size_t *size)
{
	return text_of(rep, 0, rep->n_service, size);
}

const char *
pigato_reply_client_id(const struct pigato_reply *rep, size_t *size)
{
	return text_of(rep, rep->n_service + 1, rep->n_client, size);
}

const char *
pigato_reply_request_id(const struct pigato_reply *rep, size_t *size)
{
	size_t at = rep->n_service + 1 + rep->n_client + 1;

	return text_of(rep, at, rep->n_rid, size);
}

int64_t
pigato_reply_heard_ms_ago(const struct pigato_reply *rep)
{
	return rep->heard_at < 0 ? -1 : pgt_now() - rep->heard_at;
}

struct json_t *
pigato_reply_json(const struct pigato_reply *rep)
{
	return pgt_json_read(pgt_frame_view(&rep->data));
}

void
pigato_reply_set_data(struct pigato_reply *rep, void *data)
{
	rep->user = data;
}

void *
pigato_reply_data(const struct pigato_reply *rep)
{
	return rep->user;
}
