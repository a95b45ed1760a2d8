/* The outbox: effects in their order, and the messages that are sent most. */
#ifndef BROKER_EFFECT_H
#define BROKER_EFFECT_H

#include "broker/state.h"

/* An empty outbox. */
void effect_init(struct broker *b);
void effect_clear(struct broker *b);

/*
 * Queue a message. Its frames are moved, or shared where p says so. 0, or
 * -ENOMEM, counted, and p's frames are as they were.
 */
int effect_send(struct broker *b, const struct pgt_packet *p);

/*
 * Queue from's status, data, options and further frames as a partial or final
 * reply to r; they are shared. 0 or -ENOMEM, counted.
 */
int effect_part(struct broker *b, struct request *r, enum pgt_verb verb,
    const struct pgt_packet *from);

/* Queue a publication; text is copied. 0 or -ENOMEM, counted. */
int effect_publish(struct broker *b, struct pgt_slice text);

/* W 1, W 4 or W 5, without further frames, to a worker; shares `to`. */
int effect_signal(struct broker *b, enum pgt_verb verb, struct pgt_frame *to);

/*
 * Queue a partial or final reply to r that the broker itself gives; data is
 * shared. 0 or -ENOMEM, counted.
 */
int effect_answer(struct broker *b, struct request *r, enum pgt_verb verb,
    const char *status, struct pgt_frame *data);

/*
 * The final reply to r that the broker itself gives: status -1 and a JSON
 * text as data (PROTOCOL 2).
 */
int effect_error(struct broker *b, struct request *r, const char *json);

#endif
