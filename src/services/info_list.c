/*
 * Lists (PROTOCOL 11.4). Whatever there is, an answer has a bounded number of
 * rows and looks at a bounded number of places; a cursor says where to go on:
 * of names the last one listed, of all else a number that pgt_map_scan() knows.
 */
#include <inttypes.h>
#include <stdio.h>

#include "services/info.h"
#include "services/info_row.h"

/* Places that one answer looks at. */
#define MAX_LOOKS 4096

/* A cursor of pgt_map_scan(), in decimal digits. */
#define MAX_CURSOR 24

/* ---- what is around the rows ---- */

static int
begin(struct list *l, struct call *call, const char *name)
{
	*l = (struct list){.call = call};
	out_begin(&call->out, NULL, '{');
	out_begin(&call->out, name, '[');
	return call_limit(call, &l->limit);
}

static int
end(struct list *l, uint64_t total)
{
	struct out *o = &l->call->out;

	out_end(o, ']');
	out_count(o, "total", total);
	out_end(o, '}');
	return 0;
}

static int
end_at(struct list *l, uint64_t total, uint64_t cursor)
{
	struct out *o = &l->call->out;
	char text[MAX_CURSOR];

	out_end(o, ']');
	out_count(o, "total", total);
	if (cursor != 0) {
		snprintf(text, sizeof(text), "%" PRIu64, cursor);
		out_words(o, "cursor", text);
	}
	out_end(o, '}');
	return 0;
}

static struct broker_stats
stats_of(const struct call *call)
{
	struct core_overview all;

	core_look(call->c, &all);
	return all.stats;
}

/* Where a scan goes on: 0 at the beginning. */
static int
read_cursor(struct call *call, uint64_t *cursor)
{
	struct pgt_slice text;
	bool has;
	int rc = call_text(call, "cursor", &text, &has);

	*cursor = 0;
	for (size_t i = 0; rc == 0 && i < text.n; i++) {
		if (i == MAX_CURSOR || text.p[i] < '0' || text.p[i] > '9')
			return call_refuse(call, "no cursor of ours");
		*cursor = *cursor * 10 + (uint64_t)(text.p[i] - '0');
	}
	return rc;
}

typedef uint64_t (*scan_fn)(const struct list *l, uint64_t cursor);

/* The whole table, a page of it. */
static int
scan(struct list *l, scan_fn fn, uint64_t total)
{
	uint64_t cursor;
	int rc = read_cursor(l->call, &cursor);

	if (rc < 0)
		return rc;
	for (int i = 0; i < MAX_LOOKS && l->n < l->limit; i++) {
		cursor = fn(l, cursor);
		if (cursor == 0)
			break;
	}
	return end_at(l, total, cursor);
}

/* ---- workers ---- */

static uint64_t
scan_workers(const struct list *l, uint64_t cursor)
{
	return core_scan_workers(l->call->c, cursor, row_worker, (void *)l);
}

static int
list_one_worker(struct list *l, struct pgt_slice id)
{
	struct core_worker row;

	if (!core_find_worker(l->call->c, id, &row))
		return call_missing(l->call, "NO_SUCH_WORKER");
	row_worker(l, &row);
	return end(l, 1);
}

static int
list_workers_of(struct list *l, struct pgt_slice service)
{
	struct core_service row;

	if (!core_find_service(l->call->c, service, &row))
		return call_missing(l->call, "NO_SUCH_SERVICE");
	core_each_worker_of(l->call->c, service, l->limit, row_worker, l);
	return end(l, row.n_workers);
}

int
info_workers(struct call *call)
{
	struct pgt_slice id, service = {NULL, 0};
	bool has_id = false, has_service = false;
	struct list l;
	int rc = begin(&l, call, "workers");

	if (rc == 0)
		rc = call_text(call, "worker", &id, &has_id);
	if (rc == 0)
		rc = call_text(call, "service", &service, &has_service);
	if (rc < 0)
		return rc;
	if (has_id)
		return list_one_worker(&l, id);
	if (has_service)
		return list_workers_of(&l, service);
	return scan(&l, scan_workers, stats_of(call).n_workers);
}

/* ---- services ---- */

static int
list_one_service(struct list *l, struct pgt_slice name)
{
	struct core_service row;

	if (!core_find_service(l->call->c, name, &row))
		return call_missing(l->call, "NO_SUCH_SERVICE");
	row_service(l, &row);
	return end(l, 1);
}

