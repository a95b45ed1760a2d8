/* A request's options: as the caller gives them, and as JSON text. */
#include "lib/client.h"

#include <jansson.h>

#include "base/alloc.h"
#include "lib/json.h"

/* The text without workerId. */
#define PLAIN_MAX 128

/* What has been part of the struct since there is one. */
#define SIZE_MIN                                                               \
	(offsetof(struct pigato_request_opts, worker_id) + sizeof(char *))

/* A caller newer than we are may leave alone what we do not know. */
static bool
is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

int
pgt_request_opts_take(
    struct pigato_request_opts *o, const struct pigato_request_opts *from)
{
	static const struct pigato_request_opts none = PIGATO_REQUEST_OPTS;
	const unsigned char *bytes = (const unsigned char *)from;

	*o = none;
	if (from == NULL)
		return PIGATO_OK;
	if (from->size < SIZE_MIN || from->timeout_ms < -1)
		return PIGATO_ERR_INVALID;
	if (from->size > sizeof(*o) &&
	    !is_zero(bytes + sizeof(*o), from->size - sizeof(*o)))
		return PIGATO_ERR_INVALID;
	memcpy(o, from, from->size < sizeof(*o) ? from->size : sizeof(*o));
	return PIGATO_OK;
}

static char *
put(char *at, const char *text)
{
	size_t n = strlen(text);

	memcpy(at, text, n);
	return at + n;
}

/* snprintf() would be the dearest part of a request. */
static char *
put_number(char *at, int64_t number)
{
	char digits[20];
	size_t n = 0;
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do
		digits[n++] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		*at++ = '-';
	while (n > 0)
		*at++ = digits[--n];
	return at;
}

static size_t
write_plain(char text[PLAIN_MAX], const struct pigato_request_opts *o,
    int64_t timeout_ms)
{
	char *at = put(text, "{\"timeout\":");

	at = put_number(at, timeout_ms);
	if (o->retry)
		at = put(at, ",\"retry\":1");
	if (o->nocache)
		at = put(at, ",\"nocache\":1");
	if (o->failfast)
		at = put(at, ",\"failfast\":1");
	if (o->coalesce)
		at = put(at, ",\"coalesce\":1");
	at = put(at, "}");
	return (size_t)(at - text);
}

/* The plain text with a workerId as its last member. */
static int
write_with_worker(
    struct pgt_slice plain, struct pgt_slice id, struct pgt_frame *f)
{
	static const char name[] = ",\"workerId\":";
	size_t n = plain.n - 1 + sizeof(name) - 1;
	char *text = pgt_alloc(n + id.n + 1);
	int rc;

	if (text == NULL)
		return PIGATO_ERR_NOMEM;
	memcpy(text, plain.p, plain.n - 1);
	memcpy(text + plain.n - 1, name, sizeof(name) - 1);
	memcpy(text + n, id.p, id.n);
	text[n + id.n] = '}';
	rc = pgt_frame_from(f, (struct pgt_slice){text, n + id.n + 1});
	pgt_free(text);
	return rc < 0 ? PIGATO_ERR_NOMEM : PIGATO_OK;
}

static int
write_worker_id(
    struct pgt_slice plain, const char *worker_id, struct pgt_frame *f)
{
	json_t *id = json_string_nocheck(worker_id);
	struct pgt_slice bytes;
	char *text;
	int rc;

	if (id == NULL)
		return PIGATO_ERR_NOMEM;
	rc = pgt_json_write(id, &text, &bytes.n);
	json_decref(id);
	if (rc != PIGATO_OK)
		return rc;
	bytes.p = text;
	rc = write_with_worker(plain, bytes, f);
	pgt_free(text);
	return rc;
}

int
pgt_request_opts_write(const struct pigato_request_opts *o, int64_t timeout_ms,
    struct pgt_frame *f)
{
	char text[PLAIN_MAX];
	struct pgt_slice plain = {text, write_plain(text, o, timeout_ms)};

	if (o->worker_id != NULL)
		return write_worker_id(plain, o->worker_id, f);
	return pgt_frame_from(f, plain) < 0 ? PIGATO_ERR_NOMEM : PIGATO_OK;
}
