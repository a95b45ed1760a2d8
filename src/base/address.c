/*
 * libzmq takes some of what is wrong with an address: 127.0.0.1:070000 is a
 * port to it, and a host with a typing error a name to look up for ever. Here
 * is what a reader would take for an address.
 */
#include "base/address.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

const char *
pgt_address_behind(const char *endpoint, const char *scheme)
{
	size_t n = strlen(scheme);

	return strncmp(endpoint, scheme, n) == 0 ? endpoint + n : NULL;
}

bool
pgt_address_split(
    const char *address, char host[PGT_HOST_MAX], const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t n;

	if (colon == NULL)
		return false;
	n = (size_t)(colon - address);
	if (n == 0 || n >= PGT_HOST_MAX)
		return false;
	memcpy(host, address, n);
	host[n] = '\0';
	*port = colon + 1;
	return true;
}

bool
pgt_address_is_port(const char *port)
{
	size_t n = strspn(port, "0123456789");

	return n > 0 && n <= 5 && port[n] == '\0' && port[0] != '0' &&
	       (n < 5 || strcmp(port, "65535") <= 0);
}

bool
pgt_address_read_v6(const char *host, struct in6_addr *a)
{
	char text[PGT_HOST_MAX];
	size_t n = strlen(host);

	if (n < 3 || n >= sizeof(text) || host[0] != '[' || host[n - 1] != ']')
		return false;
	memcpy(text, host + 1, n - 2);
	text[n - 2] = '\0';
	text[strcspn(text, "%")] = '\0';
	return inet_pton(AF_INET6, text, a) == 1;
}

const char *
pgt_address_check_ip(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (host[0] == '[')
		return pgt_address_read_v6(host, &v6)
			   ? NULL
			   : "no IPv6 address is within the brackets";
	if (strchr(host, ':') != NULL)
		return "an IPv6 address stands in brackets, as in "
		       "tcp://[::1]:55555";
	if (host[strspn(host, "0123456789.")] != '\0' ||
	    inet_pton(AF_INET, host, &v4) == 1)
		return NULL;
	return "an IPv4 address has four numbers from 0 to 255";
}

static const char *
check_path(const char *path)
{
	if (path[0] == '\0')
		return "must have a path, as in ipc:///run/pigato.sock";
	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return "the path of a socket has at most 107 bytes";
	return NULL;
}

static const char *
check_tcp(const char *address, const struct pgt_address_rules *rules)
{
	char host[PGT_HOST_MAX];
	const char *port;

	if (!pgt_address_split(address, host, &port))
		return "must have a host and a port, as in "
		       "tcp://127.0.0.1:55555";
	return rules->is_port(port) ? rules->check_host(host)
				    : rules->why_no_port;
}

const char *
pgt_address_check(const char *endpoint, const struct pgt_address_rules *rules)
{
	const char *rest = pgt_address_behind(endpoint, "tcp://");

	if (rest != NULL)
		return check_tcp(rest, rules);
	rest = pgt_address_behind(endpoint, "ipc://");
	if (rest != NULL)
		return check_path(rest);
	return "must begin with tcp:// or ipc://, as in tcp://127.0.0.1:55555";
}
