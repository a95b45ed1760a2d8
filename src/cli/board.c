/*
 * A row is found by its key in a tree of the C library. Rates are of the time
 * between two sights of a row, however far these are apart: a long list takes
 * several refreshes.
 */
#include "cli/board.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/list.h"

/* A broker may know any number of names. */
#define ROWS_MAX 20000

const struct board_view board_services = {
    .cmd = "services",
    .key = "service",
    .column =
	{
	    {"SERVICE", "service", BOARD_TEXT, 0},
	    {"REQ/S", "requests", BOARD_RATE, 7},
	    {"ERR/S", "errors", BOARD_RATE, 6},
	    {"QUEUED", "queued", BOARD_COUNT, 7},
	    {"INFLT", "in_flight", BOARD_COUNT, 6},
	    {"WORKERS", "pool", BOARD_COUNT, 7},
	    {"P50", "worker_us.p50", BOARD_US, 6},
	    {"P99", "worker_us.p99", BOARD_US, 6},
	    {"WAIT99", "queue_us.p99", BOARD_US, 6},
	    {"STATE", "paused", BOARD_MARKS, 8},
	},
    .n = 10,
    .sort = 1,
};

const struct board_view board_workers = {
    .cmd = "workers",
    .key = "worker",
    .column =
	{
	    {"WORKER", "worker", BOARD_TEXT, 0},
	    {"REQ/S", "requests", BOARD_RATE, 7},
	    {"ERR/S", "errors", BOARD_RATE, 6},
	    {"INFLT", "in_flight", BOARD_COUNT, 6},
	    {"OF", "concurrency", BOARD_COUNT, 5},
	    {"P50", "worker_us.p50", BOARD_US, 6},
	    {"P99", "worker_us.p99", BOARD_US, 6},
	    {"SILENT", "silent_ms", BOARD_MS, 6},
	    {"STATE", "state", BOARD_TEXT, 11},
	    {"SERVICE", "service", BOARD_TEXT, 20},
	},
    .n = 10,
    .sort = 1,
};

void
board_init(struct board *b, const struct board_view *view)
{
	*b = (struct board){.view = view, .sort = view->sort, .sweep = 1};
	out_init(&b->safe, stdout);
}

/* ---- rows ---- */

