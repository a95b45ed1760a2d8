/*
 * A command is a file with a row: its words, its options, its function. The
 * table of the rows is in cmd.c.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/args.h"
#include "cli/cli.h"

struct cmd {
	const char *name;
	const char *args; /* what follows it, for people */
	const char *text; /* what it does */
	const char *more; /* further lines of its help; NULL: none */
	const struct args_option *options; /* NULL: none */
	const void *defaults; /* what the options' values are without them */
	size_t size;	      /* … of that struct */
	size_t n_min, n_max;  /* words it takes */
	bool may_rest;	      /* and what stands behind -- */
	bool takes_service;   /* the first word is the name of one */
	bool is_for_shell;    /* and for nobody else */
	int (*run)(struct cli *cli, const struct args *args, const void *conf);
};

extern const struct cmd cmd_cache, cmd_completion, cmd_dir, cmd_exit, cmd_help,
    cmd_ping, cmd_quit, cmd_request, cmd_serve, cmd_watch;

extern const struct cmd *const cmd_table[];
extern const size_t cmd_n;

/* NULL: no such one here. */
const struct cmd *cmd_find(const struct cli *cli, const char *name);

/* Runs the command that the first of n words names; the exit status. */
int cmd_run(struct cli *cli, size_t n, char **words);

/* Help for one command, or for all of them. */
void cmd_print_help(struct cli *cli, const struct cmd *cmd);

/* A line on what this is. */
void cmd_print_version(struct cli *cli);

#endif
