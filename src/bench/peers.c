/*
 * Handles are opened here, in the main thread, one after the other, and then
 * left to their threads: no handle is used by two at a time.
 */
#include "bench/peers.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/clock.h"
#include "bench/run.h"

#define NAP_MS 50

/*
 * Of each client and worker, as measured and a bit more: libzmq ends the
 * process where it gets none.
 */
#define DESCRIPTORS	      7
#define DESCRIPTORS_OF_BROKER 5
#define DESCRIPTORS_OF_OURS   64

static int
raise_limit(const struct conf *conf)
{
	int64_t n_brokers = 1, want;
	struct rlimit r;

	for (const char *p = conf->endpoints; *p != '\0'; p++)
		n_brokers += *p == ',';
	want = (conf->clients + conf->workers) *
		   (DESCRIPTORS + n_brokers * DESCRIPTORS_OF_BROKER) +
	       DESCRIPTORS_OF_OURS;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return 0;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_max == RLIM_INFINITY || (int64_t)r.rlim_max >= want)
		return 0;
	conf_complain("%lld clients and %lld workers take %lld descriptors, "
		      "and %lld are allowed: want fewer, or more by ulimit -n",
	    (long long)conf->clients, (long long)conf->workers, (long long)want,
	    (long long)r.rlim_max);
	return STATUS_USAGE;
}

static int
complain_of(const char *what, int64_t i, const struct conf *conf, int error)
{
	if (error == PIGATO_ERR_INVALID) {
		conf_complain("--endpoint %s: %s: want tcp://HOST:PORT or "
			      "ipc:///PATH, with commas between several",
		    conf->endpoints, pigato_check_endpoints(conf->endpoints));
		return STATUS_USAGE;
	}
	conf_complain("%s %lld: %s%s%s", what, (long long)i + 1,
	    pigato_strerror(error), error == PIGATO_ERR_SYSTEM ? ": " : "",
	    error == PIGATO_ERR_SYSTEM ? strerror(errno) : "");
	return STATUS_BAD;
}

/* ---- waiting until they are connected ---- */

static int
nap_of(int timeout)
{
	return timeout < 0 || timeout > NAP_MS ? NAP_MS : timeout;
}

static bool
wait_for_client(struct load *l, int64_t until)
{
	struct pollfd fd = {
	    .fd = pigato_client_fd(l->client), .events = POLLIN};

	while (!pigato_client_is_connected(l->client)) {
		if (clock_now() > until)
			return false;
		poll(&fd, 1, nap_of(pigato_client_timeout(l->client)));
		pigato_client_process(l->client);
	}
	return true;
}

static bool
wait_for_worker(struct echo *e, int64_t until)
{
	struct pollfd fd = {
	    .fd = pigato_worker_fd(e->worker), .events = POLLIN};

	while (!pigato_worker_is_connected(e->worker)) {
		if (clock_now() > until || pigato_worker_is_denied(e->worker))
			return false;
		poll(&fd, 1, nap_of(pigato_worker_timeout(e->worker)));
		pigato_worker_process(e->worker);
	}
	return true;
}

static int
complain_of_worker(const struct echo *e, const struct conf *conf)
{
	if (pigato_worker_is_denied(e->worker))
		conf_complain("the broker at %s lets nobody serve %.80s: want "
			      "another --service",
		    conf->endpoints, conf->service);
	else
		conf_complain("the broker at %s takes no worker for %.80s "
			      "within %g s",
		    conf->endpoints, conf->service, conf->wait);
	return STATUS_NO_BROKER;
}

static int
open_clients(struct peers *p, struct schedule *when)
{
	const struct conf *conf = p->conf;
	int64_t until = clock_now() + clock_ns(conf->wait);
	int rc;

	for (int64_t i = 0; i < conf->clients; i++, p->n_loads++) {
		rc = load_open(&p->loads[i], conf, when, i);
		if (rc != PIGATO_OK)
			return complain_of("client", i, conf, rc);
	}
	for (int64_t i = 0; i < conf->clients; i++)
		if (!wait_for_client(&p->loads[i], until)) {
			conf_complain("no broker answers at %s within %g s",
			    conf->endpoints, conf->wait);
			return STATUS_NO_BROKER;
		}
	return 0;
}

