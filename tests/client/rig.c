/*
 * All take turns in one thread: whoever waits for a condition gives everybody
 * turns until it is true, or half a minute is over.
 */
#include "rig.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define PATIENCE_S 30

struct rig rig;
static time_t give_up_at;

void
rig_say(const char *format, ...)
{
	size_t n = strlen(rig.log);
	va_list ap;

	if (rig.is_silent)
		return;
	va_start(ap, format);
	vsnprintf(rig.log + n, sizeof(rig.log) - n, format, ap);
	va_end(ap);
	n = strlen(rig.log);
	snprintf(rig.log + n, sizeof(rig.log) - n, "\n");
}

static int
broker_of(const char *endpoint)
{
	return strcmp(endpoint, rig.broker[0].endpoint) == 0 ? 0 : 1;
}

static void
on_event(struct pigato_client *c, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	static const char *const names[] = {
	    "", "start", "stop", "connect", "disconnect", "error"};

	(void)c;
	(void)arg;
	if (endpoint == NULL)
		rig_say("%s", names[event]);
	else if (error == PIGATO_OK)
		rig_say("%s %d", names[event], broker_of(endpoint));
	else
		rig_say("%s %d %s", names[event], broker_of(endpoint),
		    pigato_error_name(error));
}

void
rig_open_with(int n, int64_t heartbeat_ms, int liveness)
{
	char endpoints[256] = "";

	rig.log[0] = '\0';
	rig.is_silent = false;
	rig.n_final = 0;
	rig.n_ok = 0;
	for (int i = 0; i < n; i++) {
		fake_open(&rig.broker[i]);
		snprintf(endpoints + strlen(endpoints),
		    sizeof(endpoints) - strlen(endpoints), "%s, ",
		    rig.broker[i].endpoint);
	}
	rig.c = pigato_client_new(endpoints);
	CHECK(rig.c != NULL);
	pigato_client_on_event(rig.c, on_event, NULL);
	CHECK_INT(
	    pigato_client_set_heartbeat(rig.c, heartbeat_ms, liveness), 0);
}

void
rig_open(int n)
{
	rig_close(); /* what a test that failed has left */
	rig_open_with(n, 2500, 3);
}

void
rig_close(void)
{
	pigato_client_free(rig.c);
	rig.c = NULL;
	fake_clear(&rig.broker[0]);
	fake_clear(&rig.broker[1]);
}

void
rig_begin_wait(void)
{
	give_up_at = time(NULL) + PATIENCE_S;
}

/* Sleeps as an event loop would, a little at most: brokers want turns too. */
void
rig_turn(const char *file, int line, const char *condition)
{
	struct pollfd fd;
	int timeout;
	bool busy;

	if (time(NULL) > give_up_at)
		check_fail(
		    file, line, "never: %s; log:\n%s", condition, rig.log);
	busy = fake_turn(&rig.broker[0]);
	busy = fake_turn(&rig.broker[1]) || busy;
	if (rig.c == NULL)
		return;
	fd = (struct pollfd){.fd = pigato_client_fd(rig.c), .events = POLLIN};
	timeout = pigato_client_timeout(rig.c);
	if (timeout < 0 || timeout > 2)
		timeout = 2;
	if (poll(&fd, 1, busy ? 0 : timeout) >= 0)
		CHECK_INT(pigato_client_process(rig.c), 0);
}

void
rig_on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	const char *name = arg;
	int error = pigato_response_error(response);
	size_t size;
	const char *data = pigato_response_data(response, &size);

	(void)r;
	CHECK(data != NULL && strlen(data) == size);
	rig.n_final += pigato_response_is_final(response);
	rig.n_ok += pigato_response_is_final(response) && error == PIGATO_OK;
	rig_say("%s %s%s%s%s%s", name,
	    pigato_response_is_final(response) ? "final" : "partial",
	    error == PIGATO_OK ? "" : " ",
	    error == PIGATO_OK ? "" : pigato_error_name(error),
	    size > 0 ? " " : "", data);
}

struct pigato_request *
rig_request(const char *service, const char *name,
    const struct pigato_request_opts *opts)
{
	struct pigato_request *r = NULL;

	CHECK_INT(pigato_client_request(rig.c, service, name, strlen(name),
		      opts, rig_on_response, (void *)name, &r),
	    0);
	return r;
}

struct fake_mail *
rig_held(int i, const char *data)
{
	struct fake *f = &rig.broker[i];

	for (size_t k = 0; k < f->n_mail; k++)
		if (strcmp(f->mail[k].frame[1], "2") == 0 &&
		    strcmp(f->mail[k].frame[4], data) == 0)
			return &f->mail[k];
	return NULL;
}

bool
rig_logged(const char *line)
{
	size_t n = strlen(line);

	for (const char *at = rig.log; *at != '\0';) {
		const char *end = strchr(at, '\n');

		if ((size_t)(end - at) == n && memcmp(at, line, n) == 0)
			return true;
		at = end + 1;
	}
	return false;
}
