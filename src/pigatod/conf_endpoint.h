/* Addresses to listen at, judged before libzmq sees them. */
#ifndef CONF_ENDPOINT_H
#define CONF_ENDPOINT_H

#include <stdbool.h>

/* NULL where a daemon can listen there, else what would be right. */
const char *conf_endpoint_check(const char *endpoint);

/* Is it beyond the reach of other machines? endpoint has been checked. */
bool conf_endpoint_is_local(const char *endpoint);

/* Does it name no port, so that the system picks one? */
bool conf_endpoint_is_ephemeral(const char *endpoint);

#endif
