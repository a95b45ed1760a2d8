/* Where brokers are, judged before libzmq sees it. */
#ifndef PGT_ENDPOINT_H
#define PGT_ENDPOINT_H

#include "base/slice.h"

/* Takes the next one off a list, without blanks around it; it may be empty. */
struct pgt_slice pgt_endpoint_take(struct pgt_slice *list);

#endif
