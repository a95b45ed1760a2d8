/* Written once for all services; see out.h for the way into JSON. */
#include "services/text.h"

size_t
text_utf8_length(struct pgt_slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	unsigned low = 0x80, high = 0xbf;
	size_t n;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0; /* overlong */
	else if (p[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90; /* overlong */
	else if (p[0] == 0xf4)
		high = 0x8f; /* beyond U+10FFFF */
	if (s.n < n || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that s begins to say, or -1. */
static int
escaped_byte(const char *p, size_t n)
{
	int high, low;

	if (n < 4 || p[0] != '\\' || p[1] != 'x')
		return -1;
	high = hex_digit(p[2]);
	low = hex_digit(p[3]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

size_t
text_unescape(char *p, size_t n)
{
	size_t from = 0, to = 0;
	int byte;

	while (from < n) {
		byte = escaped_byte(p + from, n - from);
		p[to++] = byte < 0 ? p[from] : (char)byte;
		from += byte < 0 ? 1 : 4;
	}
	return to;
}
