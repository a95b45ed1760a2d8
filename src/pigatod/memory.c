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

static int64_t
of_machine(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (int64_t)pages * size : 0;
}

/* What is behind the line's "0::", a path. False: there is none. */
static bool
find_group(const char *file, char path[PATH_MAX])
{
	FILE *f = fopen(file, "re");
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
of_group(const char *root, const char *path)
{
	char name[2 * PATH_MAX + 16], text[32] = "";
	int64_t limit;
	FILE *f;

	snprintf(name, sizeof(name), "%s%s/memory.max", root, path);
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
memory_of_groups(const char *file, const char *root)
{
	int64_t least = INT64_MAX, limit;
	char path[PATH_MAX], *slash = path;

	if (!find_group(file, path))
		return least;
	while (slash != NULL) {
		limit = of_group(root, path);
		if (limit < least)
			least = limit;
		slash = strrchr(path, '/');
		if (slash != NULL)
			*slash = '\0';
	}
	return least;
}

int64_t
memory_available(void)
{
	int64_t machine = of_machine();
	int64_t groups =
	    memory_of_groups("/proc/self/cgroup", "/sys/fs/cgroup");

	if (groups == INT64_MAX)
		return machine;
	return machine > 0 && machine < groups ? machine : groups;
}
