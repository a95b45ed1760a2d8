#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_SIZE 4096
#define SIZE_MAX_  ((size_t)1 << 30)

/* Room for more behind what is there. */
static int
grow(struct text *t, size_t *room)
{
	size_t size = *room == 0 ? FIRST_SIZE : *room * 2;
	char *p;

	if (t->n < *room)
		return 0;
	if (size > SIZE_MAX_)
		return -EFBIG;
	p = realloc(t->p, size);
	if (p == NULL)
		return -ENOMEM;
	t->p = p;
	*room = size;
	return 0;
}

static int
read_all(int fd, struct text *t)
{
	size_t room = 0;
	ssize_t n = 1;
	int rc = 0;

	while (rc == 0 && n != 0) {
		rc = grow(t, &room);
		if (rc < 0)
			break;
		n = read(fd, t->p + t->n, room - t->n);
		if (n > 0)
			t->n += (size_t)n;
		else if (n < 0 && errno != EINTR)
			rc = -errno;
	}
	return rc;
}

/* Gives the bytes of a file, or of standard input; some also on failure. */
static int
read_file(struct cli *cli, const char *word, struct text *t)
{
	bool is_stdin = strcmp(word, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(word + 1, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -errno : 0;

	if (rc == 0)
		rc = read_all(fd, t);
	if (fd >= 0 && !is_stdin)
		close(fd);
	if (rc == 0)
		return CLI_REPLY;
	if (rc == -ENOMEM)
		return cli_no_memory(cli);
	return cli_usage(cli,
	    "cannot read %s: %s; wanted: @ and the name of a file, or - for "
	    "standard input",
	    is_stdin ? "standard input" : word, strerror(-rc));
}

/* Gives a copy. */
static int
copy(struct cli *cli, const char *p, size_t n, struct text *t)
{
	t->p = malloc(n + 1);
	t->n = n;
	if (t->p == NULL)
		return cli_no_memory(cli);
	memcpy(t->p, p, n);
	return CLI_REPLY;
}

/* Blanks around it are not of the value, and would not be found in a cache. */
static int
make_json(
    struct cli *cli, const char *word, const struct text *t, struct text *json)
{
	const char *p = t->p;
	size_t n = t->n;
	char why[200];

	text_trim(&p, &n);
	if (text_is_json(p, n, why, sizeof(why)))
		return copy(cli, p, n, json);
	if (word[0] == '@' || strcmp(word, "-") == 0)
		return cli_usage(cli,
		    "%s is no JSON (%s); --text sends it as text", word, why);
	if (n == 0)
		return cli_usage(cli,
		    "empty data is no JSON; wanted: '\"\"' or "
		    "the like, or --text");
	return cli_usage(cli,
	    "%.100s is no JSON (%s); wanted: '\"text\"' or the like, or --text",
	    word, why);
}

static int
make_text(struct cli *cli, const struct text *t, struct text *json)
{
	return text_to_json(t->p, t->n, json) ? CLI_REPLY : cli_no_memory(cli);
}

int
input_read(struct cli *cli, const char *word, bool is_text, struct text *json)
{
	struct text t = {NULL, 0};
	int status;

	if (word == NULL)
		return copy(cli, "null", 4, json);
	if (strcmp(word, "-") == 0 && cli->is_shell)
		return cli_usage(
		    cli, "- is what you type at; wanted: JSON or @FILE");
	if (word[0] == '@' || strcmp(word, "-") == 0)
		status = read_file(cli, word, &t);
	else
		status = copy(cli, word, strlen(word), &t);
	if (status == CLI_REPLY)
		status = is_text ? make_text(cli, &t, json)
				 : make_json(cli, word, &t, json);
	free(t.p);
	return status;
}
