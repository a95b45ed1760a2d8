/*
 * Who listens at an endpoint: the socket's inode is in /proc/net, and the
 * process is the one that has a descriptor of it. A listener at all addresses
 * is the one meant only if the endpoint is on this machine's loopback.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/cpu.h"

#define LISTENING 0x0A /* TCP_LISTEN, as /proc/net/tcp has it */

/* ---- the process of a socket ---- */

static bool
has_socket(const char *pid, const char *link)
{
	char path[64 + NAME_MAX], target[64];
	struct dirent *entry;
	bool found = false;
	ssize_t n;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	fds = opendir(path);
	if (fds == NULL)
		return false;
	while (!found && (entry = readdir(fds)) != NULL) {
		n = readlinkat(
		    dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		found = strcmp(target, link) == 0;
	}
	closedir(fds);
	return found;
}

static int
process_of(unsigned long inode)
{
	struct dirent *entry;
	char link[64];
	int pid = -1;
	DIR *proc;

	snprintf(link, sizeof(link), "socket:[%lu]", inode);
	proc = opendir("/proc");
	if (proc == NULL)
		return -1;
	while (pid < 0 && (entry = readdir(proc)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    has_socket(entry->d_name, link))
			pid = atoi(entry->d_name);
	closedir(proc);
	return pid;
}

/* ---- sockets ---- */

/* An address in the words of /proc/net/tcp and tcp6. */
struct address {
	uint32_t word[4];
	size_t n; /* words: 1 or 4 */
	unsigned port;
	bool is_loopback;
};

static bool
is_listened_at(const struct address *a, const char *hex)
{
	uint32_t word[4] = {0};
	bool any = true, same = strlen(hex) == a->n * 8;
	char part[9];

	for (size_t i = 0; same && i < a->n; i++) {
		snprintf(part, sizeof(part), "%.8s", hex + i * 8);
		word[i] = (uint32_t)strtoul(part, NULL, 16);
	}
	for (size_t i = 0; i < a->n; i++) {
		any = any && word[i] == 0;
		same = same && word[i] == a->word[i];
	}
	return same || (any && a->is_loopback);
}

static unsigned long
find_tcp(const char *path, const struct address *a)
{
	char line[512], hex[40];
	unsigned port, state;
	unsigned long inode;
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line,
			" %*d: %39[0-9A-F]:%x %*s %x %*s %*s %*s %*d %*d %lu",
			hex, &port, &state, &inode) != 4)
			continue;
		if (state == LISTENING && port == a->port &&
		    is_listened_at(a, hex)) {
			fclose(f);
			return inode;
		}
	}
	fclose(f);
	return 0;
}

static unsigned long
find_unix(const char *name)
{
	char line[512], path[256];
	unsigned long inode, found = 0;
	FILE *f = fopen("/proc/net/unix", "r");

	if (f == NULL)
		return 0;
	/* The listener and what it has accepted are of one process. */
	while (found == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%*x: %*x %*x %*x %*x %*x %lu %255[^\n]",
			&inode, path) == 2 &&
		    strcmp(path, name) == 0)
			found = inode;
	fclose(f);
	return found;
}

/* ---- endpoints ---- */

static void
fill_address(struct address *a, const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

		a->n = 1;
		a->word[0] = in->sin_addr.s_addr;
		a->is_loopback = ntohl(in->sin_addr.s_addr) >> 24 == 127;
	} else {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)sa;

		a->n = 4;
		memcpy(a->word, &in->sin6_addr, sizeof(a->word));
		a->is_loopback = IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
	}
}

/* A name of many addresses is served by whoever has one of them. */
static unsigned long
find_host(const char *host, unsigned port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *all, *one;
	struct address a = {.port = port};
	unsigned long inode = 0;

	if (getaddrinfo(host, NULL, &hints, &all) != 0)
		return 0;
	for (one = all; one != NULL && inode == 0; one = one->ai_next) {
		if (one->ai_family != AF_INET && one->ai_family != AF_INET6)
			continue;
		fill_address(&a, one->ai_addr);
		if (one->ai_family == AF_INET)
			inode = find_tcp("/proc/net/tcp", &a);
		if (inode == 0 && (a.n == 4 || a.is_loopback)) {
			a.n = 4;
			inode = find_tcp("/proc/net/tcp6", &a);
		}
	}
	freeaddrinfo(all);
	return inode;
}

int
listeners_find(const char *endpoint)
{
	unsigned long inode = 0;
	char host[256];
	unsigned port;

	if (sscanf(endpoint, "tcp://[%255[^]]]:%u", host, &port) == 2 ||
	    sscanf(endpoint, "tcp://%255[^:]:%u", host, &port) == 2)
		inode = find_host(host, port);
	else if (strncmp(endpoint, "ipc://", 6) == 0)
		inode = find_unix(endpoint + 6);
	return inode == 0 ? -1 : process_of(inode);
}
