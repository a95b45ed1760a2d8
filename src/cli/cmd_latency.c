/* latency: how the turns of the broker's loop went. */
#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"

struct latency_conf {
	bool is_json;
};

static const struct latency_conf defaults;

static const struct args_option options[] = {
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct latency_conf, is_json),
	.text = "indented JSON"},
    {.name = NULL},
};

static int
latency(struct cli *cli, const struct args *args, const void *values)
{
	const struct latency_conf *conf = values;
	int status;
	json_t *answer = query_ask(cli, QUERY_INFO, "latency", NULL, &status);

	(void)args;
	if (answer == NULL)
		return status;
	sheet_answer(&cli->out, answer, conf->is_json);
	json_decref(answer);
	return CLI_REPLY;
}

const struct cmd cmd_latency = {
    .name = "latency",
    .args = "[--json]",
    .text = "Tell how long the turns of the broker's loop took",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = latency,
};
