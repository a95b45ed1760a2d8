/* Interventions (PROTOCOL 11.7): a command, its members, a short answer. */
#ifndef CLI_MANAGE_H
#define CLI_MANAGE_H

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/query.h"
#include "cli/sheet.h"

/* Does it, and prints the answer; members end with key NULL. */
int manage_run(struct cli *cli, const char *cmd,
    const struct query_member *members, const struct sheet_conf *conf);

/*
 * run() of a command that names a kind of thing, with a deed and which one as
 * its words: `worker kill ID` is worker_kill with the member `worker`.
 */
int manage_deed(struct cli *cli, const struct args *args, const void *conf);

#endif
