/*
 * Ids come from the wire and may hold anything: what is not plainly
 * printable is written as \xHH, long ones are cut. A line is written when its
 * text is first asked for: a monitor that has had its share only counts it.
 */
#include "broker/trace.h"

#include <inttypes.h>
#include <stdio.h>

#include "broker/core_table.h"

#define MAX_VALUE 160 /* bytes of an id that are shown */
#define MAX_LINE  3072

struct core_line {
	const char *words;
	const struct trace_pair *pairs;
	size_t n; /* 0: not written yet */
	char text[MAX_LINE];
};

static void
put_byte(struct core_line *l, char c)
{
	if (l->n + 1 < MAX_LINE)
		l->text[l->n++] = c;
}

static void
put(struct core_line *l, const char *s)
{
	while (*s != '\0')
		put_byte(l, *s++);
}

static void
put_escaped(struct core_line *l, struct pgt_slice s)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = s.n < MAX_VALUE ? s.n : MAX_VALUE;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c > ' ' && c < 0x7f && c != '\\' && c != '"') {
			put_byte(l, (char)c);
		} else {
			put(l, "\\x");
			put_byte(l, hex[c >> 4]);
			put_byte(l, hex[c & 15]);
		}
	}
	if (n < s.n)
		put(l, "...");
}

static void
put_pair(struct core_line *l, const struct trace_pair *pair)
{
	char number[24];

	put_byte(l, ' ');
	put(l, pair->key);
	put_byte(l, '=');
	if (pair->is_number) {
		snprintf(number, sizeof(number), "%" PRId64, pair->number);
		put(l, number);
	} else {
		put_escaped(l, pair->text);
	}
}

const char *
core_line_text(struct core_line *l)
{
	if (l->n > 0)
		return l->text;
	put(l, l->words);
	for (const struct trace_pair *pair = l->pairs; pair->key != NULL;
	     pair++)
		put_pair(l, pair);
	l->text[l->n] = '\0';
	return l->text;
}

void
trace_write(const struct broker *b, enum trace_level level, const char *words,
    const struct trace_pair *pairs)
{
	struct core_line l;

	l.words = words;
	l.pairs = pairs;
	l.n = 0;
	if (b->conf.trace != NULL && level <= b->conf.trace_level)
		b->conf.trace(b->conf.trace_arg, level, core_line_text(&l));
	if ((int)level <= b->heard_level)
		core_trace(b, level, &l);
}

void
trace_settle(struct broker *b)
{
	b->trace_level = b->heard_level;
	if (b->conf.trace != NULL && (int)b->conf.trace_level > b->trace_level)
		b->trace_level = (int)b->conf.trace_level;
}
