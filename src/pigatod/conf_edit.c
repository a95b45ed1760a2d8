/*
 * The text has been parsed before, so only what is right is met here: at the
 * top level names, = or :, values, and ; or , or nothing behind them.
 */
#include "pigatod/conf_edit.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pigatod/conf_slot.h"

struct edit {
	const char *p, *end; /* not yet copied or looked at */
	const struct conf *conf;
	const bool *wanted;
	bool is_done[CONF_MAX_ROWS];
	FILE *out;
};

static bool
is_at(const struct edit *e, const char *text)
{
	struct pgt_slice rest = {e->p, (size_t)(e->end - e->p)};

	return pgt_slice_has_prefix(rest, pgt_slice_of(text));
}

static void
copy(struct edit *e, size_t n)
{
	if (n > (size_t)(e->end - e->p))
		n = (size_t)(e->end - e->p);
	fwrite(e->p, 1, n, e->out);
	e->p += n;
}

static void
copy_through(struct edit *e, const char *mark)
{
	while (e->p < e->end && !is_at(e, mark))
		copy(e, 1);
	copy(e, strlen(mark));
}

/* Blanks and comments. */
static void
copy_blank(struct edit *e)
{
	for (;;) {
		if (is_at(e, "#") || is_at(e, "//")) {
			copy_through(e, "\n");
		} else if (is_at(e, "/*")) {
			copy(e, 2);
			copy_through(e, "*/");
		} else if (e->p < e->end && isspace((unsigned char)*e->p)) {
			copy(e, 1);
		} else {
			return;
		}
	}
}

/* Bytes of the text in quotes at p. */
static size_t
length_of_text(const struct edit *e)
{
	const char *p = e->p + 1;

	while (p < e->end && *p != '"')
		p += *p == '\\' && p + 1 < e->end ? 2 : 1;
	return (size_t)(p - e->p) + (p < e->end);
}

static size_t
length_of_word(const struct edit *e)
{
	const char *p = e->p;

	while (p < e->end &&
	       (isalnum((unsigned char)*p) || strchr("+-._*", *p) != NULL))
		p++;
	return (size_t)(p - e->p);
}

/*
 * A token of a value, 1 where it is a bracket or comma. Nothing else is as
 * long as nothing.
 */
static size_t
length_of_token(const struct edit *e)
{
	size_t n;

	if (e->p == e->end)
		return 0;
	n = *e->p == '"' ? length_of_text(e) : length_of_word(e);
	return n > 0 ? n : 1;
}

static void
copy_or_skip(struct edit *e, size_t n, bool keep)
{
	if (keep)
		copy(e, n);
	else
		e->p += n;
}

/* Texts side by side are one value: the first is replaced, the rest goes. */
static void
pass_texts(struct edit *e, bool keep)
{
	do {
		copy_or_skip(e, length_of_text(e), keep);
		copy_blank(e);
	} while (is_at(e, "\""));
}

static void
pass_list(struct edit *e, bool keep)
{
	int depth = 0;

	do {
		copy_blank(e);
		depth += is_at(e, "[") || is_at(e, "(");
		depth -= is_at(e, "]") || is_at(e, ")");
		copy_or_skip(e, length_of_token(e), keep);
	} while (depth > 0 && e->p < e->end);
}

static void
edit_value(struct edit *e, const struct conf_row *row)
{
	bool keep = row == NULL || !e->wanted[row - conf_table];

	if (!keep) {
		conf_write_value(e->out, e->conf, row);
		e->is_done[row - conf_table] = true;
	}
	if (is_at(e, "\""))
		pass_texts(e, keep);
	else if (is_at(e, "[") || is_at(e, "("))
		pass_list(e, keep);
	else
		copy_or_skip(e, length_of_token(e), keep);
}

static void
edit_setting(struct edit *e)
{
	struct pgt_slice name = {e->p, length_of_word(e)};

	if (name.n == 0) { /* ; , or what nobody expects */
		copy(e, 1);
		return;
	}
	copy(e, name.n);
	copy_blank(e);
	copy(e, 1); /* = or : */
	copy_blank(e);
	edit_value(e, conf_find(name));
}

static void
append_rest(struct edit *e, bool ends_in_newline)
{
	for (size_t i = 0; i < conf_n_rows; i++) {
		if (!e->wanted[i] || e->is_done[i])
			continue;
		fprintf(e->out, "%s%s = ", ends_in_newline ? "" : "\n",
		    conf_table[i].name);
		conf_write_value(e->out, e->conf, &conf_table[i]);
		fputs(";\n", e->out);
		ends_in_newline = true;
	}
}

int
conf_edit(struct pgt_slice text, const struct conf *conf,
    const bool wanted[CONF_MAX_ROWS], char **edited, size_t *n)
{
	struct edit e = {.p = text.p,
	    .end = text.p + text.n,
	    .conf = conf,
	    .wanted = wanted};
	bool is_bad;

	*edited = NULL;
	e.out = open_memstream(edited, n);
	if (e.out == NULL)
		return -ENOMEM;
	for (copy_blank(&e); e.p < e.end; copy_blank(&e))
		edit_setting(&e);
	append_rest(&e, text.n == 0 || text.p[text.n - 1] == '\n');
	is_bad = ferror(e.out) != 0;
	if (fclose(e.out) == 0 && !is_bad)
		return 0;
	free(*edited);
	return -ENOMEM;
}
