/* Timers of core services, among the broker's own. */
#include "broker/core.h"

#include "broker/state.h"

int
core_timer_open(struct core *c, struct core_timer *t)
{
	int rc = pgt_timer_open(&c->b->timers, &t->timer, T_CORE);

	t->core = c;
	c->b->n_core_timers += rc == 0;
	return rc;
}

void
core_timer_close(struct core_timer *t)
{
	pgt_timer_close(&t->core->b->timers, &t->timer);
	t->core->b->n_core_timers--;
}

void
core_timer_arm(struct core_timer *t, int64_t at)
{
	pgt_timer_arm(&t->core->b->timers, &t->timer, at);
}

bool
core_timer_is_armed(const struct core_timer *t)
{
	return pgt_timer_is_armed(&t->timer);
}
