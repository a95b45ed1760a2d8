/*
 * Who asks. A request is known by its number, which outlives it: what is said
 * of one that has ended is seen, and counted as doubled.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

#define SAY_EACH  500
#define MAX_ERROR 32

/* What has been heard of a request. */
struct heard {
	uint8_t n_parts;
	bool has_ended;
};

struct asker {
	const struct load_conf *conf;
	struct pigato_client *c;
	struct heard *heard; /* by number */
	uint64_t n_room;
	uint64_t n_sent, n_ended, n_wrong, n_doubled;
	uint64_t n_ends[MAX_ERROR]; /* by the negative of the error */
};

static struct asker asker;

static void ask_next(void);

static bool
is_right(const struct pigato_response *response, uint64_t n, unsigned part)
{
	char want[LOAD_TEXT];
	size_t n_want = load_reply(want, n, part), size;
	const char *data = pigato_response_data(response, &size);

	return size == n_want && memcmp(data, want, size) == 0;
}

/* The first ones are told. */
static void
wrong(const struct pigato_response *response, uint64_t n, const struct heard *h)
{
	if (asker.n_wrong++ < 5)
		printf("wrong reply to %" PRIu64 " after %u parts: %.*s\n", n,
		    h->n_parts, LOAD_TEXT,
		    pigato_response_data(response, NULL));
}

static void
on_part(const struct pigato_response *response, uint64_t n, struct heard *h)
{
	if (h->n_parts == LOAD_PARTS || !is_right(response, n, h->n_parts))
		wrong(response, n, h);
	else
		h->n_parts++;
}

static void
on_end(const struct pigato_response *response, uint64_t n, struct heard *h)
{
	int error = pigato_response_error(response);
	unsigned n_parts = load_is_stream(asker.conf, n) ? LOAD_PARTS : 0;

	h->has_ended = true;
	asker.n_ended++;
	asker.n_ends[-error]++;
	if (error == PIGATO_OK &&
	    (h->n_parts != n_parts || !is_right(response, n, LOAD_PARTS)))
		wrong(response, n, h);
	if (asker.n_ended % SAY_EACH == 0)
		printf("at %" PRIu64 "\n", asker.n_ended);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	uint64_t n = (uintptr_t)arg;
	struct heard *h = &asker.heard[n];

	(void)r;
	if (h->has_ended) {
		asker.n_doubled++;
		return;
	}
	if (!pigato_response_is_final(response)) {
		on_part(response, n, h);
		return;
	}
	on_end(response, n, h);
	if (!load_is_over)
		ask_next();
}

static void
make_room(void)
{
	if (asker.n_sent + 1 < asker.n_room)
		return;
	asker.n_room = 2 * asker.n_room + 1024;
	asker.heard = realloc(asker.heard, asker.n_room * sizeof(struct heard));
	if (asker.heard == NULL)
		load_die("no memory");
}

static void
ask_next(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	char text[LOAD_TEXT];
	uint64_t n;
	int rc;

	make_room();
	n = ++asker.n_sent;
	asker.heard[n] = (struct heard){0, false};
	o.retry = asker.conf->retry;
	snprintf(text, sizeof(text), "%" PRIu64, n);
	rc = pigato_client_request(asker.c, LOAD_SERVICE, text, strlen(text),
	    &o, on_response, (void *)(uintptr_t)n, NULL);
	if (rc != PIGATO_OK)
		load_die(pigato_strerror(rc));
}

static void
on_event(struct pigato_client *c, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	(void)c;
	(void)arg;
	if (event == PIGATO_ON_CONNECT)
		printf("connect %s\n", endpoint);
	if (event == PIGATO_ON_DISCONNECT)
		printf("disconnect %s\n", endpoint);
	if (event == PIGATO_ON_ERROR)
		printf("error %s %s\n", endpoint, pigato_error_name(error));
}

/* What has become of all; false: somebody has been forgotten. */
static bool
account(void)
{
	printf("sent %" PRIu64 "\n", asker.n_sent);
	printf("wrong %" PRIu64 "\n", asker.n_wrong);
	printf("doubled %" PRIu64 "\n", asker.n_doubled);
	for (int e = 0; e < MAX_ERROR; e++)
		if (asker.n_ends[e] > 0)
			printf("%s %" PRIu64 "\n", pigato_error_name(-e),
			    asker.n_ends[e]);
	return asker.n_ended == asker.n_sent && asker.n_wrong == 0 &&
	       asker.n_doubled == 0;
}

int
load_ask(const struct load_conf *conf)
{
	bool is_right;

	asker.conf = conf;
	asker.c = pigato_client_new(conf->endpoints);
	if (asker.c == NULL)
		load_die("no memory");
	pigato_client_on_event(asker.c, on_event, NULL);
	pigato_client_set_heartbeat(asker.c, LOAD_HEARTBEAT_MS, LOAD_LIVENESS);
	pigato_client_set_timeout(asker.c, conf->timeout_ms);
	pigato_client_set_policy(asker.c, conf->policy);
	for (int i = 0; i < conf->depth; i++)
		ask_next();
	while (!load_is_over || pigato_client_in_flight(asker.c) > 0) {
		load_sleep(pigato_client_fd(asker.c),
		    pigato_client_timeout(asker.c), 1000);
		pigato_client_process(asker.c);
	}
	is_right = account();
	pigato_client_free(asker.c);
	free(asker.heard);
	return is_right ? 0 : 1;
}
