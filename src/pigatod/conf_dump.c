/* All settings as a file of settings. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "pigatod/conf_slot.h"

/* Where the origins stand, if the values leave them room. */
#define COLUMN 48

static void
write_text(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

static void
write_texts(FILE *f, const struct conf *conf, const struct conf_row *row)
{
	fputc('[', f);
	for (size_t i = 0; i < conf_slot_n_texts(conf, row); i++) {
		fputs(i == 0 ? " " : ", ", f);
		write_text(f, conf_slot_text(conf, row, i));
	}
	fputs(" ]", f);
}

void
conf_write_value(FILE *f, const struct conf *conf, const struct conf_row *row)
{
	int64_t n;

	if (conf_value_is_list(row)) {
		write_texts(f, conf, row);
		return;
	}
	if (conf_value_is_text(row)) {
		write_text(f, conf_slot_text(conf, row, 0));
		return;
	}
	n = conf_slot_number(conf, row);
	if (row->type == CONF_BOOL)
		fputs(n != 0 ? "true" : "false", f);
	else
		fprintf(f, "%" PRId64 "%s", n,
		    n > INT_MAX || n < INT_MIN ? "L" : "");
}

static int
write_row(FILE *f, const struct conf *conf, const struct conf_row *row)
{
	char *line = NULL;
	size_t n = 0;
	FILE *m = open_memstream(&line, &n);

	if (m == NULL)
		return -ENOMEM;
	fprintf(m, "%s = ", row->name);
	conf_write_value(m, conf, row);
	fputc(';', m);
	if (fclose(m) != 0) {
		free(line);
		return -ENOMEM;
	}
	fprintf(f, "%-*s # %s\n", COLUMN, line, conf_origin(conf, row));
	free(line);
	return 0;
}

int
conf_dump(const struct conf *conf, FILE *f)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < conf_n_rows; i++)
		rc = write_row(f, conf, &conf_table[i]);
	return rc < 0 ? rc : ferror(f) ? -EIO : 0;
}
