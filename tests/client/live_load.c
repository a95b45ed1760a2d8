/*
 * Every request is accounted for: it ends once, with its own data, whatever
 * becomes of its brokers meanwhile. All are with retry; some are streams.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pigato.h"
#include "live.h"

#define DEPTH	     64
#define HEARTBEAT_MS 100
#define TIMEOUT_MS   60000

struct load {
	struct pigato_client *c;
	long n, n_sent, n_ended, n_ok;
	long n_errors[32]; /* by the negative of their number */
};

struct job {
	struct load *load;
	long number;
	int n_ends;
};

static void send_next(struct load *load);

static int
is_ours(const struct job *job, const struct pigato_response *response)
{
	return atol(pigato_response_data(response, NULL)) == job->number;
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct job *job = arg;
	struct load *load = job->load;
	int error = pigato_response_error(response);

	(void)r;
	if (!pigato_response_is_final(response))
		return;
	if (++job->n_ends != 1)
		abort();
	if (error == PIGATO_OK && !is_ours(job, response))
		error = PIGATO_ERR_PROTOCOL;
	load->n_ended++;
	load->n_ok += error == PIGATO_OK;
	load->n_errors[-error]++;
	if (load->n_ended % (load->n / 10) == 0)
		printf("done %ld%%\n", load->n_ended * 100 / load->n);
	free(job);
	send_next(load);
}

static void
send_next(struct load *load)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	struct job *job;
	char data[32];
	int rc;

	if (load->n_sent == load->n)
		return;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		exit(1);
	job->load = load;
	job->number = ++load->n_sent;
	snprintf(data, sizeof(data), "%ld", job->number);
	o.retry = true;
	rc = pigato_client_request(
	    load->c, "echo", data, strlen(data), &o, on_response, job, NULL);
	if (rc != PIGATO_OK) {
		printf("request: %s\n", pigato_strerror(rc));
		exit(1);
	}
}

static void
on_event(struct pigato_client *c, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	static const char *const names[] = {
	    "", "start", "stop", "connect", "disconnect", "error"};

	(void)c;
	(void)arg;
	printf("%s %s %s\n", names[event], endpoint == NULL ? "" : endpoint,
	    pigato_error_name(error));
}

/* A loop of poll(2), as a program may have it. */
static void
loop(struct load *load)
{
	struct pollfd fd = {.fd = pigato_client_fd(load->c), .events = POLLIN};

	while (load->n_ended < load->n) {
		poll(&fd, 1, pigato_client_timeout(load->c));
		pigato_client_process(load->c);
	}
}

int
live_load(const char *addresses, long n)
{
	struct load load = {.n = n};

	load.c = pigato_client_new(addresses);
	if (load.c == NULL)
		return 1;
	pigato_client_on_event(load.c, on_event, NULL);
	pigato_client_set_heartbeat(load.c, HEARTBEAT_MS, 5);
	pigato_client_set_timeout(load.c, TIMEOUT_MS);
	for (int i = 0; i < DEPTH; i++)
		send_next(&load);
	loop(&load);
	pigato_client_free(load.c);
	for (int e = 0; e < 32; e++)
		if (load.n_errors[e] > 0)
			printf("%s %ld\n", pigato_error_name(-e),
			    load.n_errors[e]);
	return load.n_ok == n ? 0 : 1;
}
