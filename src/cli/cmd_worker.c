/* worker: has one leave, at once or when it has finished. */
#include "cli/cmd.h"
#include "cli/manage.h"

const struct cmd cmd_worker = {
    .name = "worker",
    .args = "kill | drain ID",
    .text = "Have a worker leave, at once or when it has finished",
    .more = "kill: it is told to go, and what it has is lost or tried "
	    "elsewhere. drain: it\n"
	    "gets no new requests, and goes when it has none.\n",
    .words = (const char *const[]){"kill", "drain", NULL},
    .is_choice = true,
    .options = sheet_options,
    .defaults = &sheet_defaults,
    .size = sizeof(sheet_defaults),
    .n_min = 2,
    .n_max = 2,
    .worker_at = 2,
    .is_admin = true,
    .run = manage_deed,
};
