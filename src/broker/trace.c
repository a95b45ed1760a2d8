/*
 * Ids come from the wire and may hold anything: what is not plainly
 * printable is written as \xHH, long ones are cut.
 */
#include "broker/trace.h"

#include <inttypes.h>
#include <stdio.h>

#include "broker/core_table.h"

#define MAX_VALUE 160 /* bytes of an id that are shown */
#define MAX_LINE  3072

struct line {
	char text[MAX_LINE];
	size_t n;
};

static void
put(struct line *l, const char *s)
{
	while (*s != '\0' && l->n + 1 < MAX_LINE)
		l->text[l->n++] = *s++;
}

static void
put_escaped(struct line *l, struct pgt_slice s)
{
	size_t n = s.n < MAX_VALUE ? s.n : MAX_VALUE;
	char hex[5] = {0};

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c > ' ' && c < 0x7f && c != '\\' && c != '"')
			snprintf(hex, sizeof(hex), "%c", c);
		else
			snprintf(hex, sizeof(hex), "\\x%02x", c);
		put(l, hex);
	}
	if (n < s.n)
		put(l, "...");
}

void
trace_write(const struct broker *b, enum trace_level level, const char *words,
    const struct trace_pair *pairs)
{
	struct line l = {.n = 0};
	char number[24];

	put(&l, words);
	for (; pairs->key != NULL; pairs++) {
		put(&l, " ");
		put(&l, pairs->key);
		put(&l, "=");
		if (pairs->is_number) {
			snprintf(
			    number, sizeof(number), "%" PRId64, pairs->number);
			put(&l, number);
		} else {
			put_escaped(&l, pairs->text);
		}
	}
	l.text[l.n] = '\0';
	if (b->conf.trace != NULL && level <= b->conf.trace_level)
		b->conf.trace(b->conf.trace_arg, level, l.text);
	if ((int)level <= b->heard_level)
		core_trace(b, level, l.text);
}

void
trace_settle(struct broker *b)
{
	b->trace_level = b->heard_level;
	if (b->conf.trace != NULL && (int)b->conf.trace_level > b->trace_level)
		b->trace_level = (int)b->conf.trace_level;
}
