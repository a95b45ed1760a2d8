/* The figures of a server that has ended. */
#ifndef TOTALS_H
#define TOTALS_H

#include "broker/broker.h"

/* Log them, in one line. */
void totals_log(const struct broker_stats *n);

#endif
