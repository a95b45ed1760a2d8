/* jansson's values as text and back, for both handles. */
#ifndef PGT_JSON_H
#define PGT_JSON_H

#include <stddef.h>

#include "base/slice.h"

struct json_t;

/*
 * Gives the compact text of v, size bytes, to be freed by pgt_free(); NULL is
 * null. 0, PIGATO_ERR_NOMEM, or PIGATO_ERR_INVALID for what has no text: bad
 * UTF-8, an object within itself.
 */
int pgt_json_write(const struct json_t *v, char **text, size_t *size);

/*
 * Gives a reference; NULL: no JSON, or no memory. Where an integer of the text
 * fits no int64_t all of them are reals.
 */
struct json_t *pgt_json_read(struct pgt_slice text);

#endif
