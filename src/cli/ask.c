#include "cli/ask.h"

#include <poll.h>
#include <string.h>

#include "cli/signals.h"

/* While it runs. */
struct run {
	struct cli *cli;
	struct ask *ask;
	struct pigato_request *request; /* NULL: it has ended */
	int64_t lonely_since;		/* without a broker; -1: there is one */
};

static void
cut(struct run *run, int error)
{
	if (run->request == NULL)
		return;
	pigato_request_cancel(run->request);
	run->ask->error = error;
}

/* The worker's own words, if it has any. */
static void
tell_error(struct cli *cli, const struct ask *a, int error,
    const struct pigato_response *response)
{
	const char *data = NULL;

	if (error == PIGATO_ERR_REMOTE && response != NULL)
		data = pigato_response_data(response, NULL);
	if (data != NULL && data[0] != '\0')
		cli_complain(cli, "%s: error: %s", a->service, data);
	else
		cli_complain(cli, "%s: %s (%s)", a->service,
		    pigato_strerror(error), pigato_error_name(error));
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct run *run = arg;
	struct ask *a = run->ask;
	int error = pigato_response_error(response);

	if (pigato_response_is_final(response)) {
		run->request = NULL;
		a->error = error;
		a->end = pigato_response_keep(response);
	} else if (error != PIGATO_OK) {
		tell_error(run->cli, a, error, response);
	}
	if (error != PIGATO_OK || a->on_reply == NULL)
		return;
	if (!a->on_reply(response, a->arg) && run->request != NULL) {
		pigato_request_cancel(r);
		a->error = PIGATO_OK;
	}
}

/* SIGINT, and the broker that does not come. */
static void
look_around(struct run *run, const struct pollfd *signals)
{
	int64_t now = cli_now_ms();

	if (signals->revents != 0) {
		signals_drain();
		if (cli_is_interrupted(run->cli))
			cut(run, PIGATO_ERR_CANCELLED);
	}
	if (pigato_client_is_connected(run->cli->client)) {
		run->lonely_since = -1;
		run->ask->was_connected = true;
	} else if (run->lonely_since < 0) {
		run->lonely_since = now;
	} else if (now - run->lonely_since >= run->cli->connect_ms) {
		cut(run, PIGATO_ERR_NO_BROKER);
	}
}

/* Milliseconds for poll(); limit: by then at last, -1 never. */
static int
time_left(const struct cli *cli, int64_t limit)
{
	int timeout = pigato_client_timeout(cli->client);
	int64_t left = limit - cli_now_ms();

	if (limit < 0)
		return timeout;
	if (left < 0)
		left = 0;
	return timeout < 0 || timeout > left ? (int)left : timeout;
}

static void
wait_once(struct run *run)
{
	struct cli *cli = run->cli;
	struct pollfd fd[2] = {
	    {.fd = pigato_client_fd(cli->client), .events = POLLIN},
	    {.fd = signals_fd(), .events = POLLIN},
	};
	int64_t limit =
	    run->lonely_since < 0 ? -1 : run->lonely_since + cli->connect_ms;

	poll(fd, 2, time_left(cli, limit));
	pigato_client_process(cli->client);
	look_around(run, &fd[1]);
}

void
ask_run(struct cli *cli, struct ask *a)
{
	struct run run = {.cli = cli, .ask = a, .lonely_since = cli_now_ms()};

	a->end = NULL;
	a->was_connected = false;
	a->error = pigato_client_request(cli->client, a->service, a->data,
	    a->size, &a->opts, on_response, &run, &run.request);
	if (a->error != PIGATO_OK)
		return;
	while (run.request != NULL)
		wait_once(&run);
}

int
ask_report(struct cli *cli, const struct ask *a)
{
	if (a->error == PIGATO_OK)
		return CLI_REPLY;
	if (a->error == PIGATO_ERR_NO_BROKER)
		cli_complain(cli, "%s: no broker answers", cli->endpoint);
	else
		tell_error(cli, a, a->error, a->end);
	return cli_status(a->error);
}

void
ask_clear(struct ask *a)
{
	pigato_response_free(a->end);
	a->end = NULL;
}

bool
ask_idle_until(struct cli *cli, int64_t until_ms)
{
	while (cli_now_ms() < until_ms) {
		struct pollfd fd[2] = {
		    {.fd = pigato_client_fd(cli->client), .events = POLLIN},
		    {.fd = signals_fd(), .events = POLLIN},
		};

		poll(fd, 2, time_left(cli, until_ms));
		pigato_client_process(cli->client);
		signals_drain();
		if (cli_is_interrupted(cli))
			return false;
	}
	return true;
}
