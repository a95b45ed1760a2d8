/*
 * An entry is one piece of memory that nothing else refers to: ids are copied,
 * and cut where they are long.
 */
#include "broker/slowlog.h"

#include "base/alloc.h"

#define MAX_TEXT 255 /* bytes of an id or name */

static struct pgt_slice
cut(const struct pgt_frame *f)
{
	struct pgt_slice s = pgt_frame_view(f);

	return pgt_slice_head(s, s.n < MAX_TEXT ? s.n : MAX_TEXT);
}

static bool
is_slow(const struct broker *b, const struct request *r, size_t n, int64_t us)
{
	const struct broker_conf *conf = &b->conf;
	size_t in;

	if (conf->slowlog_time_ms >= 0 && us >= conf->slowlog_time_ms * 1000)
		return true;
	if (conf->slowlog_bytes < 0)
		return false;
	in = pgt_frame_view(&r->data).n;
	return (in > n ? in : n) >= (uint64_t)conf->slowlog_bytes;
}

/* Copies s, unless there is none, to *p, and goes on behind it. */
static struct pgt_slice
put(char **p, struct pgt_slice s)
{
	struct pgt_slice copy = {*p, s.n};

	if (s.p == NULL)
		return s;
	memcpy(*p, s.p, s.n);
	*p += s.n;
	return copy;
}

static size_t
size_of(const struct slow *e)
{
	const struct core_slow *v = &e->view;

	return sizeof(*e) + v->client.n + v->rid.n + v->service.n + v->worker.n;
}

static void
add(struct broker *b, const struct core_slow *view)
{
	struct slow *e = pgt_alloc(sizeof(*e) + view->client.n + view->rid.n +
				   view->service.n + view->worker.n);
	char *p;

	if (e == NULL)
		return;
	p = e->text;
	e->view = *view;
	e->view.client = put(&p, view->client);
	e->view.rid = put(&p, view->rid);
	e->view.service = put(&p, view->service);
	e->view.worker = put(&p, view->worker);
	e->view.number = ++b->stats.slow;
	TAILQ_INSERT_TAIL(&b->slow, e, link);
	b->stats.n_slow++;
	b->stats.n_slow_bytes += size_of(e);
	slowlog_trim(b, (uint64_t)b->conf.slowlog_max);
}

void
slowlog_note(
    struct broker *b, const struct request *r, size_t n, const char *end)
{
	int64_t stay = b->now_us - r->since_us;
	int64_t queue_us = r->queue_us, busy_us = r->busy_us;

	if (r->n_attempts == 0 || b->conf.slowlog_max <= 0)
		return;
	*(r->worker != NULL ? &busy_us : &queue_us) += stay;
	if (!is_slow(b, r, n, queue_us + busy_us))
		return;
	add(b, &(const struct core_slow){
		   .ended_us = b->now_us,
		   .queue_us = queue_us,
		   .worker_us = busy_us,
		   .n_attempts = r->n_attempts,
		   .in_bytes = pgt_frame_view(&r->data).n,
		   .out_bytes = n,
		   .end = end,
		   .client = cut(&r->client->id),
		   .rid = cut(&r->rid),
		   .service = cut(&r->service->name),
		   .worker = r->worker != NULL ? cut(&r->worker->id)
					       : (struct pgt_slice){NULL, 0},
	       });
}

void
slowlog_trim(struct broker *b, uint64_t max)
{
	struct slow *e;

	while (b->stats.n_slow > max) {
		e = TAILQ_FIRST(&b->slow);
		TAILQ_REMOVE(&b->slow, e, link);
		b->stats.n_slow--;
		b->stats.n_slow_bytes -= size_of(e);
		pgt_free(e);
	}
}
