/*
 * What a broker has done so far, at an instant: of two samples come rates.
 * Counters that went back, or another process, make the first one void.
 */
#ifndef CLI_SAMPLE_H
#define CLI_SAMPLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum sample_counter {
	SAMPLE_REQUESTS,
	SAMPLE_SERVED,
	SAMPLE_ERRORS,
	SAMPLE_REJECTS,
	SAMPLE_RETRIES,
	SAMPLE_EXPIRED,
	SAMPLE_LOST,
	SAMPLE_IN_BYTES,
	SAMPLE_OUT_BYTES,
	SAMPLE_CPU_US,
	SAMPLE_COUNTERS
};

struct sample {
	int64_t at_us; /* 0: there is none */
	int64_t pid, started_at_s, uptime_ms;
	int64_t counter[SAMPLE_COUNTERS];
	int64_t queued, in_flight, workers, draining, services, paused, clients;
	int64_t rss_bytes;
	int64_t queue_p99_us, worker_p50_us, worker_p99_us, turn_p99_us;
};

/* The members of a request for what sample_read() wants. NULL: no memory. */
json_t *sample_request(void);

/* What the answer says; at_us is when it came. */
void sample_read(struct sample *s, const json_t *answer, int64_t at_us);

/* Does s go on where `before` was? */
bool sample_follows(const struct sample *s, const struct sample *before);

/* A second; of samples that follow each other. */
double sample_rate(const struct sample *s, const struct sample *before,
    enum sample_counter counter);

/* An integer, as list_find() finds it; 0: it is not there. */
int64_t sample_int(const json_t *object, const char *path);

#endif
