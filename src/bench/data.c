#include "bench/data.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 16

int
data_init(struct data *d, size_t size, uint64_t distinct)
{
	*d = (struct data){.size = size, .distinct = distinct};
	d->text = malloc(size);
	if (d->text == NULL)
		return -ENOMEM;
	memset(d->text, 'x', size);
	d->text[0] = '"';
	d->text[size - 1] = '"';
	return 0;
}

void
data_clear(struct data *d)
{
	free(d->text);
	d->text = NULL;
}

const char *
data_of(struct data *d, uint64_t number)
{
	size_t n = d->size - DATA_MIN;

	if (d->distinct != 0)
		number %= d->distinct;
	if (n > DIGITS)
		n = DIGITS;
	for (size_t i = 0; i < n; i++, number >>= 4)
		d->text[1 + i] = "0123456789abcdef"[number & 15];
	return d->text;
}

/* ---- what comes back ---- */

static bool
is_same_string(const struct data *d, const json_t *value)
{
	size_t n = d->size - DATA_MIN;

	return json_is_string(value) && json_string_length(value) == n &&
	       memcmp(json_string_value(value), d->text + 1, n) == 0;
}

bool
data_is_reply(struct data *d, uint64_t number, const char *text, size_t n)
{
	json_t *value;
	bool is_same;

	data_of(d, number);
	if (n == d->size && memcmp(text, d->text, n) == 0)
		return true;
	value = json_loadb(text, n, JSON_DECODE_ANY, NULL);
	is_same = is_same_string(d, value);
	json_decref(value);
	return is_same;
}

/* The slow way: as JSON. */
static int64_t
parse_partial(const struct data *d, const char *text, size_t n)
{
	json_t *value = json_loadb(text, n, 0, NULL);
	json_t *i = json_array_get(value, 0);
	int64_t number = -1;

	if (json_array_size(value) == 2 && json_is_integer(i) &&
	    is_same_string(d, json_array_get(value, 1)))
		number = json_integer_value(i);
	json_decref(value);
	return number < 0 ? -1 : number;
}

int64_t
data_partial(struct data *d, uint64_t number, const char *text, size_t n)
{
	int64_t i = 0;
	size_t at = 1;

	data_of(d, number);
	while (at < n && at < DIGITS && text[at] >= '0' && text[at] <= '9')
		i = i * 10 + (text[at++] - '0');
	if (at > 1 && n == at + 1 + d->size + 1 && text[0] == '[' &&
	    text[at] == ',' && memcmp(text + at + 1, d->text, d->size) == 0 &&
	    text[n - 1] == ']')
		return i;
	return parse_partial(d, text, n);
}

size_t
data_write_partial(char *buf, int64_t i, const char *data, size_t n)
{
	size_t at =
	    (size_t)snprintf(buf, DATA_PARTIAL_EXTRA, "[%" PRId64 ",", i);

	memcpy(buf + at, data, n);
	buf[at + n] = ']';
	return at + n + 1;
}
