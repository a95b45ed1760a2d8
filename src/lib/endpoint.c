/*
 * What libzmq does not know at once it tries for ever, in the background: who
 * has mistyped an endpoint would hear of nothing but silence.
 */
#include "lib/endpoint.h"

#include <stddef.h>
#include <string.h>

#include "base/address.h"
#include "base/scan.h"
#include "lib/pigato.h"

#define ENDPOINT_MAX 512

#define NAME                                                                   \
	"abcdefghijklmnopqrstuvwxyz"                                           \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

struct pgt_slice
pgt_endpoint_take(struct pgt_slice *list)
{
	const char *comma = list->n == 0 ? NULL : memchr(list->p, ',', list->n);
	size_t n = comma == NULL ? list->n : (size_t)(comma - list->p);
	struct pgt_slice entry = pgt_slice_head(*list, n);

	*list = pgt_slice_from(*list, comma == NULL ? n : n + 1);
	pgt_scan_take_run(&entry, " \t\n");
	while (pgt_scan_drop(&entry, ' ') || pgt_scan_drop(&entry, '\t') ||
	       pgt_scan_drop(&entry, '\n'))
		;
	return entry;
}

static const char *
check_host(const char *host)
{
	const char *why = pgt_address_check_ip(host);

	if (why != NULL || host[0] == '[')
		return why;
	if (host[strspn(host, NAME)] == '\0')
		return NULL;
	return "a host is a name, an IPv4 address, or an IPv6 address in "
	       "brackets";
}

static const char *
check_tcp(const char *address)
{
	char host[PGT_HOST_MAX];
	const char *port;

	if (!pgt_address_split(address, host, &port))
		return "must have a host and a port, as in "
		       "tcp://127.0.0.1:55555";
	if (!pgt_address_is_port(port))
		return "the port must be 1 to 65535";
	return check_host(host);
}

/* inproc:// would lead nowhere: nobody else is in a handle's context. */
const char *
pgt_endpoint_check(const char *endpoint)
{
	const char *rest = pgt_address_behind(endpoint, "tcp://");

	if (rest != NULL)
		return check_tcp(rest);
	rest = pgt_address_behind(endpoint, "ipc://");
	if (rest != NULL)
		return pgt_address_check_path(rest);
	return "must begin with tcp:// or ipc://, as in "
	       "tcp://127.0.0.1:55555";
}

static const char *
check_entry(struct pgt_slice entry)
{
	char text[ENDPOINT_MAX] = "";

	if (entry.n >= sizeof(text))
		return "is longer than any endpoint";
	memcpy(text, entry.p, entry.n);
	return pgt_endpoint_check(text);
}

const char *
pigato_check_endpoints(const char *endpoints)
{
	struct pgt_slice list, entry;
	const char *why = NULL;
	size_t n = 0;

	if (endpoints == NULL)
		return NULL;
	list = pgt_slice_of(endpoints);
	while (why == NULL && list.n > 0) {
		entry = pgt_endpoint_take(&list);
		if (entry.n == 0)
			continue;
		why = check_entry(entry);
		n++;
	}
	return n > 0 ? why : "names no broker";
}
