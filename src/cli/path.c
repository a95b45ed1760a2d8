#include "cli/path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
can_run(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EACCES;
		return -1;
	}
	return access(path, X_OK);
}

/* Gives DIRECTORY/NAME; of no directory: the one we are in. */
static char *
join(const char *directory, size_t n, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%.*s%s%s", (int)n, directory, n > 0 ? "/" : "",
		name) < 0)
		return NULL;
	return path;
}

char *
path_find(const char *name)
{
	const char *list = getenv("PATH");
	int why = ENOENT;

	if (strchr(name, '/') != NULL)
		return can_run(name) == 0 ? strdup(name) : NULL;
	if (list == NULL)
		list = "/usr/bin:/bin";
	while (name[0] != '\0') {
		size_t n = strcspn(list, ":");
		char *path = join(list, n, name);

		if (path == NULL || can_run(path) == 0)
			return path;
		if (errno == EACCES)
			why = EACCES;
		free(path);
		if (list[n] == '\0')
			break;
		list += n + 1;
	}
	errno = why;
	return NULL;
}
