/* Groups within groups, as files. */
#include "pigatod/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char dir[] = "/tmp/pigatod-test.XXXXXX";
static const char *const dirs[] = {"/a", "/a/b", "/a/b/c"};

static void
put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", dir, name);
	f = fopen(path, "w");
	CHECK(f != NULL);
	fputs(text, f);
	fclose(f);
}

static int64_t
limit(const char *cgroup)
{
	char file[256];

	put("/cgroup", cgroup);
	snprintf(file, sizeof(file), "%s/cgroup", dir);
	return memory_of_groups(file, dir);
}

static void
open_groups(void)
{
	char path[256];

	CHECK(mkdtemp(dir) != NULL);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", dir, dirs[i]);
		CHECK_INT(mkdir(path, 0700), 0);
	}
	put("/a/memory.max", "3000000\n");
	put("/a/b/memory.max", "max\n");
	put("/a/b/c/memory.max", "4000000000000\n");
}

static void
close_groups(void)
{
	static const char *const names[] = {"/a/b/c/memory.max",
	    "/a/b/memory.max", "/a/memory.max", "/a/b/c", "/a/b", "/a",
	    "/cgroup", ""};
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		CHECK_INT(remove(path), 0);
	}
}

static void
test_groups(void)
{
	open_groups();
	CHECK_INT(limit("0::/a/b/c\n"), 3000000);
	CHECK_INT(limit("4:memory:/x\n0::/a/b\n"), 3000000);
	put("/a/b/memory.max", "2000000\n");
	CHECK_INT(limit("0::/a/b/c\n"), 2000000);
	CHECK_INT(limit("0::/a\n"), 3000000);
	put("/a/memory.max", "");
	CHECK(limit("0::/a\n") == INT64_MAX);
	CHECK(limit("0::/\n") == INT64_MAX);
	CHECK(limit("0::/gone\n") == INT64_MAX);
	CHECK(limit("4:memory:/a\n") == INT64_MAX);
	CHECK(limit("") == INT64_MAX);
	CHECK(memory_of_groups("/nowhere", dir) == INT64_MAX);
	close_groups();
}

static void
test_machine(void)
{
	CHECK(memory_available() > 1 << 20);
}

static const struct check_test tests[] = {
    {test_groups, "the tightest of a group and those around it"},
    {test_machine, "there is some"},
};

CHECK_MAIN(tests)
