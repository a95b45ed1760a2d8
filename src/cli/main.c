/*
 * pigato-cli [OPTION ...] [COMMAND [ARGUMENT ...]]. Exit status: see enum
 * cli_status.
 */
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/shell.h"

static int
run(struct cli *cli, size_t n, char **words)
{
	struct args args = {.table = {{cli_options, cli}}};
	static char stat[] = "stat";
	size_t taken;

	if (!args_parse_leading(&args, n, words, &taken))
		return cli_usage(cli, "%s", args.why);
	if (cli->wants_stat) {
		words[--taken] = stat;
		return cmd_run(cli, n - taken, words + taken);
	}
	if (cli->wants_help)
		cmd_print_help(cli, NULL);
	else if (cli->wants_version)
		cmd_print_version(cli);
	else if (taken == n)
		return shell_run(cli);
	else
		return cmd_run(cli, n - taken, words + taken);
	return CLI_REPLY;
}

/*
 * What we open shall not become standard input, output or error. What is
 * written where there is none is an error, as it gets lost.
 */
static void
hold_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct cli cli;
	int status;

	hold_descriptors();
	setlocale(LC_CTYPE, "");
	cli_init(&cli);
	status = run(&cli, argc > 0 ? (size_t)argc - 1 : 0, argv + 1);
	cli_clear(&cli);
	if (!out_flush(&cli.out)) {
		cli_complain(&cli, "cannot write to standard output: %s",
		    strerror(cli.out.why));
		if (status == CLI_REPLY)
			status = CLI_ERROR;
	}
	return status;
}
