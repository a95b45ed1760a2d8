/*
 * Nobody tells a worker that a client is gone. What can be known of it: the
 * broker is lost, and with it the request; or a client that said that it was
 * still there does not say so any more.
 */
#include "cli/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/child.h"
#include "cli/cli.h"
#include "cli/text.h"

#define READ_SIZE ((size_t)65536)

/* Of one reply: a broker's max_frame, unless it is told otherwise. */
#define REPLY_MAX ((size_t)64 << 20)

static const char too_large[] = "more output in one piece than 64 MiB";

struct job {
	TAILQ_ENTRY(job) next;
	struct pigato_reply *rep;
	struct child child;
	struct text input;  /* a copy, where the data is not passed on as is */
	struct text output; /* not replied yet */
	size_t room;
	const char *why;    /* it was stopped; NULL: it was not */
	int64_t expires_at; /* -1: never */
	size_t fd_at;	    /* in what was polled */
};

static void
stop(struct job *j, const char *why)
{
	if (j->why != NULL)
		return;
	j->why = why;
	child_stop(&j->child, cli_now_ms());
}

/* ---- output ---- */

static void
say(struct job *j, const char *p, size_t n, bool is_end)
{
	int rc;

	if (n > REPLY_MAX) {
		stop(j, too_large);
		return;
	}
	rc = is_end ? pigato_reply_end(j->rep, p, n)
		    : pigato_reply_write(j->rep, p, n);
	if (rc != PIGATO_OK)
		stop(j, pigato_strerror(rc));
}

/* What is JSON goes as it is, anything else as a string. */
static void
say_output(struct jobs *js, struct job *j, const char *p, size_t n, bool is_end)
{
	const char *value = p;
	size_t n_value = n;
	struct text json;

	text_trim(&value, &n_value);
	if (!js->conf.is_raw && n_value > 0 &&
	    text_is_json(value, n_value, NULL, 0)) {
		say(j, value, n_value, is_end);
	} else if (text_to_json(p, n, &json)) {
		say(j, json.p, json.n, is_end);
		free(json.p);
	} else {
		stop(j, "out of memory");
	}
}

/* The lines that are complete; from: what comes before has no end in it. */
static void
say_lines(struct jobs *js, struct job *j, size_t from)
{
	char *start = j->output.p, *end = start + j->output.n, *eol;
	char *look = start + from;

	while (j->why == NULL && look < end &&
	       (eol = memchr(look, '\n', (size_t)(end - look))) != NULL) {
		say_output(js, j, start, (size_t)(eol - start), false);
		start = look = eol + 1;
	}
	j->output.n = (size_t)(end - start);
	memmove(j->output.p, start, j->output.n);
}

static bool
make_room(struct job *j)
{
	size_t room = j->room * 2;
	char *p;

	if (j->output.n > REPLY_MAX) {
		stop(j, too_large);
		return false;
	}
	if (j->room - j->output.n >= READ_SIZE)
		return true;
	if (room < 2 * READ_SIZE)
		room = 2 * READ_SIZE;
	p = realloc(j->output.p, room);
	if (p == NULL) {
		stop(j, "out of memory");
		return false;
	}
	j->output.p = p;
	j->room = room;
	return true;
}

static void
take_output(struct jobs *js, struct job *j)
{
	size_t before = j->output.n, n;

	if (!make_room(j))
		return;
	n = child_read(&j->child, j->output.p + before, READ_SIZE);
	j->output.n += n;
	if (n > 0 && !js->conf.is_whole)
		say_lines(js, j, before);
}

/* ---- the end ---- */

static void
say_failure(struct job *j)
{
	char text[64];
	int status = j->child.status;

	if (status > 0)
		snprintf(text, sizeof(text), "exit status %d", status);
	else
		snprintf(text, sizeof(text), "killed by signal %d", -status);
	pigato_reply_error_text(j->rep, text);
}

/* What is left of the output is a line without an end, or all of it. */
static void
say_end(struct jobs *js, struct job *j)
{
	size_t n = j->output.n;
	bool is_good = j->child.status == 0;

	if (js->conf.is_whole && n > 0 && j->output.p[n - 1] == '\n')
		n--;
	if (n > 0 && !js->conf.is_whole)
		say_output(js, j, j->output.p, n, false);
	if (j->why != NULL)
		return;
	if (!is_good)
		say_failure(j);
	else if (n > 0 && js->conf.is_whole)
		say_output(js, j, j->output.p, n, true);
	else
		pigato_reply_end(j->rep, NULL, 0);
}

static void
job_free(struct job *j)
{
	pigato_reply_free(j->rep);
	free(j->input.p);
	free(j->output.p);
	free(j);
}

static void
leave(struct jobs *js, struct job *j)
{
	TAILQ_REMOVE(&js->list, j, next);
	js->n--;
	job_free(j);
}

static void
finish(struct jobs *js, struct job *j)
{
	if (j->why == NULL)
		say_end(js, j);
	if (j->why != NULL)
		pigato_reply_error_text(j->rep, j->why);
	child_close(&j->child);
	leave(js, j);
}

/* ---- the beginning ---- */

