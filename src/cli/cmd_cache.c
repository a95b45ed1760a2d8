/* cache: the figures of the broker's reply cache, and flushing it. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"

static int
cache(struct cli *cli, const struct args *args, const void *conf)
{
	const char *cmd = args->word[0];
	int status = CLI_REPLY;
	json_t *with;

	if (strcmp(cmd, "stats") == 0 && args->n_words > 1)
		return cli_usage(cli, "stats goes without SERVICE");
	with = query_with((const struct query_member[]){
	    {"service", args->n_words > 1 ? args->word[1] : NULL},
	    {NULL, NULL},
	});
	if (with == NULL)
		return cli_no_memory(cli);
	if (args->n_words > 2)
		status = query_put_data(cli, with, args->word[2]);
	if (status == CLI_REPLY)
		return sheet_ask(cli, "$cache", cmd, with, conf);
	json_decref(with);
	return status;
}

const struct cmd cmd_cache = {
    .name = "cache",
    .args = "stats | flush [SERVICE [DATA | - | @FILE]] [--json]",
    .text = "Tell of the broker's reply cache, or flush it",
    .more = "DATA is a request's data, JSON as it was sent: byte for byte.\n",
    .words = (const char *const[]){"stats", "flush", NULL},
    .is_choice = true,
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_min = 1,
    .n_max = 3,
    .service_at = 2,
    .is_admin = true,
    .run = cache,
};
