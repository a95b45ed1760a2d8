/* RFC 3629: the shortest form only, no surrogates, nothing past U+10FFFF. */
#include "cli/utf8.h"

#include <string.h>
#include <wchar.h>

static const struct {
	unsigned char mask, lead;
	size_t size;
	uint32_t least;
} forms[] = {
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
};

size_t
utf8_take(const char *p, size_t n, uint32_t *character)
{
	unsigned char first = (unsigned char)p[0];
	size_t f = 0;
	uint32_t c;

	while (f < 4 && (first & forms[f].mask) != forms[f].lead)
		f++;
	if (f == 4 || forms[f].size > n)
		return 0;
	c = first & (unsigned char)~forms[f].mask;
	for (size_t i = 1; i < forms[f].size; i++) {
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if (c < forms[f].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*character = c;
	return forms[f].size;
}

bool
utf8_is_text(const char *text)
{
	size_t n = strlen(text), size = 1;
	uint32_t c;

	for (; n > 0 && size > 0; text += size, n -= size)
		size = utf8_take(text, n, &c);
	return size > 0;
}

size_t
utf8_cut(const char *p, size_t n, size_t columns, size_t *width)
{
	size_t at = 0;

	*width = 0;
	while (at < n) {
		uint32_t c = 0;
		size_t size = utf8_take(p + at, n - at, &c);
		int w = size > 0 ? wcwidth((wchar_t)c) : 1;

		if (w < 0)
			w = 1;
		if (*width + (size_t)w > columns)
			break;
		*width += (size_t)w;
		at += size > 0 ? size : 1;
	}
	return at;
}
