/* Services: names, their queues, and who may serve them. */
#ifndef BROKER_SERVICE_H
#define BROKER_SERVICE_H

#include "broker/state.h"

struct service *service_find(const struct broker *b, struct pgt_slice name);

/*
 * Find, else create. Copies the name. NULL for want of memory. What nobody
 * refers to may vanish with the next call.
 */
struct service *service_require(struct broker *b, struct pgt_slice name);

/* Does anything refer to it, or an operator want it to stay? */
bool service_is_of_use(const struct service *s);

/* Call after a reference to s went: then s may be idle, and may vanish. */
void service_settle(struct broker *b, struct service *s);

/*
 * w, which is of that service, counts among its workers from now on, or no
 * more. Adding fails with -ENOMEM and has changed nothing then.
 */
int service_add_worker(struct broker *b, struct service *s, struct worker *w);
void service_remove_worker(
    struct broker *b, struct service *s, struct worker *w);

/* w drains: it is among those who leave; and: it is gone. */
void service_move_leaving(
    struct broker *b, struct service *s, struct worker *w);
void service_drop_leaving(
    struct broker *b, struct service *s, struct worker *w);

/* How many workers are in the pool of s; the serial of the newest. */
size_t service_pool_size(const struct service *s);
uint64_t service_pool_newest(const struct service *s);
bool service_pool_has_slot(const struct service *s);

/* Dispatch s before this step ends. */
void service_mark_dirty(struct broker *b, struct service *s);

/* New settings: who coalesces? */
void service_heed_conf(struct broker *b);

void service_free_all(struct broker *b);

#endif
