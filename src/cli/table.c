/*
 * Cells stand behind each other in one piece of memory, each with a zero
 * behind it: a long list costs no more than its text.
 */
#include "cli/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/utf8.h"

/* A longer cell sticks out, and moves but its own row. */
#define WIDTH_MAX 40

struct table {
	struct out *o, safe; /* safe: control characters made visible */
	const struct table_column *column;
	size_t n, at;
	char *cells;
	size_t size;
	size_t width[TABLE_MAX];
};

static size_t
width_of(const char *text)
{
	size_t width;

	utf8_cut(text, strlen(text), SIZE_MAX, &width);
	return width;
}

struct table *
table_new(struct out *o, const struct table_column *column, size_t n)
{
	struct table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->o = o;
	t->safe = *o;
	t->safe.escapes = true;
	t->safe.is_utf8 = o->is_utf8 || !o->is_terminal;
	t->column = column;
	t->n = n;
	t->safe.file = open_memstream(&t->cells, &t->size);
	if (t->safe.file == NULL) {
		free(t);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		t->width[i] = width_of(column[i].head);
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	if (t->safe.file != NULL)
		fclose(t->safe.file);
	free(t->cells);
	free(t);
}

void
table_add(struct table *t, const char *text)
{
	size_t i = t->at++ % t->n, width, from;

	fflush(t->safe.file);
	from = t->size;
	out_bytes(&t->safe, text, strlen(text));
	putc('\0', t->safe.file);
	if (!t->o->is_terminal || fflush(t->safe.file) != 0)
		return;
	width = width_of(t->cells + from);
	if (width > WIDTH_MAX)
		width = WIDTH_MAX;
	if (width > t->width[i])
		t->width[i] = width;
}

static void
put_cell(struct table *t, size_t i, const char *text)
{
	FILE *f = t->o->file;
	size_t width = width_of(text);
	int pad = width < t->width[i] ? (int)(t->width[i] - width) : 0;

	if (!t->o->is_terminal) {
		fprintf(f, "%s%s", i > 0 ? "\t" : "", text);
		return;
	}
	if (i > 0)
		fputs("  ", f);
	if (t->column[i].is_right)
		fprintf(f, "%*s", pad, "");
	fputs(text, f);
	if (!t->column[i].is_right && i + 1 < t->n)
		fprintf(f, "%*s", pad, "");
}

static void
put_heading(struct table *t)
{
	out_colour(t->o, OUT_HEAD);
	for (size_t i = 0; i < t->n; i++)
		put_cell(t, i, t->column[i].head);
	out_colour(t->o, OUT_DEFAULT);
	putc('\n', t->o->file);
}

static void
put_rows(struct table *t)
{
	const char *cell = t->cells;

	for (size_t i = 0; i < t->at; i++, cell += strlen(cell) + 1) {
		if (i % t->n == 0)
			out_colour(t->o, OUT_KEY);
		put_cell(t, i % t->n, cell);
		if (i % t->n == 0)
			out_colour(t->o, OUT_DEFAULT);
		if (i % t->n == t->n - 1)
			putc('\n', t->o->file);
	}
}

bool
table_print(struct table *t, bool has_heading)
{
	if (ferror(t->safe.file) || fflush(t->safe.file) != 0)
		return false;
	if (has_heading)
		put_heading(t);
	put_rows(t);
	out_flush(t->o);
	return true;
}
