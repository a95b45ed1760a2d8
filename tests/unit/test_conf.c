/* The settings: read, dumped, reloaded. See test_conf_wrong.c, too. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

#include "pigatod/conf.h"

/* From a text that is right. */
static struct conf
parsed(const char *text)
{
	struct conf_error err = {""};
	struct conf conf;

	CHECK_INT(conf_init(&conf), 0);
	conf_parse(&conf, pgt_slice_of(text), "f", &err);
	CHECK_TEXT(err.text, "");
	return conf;
}

static char *
dump_of(const struct conf *conf)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	CHECK(f != NULL);
	CHECK_INT(conf_dump(conf, f), 0);
	fclose(f);
	return text;
}

/* ---- reading ---- */

static void
test_defaults(void)
{
	struct conf conf;

	CHECK_INT(conf_init(&conf), 0);
	CHECK_INT(conf.n_binds, 1);
	CHECK_TEXT(conf.bind[0], "tcp://127.0.0.1:55555");
	CHECK_TEXT(conf.intch, "tcp://127.0.0.1:55550");
	CHECK_INT(conf.heartbeat, 2500);
	CHECK_INT(conf.heartbeat_liveness, 3);
	CHECK_INT(conf.default_timeout, 60000);
	CHECK_INT(conf.default_concurrency, 100);
	CHECK_TEXT(conf.dispatch, "load");
	CHECK(conf.directory && conf.protected_mode && !conf.daemonize);
	CHECK(conf.cache && conf.n_coalesce == 0);
	for (size_t i = 0; i < conf_n_rows; i++)
		CHECK_TEXT(conf_origin(&conf, &conf_table[i]), "default");
	conf_clear(&conf);
}

static void
test_every_type(void)
{
	struct conf conf = parsed("bind = [ \"tcp://127.0.0.1:1\",\n"
				  "  \"ipc:///tmp/x\" ];\n"
				  "heartbeat = 100; default_timeout = -1;\n"
				  "max_frame = \"2M\"; max_message = 4194304;\n"
				  "directory = FALSE; dispatch = \"rr\";\n"
				  "name : \"b\" \"1\"\n"
				  "max_timeout = 5000000000L\n");

	CHECK_INT(conf.n_binds, 2);
	CHECK_TEXT(conf.bind[0], "tcp://127.0.0.1:1");
	CHECK_TEXT(conf.bind[1], "ipc:///tmp/x");
	CHECK_INT(conf.heartbeat, 100);
	CHECK_INT(conf.default_timeout, -1);
	CHECK_INT(conf.max_frame, 2 << 20);
	CHECK_INT(conf.max_message, 4 << 20);
	CHECK_INT(conf.max_timeout, INT64_C(5000000000));
	CHECK(!conf.directory);
	CHECK_TEXT(conf.dispatch, "rr");
	CHECK_TEXT(conf.name, "b1");
	CHECK_TEXT(
	    conf_origin(&conf, conf_find(pgt_slice_of("heartbeat"))), "f:3");
	conf_clear(&conf);
}

static void
test_lists(void)
{
	struct conf one = parsed("bind = \"ipc:///tmp/x\";");
	struct conf two = parsed("bind = ( \"ipc:///a\", \"ipc:///b\" );"
				 "coalesce = [ \"echo\", \"st*\" ];");
	struct conf none = parsed("coalesce = [ ];");

	CHECK_INT(one.n_binds, 1);
	CHECK_TEXT(one.bind[0], "ipc:///tmp/x");
	CHECK_INT(two.n_binds, 2);
	CHECK_TEXT(two.bind[1], "ipc:///b");
	CHECK_INT(two.n_coalesce, 2);
	CHECK_TEXT(two.coalesce[1], "st*");
	CHECK_INT(one.n_coalesce, 0);
	CHECK_INT(none.n_coalesce, 0);
	conf_clear(&none);
	conf_clear(&one);
	conf_clear(&two);
}

static void
test_what_looks_wrong_in_comments_and_texts(void)
{
	struct conf conf = parsed("# heartbeat = 99999999999 @include \"\n"
				  "// \" /* 99999999999\n"
				  "/* \" # @ 99999999999 */ hwm = 5;\n"
				  "name = \"@ 99999999999 \\\" # /*\";\n"
				  "log_file = \"//x\";");

	CHECK_INT(conf.hwm, 5);
	CHECK_TEXT(conf.name, "@ 99999999999 \" # /*");
	CHECK_TEXT(conf.log_file, "//x");
	conf_clear(&conf);
}

/* ---- the command line ---- */

/* line is what stands behind the program's name; args borrow it. */
static int
options(struct conf_args *args, struct conf_error *err, char *line)
{
	char *argv[CONF_MAX_ARGS + 2], *rest = NULL;
	int argc = 0, i = 0, rc = 0;

	*args = (struct conf_args){0};
	for (char *w = strtok_r(line, " ", &rest); w != NULL;
	     w = strtok_r(NULL, " ", &rest))
		argv[argc++] = w;
	while (rc == 0 && i < argc)
		rc = conf_option(args, argc, argv, &i, err);
	return rc;
}

