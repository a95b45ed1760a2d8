/*
 * Our own client and our own workers in one loop, at a real pigatod:
 *
 *	pair features ADDRESS        exit status 0: all went as it should
 *	pair calm ADDRESSES NUMBER   requests, of which none is lost
 *	pair storm ADDRESSES NUMBER  … whatever happens to brokers
 */
#include "pair.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PATIENCE_S 30

struct pair pair;
static time_t give_up_at;

static int
sooner(int a, int b)
{
	return b >= 0 && (a < 0 || b < a) ? b : a;
}

void
pair_turn(void)
{
	struct pollfd fd[1 + PAIR_WORKERS];
	int timeout = 1000;

	fd[0] = (struct pollfd){.fd = -1};
	if (pair.c != NULL) {
		fd[0].fd = pigato_client_fd(pair.c);
		fd[0].events = POLLIN;
		timeout = sooner(timeout, pigato_client_timeout(pair.c));
	}
	for (int i = 0; i < PAIR_WORKERS; i++) {
		fd[1 + i] = (struct pollfd){.fd = -1, .events = POLLIN};
		if (pair.w[i] == NULL)
			continue;
		fd[1 + i].fd = pigato_worker_fd(pair.w[i]);
		timeout = sooner(timeout, pigato_worker_timeout(pair.w[i]));
	}
	poll(fd, 1 + PAIR_WORKERS, timeout);
	if (pair.c != NULL)
		pigato_client_process(pair.c);
	for (int i = 0; i < PAIR_WORKERS; i++)
		if (pair.w[i] != NULL)
			pigato_worker_process(pair.w[i]);
}

void
pair_close(void)
{
	pigato_client_free(pair.c);
	pair.c = NULL;
	for (int i = 0; i < PAIR_WORKERS; i++) {
		pigato_worker_free(pair.w[i]);
		pair.w[i] = NULL;
	}
}

void
pair_begin_wait(void)
{
	give_up_at = time(NULL) + PATIENCE_S;
}

void
pair_wait(const char *file, int line, const char *condition)
{
	if (time(NULL) > give_up_at)
		check_fail(file, line, "never: %s", condition);
	pair_turn();
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && strcmp(argv[1], "features") == 0)
		return pair_features(argv[2]);
	if (argc == 4 && strcmp(argv[1], "calm") == 0)
		return pair_load(argv[2], atol(argv[3]), true);
	if (argc == 4 && strcmp(argv[1], "storm") == 0)
		return pair_load(argv[2], atol(argv[3]), false);
	fprintf(stderr, "usage: pair features|calm|storm ADDRESS …\n");
	return 2;
}
