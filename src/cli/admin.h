/*
 * The way to a broker's administrative endpoint, for commands whose row says
 * is_admin.
 */
#ifndef CLI_ADMIN_H
#define CLI_ADMIN_H

#include "cli/cli.h"

/* Where a broker on this machine has it, unless it was told otherwise. */
const char *admin_default_endpoint(struct cli *cli);

/*
 * From now on the broker is the administrative endpoint, with a client of its
 * own; and back again, the second time.
 */
void admin_swap(struct cli *cli);

#endif
