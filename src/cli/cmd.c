#include "cli/cmd.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli/admin.h"
#include "cli/near.h"

#define CONF_MAX 256

const struct cmd *const cmd_table[] = {
    &cmd_request,
    &cmd_serve,
    &cmd_dir,
    &cmd_ping,
    &cmd_watch,
    &cmd_info,
    &cmd_stat,
    &cmd_top,
    &cmd_workers,
    &cmd_services,
    &cmd_clients,
    &cmd_requests,
    &cmd_worker,
    &cmd_service,
    &cmd_cancel,
    &cmd_route,
    &cmd_slowlog,
    &cmd_latency,
    &cmd_cache,
    &cmd_conf,
    &cmd_monitor,
    &cmd_completion,
    &cmd_help,
    &cmd_quit,
    &cmd_exit,
};
const size_t cmd_n = sizeof(cmd_table) / sizeof(cmd_table[0]);

static bool
is_here(const struct cli *cli, const struct cmd *cmd)
{
	return cli->is_shell || !cmd->is_for_shell;
}

const struct cmd *
cmd_find(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < cmd_n; i++)
		if (strcmp(cmd_table[i]->name, name) == 0 &&
		    is_here(cli, cmd_table[i]))
			return cmd_table[i];
	return NULL;
}

static int
no_such_command(struct cli *cli, const char *name)
{
	const char *best;
	struct near near;

	near_init(&near, name);
	for (size_t i = 0; i < cmd_n; i++)
		if (is_here(cli, cmd_table[i]))
			near_try(&near, cmd_table[i]->name);
	best = near_best(&near);
	if (best == NULL)
		return cli_usage(cli,
		    "no such command: %s; help tells which there are", name);
	return cli_usage(
	    cli, "no such command: %s; the nearest is %s", name, best);
}

static int
no_such_choice(struct cli *cli, const char *const *words, const char *word)
{
	char all[128] = "";
	struct near near;
	const char *best;
	size_t n = 0;

	near_init(&near, word);
	for (size_t i = 0; words[i] != NULL && n < sizeof(all); i++) {
		near_try(&near, words[i]);
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s",
		    i > 0 ? ", " : "", words[i]);
	}
	best = near_best(&near);
	return cli_usage(cli, "%s: wanted: %s%s%s", word, all,
	    best != NULL ? "; the nearest is " : "", best != NULL ? best : "");
}

/* Is the first word one that the command knows? */
static bool
check_choice(struct cli *cli, const struct cmd *cmd, const struct args *args)
{
	if (!cmd->is_choice || args->n_words == 0)
		return true;
	for (size_t i = 0; cmd->words[i] != NULL; i++)
		if (strcmp(cmd->words[i], args->word[0]) == 0)
			return true;
	no_such_choice(cli, cmd->words, args->word[0]);
	return false;
}

/* Is the number of words right? */
static bool
check_words(struct cli *cli, const struct cmd *cmd, const struct args *args)
{
	if (args->n_words >= cmd->n_min && args->n_words <= cmd->n_max)
		return true;
	if (args->n_words < cmd->n_min)
		cli_usage(cli, "something is missing; wanted: %s %s", cmd->name,
		    cmd->args);
	else
		cli_usage(cli, "%s is too much; wanted: %s %s",
		    args->word[cmd->n_max], cmd->name, cmd->args);
	return false;
}

static int
run(struct cli *cli, const struct cmd *cmd, size_t n, char **words)
{
	union {
		max_align_t aligned;
		char bytes[CONF_MAX];
	} conf;
	struct args args = {
	    .table = {{cmd->options, &conf},
		{cli->is_shell ? cli_shell_options : cli_command_options, cli}},
	};
	int status;

	if (cmd->size > 0)
		memcpy(&conf, cmd->defaults, cmd->size);
	cli->wants_help = false;
	if (!args_parse(&args, n, words, cmd->may_rest))
		return cli_usage(cli, "%s", args.why);
	if (cli->wants_help) {
		cmd_print_help(cli, cmd);
		return CLI_REPLY;
	}
	if (cli->wants_version) {
		cmd_print_version(cli);
		return CLI_REPLY;
	}
	if (!check_choice(cli, cmd, &args) || !check_words(cli, cmd, &args))
		return CLI_USAGE;
	if (!cmd->is_admin)
		return cmd->run(cli, &args, &conf);
	admin_swap(cli);
	status = cmd->run(cli, &args, &conf);
	admin_swap(cli);
	return status;
}

int
cmd_run(struct cli *cli, size_t n, char **words)
{
	const struct cmd *cmd = cmd_find(cli, words[0]);
	int status;

	if (cmd == NULL)
		return no_such_command(cli, words[0]);
	cli->command = cmd->name;
	status = run(cli, cmd, n - 1, words + 1);
	cli->command = NULL;
	return status;
}
