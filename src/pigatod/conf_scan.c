/*
 * libconfig reads 5000000000 as 705032704 and says nothing: up to 1.6 by
 * atoi(), and 0xffffffff is -1 to all of its versions. So the text is looked
 * through first, by the rules of libconfig's own lexer for comments, texts,
 * names and numbers; what else there is, is left to libconfig.
 */
#include "pigatod/conf_scan.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "pigatod/conf_error.h"

struct scan {
	const char *p, *end;
	const char *file;
	int line;
	struct pgt_slice option; /* the name seen last */
	struct conf_error *err;
};

static int __attribute__((format(printf, 3, 4)))
wrong(struct scan *s, struct pgt_slice value, const char *format, ...)
{
	char *place = conf_place(s->file, s->line);
	struct pgt_slice option = s->option;
	char text[160];
	va_list ap;
	int rc;

	if (place == NULL)
		return conf_no_memory(s->err);
	if (option.p == NULL)
		option = value.p == NULL ? option : pgt_slice_of("value");
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	rc = conf_fail(s->err, place, option, value, "%s", text);
	free(place);
	return rc;
}

static bool
is_at(const struct scan *s, const char *text)
{
	struct pgt_slice rest = {s->p, (size_t)(s->end - s->p)};

	return pgt_slice_has_prefix(rest, pgt_slice_of(text));
}

/* One byte on, and one line where it ends one. */
static void
pass(struct scan *s)
{
	if (*s->p++ == '\n')
		s->line++;
}

/* Takes bytes as long as they are of the set. */
static struct pgt_slice
take(struct scan *s, const char *set)
{
	struct pgt_slice run = {s->p, 0};

	while (s->p < s->end && *s->p != '\0' && strchr(set, *s->p) != NULL)
		s->p++;
	run.n = (size_t)(s->p - run.p);
	return run;
}

/* ---- comments, texts ---- */

static void
skip_line(struct scan *s)
{
	while (s->p < s->end && *s->p != '\n')
		s->p++;
}

static int
skip_comment(struct scan *s)
{
	const struct pgt_slice none = {NULL, 0};
	int begun = s->line;

	for (s->p += 2; s->p < s->end; pass(s))
		if (is_at(s, "*/")) {
			s->p += 2;
			return 0;
		}
	s->line = begun;
	s->option = none;
	return wrong(s, none, "the comment that begins here has no end");
}

static int
skip_text(struct scan *s)
{
	const struct pgt_slice none = {NULL, 0};
	int begun = s->line;

	for (s->p++; s->p < s->end && *s->p != '"'; pass(s)) {
		if (is_at(s, "\\x00") || is_at(s, "\\X00"))
			return wrong(s, none, "a text cannot hold \\x00");
		if (*s->p == '\\' && s->p + 1 < s->end)
			pass(s);
	}
	if (s->p == s->end) {
		s->line = begun;
		return wrong(s, none, "the text that begins here has no end");
	}
	s->p++;
	return 0;
}

/* ---- numbers ---- */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"

/* A number without sign or suffix; false: it is none, or a fraction. */
static bool
read_number(struct pgt_slice s, unsigned long long *n)
{
	bool is_hex = s.n > 2 && s.p[0] == '0' && tolower(s.p[1]) == 'x';
	char text[32], *end;

	if (s.n == 0 || s.n >= sizeof(text)) {
		*n = ULLONG_MAX;
		return s.n > 0;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*n = strtoull(text, &end, is_hex ? 16 : 10);
	return *end == '\0';
}

static int
check_number(struct scan *s)
{
	const char *begin = s->p;
	bool is_minus = *s->p == '-', is_long = false;
	struct pgt_slice digits, all;
	unsigned long long n;

	if (*s->p == '-' || *s->p == '+')
		s->p++;
	digits = take(s, LETTERS DIGITS "_.");
	all = (struct pgt_slice){begin, (size_t)(s->p - begin)};
	while (digits.n > 1 && digits.p[digits.n - 1] == 'L') {
		is_long = true;
		digits.n--;
	}
	if (!read_number(digits, &n))
		return 0; /* libconfig may know what it is */
	if (n > (unsigned long long)LLONG_MAX + is_minus)
		return wrong(s, all, "the number is too large");
	if (!is_long && n > (unsigned long long)INT_MAX + is_minus)
		return wrong(s, all,
		    "a number beyond 32 bits needs an L at its end: %.*sL",
		    (int)all.n, all.p);
	return 0;
}

/* ---- the whole ---- */

static int
scan_token(struct scan *s)
{
	if (*s->p == '#' || is_at(s, "//")) {
		skip_line(s);
	} else if (is_at(s, "/*")) {
		return skip_comment(s);
	} else if (*s->p == '"') {
		return skip_text(s);
	} else if (*s->p == '@') {
		s->option = (struct pgt_slice){NULL, 0};
		return wrong(s, s->option,
		    "other files are not read: all settings stand in one");
	} else if (isalpha((unsigned char)*s->p) || *s->p == '*') {
		s->option = take(s, LETTERS DIGITS "-_*");
	} else if (isdigit((unsigned char)*s->p) ||
		   ((*s->p == '-' || *s->p == '+') && s->p + 1 < s->end &&
		       isdigit((unsigned char)s->p[1]))) {
		return check_number(s);
	} else {
		pass(s);
	}
	return 0;
}

int
conf_scan(struct pgt_slice text, const char *name, struct conf_error *err)
{
	struct scan s = {.p = text.p,
	    .end = text.p + text.n,
	    .file = name,
	    .line = 1,
	    .err = err};
	int rc = 0;

	while (rc == 0 && s.p < s.end)
		rc = scan_token(&s);
	return rc;
}
