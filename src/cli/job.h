/*
 * A request that a command works at. Each line of its output is a partial
 * reply; its exit status makes the end.
 */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "lib/pigato.h"

struct job_conf {
	const char *path; /* of the program */
	char *const *argv;
	int64_t timeout_ms; /* 0: none */
	int64_t silence_ms; /* … of clients that have spoken; 0: any */
	bool is_raw;	    /* strings in and out are their text */
	bool is_whole;	    /* all output is one reply */
};

TAILQ_HEAD(job_list, job);

struct jobs {
	struct job_conf conf;
	struct job_list list;
	size_t n;
};

void jobs_init(struct jobs *js, const struct job_conf *conf);

/* Kills what is still at work, without a word. */
void jobs_clear(struct jobs *js);

/* Takes rep and begins to work; what goes wrong is its reply. */
void jobs_add(
    struct jobs *js, struct pigato_reply *rep, const char *data, size_t size);

/* How many descriptors jobs_fill() needs room for. */
size_t jobs_count_fds(const struct jobs *js);
void jobs_fill(struct jobs *js, struct pollfd *fd);

/* When to call jobs_serve() at last, by cli_now_ms(); -1: never. */
int64_t jobs_deadline(const struct jobs *js);

/* fd: as it was filled and polled. Serves pipes, exits and what is due. */
void jobs_serve(struct jobs *js, const struct pollfd *fd, bool has_exits);

/* End those for which nobody waits any more. */
void jobs_drop_unwanted(struct jobs *js);

/* End all, at once or with a while to go. */
void jobs_stop(struct jobs *js, bool at_once);

#endif
