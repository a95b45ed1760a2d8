/* Addresses of ZeroMQ's, tcp:// and ipc://, as text. */
#ifndef PGT_ADDRESS_H
#define PGT_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>

#define PGT_HOST_MAX 256

/* What stands behind that scheme, or NULL. */
const char *pgt_address_behind(const char *endpoint, const char *scheme);

/* Host and port of what stands behind tcp://. False: there are no two. */
bool pgt_address_split(
    const char *address, char host[PGT_HOST_MAX], const char **port);

/* 1 to 65535, written as one would. */
bool pgt_address_is_port(const char *port);

/* The IPv6 address within [ ], without its %zone. False: there is none. */
bool pgt_address_read_v6(const char *host, struct in6_addr *a);

/*
 * What is wrong with a host that looks like an IP address; NULL: nothing, or
 * it does not.
 */
const char *pgt_address_check_ip(const char *host);

/* What sets those who listen apart from those who connect. */
struct pgt_address_rules {
	bool (*is_port)(const char *port);
	const char *why_no_port;		     /* what would be one */
	const char *(*check_host)(const char *host); /* NULL: it is right */
};

/* What is wrong with an endpoint, tcp:// or ipc://; NULL: nothing. */
const char *pgt_address_check(
    const char *endpoint, const struct pgt_address_rules *rules);

#endif
