/*
 * serve: a worker. Each request runs a command, or is sent back as it came.
 * It waits for its brokers, and comes back to them, for as long as it runs.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/job.h"
#include "cli/path.h"
#include "cli/signals.h"

#define YEAR_MS	 31536000000
#define N_ECHOES 100

struct serve_conf {
	int64_t concurrency, timeout_ms, silence_ms, cache_ms;
	bool is_echo, is_raw, is_whole;
};

static const struct serve_conf defaults = {.silence_ms = 30000};

#define AT(field) offsetof(struct serve_conf, field)

static const struct args_option options[] = {
    {.name = "concurrency",
	.letter = 'c',
	.type = ARGS_NUMBER,
	.at = AT(concurrency),
	.arg = "N",
	.want = "1 to 100000",
	.min = 1,
	.max = 100000,
	.text = "requests at once (one for each processor; --echo: 100)"},
    {.name = "echo",
	.type = ARGS_FLAG,
	.at = AT(is_echo),
	.text = "reply with the data that came, no COMMAND"},
    {.name = "raw",
	.letter = 'r',
	.type = ARGS_FLAG,
	.at = AT(is_raw),
	.text = "strings go in as their text, lines come out as strings"},
    {.name = "whole",
	.type = ARGS_FLAG,
	.at = AT(is_whole),
	.text = "all output is one reply, not each line a partial one"},
    {.name = "timeout",
	.letter = 't',
	.type = ARGS_NUMBER,
	.at = AT(timeout_ms),
	.arg = "MS",
	.want = "milliseconds, 0 for none",
	.min = 0,
	.max = YEAR_MS,
	.text = "end a command that takes longer (none)"},
    {.name = "silence",
	.type = ARGS_NUMBER,
	.at = AT(silence_ms),
	.arg = "MS",
	.want = "milliseconds, 0 for any",
	.min = 0,
	.max = YEAR_MS,
	.text = "end it if its client's heartbeats cease (30000)"},
    {.name = "cache",
	.type = ARGS_NUMBER,
	.at = AT(cache_ms),
	.arg = "MS",
	.want = "milliseconds, 0 for not at all",
	.min = 0,
	.max = YEAR_MS,
	.text = "the broker may keep replies so long (0)"},
    {.name = NULL},
};

static const char more[] =
    "COMMAND gets the data on its standard input. Each line of its output is "
    "a partial\nreply at once: one that is JSON as it is, any other as a JSON "
    "string. Exit status 0\nends the reply with null, any other is an error "
    "reply. It finds PIGATO_SERVICE,\nPIGATO_CLIENT and PIGATO_REQUEST in its "
    "environment.\n\nSIGTERM, SIGINT and SIGHUP end it and all commands; "
    "SIGUSR1 lets it finish what it\nhas begun and then leave.\n";

static const int caught[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGCHLD};

#define N_CAUGHT (sizeof(caught) / sizeof(caught[0]))
#define N_FDS	 2 /* beside those of the jobs */

struct serve {
	struct cli *cli;
	const struct serve_conf *conf;
	const char *service;
	struct pigato_worker *worker;
	struct jobs jobs;
	struct pollfd *fd;
	size_t n_fd;
	int64_t note_at; /* nobody has answered by then; -1: no more of it */
	bool is_stopped; /* the worker */
	int status;
};

/* ---- what the worker tells ---- */

/* One of several brokers may be a mistake; where all refuse there is no use. */
static void
on_denied(struct serve *s, struct pigato_worker *w, const char *endpoint)
{
	bool is_over = pigato_worker_is_denied(w);

	s->note_at = -1;
	cli_complain(s->cli, "%s does not let us serve %s%s", endpoint,
	    s->service, is_over ? "" : "; trying on");
	if (!is_over)
		return;
	s->status = CLI_DENIED;
	pigato_worker_stop(w);
}

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	struct serve *s = arg;

	switch (event) {
	case PIGATO_ON_CONNECT:
		s->note_at = -1;
		cli_note(s->cli, "serving %s at %s as %s", s->service, endpoint,
		    pigato_worker_id(w));
		break;
	case PIGATO_ON_DISCONNECT:
		cli_note(s->cli, "%s is gone; trying on", endpoint);
		break;
	case PIGATO_ON_ERROR:
		if (error == PIGATO_ERR_DENIED)
			on_denied(s, w, endpoint);
		else
			cli_complain(
			    s->cli, "%s: %s", endpoint, pigato_strerror(error));
		break;
	case PIGATO_ON_STOP:
		s->is_stopped = true;
		break;
	case PIGATO_ON_START:
		break;
	}
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct serve *s = arg;

	(void)w;
	pigato_reply_set_cache(rep, s->conf->cache_ms);
	if (!s->conf->is_echo) {
		jobs_add(&s->jobs, rep, data, size);
		return;
	}
	pigato_reply_end(rep, size > 0 ? data : NULL, size);
	pigato_reply_free(rep);
}

/* ---- the loop ---- */

static bool
make_room(struct serve *s)
{
	size_t n = N_FDS + jobs_count_fds(&s->jobs);
	struct pollfd *fd;

	if (n <= s->n_fd)
		return true;
	fd = realloc(s->fd, 2 * n * sizeof(*fd));
	if (fd == NULL)
		return false;
	s->fd = fd;
	s->n_fd = 2 * n;
	return true;
}

