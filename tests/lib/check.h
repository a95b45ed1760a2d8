/*
 * Tests in TAP: a table of named functions, checks that end the test they
 * stand in. What it prints is read by automake's TAP driver.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct check_test {
	void (*run)(void);
	const char *words; /* what it shows */
};

/*
 * Runs them all, or those whose words contain argv[1]; returns the exit
 * status of main().
 */
int check_main(const struct check_test *tests, size_t n, int argc, char **argv);

#define CHECK_MAIN(tests)                                                      \
	int main(int argc, char **argv)                                        \
	{                                                                      \
		return check_main(                                             \
		    (tests), sizeof(tests) / sizeof((tests)[0]), argc, argv);  \
	}

/* Fails the test under way and leaves it. */
_Noreturn void check_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void check_int(
    const char *file, int line, const char *text, int64_t got, int64_t want);
void check_text(const char *file, int line, const char *text, const char *got,
    const char *want);

/*
 * How many of something: as usual, or MANY of the environment if that is less,
 * for those who are slow.
 */
size_t check_many(size_t usual);

#define CHECK(condition)                                                       \
	do {                                                                   \
		if (!(condition))                                              \
			check_fail(__FILE__, __LINE__, "%s", #condition);      \
	} while (0)
#define CHECK_INT(got, want)                                                   \
	check_int(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))
#define CHECK_TEXT(got, want)                                                  \
	check_text(__FILE__, __LINE__, #got, (got), (want))

#endif
