/*
 * One shape for every error of the settings. The user's text comes back to
 * him in it, so it must not hold anything a terminal could obey.
 */
#include "pigatod/conf_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Of an option's name or value, as shown. */
#define SHOWN_MAX 72

char *
conf_place(const char *name, int line)
{
	char *place = NULL;

	return asprintf(&place, "%s:%d", name, line) < 0 ? NULL : place;
}

static void
show(struct pgt_slice s, char shown[SHOWN_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (n + 8 > SHOWN_MAX) {
			memcpy(shown + n, "...", 3);
			n += 3;
			break;
		}
		if (c >= ' ' && c < 0x7f)
			shown[n++] = (char)c;
		else
			n += (size_t)snprintf(
			    shown + n, SHOWN_MAX - n, "\\x%02x", c);
	}
	shown[n] = '\0';
}

/* Behind what err holds, as much as there is room for. */
static void
append(struct conf_error *err, const char *format, va_list ap)
{
	size_t n = strlen(err->text);

	vsnprintf(err->text + n, sizeof(err->text) - n, format, ap);
}

int
conf_fail(struct conf_error *err, const char *place, struct pgt_slice option,
    struct pgt_slice value, const char *format, ...)
{
	char name[SHOWN_MAX], text[SHOWN_MAX];
	va_list ap;

	show(option, name);
	show(value, text);
	snprintf(err->text, sizeof(err->text), "%.200s: %s%s%s%s", place, name,
	    value.p == NULL ? "" : " = ", text, option.p == NULL ? "" : ": ");
	va_start(ap, format);
	append(err, format, ap);
	va_end(ap);
	return -EINVAL;
}

int
conf_no_memory(struct conf_error *err)
{
	snprintf(err->text, sizeof(err->text), "out of memory");
	return -ENOMEM;
}
