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

/* inproc:// would lead nowhere: nobody else is in a handle's context. */
static const struct pgt_address_rules rules = {
    .is_port = pgt_address_is_port,
    .why_no_port = "the port must be 1 to 65535",
    .check_host = check_host,
};

static const char *
check_entry(struct pgt_slice entry)
{
	char text[ENDPOINT_MAX] = "";

	if (entry.n >= sizeof(text))
		return "is longer than any endpoint";
	memcpy(text, entry.p, entry.n);
	return pgt_address_check(text, &rules);
}

/*
 * Does the same stand before entry in its list? Two connections under one id
 * would push each other aside.
 */
static bool
is_repeated(struct pgt_slice list, struct pgt_slice entry)
{
	struct pgt_slice other = pgt_endpoint_take(&list);

	while (other.p != entry.p && !pgt_slice_equal(other, entry))
		other = pgt_endpoint_take(&list);
	return other.p != entry.p;
}

const char *
pigato_check_endpoints(const char *endpoints)
{
	struct pgt_slice all, left, entry;
	const char *why = NULL;
	size_t n = 0;

	if (endpoints == NULL)
		return NULL;
	left = all = pgt_slice_of(endpoints);
	while (why == NULL && left.n > 0) {
		entry = pgt_endpoint_take(&left);
		if (entry.n == 0)
			continue;
		why = is_repeated(all, entry) ? "names a broker twice"
					      : check_entry(entry);
		n++;
	}
	return n > 0 ? why : "names no broker";
}
