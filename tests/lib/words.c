/* What is written here is read by people first: plain bytes stay as they are.
 */
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILLING (1UL << 30)

struct bytes {
	char *p;
	size_t n;
};

static char *
grow(struct bytes *b, size_t n)
{
	b->p = realloc(b->p, b->n + n + 1);
	if (b->p == NULL)
		abort();
	b->n += n;
	return b->p + b->n - n;
}

static void
add(struct bytes *b, const char *p, size_t n)
{
	memcpy(grow(b, n), p, n);
}

/* What stands behind a backslash; returns what follows it, NULL: no such. */
static const char *
add_escape(struct bytes *b, const char *p, long count)
{
	char text[24], *end;
	unsigned long n;

	switch (*p) {
	case 'e':
		return p + 1;
	case 's':
		add(b, " ", 1);
		return p + 1;
	case '\\':
		add(b, "\\", 1);
		return p + 1;
	case '#':
		snprintf(text, sizeof(text), "%ld", count);
		add(b, text, strlen(text));
		return p + 1;
	case '*':
		n = strtoul(p + 1, &end, 10);
		if (end == p + 1 || n > MAX_FILLING)
			return NULL;
		memset(grow(b, n), 'x', n);
		return end;
	case 'x':
		if (!isxdigit((unsigned char)p[1]) ||
		    !isxdigit((unsigned char)p[2]))
			return NULL;
		snprintf(text, sizeof(text), "%.2s", p + 1);
		*grow(b, 1) = (char)strtol(text, NULL, 16);
		return p + 3;
	}
	return NULL;
}

char *
words_read(const char *word, long count, size_t *n)
{
	struct bytes b = {NULL, 0};

	grow(&b, 0);
	while (*word != '\0') {
		if (*word != '\\') {
			add(&b, word++, 1);
			continue;
		}
		word = add_escape(&b, word + 1, count);
		if (word == NULL) {
			free(b.p);
			return NULL;
		}
	}
	*n = b.n;
	return b.p;
}

static bool
add_word(struct pgt_msg *m, const char *word)
{
	struct pgt_frame *f = pgt_msg_push(m);
	struct pgt_slice bytes = {NULL, 0};
	char *p = words_read(word, 0, &bytes.n);

	bytes.p = p;
	if (p != NULL && f != NULL && pgt_frame_from(f, bytes) < 0)
		abort();
	free(p);
	return p != NULL && f != NULL;
}

bool
words_to_message(char *line, struct pgt_msg *m)
{
	char *rest = NULL;

	for (char *w = strtok_r(line, " \t", &rest); w != NULL;
	     w = strtok_r(NULL, " \t", &rest))
		if (!add_word(m, w))
			return false;
	return true;
}

void
words_write(FILE *f, const char *p, size_t n)
{
	if (n == 0)
		fputs("\\e", f);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '\\')
			fputs("\\\\", f);
		else if (c == ' ')
			fputs("\\s", f);
		else
			fprintf(f, c > ' ' && c < 0x7f ? "%c" : "\\x%02x", c);
	}
}
