/* Settings put back into their file: what was set, and nothing else. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rand.h"
#include "pigatod/conf_edit.h"
#include "pigatod/conf_save.h"
#include "pigatod/conf_slot.h"

static void
set(struct conf *conf, const char *option, const char *value)
{
	struct conf_error err;

	CHECK_INT(conf_set(conf, conf_find(pgt_slice_of(option)), value,
		      CONF_SAVE_ORIGIN, &err),
	    0);
}

/* The text with dispatch = rr, and heartbeat = 99. */
static void
want_edited(const char *text, const char *want)
{
	bool wanted[CONF_MAX_ROWS] = {false};
	struct conf conf;
	char *got;
	size_t n;

	CHECK_INT(conf_init(&conf), 0);
	set(&conf, "dispatch", "rr");
	set(&conf, "heartbeat", "99");
	wanted[conf_find(pgt_slice_of("dispatch")) - conf_table] = true;
	wanted[conf_find(pgt_slice_of("heartbeat")) - conf_table] = true;
	CHECK_INT(conf_edit(pgt_slice_of(text), &conf, wanted, &got, &n), 0);
	CHECK_INT(strlen(got), n);
	CHECK_TEXT(got, want);
	free(got);
	conf_clear(&conf);
}

static void
test_layouts(void)
{
	want_edited("", "heartbeat = 99;\ndispatch = \"rr\";\n");
	want_edited("dispatch = \"load\"; heartbeat=2500",
	    "dispatch = \"rr\"; heartbeat=99");
	want_edited("heartbeat:0x10L dispatch:\"a\\\"\" /* x */ \"b\" # y\n",
	    "heartbeat:99 dispatch:\"rr\" /* x */  # y\n");
	want_edited("# dispatch = \"load\";\nhwm = 1; // heartbeat = 1;",
	    "# dispatch = \"load\";\nhwm = 1; // heartbeat = 1;\n"
	    "heartbeat = 99;\ndispatch = \"rr\";\n");
	want_edited("bind = [ \"heartbeat = 1;\", /* ] */ \"a]\" ],\n"
		    "heartbeat\n=\n1\n;dispatch = \"load\",",
	    "bind = [ \"heartbeat = 1;\", /* ] */ \"a]\" ],\n"
	    "heartbeat\n=\n99\n;dispatch = \"rr\",");
}

/* ---- any settings, any file ---- */

static const char *const comments[] = {"# x = 1;\n", "// \"\n", "/* } */",
    "/* a\n b */ ", "#dispatch = \"load\";\n", " ", "\n", "\t"};

static void
add_blanks(FILE *f, struct pgt_rand *rand)
{
	while (pgt_rand_below(rand, 2) == 0)
		fputs(comments[pgt_rand_below(
			  rand, sizeof(comments) / sizeof(comments[0]))],
		    f);
}

/* Another value, one that its row allows. */
static void
set_any(struct conf *conf, const struct conf_row *row, struct pgt_rand *rand)
{
	char text[24];
	size_t n = 0;

	if (row->type == CONF_CHOICE) {
		while (row->choices[n] != NULL)
			n++;
		set(conf, row->name, row->choices[pgt_rand_below(rand, n)]);
	} else if (row->type == CONF_BOOL) {
		set(conf, row->name,
		    pgt_rand_below(rand, 2) == 0 ? "true" : "false");
	} else {
		snprintf(text, sizeof(text), "%lld",
		    (long long)(row->min +
				(int64_t)pgt_rand_below(rand,
				    (uint64_t)(row->max - row->min) + 1)));
		set(conf, row->name, text);
	}
}

static void
write_any_file(const char *path, const struct conf *conf, struct pgt_rand *rand)
{
	static const char *const ends[] = {";", ",", "\n", " ;"};
	FILE *f = fopen(path, "w");

	CHECK(f != NULL);
	for (size_t i = 0; i < conf_n_rows; i++) {
		add_blanks(f, rand);
		if (pgt_rand_below(rand, 2) == 0)
			continue;
		fprintf(f, "%s", conf_table[i].name);
		add_blanks(f, rand);
		putc(pgt_rand_below(rand, 2) == 0 ? '=' : ':', f);
		add_blanks(f, rand);
		conf_write_value(f, conf, &conf_table[i]);
		add_blanks(f, rand);
		fputs(ends[pgt_rand_below(rand, 4)], f);
	}
	add_blanks(f, rand);
	fclose(f);
}

