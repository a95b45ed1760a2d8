/*
 * top: the services or the workers of a broker, live, on the whole screen.
 * feed.c asks, board.c keeps, screen.c draws; here are the keys.
 */
#define NCURSES_NOMACROS
#include <curses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/board.h"
#include "cli/cmd.h"
#include "cli/feed.h"
#include "cli/query.h"
#include "cli/screen.h"
#include "cli/signals.h"
#include "cli/terminal.h"

#define INTERVAL_MIN 100
#define INTERVAL_MAX 3600000
#define CONTROL(key) ((key)&0x1f)

struct top_conf {
	int64_t interval_ms;
	const char *sort, *filter;
	bool is_workers;
};

static const struct top_conf defaults = {.interval_ms = 2000};

#define AT(field) offsetof(struct top_conf, field)

static const struct args_option options[] = {
    {.name = "interval",
	.letter = 'i',
	.type = ARGS_SECONDS,
	.at = AT(interval_ms),
	.arg = "S",
	.want = "seconds, 0.1 to 3600",
	.min = INTERVAL_MIN,
	.max = INTERVAL_MAX,
	.text = "refresh every so many seconds (2)"},
    {.name = "workers",
	.letter = 'w',
	.type = ARGS_FLAG,
	.at = AT(is_workers),
	.text = "begin with workers, not services"},
    {.name = "sort",
	.letter = 's',
	.type = ARGS_TEXT,
	.at = AT(sort),
	.arg = "COLUMN",
	.want = "the heading of a column",
	.text = "begin sorted by that column (REQ/S)"},
    {.name = "filter",
	.letter = 'f',
	.type = ARGS_TEXT,
	.at = AT(filter),
	.arg = "TEXT",
	.want = "some text",
	.text = "begin with the rows that have TEXT in them"},
    {.name = NULL},
};

struct top {
	struct cli *cli;
	struct board board;
	struct feed feed;
	struct screen_view view;
	char prompt[sizeof(((struct board *)0)->filter)];
	bool is_over;
};

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};

#define N_CAUGHT (sizeof(caught) / sizeof(caught[0]))

/* ---- keys ---- */

static void
scroll_by(struct top *t, long n)
{
	long last = (long)t->board.n - 1, first = (long)t->view.first + n;

	if (first > last)
		first = last;
	t->view.first = first < 0 ? 0 : (size_t)first;
}

static void
sort_by(struct top *t, size_t step)
{
	size_t n = t->board.view->n;

	t->board.sort = (t->board.sort + step) % n;
	board_sort(&t->board);
}

static void
show_other(struct top *t)
{
	board_show(&t->board, t->board.view == &board_services
				  ? &board_workers
				  : &board_services);
	t->view.first = 0;
	feed_again(&t->feed);
}

static void
change_interval(struct top *t, bool is_longer)
{
	int64_t ms = t->feed.interval_ms;

	ms = is_longer ? ms * 2 : ms / 2;
	if (ms < INTERVAL_MIN)
		ms = INTERVAL_MIN;
	t->feed.interval_ms = ms < INTERVAL_MAX ? ms : INTERVAL_MAX;
	t->feed.due_at = 0;
}

/* A key of the text that is being typed; bytes of a character come singly. */
static void
on_prompt_key(struct top *t, int key)
{
	size_t n = strlen(t->prompt);

	if (key == '\r' || key == '\n' || key == KEY_ENTER) {
		t->view.prompt = NULL;
		t->view.first = 0;
		board_filter(&t->board, t->prompt);
		feed_again(&t->feed);
	} else if (key == 27) {
		t->view.prompt = NULL;
	} else if (key == CONTROL('u')) {
		t->prompt[0] = '\0';
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		while (n > 0 && ((unsigned char)t->prompt[--n] & 0xc0) == 0x80)
			;
		t->prompt[n] = '\0';
	} else if (key >= ' ' && key <= 0xff && n + 1 < sizeof(t->prompt)) {
		t->prompt[n] = (char)key;
		t->prompt[n + 1] = '\0';
	}
}

static void
on_key(struct top *t, int key)
{
	long page = (long)screen_n_rows();

	t->view.has_help = (key == '?' || key == 'h') && !t->view.has_help;
	switch (key) {
	case 'q':
	case CONTROL('c'):
		t->is_over = true;
		break;
	case '\t':
		show_other(t);
		break;
	case '<':
		sort_by(t, t->board.view->n - 1);
		break;
	case '>':
		sort_by(t, 1);
		break;
	case 'r':
		t->board.is_reverse = !t->board.is_reverse;
		board_sort(&t->board);
		break;
	case '/':
		memcpy(t->prompt, t->board.filter, sizeof(t->prompt));
		t->view.prompt = t->prompt;
		break;
	case '+':
	case '-':
		change_interval(t, key == '+');
		break;
	case ' ':
		t->feed.due_at = 0;
		break;
	case KEY_UP:
		scroll_by(t, -1);
		break;
	case KEY_DOWN:
		scroll_by(t, 1);
		break;
	case KEY_PPAGE:
		scroll_by(t, -page);
		break;
	case KEY_NPAGE:
		scroll_by(t, page);
		break;
	case KEY_HOME:
		t->view.first = 0;
		break;
	default:
		break;
	}
}

