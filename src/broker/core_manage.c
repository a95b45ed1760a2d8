/* What operators do to workers, names and requests (PROTOCOL 11.7). */
#include <errno.h>

#include "broker/core.h"
#include "broker/dispatch.h"
#include "broker/drain.h"
#include "broker/effect.h"
#include "broker/figures.h"
#include "broker/request.h"
#include "broker/service.h"
#include "broker/slowlog.h"
#include "broker/trace.h"
#include "broker/worker.h"

int
core_kill_worker(struct core *c, struct pgt_slice id)
{
	struct worker *w = worker_find(c->b, id);

	if (w == NULL)
		return -ENOENT;
	c->b->stats.killed++;
	worker_dismiss(c->b, w, "killed");
	return 0;
}

int
core_drain_worker(struct core *c, struct pgt_slice id)
{
	struct worker *w = worker_find(c->b, id);

	if (w == NULL)
		return -ENOENT;
	worker_drain(c->b, w);
	worker_end_drain(c->b, w);
	return 0;
}

int
core_pause(struct core *c, struct pgt_slice name)
{
	struct service *s = service_require(c->b, name);

	if (s == NULL)
		return -ENOMEM;
	if (s->core != NULL)
		return -EINVAL;
	if (!s->is_paused)
		TRACE(c->b, TRACE_INFO, "service paused",
		    T_FRAME("service", &s->name));
	dispatch_pause(c->b, s);
	return 0;
}

int
core_resume(struct core *c, struct pgt_slice name)
{
	struct service *s = service_find(c->b, name);

	if (s == NULL || !s->is_paused)
		return s != NULL && s->core != NULL ? -EINVAL : 0;
	TRACE(
	    c->b, TRACE_INFO, "service resumed", T_FRAME("service", &s->name));
	dispatch_resume(c->b, s);
	return 0;
}

int
core_cancel(struct core *c, struct pgt_slice client, struct pgt_slice rid)
{
	struct request *r = request_find_anywhere(c->b, client, rid);

	if (r == NULL || r->service->core != NULL)
		return -ENOENT;
	figures_cancelled(c->b, r);
	TRACE(c->b, TRACE_INFO, "request cancelled",
	    T_FRAME("client", &r->client->id), T_FRAME("rid", &r->rid));
	effect_error(c->b, r, "\"CANCELLED\"");
	dispatch_abandon(c->b, r);
	return 0;
}

void
core_reset(struct core *c)
{
	struct core *each;

	figures_reset(c->b);
	TAILQ_FOREACH (each, &c->b->cores, link)
		if (each->ops->on_reset != NULL)
			each->ops->on_reset(each);
}

void
core_forget_slow(struct core *c)
{
	slowlog_trim(c->b, 0);
}

void
core_drain(struct core *c)
{
	drain_start(c->b);
}
