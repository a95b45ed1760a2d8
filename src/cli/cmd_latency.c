/* latency: how the turns of the broker's loop went. */
#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/sheet.h"

static int
latency(struct cli *cli, const struct args *args, const void *conf)
{
	(void)args;
	return sheet_ask(cli, QUERY_INFO, "latency", NULL, conf);
}

const struct cmd cmd_latency = {
    .name = "latency",
    .args = "[--json]",
    .text = "Tell how long the turns of the broker's loop took",
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .is_admin = true,
    .run = latency,
};
