/* cancel: ends a request of somebody's. */
#include "cli/cmd.h"
#include "cli/manage.h"

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
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_min = 2,
    .n_max = 2,
    .is_admin = true,
    .run = cancel,
};
