/*
 * The settings: one row for each option (conf_table.c), read from defaults,
 * then a libconfig file, then --option value pairs. A row knows its name,
 * type, default, range, whether a reload may change it, and its sentence.
 *
 * The way of a start, and of a reload with the same args:
 *
 *	conf_option() for each --option      unknown, no value: usage, exit 2
 *	conf_load()                          any value wrong: exit 78
 *	conf_reload()                        HUP: takes what may change
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/slice.h"

#define CONF_MAX_BINDS 16
#define CONF_MAX_NAMES 64
#define CONF_MAX_ROWS  64
#define CONF_MAX_ARGS  64

struct conf {
	char *bind[CONF_MAX_BINDS]; /* endpoints of the ROUTER */
	size_t n_binds;
	char *admin_bind[CONF_MAX_BINDS]; /* of the operators' ROUTER */
	size_t n_admin_binds;
	bool admin_everywhere;		/* serve operators at bind as well */
	char *intch;			/* endpoint of the internal channel */
	char *name;			/* of this broker; "": one is made up */
	int64_t heartbeat;		/* ms */
	int64_t heartbeat_liveness;	/* intervals */
	char *dispatch;			/* load, rand, rr */
	int64_t default_timeout;	/* ms, -1 none */
	int64_t default_concurrency;	/* -1 none */
	int64_t max_timeout;		/* ms, -1 none */
	bool directory;			/* serve $dir */
	bool external_core;		/* let workers register $names */
	bool cache;			/* keep replies */
	int64_t cache_max_memory;	/* bytes */
	int64_t cache_max_entry;	/* bytes */
	int64_t cache_max_ttl;		/* ms, -1 none */
	bool cache_notices;		/* publish what becomes of entries */
	char *coalesce[CONF_MAX_NAMES]; /* services, or prefix* */
	size_t n_coalesce;
	int64_t io_threads;
	int64_t hwm;	     /* messages queued for a peer, 0 no limit */
	int64_t max_frame;   /* bytes */
	int64_t max_message; /* bytes */
	/* For new requests; -1 none. */
	int64_t max_clients;
	int64_t max_queue;
	int64_t max_queue_bytes;
	int64_t max_service_queue;
	int64_t max_service_queue_bytes; /* 0: half of max_memory */
	int64_t max_memory;		 /* bytes, 0: half of the machine's */
	int64_t slowlog_time;		 /* ms, -1 off */
	int64_t slowlog_size;		 /* bytes, -1 off */
	int64_t slowlog_max;		 /* entries */
	int64_t drain_timeout;		 /* ms, -1 none */
	char *log_level;
	char *log_file; /* "": standard error */
	char *pid_file; /* "": none */
	bool daemonize;
	bool protected_mode;
	char *origin[CONF_MAX_ROWS]; /* by row: "pigato.conf:12"; NULL: default
				      */
};

enum conf_type {
	CONF_BOOL,
	CONF_INT,
	CONF_MS,
	CONF_BYTES, /* a number, or text with K, M, G or T behind it */
	CONF_TEXT,
	CONF_ENDPOINT,
	CONF_ENDPOINTS, /* a list */
	CONF_NAMES,	/* a list, perhaps empty */
	CONF_CHOICE,
};

struct conf_row {
	const char *name;
	enum conf_type type;
	size_t at;	 /* of the value in struct conf */
	size_t at_n;	 /* of a list: of their number */
	const char *def; /* the default, as on the command line */
	int64_t min, max;
	bool none;		    /* -1 is right too, for no limit */
	bool reload;		    /* HUP may change it */
	const char *const *choices; /* ended by NULL; CONF_ENDPOINTS: words that
				       may stand instead of addresses */
	const char *text;	    /* one sentence */
};

/* All options, in the order of --help, --dump-config and conf/pigato.conf. */
extern const struct conf_row conf_table[];
extern const size_t conf_n_rows;

/*
 * What went wrong, in one line without its end: file:line or "command line",
 * option, value, and what would be right.
 */
struct conf_error {
	char text[512];
};

/*
 * The options of the command line, in their order, kept for reloads. Begins
 * as { 0 }; holds no memory: the values are borrowed from argv.
 */
struct conf_args {
	size_t n;
	struct {
		const struct conf_row *row;
		const char *value;
	} arg[CONF_MAX_ARGS];
};

/* The row of that name ("-" in it stands for "_"), NULL: there is none. */
const struct conf_row *conf_find(struct pgt_slice name);

/*
 * The known name nearest to one that is not, NULL where none is near. For
 * error messages.
 */
const char *conf_nearest(struct pgt_slice name);

/* There is no such option, but one that is near; -EINVAL. */
int conf_unknown(
    const char *place, struct pgt_slice name, struct conf_error *err);

/*
 * Add argv[*i], --name=value, or --name and argv[*i + 1], and set *i behind
 * it. A bool may stand without a value: then it is true; `--name value` takes
 * the next argument for it only where that is a truth word. The value is
 * checked later, by conf_load(). -EINVAL and err: no such option, or no value
 * (usage).
 */
int conf_option(struct conf_args *args, int argc, char **argv, int *i,
    struct conf_error *err);

/* Every option at its default. -ENOMEM, and conf is not to be used. */
int conf_init(struct conf *conf);

/* A copy of all of it. -ENOMEM, and conf is not to be used. */
int conf_copy(struct conf *conf, const struct conf *from);

/* Frees what conf holds; afterwards it is empty and may be cleared again. */
void conf_clear(struct conf *conf);

/*
 * Defaults, then the file, then args, then conf_check(). path NULL: no file;
 * "-": standard input, which can be read once only. conf need not be
 * initialized and is written on success only, to be cleared by the caller; a
 * negative errno and err otherwise.
 */
int conf_load(struct conf *conf, const char *path, const struct conf_args *args,
    struct conf_error *err);

/*
 * Can path be read again by a reload? Not standard input, and no pipe, which
 * the server might wait for.
 */
bool conf_can_reread(const char *path);

/*
 * Set what the libconfig text says, on top of what conf has. name stands for
 * the file in errors and origins. Touches no file. A negative errno and err,
 * and conf may have taken some of it.
 */
int conf_parse(struct conf *conf, struct pgt_slice text, const char *name,
    struct conf_error *err);

/*
 * Set row from text, as on the command line; origin is copied and told in
 * errors. A negative errno and err, and conf is as it was.
 */
int conf_set(struct conf *conf, const struct conf_row *row, const char *text,
    const char *origin, struct conf_error *err);

/*
 * What no single row can tell: limits that contradict each other, addresses
 * that protected_mode refuses. -EINVAL and err.
 */
int conf_check(const struct conf *conf, struct conf_error *err);

/*
 * Moves what a reload may change from next to conf; next is to be cleared
 * all the same. stuck gets the rows that differ but need a restart, for which
 * conf keeps its value; returns how many. Cannot fail.
 */
size_t conf_reload(struct conf *conf, struct conf *next,
    const struct conf_row *stuck[CONF_MAX_ROWS]);

/* Do a and b say the same about this row, wherever they have it from? */
bool conf_is_equal(
    const struct conf *a, const struct conf *b, const struct conf_row *row);

/* Where the value of row comes from: "default", "pigato.conf:12", … */
const char *conf_origin(const struct conf *conf, const struct conf_row *row);

/*
 * All settings as a file that gives the same settings, the origin of each
 * behind it as a comment. 0 or a negative errno of f.
 */
int conf_dump(const struct conf *conf, FILE *f);

/* For --help: each option with its type, default, range and sentence. */
int conf_help(FILE *f);

#endif
