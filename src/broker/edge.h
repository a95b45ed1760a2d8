/* Edges: from a name to those whose workers may serve it, and back. */
#ifndef BROKER_EDGE_H
#define BROKER_EDGE_H

#include "broker/state.h"

/* An edge of that name, not yet linked. NULL for want of memory. */
struct edge *edge_new(struct service *name);
void edge_free(struct edge *e);

/*
 * From now on server may serve e's name. Takes e. What the name has waiting
 * is looked at again before the step ends.
 */
void edge_link(struct broker *b, struct edge *e, struct service *server);

/* No longer. Gives e. */
void edge_unlink(struct edge *e);

/* Tell the pool of s what requests it has waiting. */
void edge_set_waits(struct service *s, enum waits waits);

#endif
