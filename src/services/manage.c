/*
 * The answer is written first: what is done afterwards cannot be taken back
 * for want of memory, and the rows that it tells of may be gone.
 */
#include "services/manage.h"

#include <errno.h>

/* 0, and the worker's id in the answer. */
static int
find_worker(struct call *call, struct core_worker *row)
{
	struct pgt_slice id;
	int rc = call_need_text(call, "worker", &id);

	if (rc < 0)
		return rc;
	if (!core_find_worker(call->c, id, row))
		return call_missing(call, "NO_SUCH_WORKER");
	row->id = id; /* the row's own goes with the worker */
	out_begin(&call->out, NULL, '{');
	out_text(&call->out, "worker", id);
	out_count(&call->out, "in_flight", row->n_running);
	out_end(&call->out, '}');
	return call->out.is_short ? -ENOMEM : 0;
}

int
manage_worker_kill(struct call *call)
{
	struct core_worker row;
	int rc = find_worker(call, &row);

	return rc < 0 ? rc : core_kill_worker(call->c, row.id);
}

int
manage_worker_drain(struct call *call)
{
	struct core_worker row;
	int rc = find_worker(call, &row);

	return rc < 0 ? rc : core_drain_worker(call->c, row.id);
}

static int
find_service(struct call *call, struct pgt_slice *name)
{
	struct core_service row = {0};
	int rc = call_need_text(call, "service", name);

	if (rc < 0)
		return rc;
	core_find_service(call->c, *name, &row);
	if (row.is_core)
		return call_refuse(call, "the service is built in");
	out_begin(&call->out, NULL, '{');
	out_text(&call->out, "service", *name);
	out_count(&call->out, "queued", row.n_waiting);
	out_end(&call->out, '}');
	return call->out.is_short ? -ENOMEM : 0;
}

int
manage_service_pause(struct call *call)
{
	struct pgt_slice name;
	int rc = find_service(call, &name);

	return rc < 0 ? rc : core_pause(call->c, name);
}

int
manage_service_resume(struct call *call)
{
	struct pgt_slice name;
	int rc = find_service(call, &name);

	if (rc == 0)
		core_resume(call->c, name);
	return rc;
}

int
manage_request_cancel(struct call *call)
{
	struct pgt_slice client, rid = {NULL, 0};
	struct core_request row;
	int rc = call_need_text(call, "client", &client);

	if (rc == 0)
		rc = call_need_text(call, "rid", &rid);
	if (rc < 0)
		return rc;
	if (!core_find_request(call->c, client, rid, &row) || row.is_core)
		return call_missing(call, "NO_SUCH_REQUEST");
	out_begin(&call->out, NULL, '{');
	out_text(&call->out, "client", client);
	out_text(&call->out, "rid", rid);
	if (row.is_running)
		out_text(&call->out, "worker", row.worker);
	out_end(&call->out, '}');
	return call->out.is_short ? -ENOMEM : core_cancel(call->c, client, rid);
}

int
manage_counters_reset(struct call *call)
{
	out_begin(&call->out, NULL, '{');
	out_end(&call->out, '}');
	if (!call->out.is_short)
		core_reset(call->c);
	return 0;
}
