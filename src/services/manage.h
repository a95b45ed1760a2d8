/* What operators do (PROTOCOL 11.7): rows of a table of commands each. */
#ifndef SERVICES_MANAGE_H
#define SERVICES_MANAGE_H

#include "services/call.h"

int manage_worker_kill(struct call *call);
int manage_worker_drain(struct call *call);
int manage_service_pause(struct call *call);
int manage_service_resume(struct call *call);
int manage_request_cancel(struct call *call);
int manage_counters_reset(struct call *call);

#endif
