/* worker: has one leave, at once or when it has finished. */
#include "cli/cmd.h"
#include "cli/manage.h"

static const struct manage_conf defaults;

static const struct args_option options[] = {
    MANAGE_OPTIONS,
    {.name = NULL},
};

static const struct manage_deed deeds[] = {
    {"kill", "worker_kill"},
    {"drain", "worker_drain"},
};

static int
worker(struct cli *cli, const struct args *args, const void *values)
{
	const char *cmd = manage_find(cli, deeds, 2, args->word[0]);
	const struct query_member members[] = {
	    {"worker", args->word[1]}, {NULL, NULL}};

	return cmd == NULL ? CLI_USAGE : manage_run(cli, cmd, members, values);
}

const struct cmd cmd_worker = {
    .name = "worker",
    .args = "kill | drain ID",
    .text = "Have a worker leave, at once or when it has finished",
    .more = "kill: it is told to go, and what it has is lost or tried "
	    "elsewhere. drain: it\n"
	    "gets no new requests, and goes when it has none.\n",
    .words = "kill drain",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 2,
    .n_max = 2,
    .worker_at = 2,
    .is_admin = true,
    .run = worker,
};