static char *
read_file(const char *path, size_t *n)
{
	static char text[1 << 16];
	FILE *f = fopen(path, "r");

	CHECK(f != NULL);
	*n = fread(text, 1, sizeof(text) - 1, f);
	text[*n] = '\0';
	fclose(f);
	return text;
}

/* How often each comment stands in the file. */
static void
count_comments(const char *path, size_t counts[4])
{
	size_t n;
	const char *text = read_file(path, &n);

	for (size_t i = 0; i < 4; i++) {
		counts[i] = 0;
		for (const char *p = text; (p = strstr(p, comments[i])) != NULL;
		     p++)
			counts[i]++;
	}
}

static void
try_once(const char *path, struct pgt_rand *rand)
{
	const struct conf_args none = {0};
	size_t before[4], after[4], n_written;
	struct conf_error err = {""};
	struct conf conf, again;

	CHECK_INT(conf_init(&conf), 0);
	for (size_t i = 0; i < conf_n_rows; i++)
		if (conf_table[i].reload && pgt_rand_below(rand, 2) == 0)
			set_any(&conf, &conf_table[i], rand);
	write_any_file(path, &conf, rand);
	count_comments(path, before);
	conf_clear(&conf);
	if (conf_load(&conf, path, &none, &err) < 0)
		CHECK_TEXT(err.text, "");
	for (size_t i = 0; i < conf_n_rows; i++)
		if (conf_table[i].reload && pgt_rand_below(rand, 3) == 0)
			set_any(&conf, &conf_table[i], rand);
	if (conf_save(&conf, path, &n_written, &err) < 0)
		CHECK_TEXT(err.text, "");
	if (conf_load(&again, path, &none, &err) < 0)
		CHECK_TEXT(err.text, "");
	for (size_t i = 0; i < conf_n_rows; i++)
		CHECK(conf_is_equal(&conf, &again, &conf_table[i]));
	count_comments(path, after);
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(after[i], before[i]);
	conf_clear(&conf);
	conf_clear(&again);
}

static void
test_any_file(void)
{
	char dir[] = "/tmp/pigatod-test.XXXXXX", path[64];
	struct pgt_rand rand;

	pgt_rand_init(&rand, 1);
	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/conf", dir);
	for (int i = 0; i < 2000; i++)
		try_once(path, &rand);
	unlink(path);
	CHECK_INT(rmdir(dir), 0); /* nothing else was left there */
}

static void
test_what_was_not_set_stays(void)
{
	char path[] = "/tmp/pigatod-test.XXXXXX";
	struct conf_error err = {""};
	struct conf_args args = {0};
	char program[] = "x", option[] = "--hwm=7";
	char *argv[] = {program, option, NULL};
	struct conf conf;
	size_t n;
	int fd = mkstemp(path), i = 1;

	CHECK(fd >= 0);
	CHECK_INT(write(fd, "hwm = 5;\n", 9), 9);
	close(fd);
	CHECK_INT(conf_option(&args, 2, argv, &i, &err), 0);
	CHECK_INT(conf_load(&conf, path, &args, &err), 0);
	set(&conf, "dispatch", "load"); /* as it is by default */
	CHECK_INT(conf_save(&conf, path, &n, &err), 0);
	CHECK_INT(n, 0);
	CHECK_TEXT(read_file(path, &n), "hwm = 5;\n");
	conf_clear(&conf);
	unlink(path);
}

static const struct check_test tests[] = {
    {test_layouts, "a value is replaced wherever it stands, or appended"},
    {test_any_file, "any settings, any file: the same values, all comments"},
    {test_what_was_not_set_stays,
	"what the command line says, or a default, is not written"},
};

CHECK_MAIN(tests)
