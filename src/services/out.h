/*
 * JSON written as text, front to back, for answers with many rows: no tree is
 * made. Commas see to themselves; key is NULL within an array. Where memory
 * runs out the rest is dropped, and is_short says so at the end.
 */
#ifndef SERVICES_OUT_H
#define SERVICES_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/times.h"

/* Begins as { 0 }. */
struct out {
	char *p;
	size_t n, cap;
	bool is_short; /* no memory: not to be used */
	bool is_next;  /* a comma goes before the next one */
};

void out_clear(struct out *o);

/* '{' or '['; and its end. */
void out_begin(struct out *o, const char *key, char bracket);
void out_end(struct out *o, char bracket);

void out_int(struct out *o, const char *key, int64_t value);
void out_count(struct out *o, const char *key, uint64_t value);
void out_flag(struct out *o, const char *key, bool value);

/* Bytes of the wire, PROTOCOL 11.1.4. */
void out_text(struct out *o, const char *key, struct pgt_slice text);
void out_words(struct out *o, const char *key, const char *text);

/*
 * An id or a name in a row: of more than OUT_ID bytes those, and "...". A peer
 * chooses them; a thousand rows of them must stay an answer.
 */
#define OUT_ID 1024
void out_id(struct out *o, const char *key, struct pgt_slice text);

/* PROTOCOL 11.1.6; NULL: nothing noted. */
void out_spread(struct out *o, const char *key, const struct pgt_times *t);

#endif
