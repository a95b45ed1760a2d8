/*
 * All take turns in one thread, as in rig.c. What a broker has heard is text:
 *
 *	ready SERVICE
 *	beat OPTS              if they are not those of the beat before
 *	partial CLIENT RID STATUS DATA OPTS
 *	final …, reject CLIENT RID STATUS DATA
 *	bye
 */
#include "wrig.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zmq.h>

#define PATIENCE_S 30

struct wrig wrig;
static time_t give_up_at;

/* ---- lines ---- */

static void
append(char *log, const char *format, va_list ap)
{
	size_t n = strlen(log);

	vsnprintf(log + n, WRIG_LOG - n, format, ap);
	n = strlen(log);
	snprintf(log + n, WRIG_LOG - n, "\n");
}

void
wrig_say(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	append(wrig.log, format, ap);
	va_end(ap);
}

static void __attribute__((format(printf, 2, 3)))
hear(struct wrig_broker *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	append(b->heard, format, ap);
	va_end(ap);
}

static bool
has_line(const char *log, const char *line)
{
	size_t n = strlen(line);

	for (const char *at = log; *at != '\0';) {
		const char *end = strchr(at, '\n');

		if ((size_t)(end - at) == n && memcmp(at, line, n) == 0)
			return true;
		at = end + 1;
	}
	return false;
}

bool
wrig_logged(const char *line)
{
	return has_line(wrig.log, line);
}

bool
wrig_heard(int i, const char *line)
{
	return has_line(wrig.broker[i].heard, line);
}

void
wrig_forget(void)
{
	wrig.log[0] = '\0';
	wrig.broker[0].heard[0] = '\0';
	wrig.broker[1].heard[0] = '\0';
}

/* ---- brokers ---- */

static void
on_ready(struct wrig_broker *b, const struct fake_mail *m)
{
	b->n_ready++;
	b->beat[0] = '\0';
	snprintf(b->peer, sizeof(b->peer), "%s", m->peer);
	hear(b, "ready %s", m->frame[2]);
	if (b->manner != WRIG_IS_SILENT)
		fake_send(&b->fake, m->peer, "W",
		    b->manner == WRIG_GREETS ? "1" : "5", (char *)NULL);
}

static void
on_beat(struct wrig_broker *b, const struct fake_mail *m)
{
	b->n_beats++;
	if (strcmp(b->beat, m->frame[3]) != 0)
		hear(b, "beat %s", m->frame[3]);
	snprintf(b->beat, sizeof(b->beat), "%.60s", m->frame[3]);
	if (b->manner == WRIG_GREETS && !b->fake.is_mute)
		fake_send(&b->fake, m->peer, "W", "4", (char *)NULL);
}

static void
on_reply(struct wrig_broker *b, const struct fake_mail *m, const char *type)
{
	char line[6 * FAKE_FRAME];
	size_t n = 0;

	if (b->is_counting) {
		b->is_disordered =
		    b->is_disordered ||
		    strtoul(m->frame[6], NULL, 10) != b->n_replies;
		b->n_replies++;
		return;
	}
	for (size_t i = 2; i < m->n; i++)
		if (i != 3)
			n += (size_t)snprintf(
			    line + n, sizeof(line) - n, " %s", m->frame[i]);
	hear(b, "%s%s", type, line);
}

static void
serve(struct wrig_broker *b, const struct fake_mail *m)
{
	if (strcmp(m->frame[0], "W") != 0)
		check_fail(__FILE__, __LINE__, "not a worker");
	switch (m->frame[1][0]) {
	case '1':
		on_ready(b, m);
		break;
	case '3':
		on_reply(b, m, "final");
		break;
	case '4':
		on_beat(b, m);
		break;
	case '5':
		hear(b, "bye");
		break;
	case '6':
		on_reply(b, m, "partial");
		break;
	case '7':
		on_reply(b, m, "reject");
		break;
	default:
		hear(b, "what? %s", m->frame[1]);
		break;
	}
}

static void
serve_first(const struct fake_mail *m)
{
	serve(&wrig.broker[0], m);
}

static void
serve_second(const struct fake_mail *m)
{
	serve(&wrig.broker[1], m);
}

void
wrig_kill(int i)
{
	fake_close(&wrig.broker[i].fake);
}

void
wrig_revive(int i)
{
	fake_open(&wrig.broker[i].fake);
}

