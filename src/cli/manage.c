#include "cli/manage.h"

#include <string.h>

#include "cli/near.h"
#include "cli/sheet.h"

int
manage_run(struct cli *cli, const char *cmd,
    const struct query_member *members, const struct manage_conf *conf)
{
	json_t *with = query_with(members), *answer;
	int status;

	if (with == NULL)
		return cli_usage(cli, "out of memory");
	answer = query_ask(cli, QUERY_MANAGE, cmd, with, &status);
	if (answer == NULL)
		return status;
	sheet_answer(&cli->out, answer, conf->is_json);
	json_decref(answer);
	return CLI_REPLY;
}

const char *
manage_find(struct cli *cli, const struct manage_deed *deeds, size_t n,
    const char *word)
{
	struct near near;
	const char *best;

	near_init(&near, word);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(deeds[i].word, word) == 0)
			return deeds[i].cmd;
		near_try(&near, deeds[i].word);
	}
	best = near_best(&near);
	cli_usage(cli, "%s is nothing to do with it; %s %s", word,
	    best != NULL ? "the nearest is" : "wanted, for example:",
	    best != NULL ? best : deeds[0].word);
	return NULL;
}
