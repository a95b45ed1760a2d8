/* JSON of what comes from the wire. */
#ifndef SERVICES_JSON_H
#define SERVICES_JSON_H

#include <jansson.h>

#include "base/slice.h"
#include "broker/core.h"
#include "lib/frame.h"

/*
 * Gives a JSON string, NULL for want of memory. Names and data may hold any
 * byte, JSON holds text: what is no UTF-8 becomes U+FFFD, as PIGATO's own
 * broker has it.
 */
json_t *services_json_text(struct pgt_slice s);

/*
 * Takes tree, which may be NULL for want of memory, and gives a frame with its
 * text. 0, or -ENOMEM and f is an empty frame.
 */
int services_json_write(struct pgt_frame *f, json_t *tree);

/*
 * What an operator asks: a JSON object in text of at most max bytes, read with
 * jansson's flags. No bytes, null, "" and `undefined`, which PIGATO's clients
 * send for no data, count as an empty one. 0, and gives; -EINVAL, or -ENOMEM.
 */
int services_json_object(
    struct pgt_slice text, size_t max, size_t flags, json_t **object);

/* Publish text under topic, which ends with a blank; without memory not. */
void services_publish(struct core *c, const char *topic, struct pgt_slice text);

/* The same for a tree, which is taken; NULL: there was no memory for it. */
void services_json_publish(struct core *c, const char *topic, json_t *tree);

#endif
