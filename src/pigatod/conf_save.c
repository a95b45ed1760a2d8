/*
 * The new text goes into a file beside the old one, is on the disk and has
 * been read back before it takes the old one's name. So whoever looks, at
 * whatever moment, finds one of the two, whole.
 */
#include "pigatod/conf_save.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pigatod/conf_edit.h"
#include "pigatod/conf_error.h"
#include "pigatod/conf_file.h"
#include "pigatod/conf_slot.h"

struct save {
	const char *path;    /* as the user knows it, for errors */
	char real[PATH_MAX]; /* the file itself */
	char temp[PATH_MAX + 8];
	struct stat old;
	int fd;	      /* of temp; -1: closed */
	bool is_temp; /* there is one */
	bool wanted[CONF_MAX_ROWS];
	struct conf before, after; /* what the old and the new text say */
	struct conf_error *err;
};

static const struct pgt_slice none = {NULL, 0};

static int
wrong(struct save *s, int rc, const char *words)
{
	conf_fail(s->err, s->path, none, none,
	    "cannot be rewritten: %s%s%s; it is as it was", words,
	    words[0] == '\0' || rc == -EINVAL ? "" : ": ",
	    rc == -EINVAL ? "" : strerror(-rc));
	return rc;
}

/* ---- the old file ---- */

static int
look_at(struct save *s)
{
	if (strcmp(s->path, "-") == 0)
		return wrong(s, -EINVAL, "it is standard input");
	if (realpath(s->path, s->real) == NULL || stat(s->real, &s->old) != 0)
		return wrong(s, -errno, "");
	if (!S_ISREG(s->old.st_mode))
		return wrong(s, -EINVAL, "it is no plain file");
	if (access(s->real, W_OK) != 0)
		return wrong(s, -errno, "");
	return 0;
}

static int
parse(struct conf *conf, struct pgt_slice text, struct save *s)
{
	if (conf_init(conf) < 0)
		return conf_no_memory(s->err);
	return conf_parse(conf, text, s->path, s->err);
}

/* Marks what is to be written; returns how many. */
static size_t
choose(struct save *s, const struct conf *conf)
{
	size_t n = 0;

	for (size_t i = 0; i < conf_n_rows; i++) {
		const struct conf_row *row = &conf_table[i];

		s->wanted[i] =
		    strcmp(conf_origin(conf, row), CONF_SAVE_ORIGIN) == 0 &&
		    !conf_is_equal(conf, &s->before, row);
		n += s->wanted[i];
	}
	return n;
}

/* ---- the new one ---- */

/* With the mode and owner of the old one. */
static int
open_temp(struct save *s)
{
	snprintf(s->temp, sizeof(s->temp), "%s.XXXXXX", s->real);
	s->fd = mkostemp(s->temp, O_CLOEXEC);
	if (s->fd < 0)
		return wrong(s, -errno, "no file beside it");
	s->is_temp = true;
	if (fchown(s->fd, s->old.st_uid, s->old.st_gid) != 0 &&
	    (s->old.st_uid != geteuid() || s->old.st_gid != getegid()))
		return wrong(s, -errno, "its owner");
	if (fchmod(s->fd, s->old.st_mode & 07777) != 0)
		return wrong(s, -errno, "its mode");
	return 0;
}

static int
write_temp(struct save *s, struct pgt_slice text)
{
	while (text.n > 0) {
		ssize_t n = write(s->fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return wrong(s, -errno, "");
		text = pgt_slice_from(text, (size_t)n);
	}
	return fsync(s->fd) == 0 ? 0 : wrong(s, -errno, "");
}

/* Does the new file say what it should, of every option? */
static int
compare(struct save *s, const struct conf *conf)
{
	for (size_t i = 0; i < conf_n_rows; i++)
		if (!conf_is_equal(&s->after, s->wanted[i] ? conf : &s->before,
			&conf_table[i]))
			return wrong(s, -EINVAL, conf_table[i].name);
	return 0;
}

static int
read_back(struct save *s, const struct conf *conf)
{
	char *text = NULL;
	size_t n = 0;
	int rc = conf_file_read(s->temp, &text, &n, s->err);

	if (rc == 0)
		rc = parse(&s->after, (struct pgt_slice){text, n}, s);
	if (rc == 0)
		rc = compare(s, conf);
	free(text);
	return rc;
}

/* Has somebody else edited it meanwhile? */
static bool
is_untouched(const struct save *s)
{
	struct stat st;

	return stat(s->real, &st) == 0 && st.st_ino == s->old.st_ino &&
	       st.st_size == s->old.st_size &&
	       st.st_mtim.tv_sec == s->old.st_mtim.tv_sec &&
	       st.st_mtim.tv_nsec == s->old.st_mtim.tv_nsec;
}

/* Without it a crash of the system may bring the old name back: no harm. */
static void
sync_directory(const struct save *s)
{
	char path[PATH_MAX];
	int fd;

	memcpy(path, s->real, sizeof(path));
	fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

static int
replace(struct save *s)
{
	if (!is_untouched(s))
		return wrong(s, -EINVAL, "somebody has just changed it");
	if (rename(s->temp, s->real) != 0)
		return wrong(s, -errno, "");
	s->is_temp = false;
	sync_directory(s);
	return 0;
}

static int
put(struct save *s, const struct conf *conf, struct pgt_slice old)
{
	char *text = NULL;
	size_t n = 0;
	int rc = conf_edit(old, conf, s->wanted, &text, &n);

	if (rc < 0)
		return conf_no_memory(s->err);
	rc = open_temp(s);
	if (rc == 0)
		rc = write_temp(s, (struct pgt_slice){text, n});
	if (rc == 0)
		rc = read_back(s, conf);
	if (rc == 0)
		rc = replace(s);
	free(text);
	return rc;
}

/* ---- the whole ---- */

static int
save(struct save *s, struct conf *conf, size_t *n_written)
{
	char *text = NULL;
	size_t n = 0;
	int rc = look_at(s);

	if (rc == 0)
		rc = conf_file_read(s->real, &text, &n, s->err);
	if (rc == 0)
		rc = parse(&s->before, (struct pgt_slice){text, n}, s);
	if (rc == 0) {
		*n_written = choose(s, conf);
		if (*n_written > 0)
			rc = put(s, conf, (struct pgt_slice){text, n});
	}
	free(text);
	return rc;
}

/* The values are the same ones; who refers to those in conf may go on. */
static void
move_origins(struct save *s, struct conf *conf)
{
	for (size_t i = 0; i < conf_n_rows; i++) {
		if (!s->wanted[i])
			continue;
		free(conf->origin[i]);
		conf->origin[i] = s->after.origin[i];
		s->after.origin[i] = NULL;
	}
}

int
conf_save(struct conf *conf, const char *path, size_t *n_written,
    struct conf_error *err)
{
	struct save *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return conf_no_memory(err);
	s->path = path;
	s->err = err;
	s->fd = -1;
	rc = save(s, conf, n_written);
	if (rc == 0)
		move_origins(s, conf);
	if (s->fd >= 0)
		close(s->fd);
	if (s->is_temp)
		unlink(s->temp);
	conf_clear(&s->before);
	conf_clear(&s->after);
	free(s);
	return rc;
}