void
jobs_init(struct jobs *js, const struct job_conf *conf)
{
	js->conf = *conf;
	TAILQ_INIT(&js->list);
	js->n = 0;
}

void
jobs_clear(struct jobs *js)
{
	struct job *j, *next;

	for (j = TAILQ_FIRST(&js->list); j != NULL; j = next) {
		next = TAILQ_NEXT(j, next);
		child_close(&j->child);
		leave(js, j);
	}
}

/* A line that ends, for those who read lines; or a string's text. */
static bool
make_input(struct jobs *js, struct job *j, const char *data, size_t size)
{
	if (js->conf.is_raw && text_of_json(data, size, &j->input))
		return true;
	j->input.p = malloc(size + 1);
	if (j->input.p == NULL)
		return false;
	if (size > 0)
		memcpy(j->input.p, data, size);
	j->input.p[size] = '\n';
	j->input.n = size + 1;
	return true;
}

static void
set_environment(const struct pigato_reply *rep)
{
	setenv("PIGATO_SERVICE", pigato_reply_service(rep, NULL), 1);
	setenv("PIGATO_CLIENT", pigato_reply_client_id(rep, NULL), 1);
	setenv("PIGATO_REQUEST", pigato_reply_request_id(rep, NULL), 1);
}

void
jobs_add(
    struct jobs *js, struct pigato_reply *rep, const char *data, size_t size)
{
	struct job *j = calloc(1, sizeof(*j));
	int rc;

	if (j == NULL || !make_input(js, j, data, size)) {
		pigato_reply_error_text(rep, "out of memory");
		pigato_reply_free(rep);
		free(j);
		return;
	}
	j->rep = rep;
	set_environment(rep);
	rc = child_start(
	    &j->child, js->conf.path, js->conf.argv, j->input.p, j->input.n);
	if (rc < 0) {
		pigato_reply_error_text(rep, strerror(-rc));
		job_free(j);
		return;
	}
	j->expires_at = -1;
	if (js->conf.timeout_ms > 0)
		j->expires_at = cli_now_ms() + js->conf.timeout_ms;
	TAILQ_INSERT_TAIL(&js->list, j, next);
	js->n++;
}

/* ---- the loop ---- */

size_t
jobs_count_fds(const struct jobs *js)
{
	return 2 * js->n;
}

void
jobs_fill(struct jobs *js, struct pollfd *fd)
{
	struct job *j;
	size_t at = 0;

	TAILQ_FOREACH (j, &js->list, next) {
		j->fd_at = at;
		fd[at++] = (struct pollfd){
		    .fd = j->child.in_fd,
		    .events = POLLOUT,
		};
		fd[at++] = (struct pollfd){
		    .fd = j->child.out_fd,
		    .events = POLLIN,
		};
	}
}

/* When its client has been silent for too long; -1: it never spoke. */
static int64_t
silent_at(const struct jobs *js, const struct job *j, int64_t now)
{
	int64_t ago = pigato_reply_heard_ms_ago(j->rep);

	if (ago < 0 || js->conf.silence_ms == 0)
		return -1;
	return now - ago + js->conf.silence_ms;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

int64_t
jobs_deadline(const struct jobs *js)
{
	int64_t at = -1, now = cli_now_ms();
	const struct job *j;

	TAILQ_FOREACH (j, &js->list, next) {
		at = earlier(at, j->child.kill_at);
		if (j->why == NULL)
			at = earlier(
			    at, earlier(j->expires_at, silent_at(js, j, now)));
	}
	return at;
}

static void
serve_time(const struct jobs *js, struct job *j, int64_t now)
{
	int64_t silent = silent_at(js, j, now);

	child_on_time(&j->child, now);
	if (j->expires_at >= 0 && now >= j->expires_at)
		stop(j, "it took too long");
	if (silent >= 0 && now >= silent)
		stop(j, "its client is gone");
}

static void
serve_one(
    struct jobs *js, struct job *j, const struct pollfd *fd, bool has_exits)
{
	int64_t now = cli_now_ms();

	if (j->child.in_fd >= 0 && fd[j->fd_at].revents != 0)
		child_feed(&j->child);
	if (j->child.out_fd >= 0 && fd[j->fd_at + 1].revents != 0)
		take_output(js, j);
	if (has_exits)
		child_look(&j->child, now);
	serve_time(js, j, now);
	if (child_is_over(&j->child))
		finish(js, j);
}

void
jobs_serve(struct jobs *js, const struct pollfd *fd, bool has_exits)
{
	struct job *j, *next;

	for (j = TAILQ_FIRST(&js->list); j != NULL; j = next) {
		next = TAILQ_NEXT(j, next);
		serve_one(js, j, fd, has_exits);
	}
}

void
jobs_drop_unwanted(struct jobs *js)
{
	struct job *j;

	TAILQ_FOREACH (j, &js->list, next)
		if (!pigato_reply_is_active(j->rep))
			stop(j, "its broker is gone");
}

void
jobs_stop(struct jobs *js, bool at_once)
{
	struct job *j;

	TAILQ_FOREACH (j, &js->list, next) {
		stop(j, "its worker stops");
		if (at_once)
			child_kill(&j->child);
	}
}
