/*
 * JSON text laid out anew, token by token: numbers, strings and the order of
 * keys stay as they came. What is no JSON comes out as well, somehow.
 */
#include <string.h>

#include "cli/out.h"
#include "cli/text.h"

#define INDENT 2

struct walk {
	struct out *o;
	const char *p, *end;
	bool is_pretty;
	size_t depth;
};

static void
skip_blanks(struct walk *w)
{
	size_t n = (size_t)(w->end - w->p);

	text_trim(&w->p, &n);
}

static void
break_line(struct walk *w)
{
	if (!w->is_pretty)
		return;
	putc('\n', w->o->file);
	for (size_t i = 0; i < w->depth * INDENT; i++)
		putc(' ', w->o->file);
}

static void
put(struct walk *w, const char *token, enum out_colour colour)
{
	out_colour(w->o, colour);
	out_bytes(w->o, token, (size_t)(w->p - token));
	out_colour(w->o, OUT_DEFAULT);
}

static void
put_string(struct walk *w)
{
	const char *token = w->p++, *after;
	struct walk ahead;

	while (w->p < w->end && *w->p != '"')
		w->p += *w->p == '\\' && w->p + 1 < w->end ? 2 : 1;
	if (w->p < w->end)
		w->p++;
	after = w->p;
	ahead = *w;
	skip_blanks(&ahead);
	w->p = after;
	put(w, token,
	    ahead.p < ahead.end && *ahead.p == ':' ? OUT_KEY : OUT_STRING);
}

static void
put_bare(struct walk *w)
{
	const char *token = w->p;
	bool is_number = *token == '-' || (*token >= '0' && *token <= '9');

	while (w->p < w->end && memchr(" \t\r\n,:[]{}\"", *w->p, 11) == NULL)
		w->p++;
	put(w, token, is_number ? OUT_NUMBER : OUT_WORD);
}

static void
put_open(struct walk *w)
{
	char open = *w->p++;

	putc(open, w->o->file);
	skip_blanks(w);
	if (w->p < w->end && (*w->p == '}' || *w->p == ']')) {
		putc(*w->p++, w->o->file);
		return;
	}
	w->depth++;
	break_line(w);
}

static void
put_close(struct walk *w)
{
	if (w->depth > 0)
		w->depth--;
	break_line(w);
	putc(*w->p++, w->o->file);
}

static void
put_token(struct walk *w)
{
	switch (*w->p) {
	case '"':
		put_string(w);
		break;
	case '{':
	case '[':
		put_open(w);
		break;
	case '}':
	case ']':
		put_close(w);
		break;
	case ',':
		putc(*w->p++, w->o->file);
		break_line(w);
		break;
	case ':':
		putc(*w->p++, w->o->file);
		if (w->is_pretty)
			putc(' ', w->o->file);
		break;
	default:
		put_bare(w);
		break;
	}
}

void
out_json(struct out *o, const char *p, size_t n, bool is_pretty)
{
	struct walk w = {.o = o, .p = p, .end = p + n, .is_pretty = is_pretty};

	for (skip_blanks(&w); w.p < w.end; skip_blanks(&w))
		put_token(&w);
}
