/*
 * ping: how long a broker takes to answer. Each time a fresh client connects
 * to one of the brokers and has its first heartbeat answered.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/signals.h"

struct ping_conf {
	int64_t count, interval_ms;
};

static const struct ping_conf defaults = {.count = 1, .interval_ms = 1000};

static const struct args_option options[] = {
    {.name = "count",
	.letter = 'n',
	.type = ARGS_NUMBER,
	.at = offsetof(struct ping_conf, count),
	.arg = "N",
	.want = "1 to 1000000000",
	.min = 1,
	.max = 1000000000,
	.text = "so often"},
    {.name = "interval",
	.letter = 'i',
	.type = ARGS_NUMBER,
	.at = offsetof(struct ping_conf, interval_ms),
	.arg = "MS",
	.want = "milliseconds, 0 to 86400000",
	.min = 0,
	.max = 86400000,
	.text = "… every MS (1000)"},
    {.name = NULL},
};

/* What one endpoint has shown. */
struct tally {
	int64_t n_sent, n_answered;
	int64_t least_us, most_us, sum_us;
};

enum outcome { ANSWERED, SILENT, INTERRUPTED };

static enum outcome
wait_for(struct cli *cli, struct pigato_client *c)
{
	int64_t until = cli_now_ms() + cli->connect_ms;
	int64_t left;

	while ((left = until - cli_now_ms()) > 0) {
		struct pollfd fd[2] = {
		    {.fd = pigato_client_fd(c), .events = POLLIN},
		    {.fd = signals_fd(), .events = POLLIN},
		};
		int timeout = pigato_client_timeout(c);

		poll(
		    fd, 2, timeout < 0 || timeout > left ? (int)left : timeout);
		pigato_client_process(c);
		if (pigato_client_is_connected(c))
			return ANSWERED;
		signals_drain();
		if (cli_is_interrupted(cli))
			return INTERRUPTED;
	}
	return SILENT;
}

static void
count(struct cli *cli, struct tally *t, const char *endpoint, int64_t us)
{
	t->sum_us += us;
	if (t->n_answered++ == 0 || us < t->least_us)
		t->least_us = us;
	if (us > t->most_us)
		t->most_us = us;
	out_bytes(&cli->out, endpoint, strlen(endpoint));
	fprintf(cli->out.file, " answers after %.3f ms\n", (double)us / 1000);
	out_flush(&cli->out);
}

static int
ping_once(struct cli *cli, const char *endpoint, struct tally *t)
{
	struct pigato_client *c = pigato_client_new(endpoint);
	int64_t since = cli_now_us();
	enum outcome outcome;
	int rc = c == NULL ? PIGATO_ERR_NOMEM : pigato_client_start(c);

	if (rc != PIGATO_OK) {
		pigato_client_free(c);
		return cli_start_failed(cli, endpoint, rc);
	}
	t->n_sent++;
	outcome = wait_for(cli, c);
	if (outcome == ANSWERED)
		count(cli, t, endpoint, cli_now_us() - since);
	pigato_client_free(c);
	if (outcome == ANSWERED)
		return CLI_REPLY;
	if (outcome == INTERRUPTED)
		return CLI_ERROR;
	cli_complain(cli, "%s: no broker answers", endpoint);
	return CLI_NO_BROKER;
}

static void
print_tally(struct cli *cli, const char *endpoint, const struct tally *t)
{
	FILE *f = cli->out.file;

	if (t->n_sent < 2)
		return;
	cli_begin_line(cli);
	out_bytes(&cli->out, endpoint, strlen(endpoint));
	fprintf(f, ": %" PRId64 " of %" PRId64 " answered", t->n_answered,
	    t->n_sent);
	if (t->n_answered > 0)
		fprintf(f, ", least %.3f ms, mean %.3f ms, most %.3f ms",
		    (double)t->least_us / 1000,
		    (double)t->sum_us / 1000 / (double)t->n_answered,
		    (double)t->most_us / 1000);
	putc('\n', f);
}

/* Sleeps; false: SIGINT. */
static bool
idle_until(struct cli *cli, int64_t until_ms)
{
	int64_t left;

	while ((left = until_ms - cli_now_ms()) > 0) {
		struct pollfd fd = {.fd = signals_fd(), .events = POLLIN};

		poll(&fd, 1, (int)left);
		signals_drain();
		if (cli_is_interrupted(cli))
			return false;
	}
	return true;
}

static int
ping_often(struct cli *cli, const char *endpoint, const struct ping_conf *conf)
{
	struct tally tally = {0};
	int status = CLI_REPLY;

	for (int64_t i = 0; i < conf->count; i++) {
		int64_t next_at = cli_now_ms() + conf->interval_ms;
		int one = ping_once(cli, endpoint, &tally);

		if (i + 1 < conf->count && !idle_until(cli, next_at))
			one = CLI_ERROR;
		if (status == CLI_REPLY || one == CLI_ERROR)
			status = one;
		if (one == CLI_USAGE || one == CLI_ERROR)
			break;
	}
	print_tally(cli, endpoint, &tally);
	return status;
}

static int
ping(struct cli *cli, const struct args *args, const void *values)
{
	char *list = strdup(cli->endpoint), *at = NULL;
	int status = CLI_REPLY;

	(void)args;
	if (list == NULL)
		return cli_no_memory(cli);
	for (char *one = strtok_r(list, ", \t\n", &at); one != NULL;
	     one = strtok_r(NULL, ", \t\n", &at)) {
		int rc = ping_often(cli, one, values);

		if (status == CLI_REPLY)
			status = rc;
		if (rc == CLI_ERROR)
			break;
	}
	free(list);
	return status;
}

const struct cmd cmd_ping = {
    .name = "ping",
    .args = "[OPTION ...]",
    .text = "Tell how long each of the brokers takes to connect and answer",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .run = ping,
};
