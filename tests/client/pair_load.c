/*
 * Every request is accounted for. Three workers of one service; the one that
 * has replied often enough is drained, and comes back under a new id. A third
 * of the requests are streams, a third are with retry.
 */
#include <stdio.h>
#include <stdlib.h>

#include "pair.h"

#define DEPTH	     64
#define HEARTBEAT_MS 100
#define LIVENESS     5
#define N_WORKERS    3
#define N_PARTS	     5
#define DRAIN_EVERY  500

struct job {
	long number;
	int n_parts;
	bool retry;
};

static struct {
	long n, n_sent, n_ended, n_ok, n_bad;
	long n_errors[32]; /* by the negative of their number */
	long n_drains, n_stops;
	bool calm;
} load;

/* ---- workers ---- */

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	long *n_served = pigato_worker_data(w);
	bool is_stream = strcmp(pigato_reply_service(rep, NULL), "stream") == 0;

	(void)arg;
	for (int i = 0; is_stream && i < N_PARTS; i++) {
		char part[16];
		int n = snprintf(part, sizeof(part), "%d", i);

		pigato_reply_write(rep, part, (size_t)n);
	}
	pigato_reply_end(rep, data, size);
	pigato_reply_free(rep);
	if (++*n_served % DRAIN_EVERY == 0 &&
	    pigato_worker_drain(w) == PIGATO_OK)
		load.n_drains++;
}

static void
on_worker(struct pigato_worker *w, enum pigato_event event,
    const char *endpoint, int error, void *arg)
{
	(void)arg;
	if (event == PIGATO_ON_DISCONNECT)
		printf("worker disconnect %s\n", endpoint);
	if (event == PIGATO_ON_ERROR)
		printf("worker error %s\n", pigato_error_name(error));
	if (event != PIGATO_ON_STOP || load.n_ended == load.n)
		return;
	load.n_stops++;
	if (pigato_worker_start(w) != PIGATO_OK)
		exit(1);
}

static void
open_workers(const char *addresses)
{
	static long n_served[N_WORKERS];

	for (int i = 0; i < N_WORKERS; i++) {
		struct pigato_worker *w = pigato_worker_new(addresses, "s*");

		if (w == NULL)
			exit(1);
		pair.w[i] = w;
		n_served[i] = i * DRAIN_EVERY / N_WORKERS; /* not all at once */
		pigato_worker_set_data(w, &n_served[i]);
		pigato_worker_set_heartbeat(w, HEARTBEAT_MS, LIVENESS);
		pigato_worker_on_event(w, on_worker, NULL);
		pigato_worker_on_request(w, on_request, NULL);
		if (pigato_worker_start(w) != PIGATO_OK)
			exit(1);
	}
}

/* ---- requests ---- */

static void send_next(void);

static bool
is_allowed(const struct job *job, int error)
{
	if (load.calm || job->retry)
		return false;
	return error == PIGATO_ERR_WORKER_LOST ||
	       error == PIGATO_ERR_PARTIAL_LOST ||
	       error == PIGATO_ERR_NO_BROKER || error == PIGATO_ERR_TIMEOUT;
}

static void
on_end(const struct job *job, const struct pigato_response *response)
{
	int error = pigato_response_error(response);
	const char *data = pigato_response_data(response, NULL);

	load.n_ended++;
	load.n_errors[-error]++;
	if (error != PIGATO_OK)
		load.n_bad += !is_allowed(job, error);
	else if (atol(data) != job->number ||
		 (job->number % 3 == 0 && job->n_parts != N_PARTS))
		load.n_bad++;
	else
		load.n_ok++;
	if (load.n_ended % (load.n / 10) == 0)
		printf("done %ld%%\n", load.n_ended * 100 / load.n);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct job *job = arg;

	(void)r;
	if (pigato_response_is_final(response)) {
		on_end(job, response);
		free(job);
		send_next();
		return;
	}
	if (atoi(pigato_response_data(response, NULL)) != job->n_parts++) {
		printf("request %ld: a part is missing, or doubled\n",
		    job->number);
		load.n_bad++;
	}
}

static void
send_next(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	struct job *job;
	char data[32];
	int rc;

	if (load.n_sent == load.n)
		return;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		exit(1);
	job->number = ++load.n_sent;
	job->retry = job->number % 3 == 1;
	o.retry = job->retry;
	o.timeout_ms = job->retry ? 60000 : 5000;
	snprintf(data, sizeof(data), "%ld", job->number);
	rc = pigato_client_request(pair.c,
	    job->number % 3 == 0 ? "stream" : "single", data, strlen(data), &o,
	    on_response, job, NULL);
	if (rc != PIGATO_OK) {
		printf("request: %s\n", pigato_strerror(rc));
		exit(1);
	}
}

int
pair_load(const char *addresses, long n, bool calm)
{
	load.n = n;
	load.calm = calm;
	pair.c = pigato_client_new(addresses);
	if (pair.c == NULL)
		return 1;
	pigato_client_set_policy(pair.c, PIGATO_SPREAD);
	pigato_client_set_heartbeat(pair.c, HEARTBEAT_MS, LIVENESS);
	open_workers(addresses);
	for (int i = 0; i < DEPTH; i++)
		send_next();
	while (load.n_ended < n)
		pair_turn();
	pair_close();
	for (int e = 0; e < 32; e++)
		if (load.n_errors[e] > 0)
			printf("%s %ld\n", pigato_error_name(-e),
			    load.n_errors[e]);
	printf("%ld drains, %ld stops, %ld bad\n", load.n_drains, load.n_stops,
	    load.n_bad);
	return load.n_bad == 0 && load.n_stops > 0 ? 0 : 1;
}
