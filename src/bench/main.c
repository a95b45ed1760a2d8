/*
 * pigato-benchmark: requests, their replies, and what these took. Exit status
 * 0: each was answered once and rightly; 1: not so, or something failed; 2: a
 * mistake in usage; 3: no broker.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/conf.h"
#include "bench/report.h"
#include "bench/run.h"
#include "lib/pigato.h"

static int
end_output(FILE *f, const char *name, int status)
{
	bool is_bad = fflush(f) != 0 || ferror(f);

	if (!is_bad)
		return status;
	conf_complain("cannot write %s: %s", name, strerror(errno));
	return STATUS_BAD;
}

static int
show_help(void)
{
	conf_help();
	return end_output(stdout, "to standard output", STATUS_GOOD);
}

static int
show_version(void)
{
	printf("pigato-benchmark %s\nlibpigato-client %s\nhistogram: %s\n",
	    PACKAGE_VERSION, pigato_version(), hist_name);
	return end_output(stdout, "to standard output", STATUS_GOOD);
}

/* The picture's file is opened first: no run should end without a place. */
static int
benchmark(const struct conf *conf)
{
	struct result r;
	FILE *plot = NULL;
	int status;

	if (conf->plot != NULL && (plot = fopen(conf->plot, "w")) == NULL) {
		conf_complain("--plot %s: %s: want a file that can be written",
		    conf->plot, strerror(errno));
		return STATUS_USAGE;
	}
	status = run(&r, conf);
	if (status == 0) {
		status = tally_is_good(&r.tally) ? STATUS_GOOD : STATUS_BAD;
		report_write(&r);
		status = end_output(stdout, "to standard output", status);
		if (plot != NULL) {
			report_plot(&r, plot);
			status = end_output(plot, conf->plot, status);
		}
		run_clear(&r);
	}
	if (plot != NULL)
		fclose(plot);
	return status;
}

/* No socket of ours shall become standard output, or where errors go. */
static void
hold_descriptors(void)
{
	int fd = 0;

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDONLY);
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct conf conf;

	hold_descriptors();
	if (conf_read(&conf, argc, argv) < 0)
		return STATUS_USAGE;
	switch (conf.action) {
	case ACTION_HELP:
		return show_help();
	case ACTION_VERSION:
		return show_version();
	case ACTION_RUN:
		break;
	}
	return benchmark(&conf);
}
