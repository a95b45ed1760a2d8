/* Settings that are refused, and in which words. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "pigatod/conf.h"

/* Read text over the defaults, then check; the words of what went wrong. */
static char *
wrongs(const char *text)
{
	struct conf_error err = {""};
	struct conf conf;
	int rc;

	CHECK_INT(conf_init(&conf), 0);
	rc = conf_parse(&conf, pgt_slice_of(text), "f", &err);
	if (rc == 0)
		rc = conf_check(&conf, &err);
	conf_clear(&conf);
	CHECK((rc < 0) == (err.text[0] != '\0'));
	return strdup(err.text);
}

struct wrong {
	const char *text, *words;
};

static void
want_wrong(const struct wrong *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *got = wrongs(rows[i].text);

		CHECK_TEXT(got, rows[i].words);
		free(got);
	}
}
#define WANT_WRONG(rows) want_wrong(rows, sizeof(rows) / sizeof((rows)[0]))

static void
test_unknown_options(void)
{
	static const struct wrong rows[] = {
	    {"\nheartbeet = 1;",
		"f:2: heartbeet: no such option; the nearest is heartbeat"},
	    {"timeout = 1;", "f:1: timeout: no such option; the nearest is "
			     "default_timeout"},
	    {"Bind = 1;", "f:1: Bind: no such option; the nearest is bind"},
	    {"zzzzzzzz = 1;", "f:1: zzzzzzzz: no such option"},
	    {"hwm = 1; hwm-x = 1;",
		"f:1: hwm-x: no such option; the nearest is hwm"},
	};

	WANT_WRONG(rows);
}

static void
test_wrong_types(void)
{
	static const struct wrong rows[] = {
	    {"heartbeat = \"3\";", "f:1: heartbeat = \"3\": must be a whole "
				   "number, without quotes"},
	    {"heartbeat = 2.5;", "f:1: heartbeat = 2.5: must be a whole "
				 "number, without quotes"},
	    {"heartbeat = {};", "f:1: heartbeat = { ... }: must be a whole "
				"number, without quotes"},
	    {"directory = 1;", "f:1: directory = 1: must be true or false, "
			       "without quotes"},
	    {"name = 1;", "f:1: name = 1: must be a text in quotes"},
	    {"coalesce = 1;", "f:1: coalesce = 1: must be a name in quotes, "
			      "or several within [ ]"},
	    {"coalesce = ( 1 );",
		"f:1: coalesce = ( ... ): must be names in quotes"},
	    {"coalesce = [ \"a\", \"\" ];",
		"f:1: coalesce = [ ... ]: must not hold empty names"},
	    {"bind = 1;", "f:1: bind = 1: must be an address in quotes, or "
			  "several within [ ]"},
	    {"bind = ( \"ipc:///a\", 1 );",
		"f:1: bind = ( ... ): must be addresses in quotes"},
	    {"bind = [];",
		"f:1: bind = [ ... ]: must have at least one address"},
	    {"max_frame = \"2X\";",
		"f:1: max_frame = \"2X\": must be a whole number, with K, M, "
		"G or T behind it if wanted"},
	};

	WANT_WRONG(rows);
}

static void
test_out_of_range(void)
{
	static const struct wrong rows[] = {
	    {"heartbeat = 9;", "f:1: heartbeat = 9: must be 10 to 3600000 ms"},
	    {"heartbeat = -1;",
		"f:1: heartbeat = -1: must be 10 to 3600000 ms"},
	    {"default_concurrency = -2;",
		"f:1: default_concurrency = -2: must be 0 to 2147483647, or "
		"-1 for none"},
	    {"dispatch = \"Load\";",
		"f:1: dispatch = \"Load\": must be one of load, rand, rr"},
	    {"max_frame = 1023;", "f:1: max_frame = 1023: must be 1024 to "
				  "1099511627776 bytes"},
	    {"max_frame = \"99999999T\";",
		"f:1: max_frame = \"99999999T\": must be 1024 to "
		"1099511627776 bytes"},
	    {"name = \"a\\nb\";", "f:1: name = \"a\\x0ab\": must not hold "
				  "control characters"},
	};

	WANT_WRONG(rows);
}

static void
test_numbers_that_would_wrap(void)
{
	static const struct wrong rows[] = {
	    {"\n\nmax_frame = 5000000000;",
		"f:3: max_frame = 5000000000: a number beyond 32 bits needs "
		"an L at its end: 5000000000L"},
	    {"heartbeat = 4294969796;",
		"f:1: heartbeat = 4294969796: a number beyond 32 bits needs "
		"an L at its end: 4294969796L"},
	    {"default_timeout = 0xffffffff;",
		"f:1: default_timeout = 0xffffffff: a number beyond 32 bits "
		"needs an L at its end: 0xffffffffL"},
	    {"default_timeout = -4294967297;",
		"f:1: default_timeout = -4294967297: a number beyond 32 bits "
		"needs an L at its end: -4294967297L"},
	    {"hwm = 18446744073709551617L;",
		"f:1: hwm = 18446744073709551617L: the number is too large"},
	    {"hwm = 99999999999999999999999999999999999999999999;",
		"f:1: hwm = 99999999999999999999999999999999999999999999: the "
		"number is too large"},
	};

	WANT_WRONG(rows);
}

