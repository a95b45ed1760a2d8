/*
 * A request of an operator, and its answer (PROTOCOL 11.1): a JSON object
 * that names a command, a table of commands, JSON text back.
 */
#ifndef SERVICES_CALL_H
#define SERVICES_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "broker/core.h"
#include "services/out.h"

/* Texts that one command may ask for. */
#define CALL_MAX_TEXTS 4

/* Rows of a list. */
#define CALL_LIMIT     100
#define CALL_MAX_LIMIT 1000

struct call {
	struct core *c;
	json_t *data;	 /* an object */
	struct out out;	 /* the answer */
	const char *why; /* of -EINVAL: what is wrong; -ENOENT: the error */
	char *texts[CALL_MAX_TEXTS];
	size_t n_texts;
};

/*
 * Writes call->out. 0; -EINVAL or -ENOENT with call->why; -ENOMEM, and the
 * request goes unanswered.
 */
struct call_command {
	const char *name;
	int (*run)(struct call *call);
};

/* Answers r by a row of the table; `otherwise` where it names none. */
void call_serve(struct core *c, struct request *r,
    const struct call_command *table, size_t n, const char *otherwise);

/* For run(): why is a literal. */
int call_refuse(struct call *call, const char *why);  /* -EINVAL */
int call_missing(struct call *call, const char *why); /* -ENOENT */

/*
 * A text member, its escapes undone; *has says whether it is there and not
 * null. 0, -EINVAL (it is no text) or -ENOMEM.
 */
int call_text(
    struct call *call, const char *key, struct pgt_slice *text, bool *has);

/* A text member as it is, borrowed from the request: data. 0 or -EINVAL. */
int call_raw_text(
    struct call *call, const char *key, struct pgt_slice *text, bool *has);

/* As call_text(), and it must be there. */
int call_need_text(struct call *call, const char *key, struct pgt_slice *text);

/* The member `limit`; 0 or -EINVAL. */
int call_limit(struct call *call, size_t *limit);

/* Is the member true, or a number other than 0? */
bool call_flag(const struct call *call, const char *key);

#endif
