/*
 * Memory that is there for requests is looked up each time the settings are
 * read: a control group may have got another limit.
 */
#include "pigatod/limits.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "pigatod/log.h"
#include "pigatod/memory.h"

/* Descriptors that are no peers: of libzmq, the log, addresses. */
#define OWN_FILES 64

void
limits_set(struct broker_conf *bc, const struct conf *conf)
{
	bc->max_clients = conf->max_clients;
	bc->max_queue = conf->max_queue;
	bc->max_queue_bytes = conf->max_queue_bytes;
	bc->max_service_queue = conf->max_service_queue;
	bc->max_service_queue_bytes = conf->max_service_queue_bytes;
	bc->max_memory = conf->max_memory;
	if (bc->max_memory == 0)
		bc->max_memory = memory_available() / 2;
	if (bc->max_service_queue_bytes == 0)
		bc->max_service_queue_bytes = bc->max_memory / 2;
}

void
limits_log(const struct broker_conf *bc)
{
	struct rlimit files = {.rlim_cur = RLIM_INFINITY};

	getrlimit(RLIMIT_NOFILE, &files);
	log_info("limits max_memory=%" PRId64
		 " max_service_queue_bytes=%" PRId64 " open_files=%" PRIu64,
	    bc->max_memory, bc->max_service_queue_bytes,
	    (uint64_t)files.rlim_cur);
	if (bc->max_clients > 0 &&
	    (uint64_t)bc->max_clients + OWN_FILES > files.rlim_cur)
		log_warn("more clients than open files: raise the limit of "
			 "open files max_clients=%" PRId64
			 " open_files=%" PRIu64,
		    bc->max_clients, (uint64_t)files.rlim_cur);
}
