/* The slow log (PROTOCOL 11.6). */
#include "services/info.h"

static void
put_slow(void *arg, const struct core_slow *s)
{
	struct out *o = arg;

	out_begin(o, NULL, '{');
	out_count(o, "number", s->number);
	out_int(o, "ago_ms", s->ago_ms);
	out_text(o, "client", s->client);
	out_text(o, "rid", s->rid);
	out_text(o, "service", s->service);
	if (s->worker.p != NULL)
		out_text(o, "worker", s->worker);
	out_words(o, "end", s->end);
	out_count(o, "attempts", s->n_attempts);
	out_int(o, "queue_us", s->queue_us);
	out_int(o, "worker_us", s->worker_us);
	out_count(o, "in_bytes", s->in_bytes);
	out_count(o, "out_bytes", s->out_bytes);
	out_end(o, '}');
}

int
info_slowlog(struct call *call)
{
	struct core_overview all;
	struct out *o = &call->out;
	size_t limit;
	int rc = call_limit(call, &limit);

	if (rc < 0)
		return rc;
	core_look(call->c, &all);
	out_begin(o, NULL, '{');
	out_begin(o, "slowlog", '[');
	core_each_slow(call->c, limit, put_slow, o);
	out_end(o, ']');
	out_count(o, "total", all.stats.slow);
	out_count(o, "entries", all.stats.n_slow);
	out_end(o, '}');
	return 0;
}

int
info_slowlog_reset(struct call *call)
{
	struct core_overview all;

	core_look(call->c, &all);
	out_begin(&call->out, NULL, '{');
	out_count(&call->out, "dropped", all.stats.n_slow);
	out_end(&call->out, '}');
	if (!call->out.is_short)
		core_forget_slow(call->c);
	return 0;
}