static void
test_bad_syntax(void)
{
	static const struct wrong rows[] = {
	    {"hwm = 1;\nhwn 5;\n",
		"f:2: syntax error here or in the line before"},
	    {"hwm = 1;\nhwm = 2;\n", "f:2: duplicate setting name"},
	    {"log_level = \"info\";\nlog-level = \"info\";",
		"f:2: log_level: is set in line 1 already"},
	    {"\nname = \"abc\n\n",
		"f:2: name: the text that begins here has no end"},
	    {"hwm = 1;\n/* abc\n\n",
		"f:2: the comment that begins here has no end"},
	    {"name = \"a\\x00b\";", "f:1: name: a text cannot hold \\x00"},
	    {"\n@include \"other\"\n",
		"f:2: other files are not read: all settings stand in one"},
	};

	WANT_WRONG(rows);
}

static void
test_protected_mode(void)
{
	static const char *const reached[] = {"tcp://*:1", "tcp://0.0.0.0:1",
	    "tcp://192.0.2.1:1", "tcp://[::]:1", "tcp://eth0:1",
	    "tcp://126.0.0.1:1"};
	static const char *const local[] = {"tcp://127.0.0.1:1",
	    "tcp://127.9.9.9:1", "tcp://[::1]:1", "ipc:///tmp/x"};
	char text[128], *got;

	for (size_t i = 0; i < sizeof(reached) / sizeof(reached[0]); i++) {
		snprintf(text, sizeof(text), "bind = \"%s\";", reached[i]);
		got = wrongs(text);
		CHECK(strstr(got, "set protected_mode = false") != NULL);
		CHECK(strstr(got, reached[i]) != NULL);
		free(got);
		snprintf(text, sizeof(text), "intch = \"%s\";", reached[i]);
		got = wrongs(text);
		CHECK(strstr(got, "f:1: intch") != NULL);
		free(got);
		snprintf(text, sizeof(text),
		    "bind = \"%s\"; protected_mode = false;", reached[i]);
		got = wrongs(text);
		CHECK_TEXT(got, "");
		free(got);
	}
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		snprintf(text, sizeof(text), "bind = \"%s\";", local[i]);
		got = wrongs(text);
		CHECK_TEXT(got, "");
		free(got);
	}
}

static void
test_addresses(void)
{
	static const char *const wrong[] = {"", "127.0.0.1:5", "udp://a:1",
	    "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:65536",
	    "tcp://127.0.0.1:0x5", "tcp://127.0.0.1:070000", "tcp://:5",
	    "tcp://256.0.0.1:5", "tcp://::1:5", "tcp://[::g]:5",
	    "tcp://localhost:5", "tcp://a b:5", "ipc://", "inproc://x"};
	char text[128], *got;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "intch = \"%s\";", wrong[i]);
		got = wrongs(text);
		CHECK(strncmp(got, "f:1: intch", 10) == 0);
		free(got);
	}
}

static void
test_contradictions(void)
{
	static const struct wrong rows[] = {
	    {"max_frame = \"1M\";\nmax_message = \"512K\";",
		"f:2: max_message = 524288: must be max_frame at least, which "
		"is 1048576 (f:1)"},
	    {"max_frame = \"1G\";",
		"default: max_message = 134217728: must be max_frame at "
		"least, which is 1073741824 (f:1)"},
	    {"bind = [ \"ipc:///a\", \"ipc:///a\" ];",
		"f:1: bind = ipc:///a: bind has this address already"},
	    {"bind = \"tcp://127.0.0.1:55550\";",
		"default: intch = tcp://127.0.0.1:55550: bind has this "
		"address already"},
	};
	char *fine = wrongs("bind = \"tcp://127.0.0.1:*\";"
			    "intch = \"tcp://127.0.0.1:*\";");

	CHECK_TEXT(fine, "");
	free(fine);
	WANT_WRONG(rows);
}

/* PROTOCOL 6.4: operators are known by nothing but their way in. */
static void
test_operators_addresses(void)
{
	static const struct wrong rows[] = {
	    {"admin_bind = \"tcp://*:1\";",
		"f:1: admin_bind = tcp://*:1: other machines reach this "
		"address; must be auto, none, ipc://, or tcp:// with 127.0.0.1 "
		"or [::1], whatever protected_mode says"},
	    {"protected_mode = false;\n"
	     "admin_bind = [ \"ipc:///tmp/a\", \"tcp://10.0.0.1:1\" ];",
		"f:2: admin_bind = tcp://10.0.0.1:1: other machines "
		"reach this address; must be auto, none, ipc://, or tcp:// "
		"with 127.0.0.1 or [::1], whatever protected_mode says"},
	    {"admin_bind = [ \"auto\", \"ipc:///tmp/a\" ];",
		"f:1: admin_bind = [ ... ]: auto stands alone"},
	    {"admin_bind = \"ipc:///tmp/a\"; bind = \"ipc:///tmp/a\";",
		"f:1: admin_bind = ipc:///tmp/a: bind has this address "
		"already"},
	};
	char *fine = wrongs("admin_bind = [ \"tcp://127.0.0.1:1\", "
			    "\"tcp://[::1]:*\", \"ipc://@a\" ];");

	CHECK_TEXT(fine, "");
	free(fine);
	WANT_WRONG(rows);
}

static const struct check_test tests[] = {
    {test_unknown_options, "an unknown option: line and nearest name"},
    {test_wrong_types, "a value of the wrong type"},
    {test_out_of_range, "a value out of range"},
    {test_numbers_that_would_wrap, "numbers that libconfig would wrap"},
    {test_bad_syntax, "what is no libconfig, or would be cut"},
    {test_operators_addresses, "operators' addresses stay on this machine"},
    {test_protected_mode, "protected mode refuses what others can reach"},
    {test_addresses, "addresses nobody can listen at"},
    {test_contradictions, "settings that contradict each other"},
};

CHECK_MAIN(tests)
