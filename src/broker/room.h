/* What the broker holds for requests, and whether there is room for more. */
#ifndef BROKER_ROOM_H
#define BROKER_ROOM_H

#include "broker/state.h"

/* r is new, and has all of its frames. It does not wait yet. */
void room_add(struct broker *b, struct request *r);

/* r is over, or its ghost. Twice is once. */
void room_remove(struct broker *b, struct request *r);

/* r waits for a worker from now on, or does so no more. Twice is once. */
void room_set_waiting(struct broker *b, struct request *r, bool waits);

/*
 * For r, the newest, which does not wait: the name of the limit that keeps it
 * out, or NULL. The first asks for those that hold for every request, the
 * second for those that hold if it has to wait.
 */
const char *room_lacks(const struct broker *b, const struct request *r);
const char *room_lacks_queue(const struct broker *b, const struct request *r);

#endif
