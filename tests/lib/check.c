/* A failed check leaves its test by longjmp(); the next test goes on. */
#include "check.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static jmp_buf leave;

void
check_fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	printf("# %s:%d: ", file, line);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	longjmp(leave, 1);
}

void
check_int(
    const char *file, int line, const char *text, int64_t got, int64_t want)
{
	if (got != want)
		check_fail(file, line, "%s is %" PRId64 ", want %" PRId64, text,
		    got, want);
}

/* Texts of several lines are shown whole, each line as a comment. */
static void
show(const char *title, const char *text)
{
	printf("# %s:\n#   ", title);
	for (; *text != '\0'; text++)
		if (*text == '\n')
			printf("\n#   ");
		else
			putchar(*text);
	printf("\n");
}

void
check_text(const char *file, int line, const char *text, const char *got,
    const char *want)
{
	if (got != NULL && strcmp(got, want) == 0)
		return;
	show("got", got == NULL ? "(null)" : got);
	show("want", want);
	check_fail(file, line, "%s differs", text);
}

size_t
check_many(size_t usual)
{
	const char *many = getenv("MANY");
	size_t n = many != NULL ? strtoul(many, NULL, 10) : usual;

	CHECK(n > 0);
	return n < usual ? n : usual;
}

int
check_main(const struct check_test *tests, size_t n, int argc, char **argv)
{
	volatile int failed = 0;
	volatile size_t i, run = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < n; i++) {
		if (argc > 1 && strstr(tests[i].words, argv[1]) == NULL)
			continue;
		run++;
		if (setjmp(leave) == 0) {
			tests[i].run();
			printf("ok %zu - %s\n", run, tests[i].words);
		} else {
			failed++;
			printf("not ok %zu - %s\n", run, tests[i].words);
		}
	}
	printf("1..%zu\n", run);
	return failed != 0;
}
