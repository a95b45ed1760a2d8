/* Whatever goes wrong, r is answered once or, without memory, left to expire.
 */
#include "services/call.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "services/text.h"

/* Longest request data that is read, in bytes. */
#define MAX_DATA ((size_t)1 << 20)

int
call_refuse(struct call *call, const char *why)
{
	call->why = why;
	return -EINVAL;
}

int
call_missing(struct call *call, const char *why)
{
	call->why = why;
	return -ENOENT;
}

/* ---- members ---- */

int
call_raw_text(
    struct call *call, const char *key, struct pgt_slice *text, bool *has)
{
	const json_t *value = json_object_get(call->data, key);

	*has = value != NULL && !json_is_null(value);
	*text = (struct pgt_slice){"", 0};
	if (!*has)
		return 0;
	if (!json_is_string(value))
		return call_refuse(call, "an id, a name or data is a text");
	*text = (struct pgt_slice){
	    json_string_value(value), json_string_length(value)};
	return 0;
}

int
call_text(struct call *call, const char *key, struct pgt_slice *text, bool *has)
{
	int rc = call_raw_text(call, key, text, has);
	char *p;

	if (rc < 0 || !*has)
		return rc;
	p = pgt_alloc(text->n + 1);
	if (p == NULL)
		return -ENOMEM;
	call->texts[call->n_texts++] = p;
	memcpy(p, text->p, text->n);
	text->n = text_unescape(p, text->n);
	text->p = p;
	return 0;
}

int
call_need_text(struct call *call, const char *key, struct pgt_slice *text)
{
	bool has;
	int rc = call_text(call, key, text, &has);

	if (rc == 0 && !has)
		return call_refuse(call, "an id or a name is missing");
	return rc;
}

int
call_limit(struct call *call, size_t *limit)
{
	const json_t *value = json_object_get(call->data, "limit");
	double n = json_number_value(value);

	*limit = CALL_LIMIT;
	if (value == NULL || json_is_null(value))
		return 0;
	if (!json_is_number(value) || !(n >= 1 && n <= CALL_MAX_LIMIT))
		return call_refuse(call, "limit is a number from 1 to 1000");
	*limit = (size_t)n;
	return 0;
}

bool
call_flag(const struct call *call, const char *key)
{
	const json_t *value = json_object_get(call->data, key);

	return json_is_true(value) ||
	       (json_is_number(value) && json_number_value(value) != 0);
}

/* ---- the answer ---- */

static void
reply(struct call *call, struct request *r, const char *status,
    struct pgt_slice text)
{
	struct pgt_frame f;

	if (pgt_frame_from(&f, text) == 0)
		core_reply(call->c, r, status, &f);
	pgt_frame_clear(&f);
}

static void
reply_error(struct call *call, struct request *r, int rc)
{
	char text[160];

	snprintf(text, sizeof(text), "\"%s%s\"",
	    rc == -EINVAL ? "INVALID: " : "", call->why);
	reply(call, r, "-1", pgt_slice_of(text));
}

static void
answer(struct call *call, struct request *r, int rc)
{
	if (rc == 0 && call->out.is_short)
		rc = -ENOMEM;
	if (rc == 0)
		reply(
		    call, r, "0", (struct pgt_slice){call->out.p, call->out.n});
	else if (rc != -ENOMEM)
		reply_error(call, r, rc);
}

/* ---- the command ---- */

static bool
is_nothing(const json_t *data)
{
	return json_is_null(data) ||
	       (json_is_string(data) && json_string_length(data) == 0);
}

/* 0, -EINVAL or -ENOMEM. */
static int
read_data(struct call *call, struct pgt_slice text)
{
	size_t failures = pgt_alloc_failures();

	if (text.n > MAX_DATA)
		return call_refuse(call, "data is too long");
	/* What PIGATO's clients send where they are given no data. */
	if (pgt_slice_is(text, "undefined"))
		text.n = 0;
	if (text.n > 0)
		call->data = json_loadb(
		    text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (text.n == 0 || is_nothing(call->data)) {
		json_decref(call->data);
		call->data = json_object();
	}
	if (json_is_object(call->data))
		return 0;
	if (call->data == NULL && pgt_alloc_failures() != failures)
		return -ENOMEM;
	return call_refuse(call, "data is a JSON object");
}

static int
run(struct call *call, const struct call_command *table, size_t n,
    const char *otherwise)
{
	const json_t *cmd = json_object_get(call->data, "cmd");
	struct pgt_slice name = pgt_slice_of(otherwise);

	if (json_is_string(cmd))
		name = (struct pgt_slice){
		    json_string_value(cmd), json_string_length(cmd)};
	else if (cmd != NULL && !json_is_null(cmd))
		return call_refuse(call, "cmd is a text");
	for (size_t i = 0; i < n; i++)
		if (pgt_slice_is(name, table[i].name))
			return table[i].run(call);
	return call_refuse(call, "no such cmd");
}

void
call_serve(struct core *c, struct request *r, const struct call_command *table,
    size_t n, const char *otherwise)
{
	struct call call = {.c = c};
	int rc = read_data(&call, core_request_data(r));

	if (rc == 0)
		rc = run(&call, table, n, otherwise);
	answer(&call, r, rc);
	out_clear(&call.out);
	for (size_t i = 0; i < call.n_texts; i++)
		pgt_free(call.texts[i]);
	json_decref(call.data);
}
