/* The broker's trace as lines of the log. */
#ifndef TRACE_LOG_H
#define TRACE_LOG_H

#include <stdint.h>

#include "broker/broker.h"

/*
 * Have bc's trace written to the log, as far as its level lets it through
 * now. *now, monotonic ms, is borrowed for as long as the broker lives.
 */
void trace_log_set(struct broker_conf *bc, const int64_t *now);

#endif
