/* Dispatch policies: rows of a table (PROTOCOL 5). */
#ifndef BROKER_POLICY_H
#define BROKER_POLICY_H

#include "broker/state.h"

const struct policy *policy_find(const char *name);

#endif
