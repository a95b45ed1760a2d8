/* The last line of a log: what has become of all. */
#include "pigatod/totals.h"

#include <inttypes.h>

#include "pigatod/log.h"

void
totals_log(const struct broker_stats *n)
{
	log_info("stopped requests=%" PRIu64 " replies=%" PRIu64
		 " partials=%" PRIu64 " rejects=%" PRIu64 " retries=%" PRIu64
		 " expired=%" PRIu64 " denied=%" PRIu64 " lost=%" PRIu64
		 " no_worker=%" PRIu64 " duplicates=%" PRIu64 " late=%" PRIu64
		 " malformed=%" PRIu64 " protocol_errors=%" PRIu64
		 " unsent=%" PRIu64 " undelivered=%" PRIu64
		 " no_memory=%" PRIu64 " busy=%" PRIu64 " draining=%" PRIu64
		 " coalesced=%" PRIu64,
	    n->requests, n->replies, n->partials, n->rejects, n->retries,
	    n->expired, n->denied, n->lost, n->no_worker, n->duplicates,
	    n->late, n->malformed, n->protocol_errors, n->unsent,
	    n->undelivered, n->no_memory, n->busy, n->draining, n->coalesced);
}
