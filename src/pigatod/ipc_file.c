/* Nothing here creates or removes a file. */
#include "pigatod/ipc_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *
ipc_file_of(const char *address)
{
	if (strncmp(address, "ipc://", 6) != 0)
		return NULL;
	address += 6;
	return address[0] == '@' || address[0] == '*' ? NULL : address;
}

/* Does anybody accept connections there? */
static bool
is_listening(const char *path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	bool yes;
	int fd;

	if (strlen(path) >= sizeof(sun.sun_path))
		return false;
	memcpy(sun.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	/* EAGAIN: there is a listener, and its queue is full. */
	yes = connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0 ||
	      errno == EAGAIN;
	close(fd);
	return yes;
}

int
ipc_file_check(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return is_listening(path) ? -EADDRINUSE : 0;
}
