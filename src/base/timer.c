/* Timers are a heap whose key is the instant. */
#include "base/timer.h"

#include "base/container.h"

void
pgt_timers_init(struct pgt_timers *t)
{
	pgt_heap_init(&t->heap);
}

void
pgt_timers_clear(struct pgt_timers *t)
{
	pgt_heap_clear(&t->heap);
}

int
pgt_timer_open(struct pgt_timers *t, struct pgt_timer *timer, int kind)
{
	timer->node.place = 0;
	timer->kind = kind;
	return pgt_heap_reserve(&t->heap);
}

void
pgt_timer_close(struct pgt_timers *t, struct pgt_timer *timer)
{
	pgt_heap_remove(&t->heap, &timer->node);
	pgt_heap_release(&t->heap);
}

void
pgt_timer_arm(struct pgt_timers *t, struct pgt_timer *timer, int64_t at)
{
	pgt_heap_set(&t->heap, &timer->node, (uint64_t)at);
}

void
pgt_timer_disarm(struct pgt_timers *t, struct pgt_timer *timer)
{
	pgt_heap_remove(&t->heap, &timer->node);
}

bool
pgt_timer_is_armed(const struct pgt_timer *timer)
{
	return pgt_heap_has(&timer->node);
}

int64_t
pgt_timers_next(const struct pgt_timers *t)
{
	const struct pgt_heap_node *top = pgt_heap_top(&t->heap);

	return top == NULL ? -1 : (int64_t)pgt_heap_key(&t->heap, top);
}

struct pgt_timer *
pgt_timers_pop(struct pgt_timers *t, int64_t now)
{
	struct pgt_heap_node *top = pgt_heap_top(&t->heap);

	if (top == NULL || pgt_heap_key(&t->heap, top) > (uint64_t)now)
		return NULL;
	pgt_heap_remove(&t->heap, top);
	return PGT_CONTAINER(top, struct pgt_timer, node);
}
