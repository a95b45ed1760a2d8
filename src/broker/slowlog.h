/* The requests that were slow, or large: the last of them. */
#ifndef BROKER_SLOWLOG_H
#define BROKER_SLOWLOG_H

#include "broker/state.h"

/*
 * r is over, with n bytes of data for its client. Noted if the settings want
 * it, and there is memory.
 */
void slowlog_note(
    struct broker *b, const struct request *r, size_t n, const char *end);

/* Forget the oldest until there are no more than max. */
void slowlog_trim(struct broker *b, uint64_t max);

#endif
