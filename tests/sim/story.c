/* A ring of lines. */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>

#define N_LINES	  60
#define MAX_LINE  200
#define MAX_FRAME 40

static struct {
	char text[N_LINES][MAX_LINE];
	size_t n[N_LINES];
	uint64_t n_lines;
} story;

void
story_clear(void)
{
	story.n_lines = 0;
}

static void
put(size_t line, char c)
{
	if (story.n[line] + 1 < MAX_LINE)
		story.text[line][story.n[line]++] = c;
}

static void
put_frame(size_t line, struct pgt_slice f)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = f.n < MAX_FRAME ? f.n : MAX_FRAME;

	put(line, ' ');
	if (f.n == 0) {
		put(line, '\\');
		put(line, 'e');
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)f.p[i];

		if (c > ' ' && c < 0x7f && c != '\\') {
			put(line, (char)c);
			continue;
		}
		put(line, '\\');
		put(line, 'x');
		put(line, hex[c >> 4]);
		put(line, hex[c & 15]);
	}
	if (n < f.n)
		put(line, '+');
}

void
story_add(int64_t now, const char *words, const struct pgt_msg *m)
{
	size_t line = story.n_lines++ % N_LINES;
	int n = snprintf(
	    story.text[line], MAX_LINE, "[%" PRId64 "] %s", now, words);

	story.n[line] = n < MAX_LINE ? (size_t)n : MAX_LINE - 1;
	for (size_t i = 0; m != NULL && i < m->n; i++)
		put_frame(line, pgt_frame_view(&m->f[i]));
	story.text[line][story.n[line]] = '\0';
}

void
story_print(void)
{
	uint64_t first = story.n_lines < N_LINES ? 0 : story.n_lines - N_LINES;

	for (; first < story.n_lines; first++)
		printf("# %s\n", story.text[first % N_LINES]);
}
