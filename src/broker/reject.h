/* Which workers have rejected a request: it is not given to them again. */
#ifndef BROKER_REJECT_H
#define BROKER_REJECT_H

#include "broker/state.h"

/*
 * w rejected r. 0, or -ENOMEM and nothing is remembered. Adding twice is
 * adding once.
 */
int reject_add(struct request *r, const struct worker *w);
bool reject_is_by(const struct request *r, const struct worker *w);

/*
 * Has every worker that could take r rejected it? (A targeted request is not
 * asked.)
 */
bool reject_is_by_all(const struct request *r);

#endif
