/* One function for each kind of row (PROTOCOL 11.4). */
#include "services/info_row.h"

#include "services/info.h"

void
info_worker_counts(struct out *o, const struct core_counts *n)
{
	out_count(o, "requests", n->requests);
	out_count(o, "served", n->served);
	out_count(o, "errors", n->errors);
	out_count(o, "rejects", n->rejects);
	out_count(o, "returned", n->returned);
	out_count(o, "lost", n->lost);
	out_count(o, "expired", n->expired);
	out_count(o, "cancelled", n->cancelled);
	out_count(o, "in_bytes", n->in_bytes);
	out_count(o, "out_bytes", n->out_bytes);
}

void
info_service_counts(struct out *o, const struct core_counts *n)
{
	info_worker_counts(o, n);
	out_count(o, "retries", n->retries);
	out_count(o, "no_worker", n->no_worker);
}

void
row_worker(void *arg, const struct core_worker *w)
{
	struct list *l = arg;
	struct out *o = &l->call->out;

	l->n++;
	out_begin(o, NULL, '{');
	out_id(o, "worker", w->id);
	out_id(o, "service", w->service);
	out_words(o, "state", w->state);
	out_int(o, "concurrency", w->concurrency);
	out_count(o, "in_flight", w->n_running);
	out_count(o, "queued", w->n_waiting);
	out_count(o, "ghosts", w->n_ghosts);
	out_int(o, "registered_ms", w->registered_ms);
	out_int(o, "silent_ms", w->silent_ms);
	info_worker_counts(o, &w->n);
	out_spread(o, "worker_us", w->at_worker);
	out_end(o, '}');
}

void
row_service(struct list *l, const struct core_service *s)
{
	struct out *o = &l->call->out;

	l->n++;
	out_begin(o, NULL, '{');
	out_id(o, "service", s->name);
	out_flag(o, "built_in", s->is_core);
	out_flag(o, "paused", s->is_paused);
	out_count(o, "workers", s->n_workers);
	out_count(o, "pool", s->n_pool);
	out_count(o, "draining", s->n_draining);
	out_count(o, "queued", s->n_waiting);
	out_count(o, "in_flight", s->n_running);
	info_service_counts(o, &s->n);
	out_spread(o, "queue_us", s->in_queue);
	out_spread(o, "worker_us", s->at_worker);
	out_end(o, '}');
}

static void
put_endpoint(struct out *o, bool is_admin)
{
	out_words(o, "endpoint", is_admin ? "admin" : "public");
}

void
row_client(void *arg, const struct core_client *c)
{
	struct list *l = arg;
	struct out *o = &l->call->out;

	l->n++;
	out_begin(o, NULL, '{');
	out_id(o, "client", c->id);
	put_endpoint(o, c->is_admin);
	out_count(o, "in_flight", c->n_requests);
	out_count(o, "sent", c->n_sent);
	out_int(o, "idle_ms", c->idle_ms);
	out_flag(o, "is_worker", c->is_worker);
	out_end(o, '}');
}

static void
put_options(struct out *o, const struct core_request *r)
{
	out_begin(o, "options", '{');
	out_int(o, "timeout_ms", r->timeout_ms);
	out_flag(o, "retry", r->retry);
	out_flag(o, "failfast", r->failfast);
	out_flag(o, "nocache", r->nocache);
	if (r->is_target)
		out_id(o, "workerId", r->worker);
	out_end(o, '}');
}

void
row_request(void *arg, const struct core_request *r)
{
	struct list *l = arg;
	struct out *o = &l->call->out;

	l->n++;
	out_begin(o, NULL, '{');
	out_id(o, "client", r->client);
	put_endpoint(o, r->is_admin);
	out_id(o, "rid", r->rid);
	out_id(o, "service", r->service);
	out_words(o, "state", r->state);
	if (r->has_worker)
		out_id(o, "worker", r->worker);
	out_int(o, "age_ms", r->age_ms);
	out_int(o, "state_ms", r->state_ms);
	out_count(o, "attempts", r->n_attempts);
	out_count(o, "rejects", r->n_rejects);
	out_flag(o, "partials", r->had_partials);
	out_count(o, "bytes", r->n_bytes);
	if (r->expires_ms >= 0)
		out_int(o, "expires_ms", r->expires_ms);
	put_options(o, r);
	out_end(o, '}');
}
