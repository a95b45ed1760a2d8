/*
 * What a worker's program says about a request. Whoever speaks after the last
 * word gets PIGATO_ERR_STATE; who speaks of a request whose broker is lost,
 * PIGATO_ERR_NO_BROKER, and the last word counts as said. A lack of memory
 * leaves all as it was.
 */
#include "lib/worker.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "base/alloc.h"
#include "lib/json.h"

/* Longer is as good as for ever; its text needs no memory. */
#define CACHE_MAX_MS INT64_C(1000000000000000)

/* A verb and a status, as the functions of pigato.h mean them. */
struct say {
	enum pgt_verb verb;
	const char *status;
	bool is_last;
};

static const struct say say_write = {PGT_WORKER_PARTIAL, "0", false};
static const struct say say_end = {PGT_WORKER_REPLY, "0", true};
static const struct say say_error = {PGT_WORKER_REPLY, "-1", true};
static const struct say say_reject = {PGT_WORKER_REJECT, "0", true};

/* Small ones, which cannot fail. */
static void
make_small(struct pgt_frame *f, const char *text)
{
	pgt_frame_from(f, pgt_slice_of(text));
}

/* The options of a reply that may be kept; nobody reads others. */
static void
make_opts(struct pgt_frame *f, const struct pigato_reply *rep)
{
	char text[PGT_FRAME_SMALL + 1] = "{}";

	if (rep->cache_ms > 0)
		snprintf(text, sizeof(text), "{\"cache\":%" PRId64 "}",
		    rep->cache_ms);
	make_small(f, text);
}

static int
send_it(struct pigato_reply *rep, const struct say *say, struct pgt_frame *data)
{
	struct pgt_frame status, opts;
	struct pgt_packet p = {
	    .verb = say->verb,
	    .field[PGT_F_CLIENT] = &rep->client,
	    .field[PGT_F_RID] = &rep->rid,
	    .field[PGT_F_CODE] = &status,
	    .field[PGT_F_DATA] = data,
	    .shared = 1U << PGT_F_CLIENT | 1U << PGT_F_RID,
	};
	int rc;

	make_small(&status, say->status);
	make_opts(&opts, rep);
	if (say->verb != PGT_WORKER_REJECT)
		p.field[PGT_F_OPTS] = &opts;
	rc = pgt_link_send(rep->post->link, &p);
	pgt_frame_clear(&status);
	pgt_frame_clear(&opts);
	rep->post->is_dirty = true;
	return rc;
}

/* May anything be said? */
static int
check(const struct pigato_reply *rep)
{
	if (rep->is_ended || rep->worker == NULL || rep->worker->is_freed)
		return PIGATO_ERR_STATE;
	return PIGATO_OK;
}

/* Says it, if there is somebody to say it to. Moves data. */
static int
say_it(struct pigato_reply *rep, const struct say *say, struct pgt_frame *data)
{
	int rc = PIGATO_ERR_NO_BROKER;

	rep->is_ended = say->is_last;
	if (rep->post != NULL && send_it(rep, say, data) == 0)
		rc = PIGATO_OK;
	if (rep->post != NULL && (say->is_last || rc != PIGATO_OK))
		pgt_reply_leave(rep);
	return rc;
}

static int
say_text(struct pigato_reply *rep, const struct say *say, const char *text,
    size_t size)
{
	struct pgt_slice bytes = {text, size};
	struct pgt_frame data;
	int rc = check(rep);

	if (rc != PIGATO_OK)
		return rc;
	if (text == NULL)
		bytes = pgt_slice_of("null");
	if (pgt_frame_from(&data, bytes) < 0)
		return PIGATO_ERR_NOMEM;
	rc = say_it(rep, say, &data);
	pgt_frame_clear(&data);
	return rc;
}

static int
say_json(
    struct pigato_reply *rep, const struct say *say, const struct json_t *value)
{
	char *text;
	size_t n;
	int rc = check(rep);

	if (rc == PIGATO_OK)
		rc = pgt_json_write(value, &text, &n);
	if (rc != PIGATO_OK)
		return rc;
	rc = say_text(rep, say, text, n);
	pgt_free(text);
	return rc;
}

void
pgt_reply_give_back(struct pigato_reply *rep)
{
	say_text(rep, &say_reject, NULL, 0);
	pgt_reply_destroy(rep);
}

/* ---- the caller's ---- */

int
pigato_reply_write(struct pigato_reply *rep, const char *data, size_t size)
{
	return say_text(rep, &say_write, data, size);
}

int
pigato_reply_end(struct pigato_reply *rep, const char *data, size_t size)
{
	return say_text(rep, &say_end, data, size);
}

int
pigato_reply_error(struct pigato_reply *rep, const char *data, size_t size)
{
	return say_text(rep, &say_error, data, size);
}

int
pigato_reply_reject(struct pigato_reply *rep)
{
	return say_text(rep, &say_reject, NULL, 0);
}

int
pigato_reply_write_json(struct pigato_reply *rep, const struct json_t *data)
{
	return say_json(rep, &say_write, data);
}

int
pigato_reply_end_json(struct pigato_reply *rep, const struct json_t *data)
{
	return say_json(rep, &say_end, data);
}

int
pigato_reply_error_text(struct pigato_reply *rep, const char *text)
{
	json_t *value;
	int rc = check(rep);

	if (rc != PIGATO_OK)
		return rc;
	if (text == NULL)
		return PIGATO_ERR_INVALID;
	value = json_string_nocheck(text);
	if (value == NULL)
		return PIGATO_ERR_NOMEM;
	rc = say_json(rep, &say_error, value);
	json_decref(value);
	return rc;
}

int
pigato_reply_heartbeat(struct pigato_reply *rep)
{
	int rc = check(rep);

	if (rc != PIGATO_OK)
		return rc;
	if (rep->post == NULL)
		return PIGATO_ERR_NO_BROKER;
	if (pgt_post_beat(rep->worker, rep->post) == 0)
		return PIGATO_OK;
	pgt_reply_leave(rep);
	return PIGATO_ERR_NO_BROKER;
}

int
pigato_reply_set_cache(struct pigato_reply *rep, int64_t ms)
{
	int rc = check(rep);

	if (rc != PIGATO_OK)
		return rc;
	if (ms < 0)
		return PIGATO_ERR_INVALID;
	rep->cache_ms = ms < CACHE_MAX_MS ? ms : CACHE_MAX_MS;
	return PIGATO_OK;
}

void
pigato_reply_free(struct pigato_reply *rep)
{
	if (rep == NULL)
		return;
	if (rep->post != NULL && !rep->is_ended)
		say_text(rep, &say_reject, NULL, 0);
	pgt_reply_destroy(rep);
}
