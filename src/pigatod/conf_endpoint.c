/*
 * libzmq says "Invalid argument" to most that is wrong with an address, and
 * takes some of it: 127.0.0.1:070000 is a port to it. Here is what it can
 * bind and what a reader would take for the same thing.
 */
#include "pigatod/conf_endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/slice.h"

#define HOST_MAX 64

static const char *
behind(const char *endpoint, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncmp(endpoint, scheme, n) == 0 ? endpoint + n : NULL;
}

/* Host and port of what follows tcp://; false: there are no two. */
static bool
split(const char *address, char host[HOST_MAX], const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t n;

	if (colon == NULL)
		return false;
	n = (size_t)(colon - address);
	if (n == 0 || n >= HOST_MAX)
		return false;
	memcpy(host, address, n);
	host[n] = '\0';
	*port = colon + 1;
	return true;
}

static bool
is_port(const char *port)
{
	size_t n = strspn(port, "0123456789");

	if (strcmp(port, "*") == 0 || strcmp(port, "0") == 0)
		return true;
	return n > 0 && n <= 5 && port[n] == '\0' && port[0] != '0' &&
	       atoi(port) <= 65535;
}

/* The address within [ ], without its %zone. */
static bool
read_v6(const char *host, struct in6_addr *a)
{
	char text[HOST_MAX];
	size_t n = strlen(host);

	if (n < 3 || host[0] != '[' || host[n - 1] != ']')
		return false;
	memcpy(text, host + 1, n - 2);
	text[n - 2] = '\0';
	text[strcspn(text, "%")] = '\0';
	return inet_pton(AF_INET6, text, a) == 1;
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
	struct in6_addr v6;
	struct in_addr v4;

	if (strcmp(host, "*") == 0 || read_v6(host, &v6))
		return NULL;
	if (strcmp(host, "localhost") == 0)
		return "names are not looked up; for this machine alone write "
		       "127.0.0.1 or [::1]";
	if (host[0] == '[')
		return "no IPv6 address is within the brackets";
	if (strchr(host, ':') != NULL)
		return "an IPv6 address stands in brackets, as in "
		       "tcp://[::1]:55555";
	if (host[strspn(host, "0123456789.")] == '\0')
		return inet_pton(AF_INET, host, &v4) == 1
			   ? NULL
			   : "an IPv4 address has four numbers from 0 to 255";
	return is_interface(host) ? NULL
				  : "the host must be an IP address, the name "
				    "of an interface, or * for all";
}

static const char *
check_tcp(const char *address)
{
	char host[HOST_MAX];
	const char *port;

	if (!split(address, host, &port))
		return "must have a host and a port, as in "
		       "tcp://127.0.0.1:55555";
	if (!is_port(port))
		return "the port must be 1 to 65535, or * for any that is "
		       "free";
	return check_host(host);
}

static const char *
check_ipc(const char *path)
{
	if (path[0] == '\0')
		return "must have a path, as in ipc:///run/pigato.sock";
	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return "the path of a socket has at most 107 bytes";
	return NULL;
}

const char *
conf_endpoint_check(const char *endpoint)
{
	const char *rest = behind(endpoint, "tcp://");

	if (rest != NULL)
		return check_tcp(rest);
	rest = behind(endpoint, "ipc://");
	if (rest != NULL)
		return check_ipc(rest);
	if (behind(endpoint, "inproc://") != NULL)
		return "inproc:// reaches nobody but the server itself; use "
		       "ipc:// on one machine";
	return "must begin with tcp:// or ipc://, as in tcp://127.0.0.1:55555";
}

bool
conf_endpoint_is_local(const char *endpoint)
{
	const char *address = behind(endpoint, "tcp://"), *port;
	char host[HOST_MAX];
	struct in6_addr v6;
	struct in_addr v4;

	if (address == NULL)
		return true;
	if (!split(address, host, &port))
		return false;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return read_v6(host, &v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool
conf_endpoint_is_ephemeral(const char *endpoint)
{
	size_t n = strlen(endpoint);

	if (behind(endpoint, "tcp://") == NULL)
		return strcmp(endpoint, "ipc://*") == 0;
	return n > 2 && endpoint[n - 2] == ':' &&
	       (endpoint[n - 1] == '*' || endpoint[n - 1] == '0');
}
