/*
 * The sections of `info` (PROTOCOL 11.2). A section is a row of the table at
 * the end: its name, and who writes its members. One that belongs to another
 * service is written by a function of that service.
 */
#include "services/info.h"

#define N_SECTIONS (sizeof(sections) / sizeof(sections[0]))

typedef void (*section_fn)(struct call *call, const struct core_overview *all);

/* ---- server, memory: the process too ---- */

/* What is not known is not told. */
static void
put_known(struct out *o, const char *key, int64_t value)
{
	if (value >= 0)
		out_int(o, key, value);
}

static void
put_binds(struct out *o, const struct broker_process *p)
{
	out_begin(o, "bind", '[');
	for (uint64_t i = 0; i < p->n_binds; i++)
		out_words(o, NULL, p->bind[i]);
	out_end(o, ']');
}

static void
write_server(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;
	struct broker_process p;

	core_process(call->c, &p);
	if (p.name != NULL)
		out_words(o, "name", p.name);
	if (p.version != NULL)
		out_words(o, "version", p.version);
	put_known(o, "pid", p.pid);
	put_known(o, "started_at_s", p.started_at_s);
	put_known(o, "now_at_s", p.now_at_s);
	put_known(o, "uptime_ms", p.uptime_ms);
	put_known(o, "cpu_user_us", p.cpu_user_us);
	put_known(o, "cpu_system_us", p.cpu_system_us);
	put_known(o, "open_files", p.open_files);
	put_known(o, "max_open_files", p.max_open_files);
	out_words(o, "dispatch", all->dispatch);
	out_flag(o, "draining", all->is_draining);
	put_binds(o, &p);
	out_int(o, "reset_ms", all->reset_ms);
}

static void
write_memory(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;
	struct broker_process p;

	core_process(call->c, &p);
	put_known(o, "rss_bytes", p.rss_bytes);
	out_count(o, "requests_bytes", all->stats.held_bytes);
	out_count(o, "queued_bytes", all->stats.waiting_bytes);
	out_count(o, "times_bytes", all->stats.n_times);
	out_count(o, "slowlog_bytes", all->stats.n_slow_bytes);
	out_count(o, "effects", all->stats.n_spare);
}

/* ---- the tables ---- */

static void
write_clients(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "clients", all->stats.n_clients);
	out_count(o, "asking", all->stats.n_asking);
	out_count(o, "idle", all->stats.n_idle_clients);
	out_count(o, "seen", all->stats.new_clients);
}

static void
write_workers(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "workers", all->stats.n_workers);
	out_count(o, "draining", all->stats.n_draining);
	out_count(o, "unreachable", all->stats.n_unreachable);
	out_count(o, "registered", all->stats.registered);
	out_count(o, "gone", all->stats.gone);
	out_count(o, "silent", all->stats.silent);
	out_count(o, "killed", all->stats.killed);
	out_count(o, "drained", all->stats.drained);
	out_count(o, "protocol_errors", all->stats.protocol_errors);
}

static void
write_services(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "services", all->stats.n_services);
	out_count(o, "idle", all->stats.n_idle_services);
	out_count(o, "paused", all->stats.n_paused);
	out_count(o, "with_workers", all->stats.n_served);
}

static void
write_requests(struct call *call, const struct core_overview *all)
{
	const struct broker_stats *n = &all->stats;
	struct out *o = &call->out;

	out_count(o, "queued", n->n_waiting);
	out_count(o, "in_flight", n->n_running);
	out_count(o, "ghosts", n->n_ghosts);
	info_service_counts(o, &(const struct core_counts){
				   .requests = n->requests,
				   .served = n->served,
				   .errors = n->errors,
				   .rejects = n->rejects,
				   .retries = n->retries,
				   .returned = n->returned,
				   .lost = n->lost,
				   .expired = n->expired,
				   .no_worker = n->no_worker,
				   .cancelled = n->cancelled,
				   .in_bytes = n->in_bytes,
				   .out_bytes = n->out_bytes,
			       });
	out_count(o, "duplicates", n->duplicates);
	out_count(o, "late", n->late);
	out_count(o, "partials", n->partials);
	out_spread(o, "queue_us", all->in_queue);
	out_spread(o, "worker_us", all->at_worker);
}

/* ---- the rest ---- */

