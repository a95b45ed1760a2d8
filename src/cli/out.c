#include "cli/out.h"

#include <errno.h>
#include <langinfo.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/text.h"
#include "cli/utf8.h"

static const char *const colours[] = {
    [OUT_DEFAULT] = "\033[0m",
    [OUT_KEY] = "\033[34;1m",
    [OUT_STRING] = "\033[32m",
    [OUT_NUMBER] = "\033[36m",
    [OUT_WORD] = "\033[35m",
    [OUT_HEAD] = "\033[1m",
    [OUT_WRONG] = "\033[31m",
};

/* What a terminal might obey, and what turns text around on the screen. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0x061c, 0x061c},
    {0x200e, 0x200f},
    {0x2028, 0x202e},
    {0x2066, 0x2069},
    {0xfff9, 0xfffb},
};

void
out_init(struct out *o, FILE *file)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	o->file = file;
	o->is_terminal = isatty(fileno(file));
	o->escapes = o->is_terminal;
	o->has_colour = o->is_terminal &&
			(no_colour == NULL || no_colour[0] == '\0') &&
			term != NULL && strcmp(term, "dumb") != 0;
	o->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void
out_colour(struct out *o, enum out_colour colour)
{
	if (o->has_colour)
		fputs(colours[colour], o->file);
}

static bool
is_safe(const struct out *o, uint32_t character)
{
	if (character >= 0x80 && !o->is_utf8)
		return false;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (character >= unsafe[i].first && character <= unsafe[i].last)
			return false;
	return true;
}

/* As JSON would have it. */
static void
put_escaped(struct out *o, uint32_t c)
{
	if (c < 0x10000) {
		fprintf(o->file, "\\u%04x", (unsigned)c);
		return;
	}
	c -= 0x10000;
	fprintf(o->file, "\\u%04x\\u%04x", (unsigned)(0xd800 + (c >> 10)),
	    (unsigned)(0xdc00 + (c & 0x3ff)));
}

/* allowed: what may pass all the same. */
static void
put_safely(struct out *o, const char *p, size_t n, const char *allowed)
{
	uint32_t c;

	while (n > 0) {
		size_t size = utf8_take(p, n, &c);

		if (size == 0)
			fprintf(o->file, "\\x%02x", (unsigned char)*p);
		else if (is_safe(o, c) ||
			 (c > 0 && c < 0x80 && strchr(allowed, (int)c) != NULL))
			fwrite(p, 1, size, o->file);
		else
			put_escaped(o, c);
		p += size > 0 ? size : 1;
		n -= size > 0 ? size : 1;
	}
}

void
out_bytes(struct out *o, const char *p, size_t n)
{
	if (o->escapes)
		put_safely(o, p, n, "");
	else
		fwrite(p, 1, n, o->file);
}

char *
out_tame(const struct out *o, const char *text)
{
	struct out memory = *o;
	char *tame = NULL;
	size_t n = 0;
	uint32_t c;

	memory.escapes = true;
	memory.file = open_memstream(&tame, &n);
	if (memory.file == NULL)
		return NULL;
	for (size_t left = strlen(text), size; left > 0;
	     text += size, left -= size) {
		size = utf8_take(text, left, &c);
		if (size > 1 && o->is_utf8 && is_safe(o, c) &&
		    wcwidth((wchar_t)c) < 0)
			putc('?', memory.file);
		else
			out_bytes(&memory, text, size > 0 ? size : 1);
		size += size == 0;
	}
	if (fclose(memory.file) == 0)
		return tame;
	free(tame);
	return NULL;
}

static void
put_raw(struct out *o, const struct text *text)
{
	if (o->escapes)
		put_safely(o, text->p, text->n, "\n\t");
	else
		fwrite(text->p, 1, text->n, o->file);
}

/* To a program all stays as it came, if that is one line. */
static bool
is_line(const struct out *o, const char *p, size_t n)
{
	return n == 0 || (!o->is_terminal && memchr(p, '\n', n) == NULL &&
			     memchr(p, '\r', n) == NULL);
}

void
out_data(struct out *o, const char *p, size_t n, enum out_form form)
{
	struct text text;

	if (form == OUT_RAW && text_of_json(p, n, &text)) {
		put_raw(o, &text);
		free(text.p);
	} else if ((form == OUT_PRETTY || !is_line(o, p, n)) &&
		   text_is_json(p, n, NULL, 0)) {
		out_json(o, p, n, form == OUT_PRETTY);
	} else {
		out_bytes(o, p, n);
	}
	putc('\n', o->file);
	out_flush(o);
}

bool
out_flush(struct out *o)
{
	errno = EIO;
	if ((fflush(o->file) != 0 || ferror(o->file)) && o->why == 0)
		o->why = errno;
	return o->why == 0;
}
