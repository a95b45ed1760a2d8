/* The log: what a line looks like, where it goes, what is held back. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pigatod/log.h"

static char dir[64], path[96], moved[96];

static void
open_log(enum log_level level)
{
	snprintf(dir, sizeof(dir), "/tmp/pigatod-log.XXXXXX");
	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/log", dir);
	snprintf(moved, sizeof(moved), "%s/log.1", dir);
	CHECK_INT(log_open(path, level), 0);
}

static void
close_log(void)
{
	log_close();
	unlink(path);
	unlink(moved);
	CHECK_INT(rmdir(dir), 0);
}

/* What the file holds, each line without its time. Static. */
static const char *
content(const char *name)
{
	static char text[65536];
	char line[4096];
	size_t n = 0;
	FILE *f = fopen(name, "r");

	CHECK(f != NULL);
	text[0] = '\0';
	while (fgets(line, sizeof(line), f) != NULL) {
		CHECK(strlen(line) > 25 && line[24] == ' ');
		CHECK(line[10] == 'T' && line[23] == 'Z');
		n += (size_t)snprintf(
		    text + n, sizeof(text) - n, "%s", line + 25);
	}
	fclose(f);
	return text;
}

static void
test_levels(void)
{
	enum log_level level;

	open_log(LOG_WARN);
	log_error("one n=%d", 1);
	log_warn("two");
	log_info("three");
	log_set_level(LOG_DEBUG);
	log_debug("four");
	CHECK_TEXT(content(path), "error: one n=1\n"
				  "warn: two\n"
				  "debug: four\n");
	CHECK(log_level_find("info", &level) && level == LOG_INFO);
	CHECK(!log_level_find("Info", &level) && !log_level_find("", &level));
	close_log();
}

static void
test_escapes(void)
{
	open_log(LOG_INFO);
	log_info("id=%s", "a\nerror: b\t\x7f\xc3\xa4");
	CHECK_TEXT(
	    content(path), "info: id=a\\x0aerror: b\\x09\\x7f\\xc3\\xa4\n");
	close_log();
}

static void
test_long_lines_are_cut(void)
{
	char text[5000];
	const char *line;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	open_log(LOG_INFO);
	log_info("%s", text);
	log_info("next");
	line = content(path);
	CHECK(strstr(line, "x\xe2\x80\xa6\ninfo: next\n") != NULL);
	CHECK(strlen(line) < 2100);
	close_log();
}

static void
test_errno(void)
{
	open_log(LOG_INFO);
	errno = EPERM;
	CHECK_INT(log_errno(-ENOENT, "file path=%s", "x"), -ENOENT);
	CHECK_INT(errno, EPERM);
	CHECK_TEXT(
	    content(path), "error: file path=x: No such file or directory\n");
	close_log();
}

static void
test_reopen(void)
{
	open_log(LOG_INFO);
	log_info("old");
	CHECK_INT(rename(path, moved), 0);
	log_info("still old");
	CHECK_INT(log_reopen(), 0);
	log_info("new");
	CHECK_TEXT(content(moved), "info: old\ninfo: still old\n");
	CHECK_TEXT(content(path), "info: log reopened\ninfo: new\n");
	close_log();
}

static void
test_bad_path_leaves_the_log(void)
{
	open_log(LOG_INFO);
	CHECK_INT(log_open("/nonexistent/log", LOG_DEBUG), -ENOENT);
	log_debug("no");
	log_info("here");
	CHECK_TEXT(content(path), "info: here\n");
	close_log();
}

static void
test_peers_are_held_back(void)
{
	const char *text;
	size_t n = 0;

	open_log(LOG_WARN);
	for (int i = 0; i < 50; i++)
		log_peer(1000, "bad peer");
	text = content(path);
	for (const char *p = text; (p = strstr(p, "bad peer")) != NULL; p++)
		n++;
	CHECK_INT(n, 10);
	log_peer(2000, "bad again");
	CHECK(strstr(content(path), "40") != NULL);
	CHECK(strstr(content(path), "bad again") != NULL);
	close_log();
}

static const struct check_test tests[] = {
    {test_levels, "levels by name, and what is below is not written"},
    {test_escapes, "an event is one line, whatever is in it"},
    {test_long_lines_are_cut, "long lines are cut"},
    {test_errno, "an errno in words, and the caller's own untouched"},
    {test_reopen, "the file anew after it was moved away"},
    {test_bad_path_leaves_the_log, "a path that can't be opened"},
    {test_peers_are_held_back, "at most ten lines a second about peers"},
};

CHECK_MAIN(tests)
