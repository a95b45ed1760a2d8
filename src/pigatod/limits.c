/*
 * Memory that is there for requests is looked up each time the settings are
 * read: a control group may have got another limit.
 */
#include "pigatod/limits.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/resource.h>

#include "pigatod/log.h"
#include "pigatod/memory.h"

/* Descriptors that are no peers: of libzmq, the log, addresses. */
#define OWN_FILES	64
#define FILES_OF_THREAD 2

static uint64_t
open_files(void)
{
	struct rlimit files = {.rlim_cur = RLIM_INFINITY};

	getrlimit(RLIMIT_NOFILE, &files);
	return files.rlim_cur;
}

int
limits_check(const struct conf *conf)
{
	uint64_t least =
	    OWN_FILES + FILES_OF_THREAD * (uint64_t)conf->io_threads;

	if (open_files() >= least)
		return 0;
	log_error("too few open files: raise their limit (ulimit -n) "
		  "open_files=%" PRIu64 " least=%" PRIu64,
	    open_files(), least);
	return -EMFILE;
}

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
	uint64_t files = open_files();

	log_info("limits max_memory=%" PRId64
		 " max_service_queue_bytes=%" PRId64 " open_files=%" PRIu64,
	    bc->max_memory, bc->max_service_queue_bytes, files);
	if (bc->max_clients > 0 &&
	    (uint64_t)bc->max_clients + OWN_FILES > files)
		log_warn("more clients than open files: raise the limit of "
			 "open files max_clients=%" PRId64
			 " open_files=%" PRIu64,
		    bc->max_clients, files);
}
