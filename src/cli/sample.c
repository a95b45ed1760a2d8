#include "cli/sample.h"

#include <stddef.h>

#include "cli/list.h"

static const char *const sections[] = {"server", "clients", "workers",
    "services", "requests", "memory", "latency"};

static const char *const counters[] = {
    [SAMPLE_REQUESTS] = "requests.requests",
    [SAMPLE_SERVED] = "requests.served",
    [SAMPLE_ERRORS] = "requests.errors",
    [SAMPLE_REJECTS] = "requests.rejects",
    [SAMPLE_RETRIES] = "requests.retries",
    [SAMPLE_EXPIRED] = "requests.expired",
    [SAMPLE_LOST] = "requests.lost",
    [SAMPLE_IN_BYTES] = "requests.in_bytes",
    [SAMPLE_OUT_BYTES] = "requests.out_bytes",
    [SAMPLE_CPU_US] = "server.cpu_user_us",
};

static const struct {
	const char *path;
	size_t at;
} gauges[] = {
    {"server.pid", offsetof(struct sample, pid)},
    {"server.started_at_s", offsetof(struct sample, started_at_s)},
    {"server.uptime_ms", offsetof(struct sample, uptime_ms)},
    {"clients.clients", offsetof(struct sample, clients)},
    {"workers.workers", offsetof(struct sample, workers)},
    {"workers.draining", offsetof(struct sample, draining)},
    {"services.services", offsetof(struct sample, services)},
    {"services.paused", offsetof(struct sample, paused)},
    {"requests.queued", offsetof(struct sample, queued)},
    {"requests.in_flight", offsetof(struct sample, in_flight)},
    {"memory.rss_bytes", offsetof(struct sample, rss_bytes)},
    {"requests.queue_us.p99", offsetof(struct sample, queue_p99_us)},
    {"requests.worker_us.p50", offsetof(struct sample, worker_p50_us)},
    {"requests.worker_us.p99", offsetof(struct sample, worker_p99_us)},
    {"latency.turn_us.p99", offsetof(struct sample, turn_p99_us)},
};

int64_t
sample_int(const json_t *object, const char *path)
{
	return json_integer_value(list_find(object, path));
}

json_t *
sample_request(void)
{
	json_t *names = json_array();

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (json_array_append_new(names, json_string(sections[i])) !=
		    0) {
			json_decref(names);
			return NULL;
		}
	return json_pack("{s:o}", "section", names);
}

void
sample_read(struct sample *s, const json_t *answer, int64_t at_us)
{
	*s = (struct sample){.at_us = at_us};
	for (size_t i = 0; i < SAMPLE_COUNTERS; i++)
		s->counter[i] = sample_int(answer, counters[i]);
	s->counter[SAMPLE_CPU_US] += sample_int(answer, "server.cpu_system_us");
	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++)
		*(int64_t *)((char *)s + gauges[i].at) =
		    sample_int(answer, gauges[i].path);
}

bool
sample_follows(const struct sample *s, const struct sample *before)
{
	if (before->at_us == 0 || s->at_us <= before->at_us ||
	    s->pid != before->pid || s->started_at_s != before->started_at_s)
		return false;
	for (size_t i = 0; i < SAMPLE_COUNTERS; i++)
		if (s->counter[i] < before->counter[i])
			return false;
	return true;
}

double
sample_rate(const struct sample *s, const struct sample *before,
    enum sample_counter counter)
{
	return (double)(s->counter[counter] - before->counter[counter]) * 1e6 /
	       (double)(s->at_us - before->at_us);
}
