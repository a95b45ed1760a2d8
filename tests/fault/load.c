/*
 * Load that is accounted for, while brokers and workers come to harm:
 *
 *	load ask [-rs] [-d DEPTH] [-p failover|spread] [-t MS] ENDPOINTS
 *	load work [-s] ENDPOINTS
 *
 * ask keeps DEPTH requests in flight until TERM, and then waits for the last
 * of them. Exit status 0: each has been sent once, and has ended once, by the
 * reply that is right for it or by an error. -r: with retry; -s: every fourth
 * is answered in parts; -t: the timeout. work answers them, and drains on
 * TERM. Both say on standard output what happens to them, and at last what
 * has become of all:
 *
 *	connect ENDPOINT, disconnect ENDPOINT
 *	at N                  requests have ended (ask) or been answered (work)
 *	NAME N                at the end: sent, OK, wrong, doubled, TIMEOUT …
 */
#include "load.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile sig_atomic_t load_is_over;
static int wake[2];

void
load_die(const char *why)
{
	fprintf(stderr, "load: %s\n", why);
	exit(1);
}

static void
on_term(int signo)
{
	(void)signo;
	load_is_over = 1;
	if (write(wake[1], "", 1) < 0)
		return; /* it has been woken already */
}

void
load_sleep(int fd, int timeout_ms, int most_ms)
{
	struct pollfd fds[2] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = wake[0], .events = load_is_over ? 0 : POLLIN},
	};

	if (timeout_ms < 0 || timeout_ms > most_ms)
		timeout_ms = most_ms;
	poll(fds, 2, timeout_ms);
}

size_t
load_reply(char text[LOAD_TEXT], uint64_t n, unsigned part)
{
	uint32_t sum = (uint32_t)(n * 2654435761U + part);

	return (size_t)snprintf(text, LOAD_TEXT,
	    "[%" PRIu64 ",%u,\"%08" PRIx32 "\"]", n, part, sum);
}

bool
load_is_stream(const struct load_conf *conf, uint64_t n)
{
	return conf->has_streams && n % 4 == 0;
}

static bool
read_conf(struct load_conf *conf, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "d:p:rst:")) != -1) {
		switch (option) {
		case 'd':
			conf->depth = atoi(optarg);
			break;
		case 'p':
			if (strcmp(optarg, "spread") == 0)
				conf->policy = PIGATO_SPREAD;
			break;
		case 'r':
			conf->retry = true;
			break;
		case 's':
			conf->has_streams = true;
			break;
		case 't':
			conf->timeout_ms = atol(optarg);
			break;
		default:
			return false;
		}
	}
	conf->endpoints = argv[optind];
	return optind + 1 == argc && conf->depth > 0;
}

int
main(int argc, char **argv)
{
	struct load_conf conf = {.depth = 100, .timeout_ms = 60000};
	struct sigaction action = {.sa_handler = on_term};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (pipe(wake) != 0)
		load_die("no pipe");
	sigaction(SIGTERM, &action, NULL);
	if (argc > 2 && read_conf(&conf, argc - 1, argv + 1)) {
		if (strcmp(argv[1], "ask") == 0)
			return load_ask(&conf);
		if (strcmp(argv[1], "work") == 0)
			return load_work(&conf);
	}
	fprintf(stderr, "usage: load ask|work [OPTION …] ENDPOINTS\n");
	return 2;
}
