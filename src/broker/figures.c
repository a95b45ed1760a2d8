/*
 * A few increments for each message. Spreads of times are made when there is
 * a time to note; where there is no memory for one nothing is noted, and
 * nothing else is the worse for it.
 */
#include "broker/figures.h"

#include "base/alloc.h"
#include "broker/slowlog.h"

/* ---- where it is counted ---- */

/* The counters begin anew when they are first used after a reset. */
static struct core_counts *
counts_of(struct broker *b, struct figures *f)
{
	if (f->epoch != b->epoch)
		figures_clear(b, f);
	return &f->n;
}

/* NULL: r is at no worker. */
static struct core_counts *
worker_counts(struct broker *b, const struct request *r)
{
	return r->worker == NULL ? NULL : counts_of(b, &r->worker->figures);
}

static struct core_counts *
service_counts(struct broker *b, const struct request *r)
{
	return counts_of(b, &r->service->figures);
}

static void
note(struct broker *b, struct pgt_times **times, int64_t us)
{
	if (*times == NULL) {
		*times = pgt_alloc(sizeof(**times));
		if (*times == NULL)
			return;
		b->stats.n_times += sizeof(**times);
	}
	pgt_times_add(*times, (uint64_t)us);
}

static void
drop_times(struct broker *b, struct pgt_times **times)
{
	if (*times != NULL)
		b->stats.n_times -= sizeof(**times);
	pgt_free(*times);
	*times = NULL;
}

void
figures_clear(struct broker *b, struct figures *f)
{
	drop_times(b, &f->in_queue);
	drop_times(b, &f->at_worker);
	f->n = (struct core_counts){0};
	f->epoch = b->epoch;
}

void
figures_reset(struct broker *b)
{
	b->epoch++;
	figures_clear(b, &b->figures);
	b->loop = (struct core_loop){0};
	b->stats_at_reset = b->stats;
	b->reset_at = b->now;
}

struct core_counts
figures_counts(const struct broker *b, const struct figures *f)
{
	return f->epoch == b->epoch ? f->n : (struct core_counts){0};
}

const struct pgt_times *
figures_times(const struct broker *b, const struct figures *f,
    const struct pgt_times *times)
{
	return f->epoch == b->epoch ? times : NULL;
}

/* ---- what happens ---- */

static size_t
size_of(const struct request *r)
{
	return pgt_frame_view(&r->data).n;
}

void
figures_arrived(struct broker *b, struct request *r)
{
	struct core_counts *s = service_counts(b, r);
	size_t n = size_of(r);

	b->stats.requests++;
	b->stats.in_bytes += n;
	s->requests++;
	s->in_bytes += n;
	r->client->n_sent++;
}

void
figures_given(struct broker *b, struct request *r, struct worker *w)
{
	struct core_counts *at = counts_of(b, &w->figures);
	int64_t us = b->now_us - r->since_us;

	at->requests++;
	at->in_bytes += size_of(r);
	service_counts(b, r);
	note(b, &r->service->figures.in_queue, us);
	note(b, &b->figures.in_queue, us);
	r->queue_us += us;
	r->since_us = b->now_us;
	r->n_attempts++;
}

void
figures_partial(struct broker *b, const struct request *r, size_t n)
{
	struct core_counts *w = worker_counts(b, r);

	b->stats.partials++;
	b->stats.out_bytes += n;
	service_counts(b, r)->out_bytes += n;
	if (w != NULL)
		w->out_bytes += n;
}

/* The time at the worker was of use to somebody. */
static void
note_busy(struct broker *b, const struct request *r)
{
	int64_t us = b->now_us - r->since_us;

	service_counts(b, r);
	worker_counts(b, r);
	note(b, &r->service->figures.at_worker, us);
	note(b, &r->worker->figures.at_worker, us);
	note(b, &b->figures.at_worker, us);
}

static void
wait_again(struct broker *b, struct request *r)
{
	r->busy_us += b->now_us - r->since_us;
	r->since_us = b->now_us;
}

void
figures_rejected(struct broker *b, struct request *r)
{
	note_busy(b, r);
	b->stats.rejects++;
	service_counts(b, r)->rejects++;
	worker_counts(b, r)->rejects++;
	wait_again(b, r);
}

void
figures_returned(struct broker *b, struct request *r)
{
	b->stats.returned++;
	service_counts(b, r)->returned++;
	worker_counts(b, r)->returned++;
	wait_again(b, r);
}

void
figures_retried(struct broker *b, struct request *r)
{
	b->stats.retries++;
	service_counts(b, r)->retries++;
	wait_again(b, r);
}

void
figures_replied(
    struct broker *b, const struct request *r, size_t n, bool is_error)
{
	struct core_counts *s = service_counts(b, r), *w = worker_counts(b, r);

	b->stats.replies++;
	b->stats.served++;
	b->stats.errors += is_error;
	b->stats.out_bytes += n;
	s->served++;
	s->errors += is_error;
	s->out_bytes += n;
	if (w != NULL) {
		w->served++;
		w->errors += is_error;
		w->out_bytes += n;
		note_busy(b, r);
	}
	slowlog_note(b, r, n, is_error ? "error" : "served");
}

void
figures_lost(struct broker *b, const struct request *r)
{
	struct core_counts *w = worker_counts(b, r);

	b->stats.lost++;
	service_counts(b, r)->lost++;
	if (w != NULL)
		w->lost++;
	slowlog_note(b, r, 0, "lost");
}

void
figures_expired(struct broker *b, const struct request *r)
{
	struct core_counts *w = worker_counts(b, r);

	b->stats.expired++;
	service_counts(b, r)->expired++;
	if (w != NULL)
		w->expired++;
	slowlog_note(b, r, 0, "expired");
}

void
figures_no_worker(struct broker *b, const struct request *r)
{
	b->stats.no_worker++;
	service_counts(b, r)->no_worker++;
}

void
figures_cancelled(struct broker *b, const struct request *r)
{
	struct core_counts *w = worker_counts(b, r);

	b->stats.cancelled++;
	service_counts(b, r)->cancelled++;
	if (w != NULL)
		w->cancelled++;
	slowlog_note(b, r, 0, "cancelled");
}
