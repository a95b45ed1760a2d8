/* The text grows by doubling. */
#include "services/out.h"

#include "base/alloc.h"
#include "services/text.h"

#define FIRST_SIZE 1024

static bool
reserve(struct out *o, size_t n)
{
	size_t cap = o->cap == 0 ? FIRST_SIZE : o->cap;
	char *p;

	if (o->is_short)
		return false;
	if (o->cap - o->n >= n)
		return true;
	while (cap - o->n < n)
		cap *= 2;
	p = pgt_alloc(cap);
	if (p == NULL) {
		o->is_short = true;
		return false;
	}
	if (o->n > 0)
		memcpy(p, o->p, o->n);
	pgt_free(o->p);
	o->p = p;
	o->cap = cap;
	return true;
}

static void
put(struct out *o, const char *p, size_t n)
{
	if (!reserve(o, n))
		return;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

void
out_clear(struct out *o)
{
	pgt_free(o->p);
	*o = (struct out){0};
}

/* Keys are ours, and need no escapes. */
static void
put_key(struct out *o, const char *key)
{
	if (o->is_next)
		put(o, ",", 1);
	o->is_next = true;
	if (key == NULL)
		return;
	put(o, "\"", 1);
	put(o, key, strlen(key));
	put(o, "\":", 2);
}

void
out_begin(struct out *o, const char *key, char bracket)
{
	put_key(o, key);
	put(o, &bracket, 1);
	o->is_next = false;
}

void
out_end(struct out *o, char bracket)
{
	put(o, &bracket, 1);
	o->is_next = true;
}

static void
put_count(struct out *o, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	put(o, digits + at, sizeof(digits) - at);
}

void
out_int(struct out *o, const char *key, int64_t value)
{
	put_key(o, key);
	if (value < 0)
		put(o, "-", 1);
	put_count(o, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void
out_count(struct out *o, const char *key, uint64_t value)
{
	put_key(o, key);
	put_count(o, value);
}

void
out_flag(struct out *o, const char *key, bool value)
{
	put_key(o, key);
	put(o, value ? "true" : "false", value ? 4 : 5);
}

/* What stands at the front of s; returns how many of its bytes. */
static size_t
put_char(struct out *o, struct pgt_slice s)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)s.p[0];
	size_t n = text_utf8_length(s);
	const char escaped[] = {'\\', '\\', 'x', hex[c >> 4], hex[c & 15]};

	if (n == 0 || c < ' ' || c == 0x7f || c == '\\') {
		put(o, escaped, sizeof(escaped));
		return 1;
	}
	if (c == '"')
		put(o, "\\", 1);
	put(o, s.p, n);
	return n;
}

static void
put_text(struct out *o, struct pgt_slice text)
{
	while (text.n > 0)
		text = pgt_slice_from(text, put_char(o, text));
}

void
out_text(struct out *o, const char *key, struct pgt_slice text)
{
	put_key(o, key);
	put(o, "\"", 1);
	put_text(o, text);
	put(o, "\"", 1);
}

void
out_id(struct out *o, const char *key, struct pgt_slice text)
{
	bool is_cut = text.n > OUT_ID;

	put_key(o, key);
	put(o, "\"", 1);
	put_text(o, is_cut ? pgt_slice_head(text, OUT_ID) : text);
	put(o, is_cut ? "...\"" : "\"", is_cut ? 4 : 1);
}

void
out_words(struct out *o, const char *key, const char *text)
{
	out_text(o, key, pgt_slice_of(text));
}

void
out_spread(struct out *o, const char *key, const struct pgt_times *t)
{
	const struct pgt_times_view v = pgt_times_view(t);

	out_begin(o, key, '{');
	out_count(o, "count", v.n);
	out_count(o, "mean", v.mean);
	out_count(o, "p50", v.p50);
	out_count(o, "p90", v.p90);
	out_count(o, "p99", v.p99);
	out_count(o, "p99_9", v.p99_9);
	out_count(o, "max", v.max);
	out_end(o, '}');
}
