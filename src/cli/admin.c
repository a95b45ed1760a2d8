/*
 * The places are those of pigatod's run_dir.c. Who names a broker by -e means
 * that one in any case: an intervention must not reach another that happens to
 * run here.
 */
#include "cli/admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A socket there: fills in the endpoint. */
static bool
try(struct cli *cli, const char *dir, const char *rest)
{
	char *endpoint = cli->admin_default;
	size_t size = sizeof(cli->admin_default);
	int n;

	if (dir == NULL || dir[0] != '/')
		return false;
	n = snprintf(endpoint, size, "ipc://%.*s%s/admin.sock",
	    (int)strcspn(dir, ":"), dir, rest);
	return n > 0 && (size_t)n < size &&
	       access(endpoint + strlen("ipc://"), F_OK) == 0;
}

const char *
admin_default_endpoint(struct cli *cli)
{
	if (!try(cli, getenv("RUNTIME_DIRECTORY"), "") &&
	    !try(cli, getenv("XDG_RUNTIME_DIR"), "/pigatod"))
		try(cli, "/run/pigatod", "");
	return cli->admin_default;
}

void
admin_swap(struct cli *cli)
{
	struct pigato_client *client = cli->client;
	const char *endpoint = cli->endpoint;

	if (cli->endpoint != cli->usual_endpoint && !cli->is_swapped &&
	    cli->admin_endpoint == cli->usual_admin)
		cli->admin_endpoint = cli->endpoint;
	if (cli->admin_endpoint == NULL)
		cli->admin_endpoint = admin_default_endpoint(cli);
	cli->is_swapped = !cli->is_swapped;
	cli->client = cli->admin_client;
	cli->endpoint = cli->admin_endpoint;
	cli->admin_client = client;
	cli->admin_endpoint = endpoint;
}