/* False: the terminal is gone. */
static bool
take_keys(struct top *t)
{
	int key = terminal_key();

	if (key < 0)
		return false;
	for (; key >= 0; key = terminal_key())
		if (key == CONTROL('l'))
			terminal_resize();
		else if (t->view.prompt != NULL)
			on_prompt_key(t, key);
		else if (key != KEY_RESIZE) /* of terminal_resize() */
			on_key(t, key);
	t->feed.is_changed = true;
	return true;
}

/* ---- the loop ---- */

static void
take_signals(struct top *t)
{
	signals_drain();
	if (signals_take(SIGWINCH)) {
		terminal_resize();
		t->feed.is_changed = true;
	}
	if (cli_is_interrupted(t->cli))
		t->is_over = true;
}

/* Until something is due; a second at most while nobody answers. */
static int
time_left(const struct top *t)
{
	int timeout = pigato_client_timeout(t->feed.client);
	int64_t left = t->feed.due_at - cli_now_ms();

	if (t->feed.lost_at >= 0)
		left = 1000;
	else if (t->feed.request != NULL)
		left = t->feed.interval_ms;
	if (left < 0)
		left = 0;
	return timeout >= 0 && timeout < left ? timeout : (int)left;
}

static void
draw(struct top *t)
{
	if (t->view.first >= t->board.n)
		t->view.first = t->board.n > 0 ? t->board.n - 1 : 0;
	screen_draw(&t->view);
	t->feed.is_changed = false;
}

static void
run(struct top *t)
{
	while (!t->is_over) {
		struct pollfd fd[3] = {
		    {.fd = STDIN_FILENO, .events = POLLIN},
		    {.fd = pigato_client_fd(t->feed.client), .events = POLLIN},
		    {.fd = signals_fd(), .events = POLLIN},
		};

		poll(fd, 3, time_left(t));
		if (fd[0].revents != 0 && !take_keys(t))
			break;
		pigato_client_process(t->feed.client);
		feed_turn(&t->feed, cli_now_ms());
		take_signals(t);
		if (t->feed.is_changed || t->feed.lost_at >= 0)
			draw(t);
	}
}

/* On the whole screen, from the first refresh to the last key. */
static int
show(struct top *t)
{
	int status = CLI_REPLY;
	size_t i;

	for (i = 0; i < N_CAUGHT && signals_catch(caught[i]) == 0; i++)
		;
	out_flush(&t->cli->out);
	if (i == N_CAUGHT && terminal_open()) {
		run(t);
		terminal_close();
		t->cli->is_cut = false; /* nothing is echoed there */
	} else {
		cli_complain(t->cli, "this terminal cannot be used");
		status = CLI_ERROR;
	}
	while (i > 0)
		signals_release(caught[--i]);
	return status;
}

/* Its answer does not matter, but whether there is one. */
static bool
is_served(struct cli *cli, int *status)
{
	json_t *answer =
	    query_ask(cli, QUERY_INFO, "info", sample_request(), status);

	json_decref(answer);
	return answer != NULL;
}

static int
top(struct cli *cli, const struct args *args, const void *values)
{
	const struct top_conf *conf = values;
	struct top t = {.cli = cli};
	int status;

	(void)args;
	if (!cli->out.is_terminal || !isatty(STDIN_FILENO))
		return cli_usage(
		    cli, "wanted: a terminal; stat is for all else");
	board_init(
	    &t.board, conf->is_workers ? &board_workers : &board_services);
	if (conf->sort != NULL)
		t.board.sort = board_find_column(t.board.view, conf->sort);
	if (t.board.sort == t.board.view->n)
		return cli_usage(cli,
		    "--sort is %s; wanted: the heading of a column, like "
		    "QUEUED or P99",
		    conf->sort);
	board_filter(&t.board, conf->filter != NULL ? conf->filter : "");
	if (!is_served(cli, &status))
		return status;
	feed_init(&t.feed, cli->client, &t.board, conf->interval_ms);
	t.view.endpoint = cli->endpoint;
	t.view.feed = &t.feed;
	t.view.board = &t.board;
	status = show(&t);
	feed_clear(&t.feed);
	board_clear(&t.board);
	return status;
}

const struct cmd cmd_top = {
    .name = "top",
    .args = "[OPTION ...]",
    .text = "Show services or workers live, on the whole screen",
    .more = "? tells the keys.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .is_admin = true,
    .run = top,
};
