/*
 * Read whole, and not by libconfig: it would stop at the first zero, take a
 * directory for an empty file, and eat any amount.
 */
#include "pigatod/conf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pigatod/conf_error.h"

#define FILE_MAX ((size_t)1 << 20)

static int
wrong(struct conf_error *err, const char *path, const char *words)
{
	const struct pgt_slice none = {NULL, 0};

	return conf_fail(err, strcmp(path, "-") == 0 ? "standard input" : path,
	    none, none, "%s", words);
}

static int
cannot_read(struct conf_error *err, const char *path)
{
	char words[160];
	int rc = -errno;

	snprintf(words, sizeof(words), "cannot be read: %s", strerror(-rc));
	wrong(err, path, words);
	return rc;
}

/* Up to room bytes of fd; how many, or a negative errno. */
static ssize_t
read_all(int fd, char *buf, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room) {
		got = read(fd, buf + n, room - n);
		if (got == 0)
			break;
		if (got > 0)
			n += (size_t)got;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)n;
}

static int
read_fd(
    int fd, const char *path, char **text, size_t *n, struct conf_error *err)
{
	char *buf = calloc(1, FILE_MAX + 2), *zero;
	ssize_t got;
	int rc = 0;

	if (buf == NULL)
		return conf_no_memory(err);
	got = read_all(fd, buf, FILE_MAX + 1);
	zero = got < 0 ? NULL : memchr(buf, '\0', (size_t)got);
	if (got < 0)
		rc = cannot_read(err, path);
	else if ((size_t)got > FILE_MAX)
		rc = wrong(err, path, "is larger than 1 MiB: no settings file");
	else if (zero != NULL)
		rc = wrong(err, path, "holds a zero byte: no settings file");
	if (rc < 0) {
		free(buf);
		return rc;
	}
	*text = buf;
	*n = (size_t)got;
	return 0;
}

int
conf_file_read(const char *path, char **text, size_t *n, struct conf_error *err)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return read_fd(STDIN_FILENO, path, text, n, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cannot_read(err, path);
	rc = read_fd(fd, path, text, n, err);
	close(fd);
	return rc;
}

bool
conf_can_reread(const char *path)
{
	struct stat st;

	return path == NULL ||
	       (strcmp(path, "-") != 0 &&
		   (stat(path, &st) != 0 || S_ISREG(st.st_mode)));
}
