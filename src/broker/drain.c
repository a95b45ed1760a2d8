/*
 * A drain ends when no request is left, or at its timeout. Then each client
 * hears of its request: DRAINING where no worker has it, or where it may be
 * run twice; WORKER_LOST where its worker may have done it. The workers go
 * first, so that nothing is given to them any more, and all of it in shares,
 * as many as expiries in a step.
 */
#include "broker/drain.h"

#include "base/container.h"
#include "broker/request.h"
#include "broker/trace.h"
#include "broker/worker.h"

int
drain_init(struct broker *b)
{
	return pgt_timer_open(&b->timers, &b->drain_timer, T_DRAIN);
}

static bool
is_due(const struct broker *b)
{
	return b->conf.drain_timeout_ms >= 0 &&
	       b->now >= b->drain_at + b->conf.drain_timeout_ms;
}

/* The end, or the next word about how far it is. */
static void
arm(struct broker *b)
{
	int64_t at = b->now + DRAIN_TELL_MS;

	if (b->conf.drain_timeout_ms >= 0 &&
	    b->drain_at + b->conf.drain_timeout_ms < at)
		at = b->drain_at + b->conf.drain_timeout_ms;
	pgt_timer_arm(&b->timers, &b->drain_timer, at > b->now ? at : b->now);
}

static void
tell(struct broker *b, const char *words)
{
	TRACE(b, TRACE_INFO, words,
	    T_INT("requests", (int64_t)b->stats.n_requests),
	    T_INT("waiting", (int64_t)b->stats.n_waiting));
}

void
drain_start(struct broker *b)
{
	if (b->drain != DRAIN_NOT)
		return;
	b->drain = DRAIN_ON;
	b->drain_at = b->now;
	tell(b, "draining");
	arm(b);
}

void
drain_on_conf(struct broker *b)
{
	if (b->drain == DRAIN_ON)
		arm(b);
}

static size_t
end_workers(struct broker *b, size_t n)
{
	struct pgt_map_node *node;
	struct worker *w;

	while (n < MAX_TIMERS && (node = pgt_map_first(&b->workers)) != NULL) {
		w = PGT_CONTAINER(node, struct worker, node);
		n += 1 + w->n_running;
		worker_dismiss(b, w, "drain timeout");
	}
	return n;
}

/* Without workers there are no ghosts among them. */
static size_t
end_requests(struct broker *b, size_t n)
{
	struct pgt_map_node *node;

	while (n < MAX_TIMERS && (node = pgt_map_first(&b->requests)) != NULL) {
		request_refuse(b, PGT_CONTAINER(node, struct request, node));
		n++;
	}
	return n;
}

void
drain_on_timer(struct broker *b)
{
	if (b->drain == DRAIN_ON && !is_due(b)) {
		tell(b, "draining");
		arm(b);
		return;
	}
	if (b->drain == DRAIN_ON)
		tell(b, "drain timeout");
	b->drain = DRAIN_LATE;
	if (end_requests(b, end_workers(b, 0)) >= MAX_TIMERS)
		pgt_timer_arm(&b->timers, &b->drain_timer, b->now);
}

/* When no other request is left they are all that core services have. */
void
drain_settle(struct broker *b)
{
	struct request *r;
	struct core *c;

	if (b->drain == DRAIN_NOT || b->n_kept == 0 ||
	    b->stats.n_requests != b->n_kept)
		return;
	TAILQ_FOREACH (c, &b->cores, link)
		while ((r = TAILQ_FIRST(&c->requests)) != NULL)
			request_refuse(b, r);
}
