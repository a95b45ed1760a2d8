/*
 * What the library adds to a round trip: the same exchange, one request at a
 * time, by a bare DEALER and by pigato_client_call(), in turns, against a
 * process that answers at once. roundtrip.sh runs it, and counts.
 *
 *	roundtrip [-o bare|library] [REQUESTS-A-ROUND [ROUNDS [SIZE]]]
 *
 * -o: that one only, for who counts what it does.
 */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uuid.h>
#include <zmq.h>

#include "lib/pigato.h"
#include "measure.h"

#define MAX_FRAMES 16
#define MAX_ROUNDS 101

static char endpoint[64];
static char *data;
static size_t size;

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- who answers ---- */

static void
send_frame(void *s, zmq_msg_t *f, int flags)
{
	if (zmq_msg_send(f, s, flags) < 0)
		die("send");
}

/* peer C 2 service rid data opts becomes peer C 3 - rid 0 data opts. */
static void
answer(void *s, zmq_msg_t *f, int n)
{
	if (n == 3) { /* a heartbeat */
		send_frame(s, &f[0], ZMQ_SNDMORE);
		send_frame(s, &f[1], ZMQ_SNDMORE);
		send_frame(s, &f[2], 0);
		return;
	}
	send_frame(s, &f[0], ZMQ_SNDMORE);
	send_frame(s, &f[1], ZMQ_SNDMORE);
	zmq_send(s, "3", 1, ZMQ_SNDMORE);
	zmq_send(s, "", 0, ZMQ_SNDMORE);
	send_frame(s, &f[4], ZMQ_SNDMORE);
	zmq_send(s, "0", 1, ZMQ_SNDMORE);
	send_frame(s, &f[5], ZMQ_SNDMORE);
	send_frame(s, &f[6], 0);
}

static int
receive(void *s, zmq_msg_t *f)
{
	int n = 0;

	do {
		zmq_msg_init(&f[n]);
		if (zmq_msg_recv(&f[n], s, 0) < 0)
			die("receive");
	} while (zmq_msg_more(&f[n++]) && n < MAX_FRAMES);
	return n;
}

static _Noreturn void
serve(int out)
{
	void *s = zmq_socket(zmq_ctx_new(), ZMQ_ROUTER);
	size_t n = sizeof(endpoint);
	zmq_msg_t f[MAX_FRAMES];

	if (zmq_bind(s, "tcp://127.0.0.1:*") != 0)
		die("bind");
	zmq_getsockopt(s, ZMQ_LAST_ENDPOINT, endpoint, &n);
	if (write(out, endpoint, sizeof(endpoint)) < 0)
		die("write");
	for (;;) {
		int k = receive(s, f);

		answer(s, f, k);
		while (k > 0)
			zmq_msg_close(&f[--k]);
	}
}

/* ---- who asks ---- */

static void
put(void *s, const char *p, size_t n, int flags)
{
	if (zmq_send(s, p, n, flags) < 0)
		die("send");
}

/* Not inlined: callgrind counts what is done within. */
__attribute__((noinline)) static double
bare(void *s, int n)
{
	static const char opts[] = "{\"timeout\":60000}";
	uint64_t start = measure_now();
	zmq_msg_t f[MAX_FRAMES];
	uuid_t uuid;
	char rid[37];

	uuid_generate(uuid);
	uuid_unparse_lower(uuid, rid);
	for (int i = 0; i < n; i++) {
		put(s, "C", 1, ZMQ_SNDMORE);
		put(s, "2", 1, ZMQ_SNDMORE);
		put(s, "echo", 4, ZMQ_SNDMORE);
		put(s, rid, 36, ZMQ_SNDMORE);
		put(s, data, size, ZMQ_SNDMORE);
		put(s, opts, sizeof(opts) - 1, 0);
		for (int k = receive(s, f); k > 0;)
			zmq_msg_close(&f[--k]);
	}
	return (double)(measure_now() - start) / n / 1000;
}

__attribute__((noinline)) static double
library(struct pigato_client *c, int n)
{
	uint64_t start = measure_now();
	struct pigato_response *response;

	for (int i = 0; i < n; i++) {
		int rc =
		    pigato_client_call(c, "echo", data, size, NULL, &response);

		if (rc != PIGATO_OK)
			exit(1);
		pigato_response_free(response);
	}
	return (double)(measure_now() - start) / n / 1000;
}

/* ---- rounds ---- */

struct peers {
	void *dealer;
	struct pigato_client *client;
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return values[n / 2];
}

/* One after the other, the first one being another each time. */
static void
measure_round(const struct peers *p, int n, bool bare_first, double us[2])
{
	if (bare_first)
		us[0] = bare(p->dealer, n);
	us[1] = library(p->client, n);
	if (!bare_first)
		us[0] = bare(p->dealer, n);
}

/* The machine may change its pace: a round is compared with itself. */
static void
measure(const struct peers *p, int n, int rounds)
{
	double bares[MAX_ROUNDS], libraries[MAX_ROUNDS], added[MAX_ROUNDS];
	double us[2];

	measure_round(p, n, true, us);
	for (int i = 0; i < rounds; i++) {
		measure_round(p, n, i % 2 == 0, us);
		bares[i] = us[0];
		libraries[i] = us[1];
		added[i] = (us[1] / us[0] - 1) * 100;
	}
	printf("bare DEALER  median %.2f us", median(bares, rounds));
	printf(", least %.2f us\n", bares[0]);
	printf("library      median %.2f us", median(libraries, rounds));
	printf(", least %.2f us\n", libraries[0]);
	printf("added        median of %d rounds %.1f %%", rounds,
	    median(added, rounds));
	printf(", of the least %.1f %%\n", (libraries[0] / bares[0] - 1) * 100);
}

static void
run(const char *only, int n, int rounds)
{
	struct peers p = {
	    .dealer = zmq_socket(zmq_ctx_new(), ZMQ_DEALER),
	    .client = pigato_client_new(endpoint),
	};

	if (zmq_connect(p.dealer, endpoint) != 0)
		die("connect");
	if (only == NULL)
		measure(&p, n, rounds);
	else if (strcmp(only, "bare") == 0)
		bare(p.dealer, n);
	else
		library(p.client, n);
	pigato_client_free(p.client);
}

int
main(int argc, char **argv)
{
	const char *only = NULL;
	int out[2], n, rounds;
	pid_t child;

	if (getopt(argc, argv, "o:") == 'o')
		only = optarg;
	argc -= optind;
	argv += optind;
	n = argc > 0 ? atoi(argv[0]) : 5000;
	rounds = argc > 1 ? atoi(argv[1]) : 31;
	size = argc > 2 ? (size_t)atol(argv[2]) : 100;
	data = calloc(1, size + 1);
	if (n < 1 || rounds < 1 || rounds > MAX_ROUNDS || data == NULL ||
	    pipe(out) != 0)
		return 2;
	memset(data, 'x', size);
	child = fork();
	if (child == 0)
		serve(out[1]);
	if (read(out[0], endpoint, sizeof(endpoint)) != sizeof(endpoint))
		die("read");
	run(only, n, rounds);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
