/* What goes together on the command line, and what follows from it. */
#include "config.h"

#include "bench/conf.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONF_DISTINCT 1000 /* with --cache: as many as pigato-perf has */

static int
read_pid(struct conf *c, const char *word)
{
	char path[32], *end;
	long pid = strtol(word, &end, 10);

	snprintf(path, sizeof(path), "/proc/%ld", pid);
	if (end == word || *end != '\0' || pid < 1 || pid > INT_MAX ||
	    access(path, F_OK) != 0)
		return conf_complain("--broker-pid %s: want the number of a "
				     "process that runs",
		    word);
	if (c->n_pids == CONF_PIDS_MAX)
		return conf_complain(
		    "--broker-pid: want %d of them at most", CONF_PIDS_MAX);
	c->pid[c->n_pids++] = (int)pid;
	return 0;
}

static int
read_pids(struct conf *c)
{
	char *text = strdup(c->pids_text), *rest = text, *word;
	int rc = 0;

	while (rc == 0 && (word = strsep(&rest, ",")) != NULL)
		rc = read_pid(c, word);
	free(text);
	return rc;
}

/* What has no sense, alone or together. */
static int
check(const struct conf *c)
{
	if (c->requests > 0 && c->seconds > 0)
		return conf_complain("--requests and --seconds: want one of "
				     "the two, as the other follows");
	if (c->waves > 0 && conf_is_open(c))
		return conf_complain("--waves and --rate: want one of the "
				     "two, as both say when to send");
	if (c->waves > 0 && c->depth > 0)
		return conf_complain("--waves and --depth: want one of the "
				     "two, as a wave is all that is in flight");
	if (c->csv && c->json)
		return conf_complain("--csv and --json: want one of the two");
	if (c->requests > 0 && c->requests < c->clients)
		return conf_complain("--requests %" PRId64
				     ": want one for each of %" PRId64
				     " clients at least",
		    c->requests, c->clients);
	if (c->timeout_ms == 0)
		return conf_complain("--timeout 0: want some time, or -1 for "
				     "no end of it");
	if (c->concurrency == 0)
		return conf_complain("--concurrency 0: want 1 or more, or -1 "
				     "for no limit");
	if (c->workers == 0 && c->service == NULL)
		return conf_complain("--workers 0: want --service NAME as "
				     "well, the one that others serve");
	if (c->workers == 0 && c->cache_ms > 0)
		return conf_complain("--cache: want own workers, as it is "
				     "they who say it, not --workers 0");
	return 0;
}

/* A service that no other run has, so that all its requests are ours. */
static void
name_service(struct conf *c)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	snprintf(c->name, sizeof(c->name), "benchmark-%lld%09ld-%ld",
	    (long long)ts.tv_sec, ts.tv_nsec, (long)getpid());
	c->service = c->name;
	c->is_own_service = true;
}

int
conf_complete(struct conf *c)
{
	if (check(c) < 0)
		return -EINVAL;
	if (c->pids_text != NULL && read_pids(c) < 0)
		return -EINVAL;
	if (c->requests == 0 && !(c->seconds > 0))
		c->seconds = CONF_SECONDS;
	if (c->depth == 0)
		c->depth = conf_is_open(c) || c->waves > 0 ? CONF_DEPTH_MAX
							   : CONF_DEPTH;
	if (c->cache_ms > 0 && c->distinct == 0)
		c->distinct = CONF_DISTINCT;
	if (c->service == NULL)
		name_service(c);
	if (c->csv || c->json)
		c->format = c->csv ? FORMAT_CSV : FORMAT_JSON;
	return 0;
}
