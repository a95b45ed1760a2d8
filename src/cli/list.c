#include "cli/list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figure.h"
#include "cli/query.h"
#include "cli/sheet.h"
#include "cli/table.h"

/* The most that one answer may have: some lists cannot be gone on with. */
#define STEP 1000

const struct list_conf list_defaults = {.limit = 1000};

/* ---- cells ---- */

const json_t *
list_find(const json_t *row, const char *at)
{
	const char *dot;

	while ((dot = strchr(at, '.')) != NULL) {
		row = json_object_getn(row, at, (size_t)(dot - at));
		at = dot + 1;
	}
	return json_object_get(row, at);
}

static const char *
form_number(enum list_form form, json_int_t n, char *text)
{
	switch (form) {
	case LIST_BYTES:
		return figure_bytes(text, (double)n);
	case LIST_MS:
		return figure_span(text, n);
	case LIST_US:
		return figure_us(text, (double)n);
	default:
		snprintf(text, FIGURE_MAX, "%" JSON_INTEGER_FORMAT, n);
		return text;
	}
}

static void
add_cell(struct table *t, const struct list_column *c, const json_t *row,
    bool is_plain)
{
	const json_t *value = list_find(row, c->at);
	char text[FIGURE_MAX];

	if (json_is_string(value))
		table_add(t, json_string_value(value));
	else if (json_is_integer(value))
		table_add(t, form_number(is_plain ? LIST_COUNT : c->form,
				 json_integer_value(value), text));
	else if (json_is_boolean(value))
		table_add(t, json_is_true(value) ? "yes" : "no");
	else
		table_add(t, "-");
}

/* ---- rows ---- */

/* The columns that are shown: of[] tells which they are. */
struct shown {
	struct table_column column[TABLE_MAX];
	const struct list_column *of[TABLE_MAX];
	size_t n;
};

static void
choose_columns(struct shown *shown, const struct list *l, bool is_plain,
    const struct list_conf *conf)
{
	shown->n = 0;
	for (size_t i = 0; i < l->n && shown->n < TABLE_MAX; i++) {
		const struct list_column *c = &l->column[i];

		if ((c->head == NULL && !is_plain) || (conf->is_names && i > 0))
			continue;
		shown->of[shown->n] = c;
		shown->column[shown->n++] = (struct table_column){
		    is_plain ? c->at : c->head, c->form != LIST_TEXT};
	}
}

bool
list_print(struct cli *cli, const struct list *l, const json_t *rows,
    const struct list_conf *conf)
{
	bool is_plain = !cli->out.is_terminal, done;
	const json_t *row;
	struct shown shown;
	struct table *t;
	size_t i;

	choose_columns(&shown, l, is_plain, conf);
	t = table_new(&cli->out, shown.column, shown.n);
	if (t == NULL)
		return false;
	json_array_foreach (rows, i, row) {
		for (size_t k = 0; k < shown.n; k++)
			add_cell(t, shown.of[k], row, is_plain);
	}
	done = table_print(t, !conf->is_bare && !conf->is_names);
	table_free(t);
	return done;
}

/* ---- the broker's ---- */

/* What has come so far. */
struct harvest {
	json_t *rows;
	json_int_t total;
	bool is_more; /* … than the limit lets pass */
};

/* Takes what an answer has. False: it is none, or no memory. */
static bool
gather(struct harvest *h, const struct list *l, const json_t *answer)
{
	json_t *rows = json_object_get(answer, l->name);

	h->total = json_integer_value(json_object_get(answer, "total"));
	return json_is_array(rows) && json_array_extend(h->rows, rows) == 0;
}

/* The next request. NULL: no memory. */
static json_t *
next_step(const json_t *filter, const struct harvest *h, int64_t limit,
    const char *cursor)
{
	int64_t left = limit - (int64_t)json_array_size(h->rows);
	json_t *with = json_copy((json_t *)filter);

	if (limit == 0 || left > STEP)
		left = STEP;
	if (with != NULL && query_put(with, "cursor", cursor) &&
	    json_object_set_new(with, "limit", json_integer(left)) == 0)
		return with;
	json_decref(with);
	return NULL;
}

