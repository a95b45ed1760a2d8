/* Cheap looks only: they are taken between two messages. */
#include "config.h"

#include "pigatod/process.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int64_t
process_clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
process_begin(struct process *me, const struct conf *conf)
{
	me->conf = conf;
	me->started_at_s = (int64_t)time(NULL);
	me->started_us = process_clock_us();
}

static int64_t
us_of(const struct timeval *tv)
{
	return (int64_t)tv->tv_sec * 1000000 + tv->tv_usec;
}

/* Pages that are in memory: the second number. -1: there is no such file. */
static int64_t
resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long pages = -1;

	if (f == NULL)
		return -1;
	if (fscanf(f, "%*d %ld", &pages) != 1)
		pages = -1;
	fclose(f);
	return pages < 0 ? -1 : (int64_t)pages * sysconf(_SC_PAGESIZE);
}

/* Linux 6.2 and later say how many there are; others say 0. */
static int64_t
count_open_files(void)
{
	struct stat st;

	if (stat("/proc/self/fd", &st) < 0 || st.st_size == 0)
		return -1;
	return st.st_size;
}

void
process_look(void *arg, struct broker_process *p)
{
	const struct process *me = arg;
	struct rusage usage;
	struct rlimit limit;

	p->version = PACKAGE_VERSION;
	p->name = me->conf->name[0] != '\0' ? me->conf->name : NULL;
	p->bind = (const char *const *)me->conf->bind;
	p->n_binds = me->conf->n_binds;
	p->pid = getpid();
	p->started_at_s = me->started_at_s;
	p->now_at_s = (int64_t)time(NULL);
	p->uptime_ms = (process_clock_us() - me->started_us) / 1000;
	p->rss_bytes = resident_bytes();
	p->open_files = count_open_files();
	if (getrusage(RUSAGE_SELF, &usage) == 0) {
		p->cpu_user_us = us_of(&usage.ru_utime);
		p->cpu_system_us = us_of(&usage.ru_stime);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		p->max_open_files = (int64_t)limit.rlim_cur;
}