/* In the order of their bytes, behind `at`. */
static int
list_services(
    struct list *l, struct pgt_slice prefix, struct pgt_slice at, bool behind)
{
	struct core_service row = {.name = at};
	struct out *o = &l->call->out;
	bool more = true;

	/* The empty name makes no cursor. */
	while (more && (l->n < l->limit || row.name.n == 0)) {
		more = core_next_service(
		    l->call->c, prefix, row.name, behind, &row);
		if (more)
			row_service(l, &row);
		behind = true;
	}
	out_end(o, ']');
	out_count(o, "total", stats_of(l->call).n_services);
	if (more)
		out_text(o, "cursor", row.name);
	out_end(o, '}');
	return 0;
}

int
info_services(struct call *call)
{
	struct pgt_slice name, prefix = {NULL, 0}, cursor = {NULL, 0};
	bool has_name = false, has_prefix, has_cursor = false;
	struct list l;
	int rc = begin(&l, call, "services");

	if (rc == 0)
		rc = call_text(call, "service", &name, &has_name);
	if (rc == 0)
		rc = call_text(call, "prefix", &prefix, &has_prefix);
	if (rc == 0)
		rc = call_text(call, "cursor", &cursor, &has_cursor);
	if (rc < 0)
		return rc;
	if (has_name)
		return list_one_service(&l, name);
	return list_services(&l, prefix, cursor, has_cursor && cursor.n > 0);
}

/* ---- clients ---- */

static uint64_t
scan_clients(const struct list *l, uint64_t cursor)
{
	return core_scan_clients(l->call->c, cursor, row_client, (void *)l);
}

int
info_clients(struct call *call)
{
	struct pgt_slice id;
	struct list l;
	bool has_id = false;
	int rc = begin(&l, call, "clients");

	if (rc == 0)
		rc = call_text(call, "client", &id, &has_id);
	if (rc < 0)
		return rc;
	if (!has_id)
		return scan(&l, scan_clients, stats_of(call).n_clients);
	core_each_client_of(call->c, id, row_client, &l);
	return end(&l, l.n);
}

/* ---- requests ---- */

static uint64_t
scan_requests(const struct list *l, uint64_t cursor)
{
	return core_scan_requests(l->call->c, cursor, row_request, (void *)l);
}

static int
list_one_request(struct list *l, struct pgt_slice client)
{
	struct core_request row;
	struct pgt_slice rid;
	int rc = call_need_text(l->call, "rid", &rid);

	if (rc < 0)
		return rc;
	if (!core_find_request(l->call->c, client, rid, &row))
		return call_missing(l->call, "NO_SUCH_REQUEST");
	row_request(l, &row);
	return end(l, 1);
}

static int
list_running(struct list *l, struct pgt_slice worker)
{
	struct core_worker row;

	if (!core_find_worker(l->call->c, worker, &row))
		return call_missing(l->call, "NO_SUCH_WORKER");
	core_each_running(l->call->c, worker, l->limit, row_request, l);
	return end(l, row.n_running);
}

static int
list_waiting(struct list *l, struct pgt_slice service)
{
	struct core_service row;

	if (!core_find_service(l->call->c, service, &row))
		return call_missing(l->call, "NO_SUCH_SERVICE");
	core_each_waiting(l->call->c, service, l->limit, row_request, l);
	return end(l, row.n_waiting);
}

static int
list_requests(struct list *l)
{
	uint64_t total = stats_of(l->call).n_requests;

	if (!call_flag(l->call, "oldest"))
		return scan(l, scan_requests, total);
	core_each_oldest(l->call->c, l->limit, row_request, l);
	return end(l, total);
}

int
info_requests(struct call *call)
{
	struct pgt_slice client, worker = {NULL, 0}, service = {NULL, 0};
	bool has_client = false, has_worker = false, has_service = false;
	struct list l;
	int rc = begin(&l, call, "requests");

	if (rc == 0)
		rc = call_text(call, "client", &client, &has_client);
	if (rc == 0)
		rc = call_text(call, "worker", &worker, &has_worker);
	if (rc == 0)
		rc = call_text(call, "service", &service, &has_service);
	if (rc < 0)
		return rc;
	if (has_client)
		return list_one_request(&l, client);
	if (has_worker)
		return list_running(&l, worker);
	if (has_service)
		return list_waiting(&l, service);
	return list_requests(&l);
}
