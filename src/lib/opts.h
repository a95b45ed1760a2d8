/*
 * The JSON options frames (PROTOCOL 2, 3) as plain numbers. Text that is no
 * JSON object counts as {}, an option of the wrong type as absent, and so
 * does everything in a text longer than PGT_OPTS_MAX.
 *
 * jansson must allocate by pgt_alloc(), once for the process:
 * json_set_alloc_funcs(pgt_alloc, pgt_free). Without that a lack of memory
 * looks like text that is no JSON.
 */
#ifndef PGT_OPTS_H
#define PGT_OPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Options text is read up to so many bytes, and passed on at any length. */
#define PGT_OPTS_MAX 65536

struct pgt_request_opts {
	int64_t timeout_ms; /* -1: none; 0: not given */
	bool retry, nocache, persist, failfast, coalesce;
	char *worker_id; /* NULL: not given; else n_worker_id bytes */
	size_t n_worker_id;
};

struct pgt_worker_opts {
	bool has_concurrency, update;
	int64_t concurrency; /* -1: no limit; 0: paused */
};

struct pgt_reply_opts {
	int64_t cache_ms; /* the reply may be kept so long; 0: not at all */
};

/* The texts seen last: most peers send one or two. */
#define PGT_OPTS_SEEN	   4
#define PGT_OPTS_SEEN_TEXT 120

struct pgt_opts_texts {
	struct {
		size_t n; /* 0: free */
		char text[PGT_OPTS_SEEN_TEXT];
	} row[PGT_OPTS_SEEN];
	size_t next; /* the row to be written next */
};

/* … with what they mean. */
struct pgt_opts_seen {
	struct pgt_opts_texts texts;
	struct pgt_request_opts opts[PGT_OPTS_SEEN];
};

struct pgt_reply_opts_seen {
	struct pgt_opts_texts texts;
	struct pgt_reply_opts opts[PGT_OPTS_SEEN];
};

/*
 * Read a request's options. 0, or -ENOMEM and o says nothing. Where it names
 * a worker the caller owns o->worker_id: pgt_request_opts_clear().
 */
int pgt_request_opts_read(struct pgt_request_opts *o, struct pgt_slice text,
    struct pgt_opts_seen *seen);
void pgt_request_opts_clear(struct pgt_request_opts *o);

/* Read a worker's heartbeat options. 0, or -ENOMEM and o says nothing. */
int pgt_worker_opts_read(struct pgt_worker_opts *o, struct pgt_slice text);

/* Read the options of a final reply. 0, or -ENOMEM and o says nothing. */
int pgt_reply_opts_read(struct pgt_reply_opts *o, struct pgt_slice text,
    struct pgt_reply_opts_seen *seen);

#endif
