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

struct json_t *
pgt_json_read(struct pgt_slice text)
{
	if (text.n == 0)
		return NULL;
	return json_loadb(text.p, text.n, READ_FLAGS, NULL);
}
