/*
 * Bytes from the wire as JSON text and back. JSON holds UTF-8, ids and names
 * hold anything.
 */
#ifndef SERVICES_TEXT_H
#define SERVICES_TEXT_H

#include "base/slice.h"

/* Bytes of the UTF-8 sequence that s, which is not empty, begins with; 0: none.
 */
size_t text_utf8_length(struct pgt_slice s);

/*
 * PROTOCOL 11.1.4: \x and two hexadecimal digits become the byte they mean,
 * in place. Returns the length that is left of n.
 */
size_t text_unescape(char *p, size_t n);

#endif
