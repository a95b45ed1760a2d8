/*
 * hearer ADDRESS: a datagram socket at /path or @name, as NOTIFY_SOCKET has
 * them. Each datagram becomes a line, with spaces for its line ends; the first
 * line is "hearing". Until it is killed.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int
hear_at(const char *text)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(text);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (fd < 0 || n >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, text, n);
	if (text[0] == '@')
		address.sun_path[0] = '\0';
	if (bind(fd, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) != 0)
		return -1;
	return fd;
}

int
main(int argc, char **argv)
{
	int fd = argc == 2 ? hear_at(argv[1]) : -1;
	char text[4096];
	ssize_t n;

	if (fd < 0) {
		perror("hearer");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("hearing");
	while ((n = recv(fd, text, sizeof(text) - 1, 0)) >= 0) {
		text[n] = '\0';
		for (ssize_t i = 0; i < n; i++)
			if (text[i] == '\n')
				text[i] = ' ';
		puts(text);
	}
	return 1;
}