static int
open_workers(struct peers *p)
{
	const struct conf *conf = p->conf;
	int64_t until = clock_now() + clock_ns(conf->wait);
	int rc;

	for (int64_t i = 0; i < conf->workers; i++, p->n_echoes++) {
		rc = echo_open(&p->echoes[i], conf);
		if (rc == PIGATO_ERR_INVALID) {
			conf_complain(
			    "--service %.80s: want a name that workers "
			    "may have",
			    conf->service);
			return STATUS_USAGE;
		}
		if (rc != PIGATO_OK)
			return complain_of("worker", i, conf, rc);
	}
	for (int64_t i = 0; i < conf->workers; i++)
		if (!wait_for_worker(&p->echoes[i], until))
			return complain_of_worker(&p->echoes[i], conf);
	return 0;
}

/* ---- others' service ---- */

/* One request, so that nobody waits a minute to hear that nobody serves. */
static int
ask_service(struct peers *p)
{
	struct load *l = &p->loads[0];
	const struct conf *conf = p->conf;
	struct pigato_request_opts opts = PIGATO_REQUEST_OPTS;
	int rc;

	opts.failfast = true;
	opts.nocache = true;
	opts.timeout_ms = (int64_t)(conf->wait * 1000);
	rc = pigato_client_call(l->client, conf->service, data_of(&l->data, 0),
	    l->data.size, &opts, NULL);
	if (rc == PIGATO_OK)
		return 0;
	if (rc == PIGATO_ERR_NO_WORKER)
		conf_complain("nobody serves %s at %s: want a worker there "
			      "that gives back what it gets",
		    conf->service, conf->endpoints);
	else
		conf_complain(
		    "%s, asked once: %s", conf->service, pigato_strerror(rc));
	return STATUS_BAD;
}

int
peers_open(struct peers *p, const struct conf *conf, struct schedule *when)
{
	int status;

	*p = (struct peers){.conf = conf};
	status = raise_limit(conf);
	if (status != 0)
		return status;
	p->loads = calloc((size_t)conf->clients, sizeof(*p->loads));
	p->echoes = calloc((size_t)conf->workers + 1, sizeof(*p->echoes));
	if (p->loads == NULL || p->echoes == NULL)
		return complain_of("client", 0, conf, PIGATO_ERR_NOMEM);
	status = open_clients(p, when);
	if (status == 0)
		status = open_workers(p);
	if (status == 0 && conf->workers == 0)
		status = ask_service(p);
	return status;
}

void
peers_close(struct peers *p)
{
	while (p->n_loads > 0)
		load_close(&p->loads[--p->n_loads]);
	while (p->n_echoes > 0)
		echo_close(&p->echoes[--p->n_echoes]);
	free(p->loads);
	free(p->echoes);
}

/* ---- threads ---- */

static int
complain_of_thread(int rc)
{
	conf_complain(
	    "a thread: %s: want fewer --clients and --workers", strerror(-rc));
	return STATUS_BAD;
}

int
peers_start_workers(struct peers *p)
{
	int rc;

	for (; p->n_echoes_running < p->n_echoes; p->n_echoes_running++) {
		rc = echo_start(&p->echoes[p->n_echoes_running]);
		if (rc < 0)
			return complain_of_thread(rc);
	}
	return 0;
}

int
peers_start_clients(struct peers *p)
{
	int rc;

	for (; p->n_loads_running < p->n_loads; p->n_loads_running++) {
		rc = load_start(&p->loads[p->n_loads_running]);
		if (rc < 0)
			return complain_of_thread(rc);
	}
	return 0;
}

void
peers_join_clients(struct peers *p)
{
	while (p->n_loads_running > 0)
		pthread_join(p->loads[--p->n_loads_running].thread, NULL);
}

void
peers_stop_workers(struct peers *p)
{
	while (p->n_echoes_running > 0)
		echo_stop(&p->echoes[--p->n_echoes_running]);
}
