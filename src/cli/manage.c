#include "cli/manage.h"

#include <stdio.h>

int
manage_run(struct cli *cli, const char *cmd, const struct query_member *members,
    const struct sheet_conf *conf)
{
	json_t *with = query_with(members);

	if (with == NULL)
		return cli_no_memory(cli);
	return sheet_ask(cli, QUERY_MANAGE, cmd, with, conf);
}

int
manage_deed(struct cli *cli, const struct args *args, const void *conf)
{
	const struct query_member members[] = {
	    {cli->command, args->word[1]}, {NULL, NULL}};
	char cmd[32];

	snprintf(cmd, sizeof(cmd), "%s_%s", cli->command, args->word[0]);
	return manage_run(cli, cmd, members, conf);
}
