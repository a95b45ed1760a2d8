/* Clients: who sends requests, known by routing id. */
#ifndef BROKER_CLIENT_H
#define BROKER_CLIENT_H

#include "broker/state.h"

/* Borrow the client of that id at that port, or NULL. */
struct client *client_find(
    const struct broker *b, enum broker_port port, struct pgt_slice id);

/*
 * Find, else create; then id is moved into it. NULL for want of memory. The
 * client may vanish with the next call but for client_hold().
 */
struct client *client_require(
    struct broker *b, enum broker_port port, struct pgt_frame *id);

/* One request more, one less; without any it is kept for a while. */
void client_hold(struct broker *b, struct client *c);
void client_drop(struct broker *b, struct client *c);

void client_free_all(struct broker *b);

#endif
