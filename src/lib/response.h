/* What came of a request, inside the library. */
#ifndef PGT_RESPONSE_H
#define PGT_RESPONSE_H

#include <stdbool.h>
#include <sys/queue.h>

#include "lib/frame.h"
#include "lib/pigato.h"

struct pigato_response {
	struct pgt_frame data;
	char *text; /* of data, ended by a zero; NULL: not asked for yet */
	int error;
	bool is_final;
	STAILQ_ENTRY(pigato_response) next; /* in a stream's queue */
};

/* In place; moves data's bytes, which may be NULL. */
void pgt_response_init(struct pigato_response *response, int error,
    bool is_final, struct pgt_frame *data);
void pgt_response_clear(struct pigato_response *response);

#endif
