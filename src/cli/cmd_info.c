/* info: what a broker tells of itself, section by section. */
#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"

/* Gives the members of the request. NULL: no memory. */
static json_t *
choose(const struct args *args)
{
	json_t *with = json_object(), *names;

	if (with == NULL || args->n_words == 0)
		return with;
	names = json_array();
	if (json_object_set_new(with, "section", names) == 0) {
		for (size_t i = 0; i < args->n_words; i++)
			json_array_append_new(
			    names, json_string(args->word[i]));
		if (json_array_size(names) == args->n_words)
			return with;
	}
	json_decref(with);
	return NULL;
}

static int
info(struct cli *cli, const struct args *args, const void *values)
{
	const struct sheet_conf *conf = values;
	json_t *with = choose(args), *answer;
	int status;

	if (with == NULL)
		return cli_usage(cli, "a section has a name of plain letters");
	answer = query_ask(cli, QUERY_INFO, "info", with, &status);
	if (answer == NULL)
		return status;
	if (conf->is_json)
		sheet_json(&cli->out, answer);
	else
		sheet_print_all(&cli->out, answer);
	json_decref(answer);
	return CLI_REPLY;
}

const struct cmd cmd_info = {
    .name = "info",
    .args = "[SECTION ...] [--json]",
    .text = "Print what the broker tells of itself",
    .more = "Sections: server, clients, workers, services, requests, cache, "
	    "memory, channel,\nerrors, latency. Without one all of them.\n",
    .words = (const char *const[]){"server", "clients", "workers", "services",
	"requests", "cache", "memory", "channel", "errors", "latency", NULL},
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_max = 32,
    .is_admin = true,
    .run = info,
};
