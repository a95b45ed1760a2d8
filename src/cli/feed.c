#include "cli/feed.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/query.h"

/* Longer than any turn of a broker that is well. */
#define PATIENCE_MS 5000

static void ask_list(struct feed *f);

void
feed_init(struct feed *f, struct pigato_client *c, struct board *board,
    int64_t interval_ms)
{
	*f = (struct feed){
	    .client = c,
	    .board = board,
	    .interval_ms = interval_ms,
	    .total = -1,
	    .lost_at = -1,
	};
}

static void
rewind_list(struct feed *f)
{
	free(f->cursor);
	f->cursor = NULL;
	f->total = -1;
	f->n_steps = 0;
}

static void
cancel(struct feed *f)
{
	if (f->request != NULL)
		pigato_request_cancel(f->request);
}

void
feed_clear(struct feed *f)
{
	cancel(f);
	rewind_list(f);
}

/* ---- what comes ---- */

static void
end_refresh(struct feed *f)
{
	board_sort(f->board);
	f->is_changed = true;
}

static void
on_lost(struct feed *f)
{
	if (f->lost_at >= 0)
		return;
	f->lost_at = cli_now_ms();
	f->is_changed = true;
}

static void
on_figures(struct feed *f, const json_t *answer)
{
	const char *version =
	    query_word(json_object_get(answer, "server"), "version");

	f->before = f->now;
	sample_read(&f->now, answer, cli_now_us());
	if (version != NULL)
		strncpy(f->version, version, sizeof(f->version) - 1);
	if (f->before.at_us != 0 &&
	    (f->before.pid != f->now.pid ||
		f->before.started_at_s != f->now.started_at_s)) {
		board_show(f->board, f->board->view);
		rewind_list(f);
	}
	ask_list(f);
}

static void
on_list(struct feed *f, const json_t *answer)
{
	const char *cursor = query_word(answer, "cursor");

	board_take(f->board, json_object_get(answer, f->board->view->cmd),
	    cli_now_us());
	f->total = json_integer_value(json_object_get(answer, "total"));
	free(f->cursor);
	f->cursor = cursor == NULL ? NULL : strdup(cursor);
	if (f->cursor == NULL)
		board_end_sweep(f->board);
	if (f->cursor != NULL && ++f->n_steps < FEED_STEPS)
		ask_list(f);
	else
		end_refresh(f);
}

static void
on_error(struct feed *f, int error)
{
	if (error == PIGATO_ERR_NO_BROKER || error == PIGATO_ERR_TIMEOUT) {
		on_lost(f);
		return;
	}
	if (error != PIGATO_ERR_CANCELLED)
		f->error = error;
	f->is_changed = true;
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct feed *f = arg;
	bool is_stale = f->is_stale;
	int error = pigato_response_error(response);
	json_t *answer;

	(void)r;
	if (!pigato_response_is_final(response))
		return;
	f->request = NULL;
	f->is_stale = false;
	if (error != PIGATO_OK) {
		on_error(f, error);
		return;
	}
	f->lost_at = -1;
	f->error = PIGATO_OK;
	answer = pigato_response_json(response);
	if (f->asks_list && is_stale)
		ask_list(f);
	else if (f->asks_list)
		on_list(f, answer);
	else
		on_figures(f, answer);
	json_decref(answer);
}

/* ---- what is asked ---- */

/* Takes `with`; NULL: there was no memory for it. */
static void
send(struct feed *f, const char *cmd, json_t *with, bool asks_list)
{
	struct pigato_request_opts opts = PIGATO_REQUEST_OPTS;
	char *text = with == NULL ? NULL : query_text(cmd, with);

	opts.failfast = true;
	opts.timeout_ms = PATIENCE_MS;
	f->asks_list = asks_list;
	if (text != NULL)
		pigato_client_request(f->client, QUERY_INFO, text, strlen(text),
		    &opts, on_response, f, &f->request);
	free(text);
}

static void
ask_list(struct feed *f)
{
	json_t *with = json_object();

	if (with != NULL && (!query_put(with, "cursor", f->cursor) ||
				json_object_set_new(with, "limit",
				    json_integer(FEED_ROWS)) != 0)) {
		json_decref(with);
		with = NULL;
	}
	send(f, f->board->view->cmd, with, true);
}

void
feed_again(struct feed *f)
{
	rewind_list(f);
	f->is_stale = f->request != NULL;
	f->due_at = 0;
	f->is_changed = true;
}

void
feed_turn(struct feed *f, int64_t now_ms)
{
	if (!pigato_client_is_connected(f->client)) {
		on_lost(f);
		/* It may be answered late or never; ask the one that comes. */
		cancel(f);
		f->due_at = now_ms;
		return;
	}
	if (f->request != NULL || now_ms < f->due_at)
		return;
	f->due_at = now_ms + f->interval_ms;
	f->n_steps = 0;
	send(f, "info", sample_request(), false);
}
