/*
 * A process that does one piece of work: a pipe to its standard input, one
 * from its standard output, and a process group of its own, so that what it
 * has started can be ended with it.
 *
 * An exit is seen before it is reaped: until child_close() its number belongs
 * to nobody else, and a signal to its group hits the right ones.
 */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int in_fd, out_fd; /* -1: closed */
	const char *data;  /* still to be written to it; borrowed */
	size_t n_data;
	bool is_exited;
	int status;	 /* an exit status, or a signal's number negated */
	int64_t kill_at; /* SIGKILL to all of them; -1: no */
};

/*
 * Start argv, the program being at path, and give it data, which is borrowed
 * until its end. 0 or a negative errno.
 */
int child_start(struct child *c, const char *path, char *const *argv,
    const char *data, size_t n_data);

/* in_fd is writable. */
void child_feed(struct child *c);

/* out_fd is readable. Bytes read; 0: none just now, or closed: see out_fd. */
size_t child_read(struct child *c, char *p, size_t n);

/* Looks whether it has exited; what remains of its group has a while then. */
void child_look(struct child *c, int64_t now);

/* Ask it to end; it has a while to do so. */
void child_stop(struct child *c, int64_t now);

/* Serves kill_at. */
void child_on_time(struct child *c, int64_t now);

/* Now. */
void child_kill(struct child *c);

/* Has it exited, and is all of its output read? */
bool child_is_over(const struct child *c);

/* Ends what remains of its group, reaps it, closes the pipes. It is over. */
void child_close(struct child *c);

#endif
