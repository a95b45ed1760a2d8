#include "cli/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_LINES 1000

/* Gives $XDG_STATE_HOME/pigato_history or ~/.pigato_history. NULL: neither. */
static char *
file_name(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *name = NULL;
	int n = -1;

	if (state != NULL && state[0] == '/') {
		mkdir(state, 0700); /* which may be there */
		n = asprintf(&name, "%s/pigato_history", state);
	} else if (home != NULL && home[0] == '/') {
		n = asprintf(&name, "%s/.pigato_history", home);
	}
	return n < 0 ? NULL : name;
}

History *
history_open(void)
{
	History *h = history_init();
	char *name;
	HistEvent ev;

	if (h == NULL)
		return NULL;
	history(h, &ev, H_SETSIZE, N_LINES);
	history(h, &ev, H_SETUNIQUE, 1);
	name = file_name();
	if (name != NULL)
		history(h, &ev, H_LOAD, name);
	free(name);
	return h;
}

void
history_add(History *h, const char *line)
{
	HistEvent ev;

	if (strchr(" \t\n", line[0]) == NULL)
		history(h, &ev, H_ENTER, line);
}

/* One that was there may have had another mode. */
static int
write_file(History *h, const char *name)
{
	int fd = open(
	    name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
	FILE *f = NULL;
	HistEvent ev;
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (fchmod(fd, 0600) != 0 || (f = fdopen(fd, "w")) == NULL) {
		rc = -errno;
		close(fd);
		return rc;
	}
	if (history(h, &ev, H_SAVE_FP, f) < 0)
		rc = -EIO;
	if (fclose(f) != 0)
		rc = -errno;
	return rc;
}

void
history_close(History *h, struct cli *cli)
{
	char *name = file_name();
	int rc = name == NULL ? 0 : write_file(h, name);

	if (rc < 0)
		cli_complain(cli, "cannot write %s: %s", name, strerror(-rc));
	free(name);
	history_end(h);
}
