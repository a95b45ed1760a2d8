/* help, and how it looks; quit and exit, which a shell knows. */
#include <string.h>
#include <zmq.h>

#include "cli/cmd.h"
#include "config.h"
#include "lib/pigato.h"

#define WIDTH 26

static const char usage[] =
    "usage: pigato-cli [-e URL] COMMAND [ARGUMENT ...]\n"
    "       pigato-cli [-e URL]                  interactive\n";

static const char exit_status[] =
    "Exit status: 0 reply, 1 error, 2 usage, 3 no broker, 4 timeout, 5 no "
    "worker,\n6 denied.\n";

static void
print_options(FILE *f, const struct args_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		char left[64];
		int n = snprintf(left, sizeof(left), "--%s%s%s", o->name,
		    o->arg != NULL ? " " : "", o->arg != NULL ? o->arg : "");

		if (o->letter != 0)
			fprintf(f, "  -%c, ", o->letter);
		else
			fputs("      ", f);
		fprintf(f, "%s%*s%s\n", left, n < WIDTH ? WIDTH - n : 1, "",
		    o->text);
	}
}

static void
print_command(struct cli *cli, const struct cmd *cmd)
{
	FILE *f = cli->out.file;

	fprintf(f, "%s%s%s%s\n\n%s.\n", cli->is_shell ? "" : "pigato-cli ",
	    cmd->name, cmd->args[0] != '\0' ? " " : "", cmd->args, cmd->text);
	if (cmd->options != NULL) {
		putc('\n', f);
		print_options(f, cmd->options);
	}
	if (cmd->more != NULL)
		fprintf(f, "\n%s", cmd->more);
}

static void
print_all(struct cli *cli)
{
	FILE *f = cli->out.file;

	if (!cli->is_shell)
		fprintf(f, "%s\n", usage);
	for (size_t i = 0; i < cmd_n; i++)
		if (cli->is_shell || !cmd_table[i]->is_for_shell)
			fprintf(f, "  %-12s %s\n", cmd_table[i]->name,
			    cmd_table[i]->text);
	if (cli->is_shell) {
		fputs("\nhelp COMMAND tells more of one.\n", f);
		return;
	}
	putc('\n', f);
	print_options(f, cli_options);
	fprintf(f, "\n%s\nCOMMAND --help tells more of one.\n", exit_status);
}

void
cmd_print_help(struct cli *cli, const struct cmd *cmd)
{
	if (cmd == NULL)
		print_all(cli);
	else
		print_command(cli, cmd);
}

void
cmd_print_version(struct cli *cli)
{
	int major, minor, patch;

	zmq_version(&major, &minor, &patch);
	fprintf(cli->out.file,
	    "pigato-cli %s\nlibpigato-client: %s\nlibzmq: %d.%d.%d\n",
	    PACKAGE_VERSION, pigato_version(), major, minor, patch);
}

static int
help(struct cli *cli, const struct args *args, const void *conf)
{
	char *name[] = {args->n_words > 0 ? args->word[0] : NULL};
	const struct cmd *cmd;

	(void)conf;
	if (name[0] == NULL) {
		cmd_print_help(cli, NULL);
		return CLI_REPLY;
	}
	cmd = cmd_find(cli, name[0]);
	if (cmd == NULL)
		return cmd_run(cli, 1, name); /* which says so */
	cmd_print_help(cli, cmd);
	return CLI_REPLY;
}

const struct cmd cmd_help = {
    .name = "help",
    .args = "[COMMAND]",
    .text = "Tell which commands there are, or more of one",
    .n_max = 1,
    .run = help,
};

static int
quit(struct cli *cli, const struct args *args, const void *conf)
{
	(void)args;
	(void)conf;
	cli->is_over = true;
	return CLI_REPLY;
}

const struct cmd cmd_quit = {
    .name = "quit",
    .args = "",
    .text = "Leave; so does Control-D",
    .is_for_shell = true,
    .run = quit,
};

const struct cmd cmd_exit = {
    .name = "exit",
    .args = "",
    .text = "Leave",
    .is_for_shell = true,
    .run = quit,
};
