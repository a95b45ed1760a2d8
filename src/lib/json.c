/*
 * Text is written into memory of our own: who frees what jansson gives would
 * have to know the allocator that the program has set for it.
 */
#include "lib/json.h"

#include <jansson.h>

#include "base/alloc.h"
#include "lib/pigato.h"

#define WRITE_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY)
#define READ_FLAGS  (JSON_DECODE_ANY | JSON_ALLOW_NUL)

static int
write_text(const json_t *v, char **out, size_t *size)
{
	size_t n = json_dumpb(v, NULL, 0, WRITE_FLAGS);
	char *text;

	if (n == 0)
		return PIGATO_ERR_INVALID;
	text = pgt_alloc(n);
	if (text == NULL)
		return PIGATO_ERR_NOMEM;
	if (json_dumpb(v, text, n, WRITE_FLAGS) != n) {
		pgt_free(text);
		return PIGATO_ERR_NOMEM;
	}
	*out = text;
	*size = n;
	return PIGATO_OK;
}

int
pgt_json_write(const struct json_t *v, char **text, size_t *size)
{
	json_t *null = json_null(); /* never freed */

	return write_text(v == NULL ? null : v, text, size);
}

/* A whole number may be larger than any of jansson's integers. */
struct json_t *
pgt_json_read(struct pgt_slice text)
{
	json_error_t error;
	json_t *v;

	if (text.n == 0)
		return NULL;
	v = json_loadb(text.p, text.n, READ_FLAGS, &error);
	if (v == NULL && json_error_code(&error) == json_error_numeric_overflow)
		v = json_loadb(
		    text.p, text.n, READ_FLAGS | JSON_DECODE_INT_AS_REAL, NULL);
	return v;
}
