/* cancel: ends a request of somebody's. */
#include "cli/cmd.h"
#include "cli/manage.h"

static const struct manage_conf defaults;

static const struct args_option options[] = {
    MANAGE_OPTIONS,
    {.name = NULL},
};

static int
cancel(struct cli *cli, const struct args *args, const void *values)
{
	const struct query_member members[] = {
	    {"client", args->word[0]},
	    {"rid", args->word[1]},
	    {NULL, NULL},
	};

	return manage_run(cli, "request_cancel", members, values);
}

const struct cmd cmd_cancel = {
    .name = "cancel",
    .args = "CLIENT RID",
    .text = "End a request of a client, which gets the error CANCELLED",
    .more = "requests tells which there are.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 2,
    .n_max = 2,
    .is_admin = true,
    .run = cancel,
};
