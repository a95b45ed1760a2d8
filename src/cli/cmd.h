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
	const char *args;	  /* what follows it, for people */
	const char *text;	  /* what it does */
	const char *more;	  /* further lines of its help; NULL: none */
	const char *const *words; /* which the first one may be, up to a NULL */
	bool is_choice; /* if there is a first one it must be one of them */
	const struct args_option *options; /* NULL: none */
	const void *defaults; /* what the options' values are without them */
	size_t size;	      /* … of that struct */
	size_t n_min, n_max;  /* words it takes */
	bool may_rest;	      /* and what stands behind -- */
	size_t service_at,
	    worker_at;	   /* which word, from 1, names one; 0: none */
	bool is_for_shell; /* and for nobody else */
	bool is_admin;	   /* talks to the administrative endpoint */
	int (*run)(struct cli *cli, const struct args *args, const void *conf);
};

extern const struct cmd cmd_cache, cmd_cancel, cmd_clients, cmd_completion,
    cmd_conf, cmd_dir, cmd_monitor, cmd_exit, cmd_help, cmd_info, cmd_latency,
    cmd_ping, cmd_quit, cmd_request, cmd_requests, cmd_route, cmd_serve,
    cmd_service, cmd_services, cmd_slowlog, cmd_stat, cmd_top, cmd_watch,
    cmd_worker, cmd_workers;

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
