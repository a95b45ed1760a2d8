/* service: has the requests for a name wait, and go on. */
#include "cli/cmd.h"
#include "cli/manage.h"

static const struct manage_conf defaults;

static const struct args_option options[] = {
    MANAGE_OPTIONS,
    {.name = NULL},
};

static const struct manage_deed deeds[] = {
    {"pause", "service_pause"},
    {"resume", "service_resume"},
};

static int
service(struct cli *cli, const struct args *args, const void *values)
{
	const char *cmd = manage_find(cli, deeds, 2, args->word[0]);
	const struct query_member members[] = {
	    {"service", args->word[1]}, {NULL, NULL}};

	return cmd == NULL ? CLI_USAGE : manage_run(cli, cmd, members, values);
}

const struct cmd cmd_service = {
    .name = "service",
    .args = "pause | resume NAME",
    .text = "Have the requests for a service wait, or go on",
    .more = "pause holds for this name letter by letter; what is at workers "
	    "goes on.\n",
    .words = "pause resume",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 2,
    .n_max = 2,
    .service_at = 2,
    .is_admin = true,
    .run = service,
};
