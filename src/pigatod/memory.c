/*
 * In a container, or under a MemoryMax of systemd, the machine's memory says
 * nothing: the kernel ends who goes over the limit of his group, or of any
 * group around it.
 */
#include "pigatod/memory.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUPS "/sys/fs/cgroup"

static int64_t
of_machine(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (int64_t)pages * size : 0;
}

/* The line "0::/path" of /proc/self/cgroup. False: there is none. */
static bool
find_group(char path[PATH_MAX])
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		found = strncmp(line, "0::/", 4) == 0;
	}
	fclose(f);
	if (found)
		snprintf(path, PATH_MAX, "%s", line + 3);
	return found;
}

/* The limit of that group, or INT64_MAX. */
static int64_t
of_group(const char *path)
{
	char name[PATH_MAX + 64], text[32] = "";
	int64_t limit;
	FILE *f;

	snprintf(name, sizeof(name), GROUPS "%s/memory.max", path);
	f = fopen(name, "re");
	if (f == NULL)
		return INT64_MAX;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	/* Else it is "max". */
	limit = text[0] >= '0' && text[0] <= '9' ? strtoll(text, NULL, 10) : 0;
	return limit > 0 ? limit : INT64_MAX;
}

int64_t
memory_available(void)
{
	int64_t least = of_machine(), limit;
	char path[PATH_MAX], *slash = path;

	if (!find_group(path))
		return least;
	while (slash != NULL) {
		limit = of_group(path);
		if (limit < INT64_MAX && (least == 0 || limit < least))
			least = limit;
		slash = strrchr(path, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	return least;
}
