/*
 * pigatod [FILE] [--option value ...]. Exit status: 0 clean, 1 a failure at
 * run time, 2 a mistake in usage, 78 (EX_CONFIG of sysexits) in the settings.
 */
#include "config.h"

#include <errno.h>
#include <jansson.h>
#include <libconfig.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "base/alloc.h"
#include "pigatod/conf.h"
#include "pigatod/daemon.h"
#include "pigatod/log.h"
#include "pigatod/server.h"
#include "pigatod/signals.h"

enum { STATUS_USAGE = 2, STATUS_CONF = 78 };

struct invocation {
	const char *file; /* NULL: none; "-": standard input */
	struct conf_args args;
	int (*run)(const struct invocation *); /* returns the exit status */
};

static const char usage[] = "usage: pigatod [FILE] [--option value ...]\n";

/* The exit status of who had nothing to do but to write. */
static int
end_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_SUCCESS;
	fprintf(stderr, "pigatod: cannot write to standard output: %s\n",
	    strerror(errno));
	return EXIT_FAILURE;
}

static int
load(const struct invocation *in, struct conf *conf)
{
	struct conf_error err = {""};
	int rc = conf_load(conf, in->file, &in->args, &err);

	if (rc == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "pigatod: %s\n", err.text);
	return rc == -ENOMEM ? EXIT_FAILURE : STATUS_CONF;
}

/* ---- what it can be asked for ---- */

static int
show_help(const struct invocation *in)
{
	(void)in;
	fputs(usage, stdout);
	fputs("\n"
	      "FILE holds settings in the syntax of libconfig; - is standard "
	      "input. Without it\n"
	      "the built-in defaults apply. Options on the command line take "
	      "precedence.\n"
	      "\n"
	      "  --test-config  check the settings, and exit\n"
	      "  --dump-config  print all settings and where each comes from, "
	      "and exit\n"
	      "  --version      print the version and how it was built\n"
	      "  --help         print this text\n"
	      "\n"
	      "Options, each one either --name value here or name = value; "
	      "in FILE:\n"
	      "\n",
	    stdout);
	conf_help(stdout);
	return end_output();
}

static int
show_version(const struct invocation *in)
{
	int major, minor, patch;

	(void)in;
	zmq_version(&major, &minor, &patch);
	printf("pigatod %s\n", PACKAGE_VERSION);
	printf("compiler: %s (%s)\n", BUILD_CC, __VERSION__);
	printf("configured: %s\n", BUILD_OPTIONS);
	printf("libzmq: %d.%d.%d, running %d.%d.%d\n", ZMQ_VERSION_MAJOR,
	    ZMQ_VERSION_MINOR, ZMQ_VERSION_PATCH, major, minor, patch);
	printf("jansson: %s, running %s\n", JANSSON_VERSION,
	    jansson_version_str());
	printf("libconfig: %d.%d.%d\n", LIBCONFIG_VER_MAJOR,
	    LIBCONFIG_VER_MINOR, LIBCONFIG_VER_REVISION);
	printf("libsodium: %s, running %s\n", SODIUM_VERSION_STRING,
	    sodium_version_string());
	return end_output();
}

static int
test_config(const struct invocation *in)
{
	struct conf conf;
	int status = load(in, &conf);

	if (status != EXIT_SUCCESS)
		return status;
	conf_clear(&conf);
	puts("the settings are right");
	return end_output();
}

static int
dump_config(const struct invocation *in)
{
	struct conf conf;
	int status = load(in, &conf);

	if (status != EXIT_SUCCESS)
		return status;
	conf_dump(&conf, stdout);
	conf_clear(&conf);
	return end_output();
}

static int
open_log(const struct conf *conf)
{
	enum log_level level = LOG_INFO;
	int rc;

	log_level_find(conf->log_level, &level);
	rc = log_open(conf->log_file, level);
	if (rc < 0)
		log_errno(rc, "cannot open log_file=%s", conf->log_file);
	return rc;
}

/* Who typed the command looks at the terminal first. */
static int
start(const struct invocation *in, struct conf *conf, struct daemon **d,
    struct server **s)
{
	int rc = daemon_start(d, conf);

	if (rc == 0)
		rc = signals_open();
	if (rc == 0)
		rc = server_open(s, conf, in->file, &in->args);
	if (rc < 0 && conf->log_file[0] != '\0')
		fprintf(stderr, "pigatod: not started; %s has the reason\n",
		    conf->log_file);
	return rc;
}

static int
serve(const struct invocation *in)
{
	struct daemon *d = NULL;
	struct server *s = NULL;
	struct conf conf;
	int rc, status = load(in, &conf);

	if (status != EXIT_SUCCESS)
		return status;
	rc = open_log(&conf);
	if (rc == 0)
		rc = start(in, &conf, &d, &s);
	if (rc == 0) {
		log_info("pigatod ready version=%s pid=%ld", PACKAGE_VERSION,
		    (long)getpid());
		daemon_ready(d);
		rc = server_run(s);
	}
	server_close(s);
	daemon_stop(d);
	log_close();
	conf_clear(&conf);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- the command line ---- */

static const struct {
	const char *name;
	int (*run)(const struct invocation *);
} actions[] = {
    {"--help", show_help},
    {"--version", show_version},
    {"--test-config", test_config},
    {"--dump-config", dump_config},
};

static bool
find_action(struct invocation *in, const char *arg)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, arg) == 0) {
			in->run = actions[i].run;
			return true;
		}
	return false;
}

/* Takes argv[*i], and its value. False and err where it makes no sense. */
static bool
take_argument(struct invocation *in, int argc, char **argv, int *i,
    struct conf_error *err)
{
	const char *arg = argv[*i];

	if (strncmp(arg, "--", 2) == 0 && !find_action(in, arg))
		return conf_option(&in->args, argc, argv, i, err) == 0;
	++*i;
	if (strncmp(arg, "--", 2) == 0)
		return true;
	if (in->file == NULL && (arg[0] != '-' || strcmp(arg, "-") == 0)) {
		in->file = arg;
		return true;
	}
	snprintf(err->text, sizeof(err->text), "%s: %s", arg,
	    in->file == NULL ? "options begin with --" : "one FILE at most");
	return false;
}

int
main(int argc, char **argv)
{
	struct invocation in = {.run = serve};
	struct conf_error err;
	int i = 1;

	daemon_hold_descriptors();
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	while (i < argc)
		if (!take_argument(&in, argc, argv, &i, &err)) {
			fprintf(stderr, "pigatod: %s\n%s", err.text, usage);
			return STATUS_USAGE;
		}
	return in.run(&in);
}