/* Goes on by cursors until the list or the limit is at its end. */
static int
ask_all(struct cli *cli, const struct list *l, const json_t *filter,
    int64_t limit, struct harvest *h)
{
	json_t *answer = NULL, *last = NULL;
	const char *cursor = NULL;
	int status = CLI_REPLY;

	do {
		json_t *with = next_step(filter, h, limit, cursor);

		if (with == NULL) {
			status = cli_no_memory(cli);
			break;
		}
		answer = query_ask(cli, QUERY_INFO, l->cmd, with, &status);
		if (answer != NULL && !gather(h, l, answer)) {
			cli_complain(
			    cli, "%s answers with something odd", QUERY_INFO);
			status = CLI_ERROR;
		}
		json_decref(last);
		last = answer;
		cursor = query_word(answer, "cursor");
	} while (status == CLI_REPLY && answer != NULL && cursor != NULL &&
		 (limit == 0 || (int64_t)json_array_size(h->rows) < limit));
	h->is_more = cursor != NULL;
	json_decref(last);
	return status;
}

/* An answer may have a few more rows than it was asked for. */
static void
cut(struct harvest *h, int64_t limit)
{
	while (limit > 0 && (int64_t)json_array_size(h->rows) > limit) {
		json_array_remove(h->rows, json_array_size(h->rows) - 1);
		h->is_more = true;
	}
}

static int
show(struct cli *cli, const struct list *l, const struct harvest *h,
    const struct list_conf *conf)
{
	if (conf->is_json)
		return sheet_json(&cli->out, h->rows);
	if (!list_print(cli, l, h->rows, conf))
		return cli_no_memory(cli);
	if (h->is_more || h->total > (json_int_t)json_array_size(h->rows))
		cli_note(cli, "%zu of %" JSON_INTEGER_FORMAT " are shown%s",
		    json_array_size(h->rows), h->total,
		    h->is_more ? "; --limit 0 shows all" : "");
	return CLI_REPLY;
}

/* Filters do not go together; false: told. */
static bool
check(struct cli *cli, const struct list_conf *conf)
{
	const struct {
		const char *name;
		bool is_there;
	} filter[] = {
	    {"worker", conf->worker != NULL},
	    {"service", conf->service != NULL},
	    {"prefix", conf->prefix != NULL},
	    {"oldest", conf->is_oldest},
	    {"client", conf->client != NULL},
	};
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(filter) / sizeof(filter[0]); i++) {
		if (filter[i].is_there && first != NULL) {
			cli_usage(cli, "either --%s or --%s, not both", first,
			    filter[i].name);
			return false;
		}
		if (filter[i].is_there)
			first = filter[i].name;
	}
	return true;
}

/* Gives what is asked for. NULL: no memory. */
static json_t *
filter_of(const struct list_conf *conf)
{
	json_t *with = query_with((const struct query_member[]){
	    {"worker", conf->worker},
	    {"service", conf->service},
	    {"prefix", conf->prefix},
	    {"client", conf->client},
	    {"rid", conf->rid},
	    {NULL, NULL},
	});

	if (with == NULL || !conf->is_oldest ||
	    json_object_set_new(with, "oldest", json_true()) == 0)
		return with;
	json_decref(with);
	return NULL;
}

int
list_run(struct cli *cli, const struct list *l, const struct list_conf *conf)
{
	struct harvest h = {0};
	json_t *filter;
	int status;

	if (!check(cli, conf))
		return CLI_USAGE;
	h.rows = json_array();
	filter = filter_of(conf);
	if (filter == NULL || h.rows == NULL) {
		status = cli_no_memory(cli);
	} else {
		status = ask_all(cli, l, filter, conf->limit, &h);
		cut(&h, conf->limit);
		if (status == CLI_REPLY)
			status = show(cli, l, &h, conf);
	}
	json_decref(h.rows);
	json_decref(filter);
	return status;
}
