/*
 * $info (PROTOCOL 11): what operators may ask. A command is a row here, a
 * section one in info_section.c.
 */
#include "services/info.h"

#include "services/manage.h"
#include "services/services.h"

static const struct call_command commands[] = {
    {"info", info_sections},
    {"workers", info_workers},
    {"services", info_services},
    {"clients", info_clients},
    {"requests", info_requests},
    {"route", info_route},
    {"slowlog", info_slowlog},
    {"slowlog_reset", info_slowlog_reset},
    {"latency", info_latency},
    {"worker_kill", manage_worker_kill},
    {"worker_drain", manage_worker_drain},
    {"service_pause", manage_service_pause},
    {"service_resume", manage_service_resume},
    {"request_cancel", manage_request_cancel},
    {"counters_reset", manage_counters_reset},
};

static void
info_on_request(struct core *c, struct request *r)
{
	call_serve(
	    c, r, commands, sizeof(commands) / sizeof(commands[0]), "info");
}

const struct core_ops info_service = {
    .name = "$info",
    .admin = true,
    .on_request = info_on_request,
};