static int
compare_keys(const void *a, const void *b)
{
	const struct board_row *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
row_free(struct board_row *r)
{
	for (size_t i = 0; i < BOARD_COLUMNS; i++)
		free(r->text[i]);
	free(r->key);
	free(r);
}

static void
empty(struct board *b)
{
	for (size_t i = 0; i < b->n; i++) {
		tdelete(b->row[i], &b->tree, compare_keys);
		row_free(b->row[i]);
	}
	b->n = 0;
	b->is_full = b->is_swept = false;
}

void
board_clear(struct board *b)
{
	empty(b);
	free(b->row);
	b->row = NULL;
	b->cap = 0;
}

void
board_show(struct board *b, const struct board_view *view)
{
	empty(b);
	if (b->view != view) {
		b->view = view;
		b->sort = view->sort;
		b->is_reverse = false;
	}
}

void
board_filter(struct board *b, const char *filter)
{
	strncpy(b->filter, filter, sizeof(b->filter) - 1);
	empty(b);
}

static bool
reserve(struct board *b)
{
	size_t cap = b->cap == 0 ? 64 : 2 * b->cap;
	struct board_row **row;

	if (b->n < b->cap)
		return true;
	row = realloc(b->row, cap * sizeof(struct board_row *));
	if (row == NULL)
		return false;
	b->row = row;
	b->cap = cap;
	return true;
}

/* NULL: no memory, or too many. */
static struct board_row *
require(struct board *b, const char *key)
{
	struct board_row probe = {.key = (char *)key}, *r;
	void *found = tfind(&probe, &b->tree, compare_keys);

	if (found != NULL)
		return *(struct board_row **)found;
	b->is_full |= b->n >= ROWS_MAX;
	if (b->n >= ROWS_MAX || !reserve(b))
		return NULL;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return NULL;
	r->key = strdup(key);
	if (r->key == NULL || tsearch(r, &b->tree, compare_keys) == NULL) {
		row_free(r);
		return NULL;
	}
	b->row[b->n++] = r;
	return r;
}

/* ---- what is told of them ---- */

static void
set_text(struct board *b, struct board_row *r, size_t i, const char *text)
{
	char *safe = out_tame(&b->safe, text);

	if (safe == NULL)
		return;
	free(r->text[i]);
	r->text[i] = safe;
}

static const char *
marks_of(const json_t *row)
{
	if (json_is_true(json_object_get(row, "paused")))
		return "paused";
	return json_is_true(json_object_get(row, "built_in")) ? "built in" : "";
}

/* A counter that went back was reset: nothing is known of its rate. */
static double
rate_of(struct board_row *r, size_t i, int64_t counter, int64_t at_us)
{
	int64_t before = r->counter[i];

	r->counter[i] = counter;
	if (r->at_us == 0 || at_us <= r->at_us || counter < before)
		return NAN;
	return (double)(counter - before) * 1e6 / (double)(at_us - r->at_us);
}

static void
fill(struct board *b, struct board_row *r, const json_t *row, int64_t at_us)
{
	for (size_t i = 0; i < b->view->n; i++) {
		const struct board_column *c = &b->view->column[i];
		const json_t *value = list_find(row, c->at);

		if (c->form == BOARD_MARKS)
			set_text(b, r, i, marks_of(row));
		else if (c->form == BOARD_TEXT)
			set_text(b, r, i,
			    json_is_string(value) ? json_string_value(value)
						  : "");
		else if (c->form == BOARD_RATE)
			r->number[i] =
			    rate_of(r, i, json_integer_value(value), at_us);
		else
			r->number[i] = (double)json_integer_value(value);
	}
	r->at_us = at_us;
	r->sweep = b->sweep;
}

static bool
passes(const struct board *b, const json_t *row)
{
	if (b->filter[0] == '\0')
		return true;
	for (size_t i = 0; i < b->view->n; i++) {
		const char *text = json_string_value(
		    json_object_get(row, b->view->column[i].at));

		if (text != NULL && strstr(text, b->filter) != NULL)
			return true;
	}
	return false;
}

void
board_take(struct board *b, const json_t *rows, int64_t at_us)
{
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		const char *key =
		    json_string_value(json_object_get(row, b->view->key));
		struct board_row *r;

		if (key == NULL || !passes(b, row))
			continue;
		r = require(b, key);
		if (r != NULL)
			fill(b, r, row, at_us);
	}
}

void
board_end_sweep(struct board *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct board_row *r = b->row[i];

		if (r->sweep == b->sweep) {
			b->row[n++] = r;
			continue;
		}
		tdelete(r, &b->tree, compare_keys);
		row_free(r);
	}
	b->n = n;
	b->sweep++;
	b->is_swept = true;
}

/* ---- their order ---- */

/* What is not known counts as less than anything. */
static int
compare_numbers(double x, double y)
{
	if (isnan(x) || isnan(y))
		return !isnan(x) - !isnan(y);
	return (x > y) - (x < y);
}

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const struct board_row *x = *(struct board_row *const *)a;
	const struct board_row *y = *(struct board_row *const *)b;
	const struct board *board = arg;
	size_t i = board->sort;
	int order;

	if (x->text[i] != NULL && y->text[i] != NULL)
		order = strcmp(x->text[i], y->text[i]);
	else /* the largest first */
		order = compare_numbers(y->number[i], x->number[i]);
	if (board->is_reverse)
		order = -order;
	return order != 0 ? order : strcmp(x->key, y->key);
}

void
board_sort(struct board *b)
{
	if (b->n > 1)
		qsort_r(b->row, b->n, sizeof(struct board_row *), compare_rows,
		    (void *)b);
}

size_t
board_find_column(const struct board_view *view, const char *head)
{
	size_t i = 0;

	while (i < view->n && strcasecmp(view->column[i].head, head) != 0)
		i++;
	return i;
}
