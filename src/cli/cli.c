#include "cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/signals.h"
#include "lib/pigato.h"

#define CONNECT_MS 5000

const struct args_option cli_options[] = {
    {.name = "stat",
	.type = ARGS_COMMAND,
	.at = offsetof(struct cli, wants_stat),
	.text = "the same as the command stat"},
    {.name = "endpoint",
	.letter = 'e',
	.type = ARGS_TEXT,
	.at = offsetof(struct cli, endpoint),
	.arg = "URL",
	.want = "tcp://HOST:PORT or ipc://PATH, or several with commas",
	.text = "the broker; else PIGATO_URL, else " PIGATO_DEFAULT_ENDPOINT},
    {.name = "admin",
	.type = ARGS_TEXT,
	.at = offsetof(struct cli, admin_endpoint),
	.arg = "URL",
	.want = "ipc://PATH or tcp://HOST:PORT",
	.text = "the broker's administrative endpoint, for commands that "
		"want it; else -e, PIGATO_ADMIN_URL, or admin.sock in the run "
		"directory"},
    {.name = "connect-timeout",
	.type = ARGS_NUMBER,
	.at = offsetof(struct cli, connect_ms),
	.arg = "MS",
	.want = "milliseconds, 1 to 86400000",
	.min = 1,
	.max = 86400000,
	.text = "give up without a broker after that (5000)"},
    {.name = "version",
	.letter = 'V',
	.type = ARGS_FLAG,
	.at = offsetof(struct cli, wants_version),
	.text = "print what this is"},
    {.name = "help",
	.letter = 'h',
	.type = ARGS_FLAG,
	.at = offsetof(struct cli, wants_help),
	.text = "print this"},
    {.name = NULL},
};
const struct args_option *const cli_command_options = cli_options + 1;
const struct args_option *const cli_shell_options = cli_options + 5;

static const struct {
	int error, status;
} statuses[] = {
    {PIGATO_OK, CLI_REPLY},
    {PIGATO_ERR_INVALID, CLI_USAGE},
    {PIGATO_ERR_NO_BROKER, CLI_NO_BROKER},
    {PIGATO_ERR_TIMEOUT, CLI_TIMEOUT},
    {PIGATO_ERR_NO_WORKER, CLI_NO_WORKER},
    {PIGATO_ERR_DENIED, CLI_DENIED},
};

int
cli_status(int error)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].error == error)
			return statuses[i].status;
	return CLI_ERROR;
}

int64_t
cli_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
cli_now_ms(void)
{
	return cli_now_us() / 1000;
}

void
cli_init(struct cli *cli)
{
	const char *url = getenv("PIGATO_URL");
	const char *admin = getenv("PIGATO_ADMIN_URL");

	*cli = (struct cli){
	    .endpoint = PIGATO_DEFAULT_ENDPOINT,
	    .connect_ms = CONNECT_MS,
	};
	if (url != NULL && url[0] != '\0')
		cli->endpoint = url;
	if (admin != NULL && admin[0] != '\0')
		cli->admin_endpoint = admin;
	cli->usual_endpoint = cli->endpoint;
	cli->usual_admin = cli->admin_endpoint;
	out_init(&cli->out, stdout);
	out_init(&cli->err, stderr);
	/* A message is one line, whatever it quotes. */
	cli->err.escapes = true;
}

void
cli_clear(struct cli *cli)
{
	pigato_client_free(cli->client);
	pigato_client_free(cli->admin_client);
	cli->client = cli->admin_client = NULL;
}

int
cli_start_failed(struct cli *cli, const char *endpoint, int error)
{
	if (error == PIGATO_ERR_INVALID)
		return cli_usage(cli,
		    "%s is no address of a broker: %s; wanted: "
		    "tcp://HOST:PORT or ipc://PATH, or several with commas",
		    endpoint, pigato_check_endpoints(endpoint));
	cli_complain(cli, "%s: %s", endpoint,
	    error == PIGATO_ERR_SYSTEM ? strerror(errno)
				       : pigato_strerror(error));
	return cli_status(error);
}

struct pigato_client *
cli_require_client(struct cli *cli, int *status)
{
	int rc = PIGATO_ERR_NOMEM;

	if (cli->client == NULL)
		cli->client = pigato_client_new(cli->endpoint);
	if (cli->client != NULL)
		rc = pigato_client_start(cli->client);
	if (rc == PIGATO_OK)
		return cli->client;
	*status = cli_start_failed(cli, cli->endpoint, rc);
	return NULL;
}

bool
cli_is_interrupted(struct cli *cli)
{
	static const int ends[] = {SIGTERM, SIGHUP, SIGQUIT};
	bool is_interrupted = signals_take(SIGINT);

	if (is_interrupted)
		cli->is_cut = cli->err.is_terminal;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (signals_take(ends[i]))
			cli->is_over = is_interrupted = true;
	return is_interrupted;
}

void
cli_begin_line(struct cli *cli)
{
	if (cli->is_cut)
		putc('\n', cli->err.file);
	cli->is_cut = false;
}

/* ---- complaints ---- */

static void __attribute__((format(printf, 3, 0)))
say(struct cli *cli, enum out_colour colour, const char *format, va_list ap)
{
	struct out *err = &cli->err;
	char line[1024];
	int n = vsnprintf(line, sizeof(line), format, ap);

	/* What came before belongs before it. */
	out_flush(&cli->out);
	cli_begin_line(cli);
	if (!cli->is_shell)
		fputs("pigato-cli: ", err->file);
	if (cli->command != NULL)
		fprintf(err->file, "%s: ", cli->command);
	out_colour(err, colour);
	if (n > 0)
		out_bytes(err, line, strlen(line));
	if (n >= (int)sizeof(line))
		fputs("...", err->file);
	out_colour(err, OUT_DEFAULT);
	putc('\n', err->file);
	fflush(err->file);
}

void
cli_complain(struct cli *cli, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(cli, OUT_WRONG, format, ap);
	va_end(ap);
}

int
cli_usage(struct cli *cli, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(cli, OUT_WRONG, format, ap);
	va_end(ap);
	return CLI_USAGE;
}

int
cli_no_memory(struct cli *cli)
{
	cli_complain(cli, "out of memory");
	return CLI_ERROR;
}

void
cli_note(struct cli *cli, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say(cli, OUT_DEFAULT, format, ap);
	va_end(ap);
}