static int
time_left(const struct serve *s)
{
	int timeout = pigato_worker_timeout(s->worker);
	int64_t at = jobs_deadline(&s->jobs), left;

	if (s->note_at >= 0 && (at < 0 || s->note_at < at))
		at = s->note_at;
	if (at < 0)
		return timeout;
	left = at - cli_now_ms();
	if (left < 0)
		left = 0;
	return timeout < 0 || timeout > left ? (int)left : timeout;
}

/* The first signal stops, a second one does not wait for anybody. */
static void
serve_signals(struct serve *s)
{
	bool stops = cli_is_interrupted(s->cli);

	if (stops && !s->is_stopped) {
		pigato_worker_stop(s->worker);
		jobs_stop(&s->jobs, false);
	} else if (stops) {
		jobs_stop(&s->jobs, true);
	}
	if (signals_take(SIGUSR1) && !s->is_stopped)
		pigato_worker_drain(s->worker);
}

static void
serve_note(struct serve *s)
{
	if (s->note_at < 0 || cli_now_ms() < s->note_at)
		return;
	s->note_at = -1;
	cli_note(s->cli, "no broker at %s has taken %s so far; trying on",
	    s->cli->endpoint, s->service);
}

static void
turn(struct serve *s)
{
	size_t n = N_FDS + jobs_count_fds(&s->jobs);
	bool has_exits;

	s->fd[0] = (struct pollfd){pigato_worker_fd(s->worker), POLLIN, 0};
	s->fd[1] = (struct pollfd){signals_fd(), POLLIN, 0};
	jobs_fill(&s->jobs, s->fd + N_FDS);
	if (poll(s->fd, (nfds_t)n, time_left(s)) < 0)
		for (size_t i = 0; i < n; i++)
			s->fd[i].revents = 0;
	signals_drain();
	has_exits = signals_take(SIGCHLD);
	jobs_serve(&s->jobs, s->fd + N_FDS, has_exits);
	pigato_worker_process(s->worker);
	serve_signals(s);
	jobs_drop_unwanted(&s->jobs);
	serve_note(s);
}

static int
run(struct serve *s)
{
	int rc = pigato_worker_start(s->worker);

	if (rc != PIGATO_OK)
		return cli_start_failed(s->cli, s->cli->endpoint, rc);
	while (!s->is_stopped || s->jobs.n > 0) {
		if (!make_room(s))
			return cli_no_memory(s->cli);
		turn(s);
	}
	return s->status;
}

/* ---- before and after ---- */

static int64_t
concurrency_of(const struct serve_conf *conf)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (conf->concurrency > 0)
		return conf->concurrency;
	if (conf->is_echo)
		return N_ECHOES;
	return n > 0 ? n : 1;
}

static int
serve_with(struct serve *s)
{
	int status;

	s->worker = pigato_worker_new(s->cli->endpoint, s->service);
	if (s->worker == NULL)
		return cli_no_memory(s->cli);
	pigato_worker_set_concurrency(s->worker, concurrency_of(s->conf));
	pigato_worker_on_request(s->worker, on_request, s);
	pigato_worker_on_event(s->worker, on_event, s);
	s->note_at = cli_now_ms() + s->cli->connect_ms;
	status = run(s);
	jobs_clear(&s->jobs);
	pigato_worker_free(s->worker);
	free(s->fd);
	return status;
}

static int
serve_caught(struct serve *s)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	int status;

	for (size_t i = 0; i < N_CAUGHT; i++)
		if (signals_catch(caught[i]) != 0) {
			cli_complain(s->cli, "cannot catch signals: %s",
			    strerror(errno));
			return CLI_ERROR;
		}
	sigaction(SIGPIPE, &ignore, &before);
	status = serve_with(s);
	sigaction(SIGPIPE, &before, NULL);
	for (size_t i = N_CAUGHT; i > 0; i--)
		signals_release(caught[i - 1]);
	return status;
}

static int
serve(struct cli *cli, const struct args *args, const void *values)
{
	const struct serve_conf *conf = values;
	struct serve s = {.cli = cli, .conf = conf, .service = args->word[0]};
	struct job_conf job = {
	    .argv = args->rest,
	    .timeout_ms = conf->timeout_ms,
	    .silence_ms = conf->silence_ms,
	    .is_raw = conf->is_raw,
	    .is_whole = conf->is_whole,
	};
	char *path = NULL;
	int status;

	if (s.service[0] == '\0')
		return cli_usage(cli, "a service has a name of some length");
	if (conf->is_echo && args->has_rest)
		return cli_usage(cli, "either --echo or a COMMAND, not both");
	if (!conf->is_echo && args->n_rest == 0)
		return cli_usage(cli, "what shall it do? wanted: %s %s",
		    cmd_serve.name, cmd_serve.args);
	if (!conf->is_echo) {
		path = path_find(args->rest[0]);
		if (path == NULL)
			return cli_usage(cli, "cannot run %s: %s",
			    args->rest[0], strerror(errno));
	}
	job.path = path;
	jobs_init(&s.jobs, &job);
	setenv("PIGATO_URL", cli->endpoint, 1);
	status = serve_caught(&s);
	free(path);
	return status;
}

const struct cmd cmd_serve = {
    .name = "serve",
    .args = "SERVICE [OPTION ...] (--echo | -- COMMAND [ARGUMENT ...])",
    .text = "Serve requests, each by a run of COMMAND",
    .more = more,
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 1,
    .n_max = 1,
    .may_rest = true,
    .service_at = 1,
    .run = serve,
};
