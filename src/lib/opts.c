/*
 * jansson parses; what is here is which names count and what they may be.
 * A text seen before is not parsed again: it costs a comparison.
 */
#include "lib/opts.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"

/* Numbers beyond it mean "very long": they stay far from overflow. */
#define MAX_NUMBER INT64_C(1000000000000000)

/* As JavaScript reads it: integers of any length, \u0000 in texts. */
#define LOAD_FLAGS (JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL)

/*
 * An object, or NULL with *rc 0 (none in the text) or -ENOMEM. jansson calls
 * most of its failed allocations a syntax error, and cuts tokens short after
 * some: only the allocator knows.
 */
static json_t *
load_object(struct pgt_slice text, int *rc)
{
	size_t failures = pgt_alloc_failures();
	json_t *o;

	*rc = 0;
	if (text.n == 0 || text.n > PGT_OPTS_MAX)
		return NULL;
	o = json_loadb(text.p, text.n, LOAD_FLAGS, NULL);
	if (pgt_alloc_failures() != failures)
		*rc = -ENOMEM;
	if (*rc == 0 && json_is_object(o))
		return o;
	json_decref(o);
	return NULL;
}

/* JavaScript knows one kind of number: fractions are cut off. */
static bool
read_number(const json_t *o, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(o, name);
	double d;

	if (!json_is_number(v))
		return false;
	d = json_number_value(v);
	if (d >= (double)MAX_NUMBER)
		*out = MAX_NUMBER;
	else if (d <= -(double)MAX_NUMBER)
		*out = -MAX_NUMBER;
	else
		*out = (int64_t)d;
	return true;
}

static bool
read_flag(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);
	int64_t number;

	return json_is_true(v) ||
	       (read_number(o, name, &number) && number != 0);
}

static int
read_worker_id(struct pgt_request_opts *o, const json_t *tree)
{
	const json_t *v = json_object_get(tree, "workerId");
	size_t n = json_string_length(v);

	if (n == 0) /* no string, or an empty one, which names nobody */
		return 0;
	o->worker_id = pgt_alloc(n);
	if (o->worker_id == NULL)
		return -ENOMEM;
	memcpy(o->worker_id, json_string_value(v), n);
	o->n_worker_id = n;
	return 0;
}

static int
read_request(struct pgt_request_opts *o, struct pgt_slice text)
{
	int rc;
	json_t *tree = load_object(text, &rc);

	*o = (struct pgt_request_opts){0};
	if (tree == NULL)
		return rc;
	if (read_number(tree, "timeout", &o->timeout_ms) && o->timeout_ms < 0)
		o->timeout_ms = -1;
	o->retry = read_flag(tree, "retry");
	o->nocache = read_flag(tree, "nocache");
	o->persist = read_flag(tree, "persist");
	o->failfast = read_flag(tree, "failfast");
	o->coalesce = read_flag(tree, "coalesce");
	rc = read_worker_id(o, tree);
	if (rc < 0)
		*o = (struct pgt_request_opts){0};
	json_decref(tree);
	return rc;
}

/* ---- texts seen before ---- */

/* Its row; PGT_OPTS_SEEN: it is none of them. */
static size_t
find_seen(const struct pgt_opts_texts *seen, struct pgt_slice text)
{
	size_t i = 0;

	while (i < PGT_OPTS_SEEN &&
	       (seen->row[i].n != text.n ||
		   memcmp(seen->row[i].text, text.p, text.n) != 0))
		i++;
	return i;
}

/* The row that it has from now on. It is not empty, and fits. */
static size_t
add_seen(struct pgt_opts_texts *seen, struct pgt_slice text)
{
	size_t i = seen->next;

	memcpy(seen->row[i].text, text.p, text.n);
	seen->row[i].n = text.n;
	seen->next = (i + 1) % PGT_OPTS_SEEN;
	return i;
}

/* No object but {} is as short, and that one says nothing. */
static bool
says_nothing(struct pgt_slice text)
{
	return text.n <= 2;
}

int
pgt_request_opts_read(struct pgt_request_opts *o, struct pgt_slice text,
    struct pgt_opts_seen *seen)
{
	size_t i;
	int rc;

	*o = (struct pgt_request_opts){0};
	if (says_nothing(text))
		return 0;
	i = find_seen(&seen->texts, text);
	if (i < PGT_OPTS_SEEN) {
		*o = seen->opts[i];
		return 0;
	}
	rc = read_request(o, text);
	if (rc == 0 && text.n <= PGT_OPTS_SEEN_TEXT && o->worker_id == NULL)
		seen->opts[add_seen(&seen->texts, text)] = *o;
	return rc;
}

static int
read_reply(struct pgt_reply_opts *o, struct pgt_slice text)
{
	int rc;
	json_t *tree = load_object(text, &rc);

	if (tree == NULL)
		return rc;
	if (read_number(tree, "cache", &o->cache_ms) && o->cache_ms < 0)
		o->cache_ms = 0;
	json_decref(tree);
	return 0;
}

int
pgt_reply_opts_read(struct pgt_reply_opts *o, struct pgt_slice text,
    struct pgt_reply_opts_seen *seen)
{
	size_t i;
	int rc;

	*o = (struct pgt_reply_opts){0};
	if (says_nothing(text))
		return 0;
	i = find_seen(&seen->texts, text);
	if (i < PGT_OPTS_SEEN) {
		*o = seen->opts[i];
		return 0;
	}
	rc = read_reply(o, text);
	if (rc == 0 && text.n <= PGT_OPTS_SEEN_TEXT)
		seen->opts[add_seen(&seen->texts, text)] = *o;
	return rc;
}

void
pgt_request_opts_clear(struct pgt_request_opts *o)
{
	pgt_free(o->worker_id);
	*o = (struct pgt_request_opts){0};
}

int
pgt_worker_opts_read(struct pgt_worker_opts *o, struct pgt_slice text)
{
	int64_t n;
	int rc;
	json_t *tree = load_object(text, &rc);

	*o = (struct pgt_worker_opts){0};
	if (tree == NULL)
		return rc;
	if (read_number(tree, "concurrency", &n) && n >= -1) {
		o->has_concurrency = true;
		o->concurrency = n;
	}
	o->update = read_flag(tree, "update");
	json_decref(tree);
	return 0;
}
