/*
 * The commands of $info, by noun; a row of info.c's table each. What changes
 * something is in manage.h.
 */
#ifndef SERVICES_INFO_H
#define SERVICES_INFO_H

#include "services/call.h"

/* ---- info_section.c ---- */

int info_sections(struct call *call);
int info_latency(struct call *call);

/* The figures of the cache as members; also what $cache tells. */
void info_put_cache(struct out *o, const struct core_overview *all);

/* ---- info_list.c ---- */

int info_workers(struct call *call);
int info_services(struct call *call);
int info_clients(struct call *call);
int info_requests(struct call *call);

/* ---- info_row.c ---- */

/* PROTOCOL 11.3; of a service or in all, and of a worker. */
void info_service_counts(struct out *o, const struct core_counts *n);
void info_worker_counts(struct out *o, const struct core_counts *n);

/* ---- info_route.c ---- */

int info_route(struct call *call);

/* ---- info_slow.c ---- */

int info_slowlog(struct call *call);
int info_slowlog_reset(struct call *call);

#endif
