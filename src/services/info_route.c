/* Who would get a request, and why not the others (PROTOCOL 11.5). */
#include <errno.h>

#include "services/info.h"

/* The broker tells of workers, then of names: two arrays, one at a time. */
struct telling {
	struct out *o;
	bool is_of_names;
};

static void
put_row(void *arg, const struct core_route_row *row)
{
	struct telling *t = arg;

	if (row->n_workers > 0 && !t->is_of_names) {
		out_end(t->o, ']');
		out_begin(t->o, "passed_over", '[');
		t->is_of_names = true;
	}
	out_begin(t->o, NULL, '{');
	if (t->is_of_names) {
		out_id(t->o, "service", row->service);
		out_count(t->o, "workers", row->n_workers);
	} else {
		out_id(t->o, "worker", row->worker);
		out_id(t->o, "service", row->service);
		out_count(t->o, "in_flight", row->n_running);
		out_int(t->o, "concurrency", row->concurrency);
	}
	out_words(t->o, "why", row->why);
	out_end(t->o, '}');
}

static int
read_ask(struct call *call, struct core_route_ask *ask)
{
	bool has;
	int rc = call_text(call, "client", &ask->client, &ask->has_request);

	if (rc == 0 && ask->has_request)
		return call_need_text(call, "rid", &ask->rid);
	if (rc == 0)
		rc = call_text(call, "workerId", &ask->worker, &has);
	if (rc == 0) {
		ask->has_worker = has && ask->worker.n > 0;
		rc = call_need_text(call, "service", &ask->service);
	}
	if (rc == 0)
		rc = call_raw_text(call, "data", &ask->data, &ask->has_data);
	return rc;
}

int
info_route(struct call *call)
{
	struct telling t = {.o = &call->out};
	struct core_route_ask ask = {0};
	struct core_route answer;
	size_t limit = 0;
	int rc = call_limit(call, &limit);

	if (rc == 0)
		rc = read_ask(call, &ask);
	if (rc < 0)
		return rc;
	out_begin(t.o, NULL, '{');
	out_begin(t.o, "workers", '[');
	rc = core_route(call->c, &ask, limit, &answer, put_row, &t);
	if (rc < 0)
		return rc == -ENOENT ? call_missing(call, "NO_SUCH_REQUEST")
				     : rc;
	out_end(t.o, ']');
	if (!t.is_of_names) {
		out_begin(t.o, "passed_over", '[');
		out_end(t.o, ']');
	}
	out_id(t.o, "service", answer.service);
	out_flag(t.o, "built_in", answer.is_core);
	out_flag(t.o, "paused", answer.is_paused);
	out_flag(t.o, "kept", answer.is_kept);
	out_words(t.o, "dispatch", answer.dispatch);
	out_count(t.o, "queued", answer.n_waiting);
	if (answer.has_worker)
		out_id(t.o, "worker", answer.worker);
	out_flag(t.o, "more", answer.is_cut);
	out_end(t.o, '}');
	return 0;
}