void
info_put_cache(struct out *o, const struct core_overview *all)
{
	const struct core_cache *c = &all->cache;

	out_flag(o, "enabled", c->is_on);
	out_count(o, "entries", c->n_entries);
	out_count(o, "memory_bytes", c->n_bytes);
	out_int(o, "max_memory_bytes", c->max_bytes);
	out_int(o, "max_entry_bytes", c->max_entry_bytes);
	out_int(o, "max_ttl_ms", c->max_ttl_ms);
	out_count(o, "hits", c->n.hits);
	out_count(o, "misses", c->n.misses);
	out_count(o, "stored", c->n.stored);
	out_count(o, "expired", c->n.expired);
	out_count(o, "evicted", c->n.evicted);
	out_count(o, "flushed", c->n.flushed);
	out_count(o, "refused", c->n.refused);
	out_count(o, "coalesced", all->stats.coalesced);
}

static void
write_cache(struct call *call, const struct core_overview *all)
{
	info_put_cache(&call->out, all);
}

static void
write_channel(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "published", all->stats.published);
	out_count(o, "published_bytes", all->stats.published_bytes);
	out_count(o, "directory_version", all->version);
}

static void
write_errors(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "malformed", all->stats.malformed);
	out_count(o, "protocol_errors", all->stats.protocol_errors);
	out_count(o, "duplicates", all->stats.duplicates);
	out_count(o, "late", all->stats.late);
	out_count(o, "unsent", all->stats.unsent);
	out_count(o, "undelivered", all->stats.undelivered);
	out_count(o, "no_memory", all->stats.no_memory);
	out_count(o, "no_worker", all->stats.no_worker);
	out_count(o, "lost", all->stats.lost);
	out_count(o, "denied", all->stats.denied);
	out_count(o, "busy", all->stats.busy);
	out_count(o, "draining", all->stats.draining);
}

static void
write_latency(struct call *call, const struct core_overview *all)
{
	struct out *o = &call->out;

	out_count(o, "turns", all->stats.turns);
	out_count(o, "full_turns", all->stats.full_turns);
	out_spread(o, "turn_us", &all->loop->turn_us);
	out_spread(o, "messages_per_turn", &all->loop->messages);
	out_spread(o, "timer_late_us", &all->loop->late_us);
}

static const struct {
	const char *name;
	section_fn write;
} sections[] = {
    {"server", write_server},
    {"clients", write_clients},
    {"workers", write_workers},
    {"services", write_services},
    {"requests", write_requests},
    {"cache", write_cache},
    {"memory", write_memory},
    {"channel", write_channel},
    {"errors", write_errors},
    {"latency", write_latency},
};

/* ---- which of them ---- */

/* Into the set of bits; 0 or -EINVAL. */
static int
choose(struct call *call, const json_t *name, unsigned *chosen)
{
	for (size_t i = 0; i < N_SECTIONS && json_is_string(name); i++)
		if (strcmp(json_string_value(name), sections[i].name) == 0) {
			*chosen |= 1U << i;
			return 0;
		}
	return call_refuse(call,
	    "no such section; there are server, clients, workers, services, "
	    "requests, cache, memory, channel, errors, latency");
}

static int
choose_all(struct call *call, const json_t *names, unsigned *chosen)
{
	const json_t *name;
	size_t i;
	int rc = 0;

	json_array_foreach (names, i, name) {
		rc = choose(call, name, chosen);
		if (rc < 0)
			break;
	}
	return rc;
}

int
info_sections(struct call *call)
{
	const json_t *names = json_object_get(call->data, "section");
	struct core_overview all;
	unsigned chosen = 0;
	int rc = 0;

	if (names == NULL || json_is_null(names))
		chosen = ~0U;
	else if (json_is_array(names))
		rc = choose_all(call, names, &chosen);
	else
		rc = choose(call, names, &chosen);
	if (rc < 0)
		return rc;
	core_look(call->c, &all);
	out_begin(&call->out, NULL, '{');
	for (size_t i = 0; i < N_SECTIONS; i++) {
		if ((chosen & 1U << i) == 0 ||
		    (sections[i].write == write_cache && !all.has_cache))
			continue;
		out_begin(&call->out, sections[i].name, '{');
		sections[i].write(call, &all);
		out_end(&call->out, '}');
	}
	out_end(&call->out, '}');
	return 0;
}

int
info_latency(struct call *call)
{
	struct core_overview all;

	core_look(call->c, &all);
	out_begin(&call->out, NULL, '{');
	write_latency(call, &all);
	out_end(&call->out, '}');
	return 0;
}
