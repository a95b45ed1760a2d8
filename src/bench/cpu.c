#include "bench/cpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/clock.h"

static double
read_clock(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts) != 0)
		return -1;
	return (double)ts.tv_sec + (double)ts.tv_nsec / CLOCK_NS_PER_S;
}

double
cpu_own(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static double
cpu_of(int pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0)
		return -1;
	return read_clock(clock);
}

void
cpu_begin(struct brokers *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->begun[i] = b->seen[i] = cpu_of(b->pid[i]);
}

void
cpu_look(struct brokers *b)
{
	double now;

	for (size_t i = 0; i < b->n; i++) {
		now = cpu_of(b->pid[i]);
		if (now >= 0)
			b->seen[i] = now;
	}
}

double
cpu_spent(const struct brokers *b)
{
	double sum = 0;
	bool is_known = false;

	for (size_t i = 0; i < b->n; i++)
		if (b->begun[i] >= 0) {
			sum += b->seen[i] - b->begun[i];
			is_known = true;
		}
	return is_known ? sum : -1;
}

static void
read_name(char name[CPU_NAME], int pid)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	snprintf(name, CPU_NAME, "?");
	f = fopen(path, "r");
	if (f == NULL)
		return;
	if (fgets(name, CPU_NAME, f) != NULL)
		name[strcspn(name, "\n")] = '\0';
	fclose(f);
}

static void
add(struct brokers *b, int pid)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->pid[i] == pid)
			return;
	if (b->n == CONF_PIDS_MAX)
		return;
	b->pid[b->n] = pid;
	read_name(b->name[b->n], pid);
	b->n++;
}

void
cpu_find_brokers(struct brokers *b, const struct conf *conf)
{
	char *text = strdup(conf->endpoints), *rest = text, *word;
	int pid;

	*b = (struct brokers){.n = 0};
	for (size_t i = 0; i < conf->n_pids; i++)
		add(b, conf->pid[i]);
	while (conf->n_pids == 0 && (word = strsep(&rest, ", \t")) != NULL) {
		pid = word[0] == '\0' ? -1 : listeners_find(word);
		if (pid > 0)
			add(b, pid);
	}
	free(text);
}