static void
test_command_line(void)
{
	char line[] = "--heartbeat 50 --daemonize --log-level=warn "
		      "--directory no --bind ipc:///a,ipc:///b "
		      "--max_frame=1M";
	struct conf_args args;
	struct conf_error err;
	struct conf conf;

	CHECK_INT(options(&args, &err, line), 0);
	CHECK_INT(conf_load(&conf, NULL, &args, &err), 0);
	CHECK_INT(conf.heartbeat, 50);
	CHECK(conf.daemonize && !conf.directory);
	CHECK_TEXT(conf.log_level, "warn");
	CHECK_INT(conf.n_binds, 2);
	CHECK_TEXT(conf.bind[1], "ipc:///b");
	CHECK_INT(conf.max_frame, 1 << 20);
	CHECK_TEXT(conf_origin(&conf, conf_find(pgt_slice_of("heartbeat"))),
	    "command line");
	conf_clear(&conf);
}

static void
test_wrong_command_lines(void)
{
	char unknown[] = "--heartbaet 5", empty[] = "--hwm";
	char many[(CONF_MAX_ARGS + 1) * 8 + 1] = "";
	char value[] = "--hwm 1x";
	struct conf_args args;
	struct conf_error err;
	struct conf conf;

	CHECK_INT(options(&args, &err, unknown), -EINVAL);
	CHECK_TEXT(err.text, "command line: heartbaet: no such option; the "
			     "nearest is heartbeat");
	CHECK_INT(options(&args, &err, empty), -EINVAL);
	CHECK_TEXT(err.text, "command line: hwm: has no value");
	for (size_t i = 0; i <= CONF_MAX_ARGS; i++)
		memcpy(many + i * 8, "--hwm=1 ", 9);
	CHECK_INT(options(&args, &err, many), -EINVAL);
	CHECK_TEXT(err.text, "command line: hwm: too many options");
	CHECK_INT(options(&args, &err, value), 0);
	CHECK_INT(conf_load(&conf, NULL, &args, &err), -EINVAL);
	CHECK_TEXT(err.text, "command line: hwm = 1x: must be a whole number");
}

/* ---- dump, reload ---- */

static void
test_dump_gives_the_same_settings(void)
{
	struct conf conf = parsed("bind = [ \"ipc:///a\\\"b\\\\c\", "
				  "\"tcp://127.0.0.1:7\" ];\n"
				  "max_frame = 5000000000L;\n"
				  "max_message = 6000000000L;\n"
				  "default_timeout = -1; daemonize = true;");
	char *text = dump_of(&conf);
	struct conf again = parsed(text);

	for (size_t i = 0; i < conf_n_rows; i++)
		CHECK(conf_is_equal(&conf, &again, &conf_table[i]));
	CHECK(strstr(text, "# f:2\n") != NULL);
	CHECK(strstr(text, "# default\n") != NULL);
	free(text);
	conf_clear(&conf);
	conf_clear(&again);
}

static void
test_reload_takes_what_may_change(void)
{
	const struct conf_row *stuck[CONF_MAX_ROWS];
	struct conf conf = parsed("heartbeat = 100; io_threads = 2; hwm = 5;");
	struct conf next =
	    parsed("\nheartbeat = 200; io_threads = 3; hwm = 5;");

	CHECK_INT(conf_reload(&conf, &next, stuck), 1);
	CHECK_TEXT(stuck[0]->name, "io_threads");
	CHECK_INT(conf.heartbeat, 200);
	CHECK_INT(conf.io_threads, 2);
	CHECK_TEXT(
	    conf_origin(&conf, conf_find(pgt_slice_of("heartbeat"))), "f:2");
	CHECK_TEXT(
	    conf_origin(&conf, conf_find(pgt_slice_of("io_threads"))), "f:1");
	conf_clear(&conf);
	conf_clear(&next);
}

static void
test_a_wrong_value_leaves_the_old(void)
{
	const struct conf_row *bind = conf_find(pgt_slice_of("bind"));
	struct conf conf = parsed("bind = \"ipc:///a\";");
	struct conf_error err;

	CHECK_INT(
	    conf_set(&conf, bind, "ipc:///b,nonsense", "x", &err), -EINVAL);
	CHECK_INT(conf.n_binds, 1);
	CHECK_TEXT(conf.bind[0], "ipc:///a");
	CHECK_TEXT(conf_origin(&conf, bind), "f:1");
	conf_clear(&conf);
}

static const struct check_test tests[] = {
    {test_defaults, "defaults, and where they are from"},
    {test_every_type, "every type of value"},
    {test_lists, "addresses: one, an array, a list"},
    {test_what_looks_wrong_in_comments_and_texts,
	"comments and texts may hold anything"},
    {test_command_line, "the command line goes over the file"},
    {test_wrong_command_lines, "a command line that makes no sense"},
    {test_dump_gives_the_same_settings, "a dump gives the same settings"},
    {test_reload_takes_what_may_change, "a reload takes what may change"},
    {test_a_wrong_value_leaves_the_old, "a wrong value leaves the old one"},
};

CHECK_MAIN(tests)
