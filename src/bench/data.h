/*
 * What requests say and replies must say. A request's data is a JSON string
 * of the wanted size whose first characters are its number, the least digit
 * first, as many as fit. Its final reply is the same text, and before that
 * come partial replies [0,DATA], [1,DATA], … Replies that are the same JSON in
 * other bytes are right as well, only more costly to check.
 */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATA_MIN 2 /* bytes: "" */

struct data {
	char *text;
	size_t size;
	uint64_t distinct; /* 0: all differ; else so many texts in turn */
};

/* 0, or -ENOMEM. */
int data_init(struct data *d, size_t size, uint64_t distinct);
void data_clear(struct data *d);

/* The text of a request; d->size bytes, borrowed until the next call. */
const char *data_of(struct data *d, uint64_t number);

/* Is this the final reply to that request? */
bool data_is_reply(struct data *d, uint64_t number, const char *text, size_t n);

/* Which partial reply to that request it is, from 0; -1: none. */
int64_t data_partial(
    struct data *d, uint64_t number, const char *text, size_t n);

/* The most bytes that a partial reply has in front of and behind DATA. */
#define DATA_PARTIAL_EXTRA 24

/*
 * Write partial reply number i of data into buf, of n + DATA_PARTIAL_EXTRA
 * bytes, and return its length.
 */
size_t data_write_partial(char *buf, int64_t i, const char *data, size_t n);

#endif