/* ---- the worker ---- */

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	static const char *const names[] = {
	    "", "start", "stop", "connect", "disconnect", "error"};
	int i = 0;

	(void)w;
	(void)arg;
	if (endpoint != NULL)
		i = strcmp(endpoint, wrig.broker[0].fake.endpoint) != 0;
	if (endpoint == NULL)
		wrig_say("%s", names[event]);
	else if (error == PIGATO_OK)
		wrig_say("%s %d", names[event], i);
	else
		wrig_say("%s %d %s", names[event], i, pigato_error_name(error));
	if (wrig.on_event != NULL)
		wrig.on_event(event);
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	(void)w;
	(void)arg;
	if (strcmp(pigato_reply_request_id(rep, NULL), "sync") == 0) {
		CHECK_INT(pigato_reply_end(rep, "\"sync\"", 6), 0);
		pigato_reply_free(rep);
		return;
	}
	CHECK(wrig.n_rep < WRIG_KEEP);
	wrig.rep[wrig.n_rep++] = rep;
	wrig_say("request %s %s %s %.*s", pigato_reply_service(rep, NULL),
	    pigato_reply_client_id(rep, NULL),
	    pigato_reply_request_id(rep, NULL), (int)size, data);
	if (wrig.on_request != NULL)
		wrig.on_request(rep);
}

void
wrig_open(int n)
{
	char endpoints[256] = "";

	wrig_close(); /* what a test that failed has left */
	wrig.broker[0].fake.serve = serve_first;
	wrig.broker[1].fake.serve = serve_second;
	for (int i = 0; i < n; i++) {
		fake_open(&wrig.broker[i].fake);
		snprintf(endpoints + strlen(endpoints),
		    sizeof(endpoints) - strlen(endpoints), "%s,",
		    wrig.broker[i].fake.endpoint);
	}
	wrig.w = pigato_worker_new(endpoints, "echo");
	CHECK(wrig.w != NULL);
	pigato_worker_on_event(wrig.w, on_event, NULL);
	CHECK_INT(pigato_worker_on_request(wrig.w, on_request, NULL), 0);
}

static bool
is_settled(int i)
{
	return wrig.broker[i].fake.router == NULL ||
	       (wrig_logged(i == 0 ? "connect 0" : "connect 1") &&
		   wrig.broker[i].beat[0] != '\0');
}

void
wrig_start(void)
{
	CHECK_INT(pigato_worker_start(wrig.w), 0);
	WRIG_UNTIL(is_settled(0) && is_settled(1));
	wrig_forget();
}

void
wrig_close(void)
{
	pigato_worker_free(wrig.w);
	for (size_t i = 0; i < wrig.n_rep; i++)
		pigato_reply_free(wrig.rep[i]);
	fake_clear(&wrig.broker[0].fake);
	fake_clear(&wrig.broker[1].fake);
	memset(&wrig, 0, sizeof(wrig));
}

void
wrig_ask(int i, const char *rid, const char *data)
{
	struct wrig_broker *b = &wrig.broker[i];

	fake_send(&b->fake, b->peer, "W", "2", "c", "echo", "", rid, data, "{}",
	    (char *)NULL);
}

struct pigato_reply *
wrig_get(int i, const char *rid, const char *data)
{
	size_t n = wrig.n_rep;

	wrig_ask(i, rid, data);
	WRIG_UNTIL(wrig.n_rep > n);
	return wrig.rep[n];
}

/* ---- turns ---- */

void
wrig_begin_wait(void)
{
	give_up_at = time(NULL) + PATIENCE_S;
}

/* Sleeps as an event loop would, a little at most: brokers want turns too. */
void
wrig_turn(const char *file, int line, const char *condition)
{
	struct pollfd fd;
	int timeout;
	bool busy;

	if (time(NULL) > give_up_at)
		check_fail(file, line,
		    "never: %s; log:\n%s\nheard by 0:\n%s\nby 1:\n%s",
		    condition, wrig.log, wrig.broker[0].heard,
		    wrig.broker[1].heard);
	busy = fake_turn(&wrig.broker[0].fake);
	busy = fake_turn(&wrig.broker[1].fake) || busy;
	if (wrig.w == NULL)
		return;
	fd = (struct pollfd){.fd = pigato_worker_fd(wrig.w), .events = POLLIN};
	timeout = pigato_worker_timeout(wrig.w);
	if (timeout < 0 || timeout > 2)
		timeout = 2;
	if (poll(&fd, 1, busy ? 0 : timeout) >= 0)
		CHECK_INT(pigato_worker_process(wrig.w), 0);
}

void
wrig_sync(int i)
{
	static const char line[] = "final c sync 0 \"sync\" {}\n";
	struct wrig_broker *b = &wrig.broker[i];
	char *at = NULL;

	wrig_ask(i, "sync", "1");
	WRIG_UNTIL((at = strstr(b->heard, line)) != NULL);
	*at = '\0'; /* what came before it stays */
}
