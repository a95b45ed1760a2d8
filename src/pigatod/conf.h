/*
 * The settings: one row for each option (conf_table.c), read from defaults,
 * then a libconfig file, then --option value pairs. A row knows its name,
 * type, default, range, whether a reload may change it, and its sentence.
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONF_MAX_BINDS 16

struct conf {
	char *bind[CONF_MAX_BINDS]; /* endpoints of the ROUTER */
	size_t n_binds;
	char *intch;               /* endpoint of the internal channel */
	char *name;                /* of this broker; "": one is made up */
	int64_t heartbeat;         /* ms */
	int64_t heartbeat_liveness; /* intervals */
	char *dispatch;            /* load, rand, rr */
	int64_t default_timeout;   /* ms, -1 none */
	int64_t default_concurrency; /* -1 none */
	int64_t max_timeout;       /* ms, -1 none */
	bool directory;            /* serve $dir */
	bool external_core;        /* let workers register $names */
	int64_t io_threads;
	int64_t hwm;               /* messages queued for a peer, 0 no limit */
	int64_t max_frame;         /* bytes */
	int64_t max_message;       /* bytes */
	char *log_level;
	char *log_file;            /* "": standard error */
	char *pid_file;            /* "": none */
	bool daemonize;
	bool protected_mode;
};

#endif
