/* service: has the requests for a name wait, and go on. */
#include "cli/cmd.h"
#include "cli/manage.h"

const struct cmd cmd_service = {
    .name = "service",
    .args = "pause | resume NAME",
    .text = "Have the requests for a service wait, or go on",
    .more = "pause holds for this name letter by letter; what is at workers "
	    "goes on.\n",
    .words = (const char *const[]){"pause", "resume", NULL},
    .is_choice = true,
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_min = 2,
    .n_max = 2,
    .service_at = 2,
    .is_admin = true,
    .run = manage_deed,
};
