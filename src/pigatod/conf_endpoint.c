/*
 * libzmq says "Invalid argument" to most that is wrong with an address, and
 * takes some of it. Here is what it can bind, as a reader would take it.
 */
#include "pigatod/conf_endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/address.h"

static bool
is_port(const char *port)
{
	return strcmp(port, "*") == 0 || strcmp(port, "0") == 0 ||
	       pgt_address_is_port(port);
}

static bool
is_interface(const char *host)
{
	for (const char *p = host; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return false;
	return strlen(host) < 16;
}

static const char *
check_host(const char *host)
{
	const char *why = pgt_address_check_ip(host);

	if (strcmp(host, "*") == 0 || why != NULL)
		return why;
	if (strcmp(host, "localhost") == 0)
		return "names are not looked up; for this machine alone write "
		       "127.0.0.1 or [::1]";
	return host[0] == '[' || is_interface(host)
		   ? NULL
		   : "the host must be an IP address, the name of an "
		     "interface, or * for all";
}

static const struct pgt_address_rules rules = {
    .is_port = is_port,
    .why_no_port = "the port must be 1 to 65535, or * for any that is free",
    .check_host = check_host,
};

const char *
conf_endpoint_check(const char *endpoint)
{
	if (pgt_address_behind(endpoint, "inproc://") != NULL)
		return "inproc:// reaches nobody but the server itself; use "
		       "ipc:// on one machine";
	return pgt_address_check(endpoint, &rules);
}

bool
conf_endpoint_is_local(const char *endpoint)
{
	const char *address = pgt_address_behind(endpoint, "tcp://"), *port;
	char host[PGT_HOST_MAX];
	struct in6_addr v6;
	struct in_addr v4;

	if (address == NULL)
		return true;
	if (!pgt_address_split(address, host, &port))
		return false;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return pgt_address_read_v6(host, &v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool
conf_endpoint_is_ephemeral(const char *endpoint)
{
	size_t n = strlen(endpoint);

	if (pgt_address_behind(endpoint, "tcp://") == NULL)
		return strcmp(endpoint, "ipc://*") == 0;
	return n > 2 && endpoint[n - 2] == ':' &&
	       (endpoint[n - 1] == '*' || endpoint[n - 1] == '0');
}
