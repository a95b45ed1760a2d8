/*
 * Effects are large (the frames stand in them) and short-lived: they come
 * from a free list.
 */
#include "broker/effect.h"

#include <errno.h>

#include "base/alloc.h"

void
effect_init(struct broker *b)
{
	b->first = NULL;
	b->last = &b->first;
}

void
effect_clear(struct broker *b)
{
	struct effect *fx;

	while ((fx = broker_next_effect(b)) != NULL)
		broker_return_effect(b, fx);
	while ((fx = b->spare) != NULL) {
		b->spare = fx->next;
		pgt_free(fx);
	}
}

static struct effect *
effect_new(struct broker *b, enum effect_type type)
{
	struct effect *fx = b->spare;

	if (fx != NULL) {
		b->spare = fx->next;
		b->n_spare--;
	} else {
		fx = pgt_alloc(sizeof(*fx));
		if (fx == NULL) {
			b->stats.no_memory++;
			return NULL;
		}
	}
	fx->type = type;
	fx->next = NULL;
	pgt_msg_init(&fx->msg);
	return fx;
}

static void
effect_push(struct broker *b, struct effect *fx)
{
	*b->last = fx;
	b->last = &fx->next;
}

struct effect *
broker_next_effect(struct broker *b)
{
	struct effect *fx = b->first;

	if (fx == NULL)
		return NULL;
	b->first = fx->next;
	if (b->first == NULL)
		b->last = &b->first;
	fx->next = NULL;
	return fx;
}

void
broker_return_effect(struct broker *b, struct effect *fx)
{
	pgt_msg_clear(&fx->msg);
	if (b->n_spare == MAX_SPARE_EFFECTS) {
		pgt_free(fx);
		return;
	}
	fx->next = b->spare;
	b->spare = fx;
	b->n_spare++;
}

int
effect_send(struct broker *b, const struct pgt_packet *p)
{
	struct effect *fx = effect_new(b, FX_SEND);

	if (fx == NULL)
		return -ENOMEM;
	fx->port = (enum broker_port)p->port;
	pgt_wire_encode(&fx->msg, p);
	effect_push(b, fx);
	return 0;
}

int
effect_part(struct broker *b, struct request *r, enum pgt_verb verb,
    const struct pgt_packet *from)
{
	struct pgt_packet p = *from;

	p.verb = verb;
	p.port = r->client->port;
	p.peer = &r->client->id;
	p.field[PGT_F_RID] = &r->rid;
	p.shared = ~0U;
	return effect_send(b, &p);
}

int
effect_publish(struct broker *b, struct pgt_slice text)
{
	struct effect *fx = effect_new(b, FX_PUBLISH);
	struct pgt_frame frame;

	if (fx == NULL)
		return -ENOMEM;
	if (pgt_frame_from(&frame, text) < 0) {
		b->stats.no_memory++;
		broker_return_effect(b, fx);
		return -ENOMEM;
	}
	pgt_frame_move(pgt_msg_push(&fx->msg), &frame);
	pgt_frame_clear(&frame);
	effect_push(b, fx);
	b->stats.published++;
	b->stats.published_bytes += text.n;
	return 0;
}

int
effect_signal(struct broker *b, enum pgt_verb verb, struct pgt_frame *to)
{
	const struct pgt_packet p = {
	    .verb = verb,
	    .peer = to,
	    .shared = 1U << PGT_F_EMPTY,
	};

	return effect_send(b, &p);
}

int
effect_answer(struct broker *b, struct request *r, enum pgt_verb verb,
    const char *status, struct pgt_frame *data)
{
	struct pgt_frame code, opts;
	const struct pgt_packet p = {
	    .field =
		{
		    [PGT_F_CODE] = &code,
		    [PGT_F_DATA] = data,
		    [PGT_F_OPTS] = &opts,
		},
	};
	int rc;

	/* Both fit PGT_FRAME_SMALL: they cannot fail. */
	pgt_frame_from(&code, pgt_slice_of(status));
	pgt_frame_from(&opts, pgt_slice_of("{}"));
	rc = effect_part(b, r, verb, &p);
	pgt_frame_clear(&code);
	pgt_frame_clear(&opts);
	return rc;
}

int
effect_error(struct broker *b, struct request *r, const char *json)
{
	struct pgt_frame data;
	int rc;

	/* It fits PGT_FRAME_SMALL: it cannot fail. */
	pgt_frame_from(&data, pgt_slice_of(json));
	rc = effect_answer(b, r, PGT_TO_CLIENT_REPLY, "-1", &data);
	pgt_frame_clear(&data);
	return rc;
}
