/*
 * RUNTIME_DIRECTORY is what systemd made for the service, /run/pigatod where
 * the unit says so; XDG_RUNTIME_DIR is a user's. pigato-cli looks in the same
 * places (src/cli/admin.c).
 */
#include "pigatod/run_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory, to the first colon of dir, and what stands behind it. */
static int
join(char *text, size_t size, const char *dir, const char *rest)
{
	int n =
	    snprintf(text, size, "%.*s%s", (int)strcspn(dir, ":"), dir, rest);

	return n > 0 && (size_t)n < size ? 0 : -ENAMETOOLONG;
}

static int
find(char *path, size_t size)
{
	const char *dir = getenv("RUNTIME_DIRECTORY");

	if (dir != NULL && dir[0] == '/')
		return join(path, size, dir, "");
	if (geteuid() == 0)
		return join(path, size, "/run/pigatod", "");
	dir = getenv("XDG_RUNTIME_DIR");
	if (dir != NULL && dir[0] == '/')
		return join(path, size, dir, "/pigatod");
	return -ENOENT;
}

int
run_dir_admin(char *text, size_t size)
{
	char path[108]; /* no socket's path may be longer */
	int n, rc = find(path, sizeof(path));

	if (rc < 0)
		return rc;
	n = snprintf(text, size, "ipc://%s/admin.sock", path);
	if ((size_t)n >= size || (size_t)n - strlen("ipc://") >= sizeof(path))
		return -ENAMETOOLONG;
	if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST)
		return -errno;
	return 0;
}
