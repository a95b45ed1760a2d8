#include "cli/screen.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/figure.h"
#include "cli/utf8.h"

#define NAME_MIN 16

static const char *const help[] = {
    "Tab        services or workers",
    "< >        sort by the column to the left, to the right",
    "r          the other way round",
    "/          only rows with a text in them; empty: all",
    "+ -        refresh less often, more often",
    "Space      refresh now",
    "arrows, Page Up, Page Down, Home: other rows",
    "q          leave",
    "",
    "REQ/S, ERR/S: since the last refresh. P50, P99, WAIT99: times at workers",
    "and of waiting, since the broker started or its counters were reset.",
};

/* ---- lines ---- */

/* Cut to width columns, and padded up to them; returns where it ends. */
static int
put_text(int y, int x, const char *text, size_t columns, bool is_right)
{
	size_t width, n;
	int pad;

	if (x >= COLS || y >= LINES)
		return x;
	if ((size_t)(COLS - x) < columns)
		columns = (size_t)(COLS - x);
	n = utf8_cut(text, strlen(text), columns, &width);
	pad = (int)(columns - width);
	mvprintw(y, x, "%*s", is_right ? pad : 0, "");
	addnstr(text, (int)n);
	if (!is_right)
		printw("%*s", pad, "");
	return x + (int)columns;
}

/* A line of its own; what somebody else has said in it is tamed. */
static void __attribute__((format(printf, 3, 4)))
put_line(int y, attr_t attributes, const char *format, ...)
{
	char text[512], *tame;
	struct out out;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	out_init(&out, stdout);
	tame = out_tame(&out, text);
	attron(attributes);
	put_text(y, 0, tame != NULL ? tame : "", (size_t)COLS, false);
	attroff(attributes);
	free(tame);
}

/* The same of fields two blanks apart: one that has no room is left out. */
static void
put_fields(int y, attr_t attributes, const char *fields)
{
	size_t width;
	size_t n = utf8_cut(fields, strlen(fields), (size_t)COLS, &width);

	while (fields[n] != '\0' && n > 0 && strncmp(fields + n, "  ", 2) != 0)
		n--;
	put_line(y, attributes, "%.*s", (int)n, fields);
}

/* ---- where ---- */

struct layout {
	int figures; /* lines of the whole broker's figures */
	int state;   /* line that says what is shown, and whether it is */
	int heading; /* -1: no room */
	int rows, n_rows;
	int keys; /* -1: no room */
};

/* What matters least goes first where there is little room. */
static struct layout
lay_out(void)
{
	struct layout l = {0};

	l.figures = LINES >= 10 ? 3 : LINES >= 6;
	l.state = l.figures;
	l.heading = LINES >= 3 ? l.state + 1 : -1;
	l.rows = l.heading < 0 ? l.state + 1 : l.heading + 1;
	l.keys = LINES >= 8 ? LINES - 1 : -1;
	l.n_rows = LINES - l.rows - (l.keys >= 0);
	if (l.n_rows < 0)
		l.n_rows = 0;
	return l;
}

size_t
screen_n_rows(void)
{
	return (size_t)lay_out().n_rows;
}

/* ---- the whole broker ---- */

static const char *
rate(const struct feed *f, enum sample_counter counter, char *text)
{
	if (!sample_follows(&f->now, &f->before))
		return "-";
	return figure_count(text, sample_rate(&f->now, &f->before, counter));
}

static void
draw_name(int y, const struct screen_view *v)
{
	char up[FIGURE_MAX], clock[16];
	time_t now = time(NULL);
	struct tm tm;

	strftime(clock, sizeof(clock), "%H:%M:%S", localtime_r(&now, &tm));
	put_line(y, A_BOLD, "%s  pigatod %s  pid %" PRId64 "  up %s  %s", clock,
	    v->feed->version, v->feed->now.pid,
	    figure_span(up, v->feed->now.uptime_ms), v->endpoint);
}

static void
draw_rates(int y, const struct feed *f)
{
	char text[7][FIGURE_MAX], fields[512];

	snprintf(fields, sizeof(fields),
	    "requests %s/s  served %s/s  errors %s/s  expired %s/s  "
	    "lost %s/s  rejects %s/s  retries %s/s",
	    rate(f, SAMPLE_REQUESTS, text[0]), rate(f, SAMPLE_SERVED, text[1]),
	    rate(f, SAMPLE_ERRORS, text[2]), rate(f, SAMPLE_EXPIRED, text[3]),
	    rate(f, SAMPLE_LOST, text[4]), rate(f, SAMPLE_REJECTS, text[5]),
	    rate(f, SAMPLE_RETRIES, text[6]));
	put_fields(y, A_NORMAL, fields);
}

static void
draw_gauges(int y, const struct feed *f)
{
	const struct sample *s = &f->now;
	char p50[FIGURE_MAX], p99[FIGURE_MAX], rss[FIGURE_MAX], fields[512];
	double cpu = sample_follows(s, &f->before)
			 ? sample_rate(s, &f->before, SAMPLE_CPU_US) / 1e4
			 : 0;

	snprintf(fields, sizeof(fields),
	    "queued %" PRId64 "  in flight %" PRId64
	    "  p50 %s  p99 %s  cpu %.0f%%  rss %s  workers %" PRId64
	    "  clients %" PRId64 "  services %" PRId64 "  draining %" PRId64
	    "  paused %" PRId64,
	    s->queued, s->in_flight, figure_us(p50, (double)s->worker_p50_us),
	    figure_us(p99, (double)s->worker_p99_us), cpu,
	    figure_bytes(rss, (double)s->rss_bytes), s->workers, s->clients,
	    s->services, s->draining, s->paused);
	put_fields(y, A_NORMAL, fields);
}

/* ---- what is shown ---- */

/* "12 services", or how long it takes to see all of them. */
static void
tell_extent(const struct screen_view *v, char *text, size_t size)
{
	const struct feed *f = v->feed;
	const struct board *b = v->board;
	int64_t turns = (f->total + FEED_MAX - 1) / FEED_MAX;
	char span[FIGURE_MAX];

	if (f->total < 0)
		snprintf(text, size, "%s ...", b->view->cmd);
	else if (turns <= 1)
		snprintf(text, size, "%zu of %" PRId64 " %s", b->n, f->total,
		    b->view->cmd);
	else
		snprintf(text, size,
		    "%zu%s of %" PRId64 " %s, %" PRId64
		    " a refresh: each is seen every %s",
		    b->n, b->is_full ? " (no room for more)" : "", f->total,
		    b->view->cmd, FEED_MAX,
		    figure_span(span, turns * f->interval_ms));
}

static void
draw_state(int y, const struct screen_view *v)
{
	const struct feed *f = v->feed;
	const struct board *b = v->board;
	char text[256], every[FIGURE_MAX], from[48];

	if (f->lost_at >= 0) {
		put_line(y, A_REVERSE | A_BOLD,
		    "NO BROKER ANSWERS for %s; trying on. Below is what was",
		    figure_span(text, cli_now_ms() - f->lost_at));
		return;
	}
	if (f->error != PIGATO_OK) {
		put_line(y, A_REVERSE | A_BOLD, "the broker answers: %s (%s)",
		    pigato_strerror(f->error), pigato_error_name(f->error));
		return;
	}
	tell_extent(v, text, sizeof(text));
	snprintf(from, sizeof(from), ", from row %zu", v->first + 1);
	put_line(y, A_NORMAL, "%s%s, by %s%s, every %s%s%s", text,
	    v->first > 0 ? from : "", b->view->column[b->sort].head,
	    b->is_reverse ? " reversed" : "",
	    figure_us(every, (double)f->interval_ms * 1000),
	    b->filter[0] != '\0' ? ", only with: " : "", b->filter);
}

/* ---- the board ---- */

/* Columns that have room behind the name, of which that many get some. */
static size_t
fit(const struct board_view *view, size_t *name_width)
{
	size_t used = 0, n = 1;

	while (n < view->n &&
	       used + view->column[n].width + 1 + NAME_MIN <= (size_t)COLS)
		used += view->column[n++].width + 1;
	*name_width = (size_t)COLS - used;
	if (*name_width > 48 && n == view->n)
		*name_width = 48;
	return n;
}

static const char *
form_cell(const struct board_view *view, const struct board_row *r, size_t i,
    char *text)
{
	if (r->text[i] != NULL)
		return r->text[i];
	if (isnan(r->number[i]))
		return "-";
	switch (view->column[i].form) {
	case BOARD_US:
		return figure_us(text, r->number[i]);
	case BOARD_MS:
		return figure_span(text, (int64_t)r->number[i]);
	default:
		return figure_count(text, r->number[i]);
	}
}

static bool
is_number(const struct board_column *c)
{
	return c->form != BOARD_TEXT && c->form != BOARD_MARKS;
}

static void
draw_heading(int y, const struct board *b)
{
	size_t name_width, n = fit(b->view, &name_width);
	int x = 0;

	put_line(y, A_REVERSE, "%s", "");
	for (size_t i = 0; i < n; i++) {
		const struct board_column *c = &b->view->column[i];
		attr_t a = A_REVERSE | (i == b->sort ? A_BOLD : 0);

		attron(a);
		x = put_text(y, i == 0 ? 0 : x + 1, c->head,
		    i == 0 ? name_width : c->width, is_number(c));
		attroff(a);
	}
}

static void
draw_rows(const struct layout *l, const struct screen_view *v)
{
	const struct board *b = v->board;
	size_t name_width, n = fit(b->view, &name_width);
	attr_t a = v->feed->lost_at >= 0 ? A_DIM : A_NORMAL;
	char text[FIGURE_MAX];

	attron(a);
	for (int y = 0; y < l->n_rows; y++) {
		size_t k = v->first + (size_t)y;
		int x = 0;

		for (size_t i = 0; k < b->n && i < n; i++)
			x = put_text(l->rows + y, i == 0 ? 0 : x + 1,
			    form_cell(b->view, b->row[k], i, text),
			    i == 0 ? name_width : b->view->column[i].width,
			    is_number(&b->view->column[i]));
	}
	attroff(a);
}

/* ---- all of it ---- */

static void
draw_help(const struct layout *l)
{
	size_t n = sizeof(help) / sizeof(help[0]);

	for (size_t i = 0; i < n && (int)i < l->n_rows; i++)
		put_line(l->rows + (int)i, A_NORMAL, "%s", help[i]);
}

static void
draw_keys(const struct layout *l, const struct screen_view *v)
{
	int y = l->keys >= 0 ? l->keys : LINES - 1;

	if (v->prompt != NULL)
		put_line(y, A_BOLD, "only with: %s_", v->prompt);
	else if (l->keys >= 0)
		put_fields(y, A_DIM,
		    "q leave  ? help  Tab services/workers  < > sort  r "
		    "reverse  / filter  + - interval");
}

void
screen_draw(const struct screen_view *v)
{
	struct layout l = lay_out();

	erase();
	if (l.figures > 0)
		draw_name(0, v);
	if (l.figures > 1) {
		draw_rates(1, v->feed);
		draw_gauges(2, v->feed);
	}
	draw_state(l.state, v);
	if (l.heading >= 0)
		draw_heading(l.heading, v->board);
	if (v->has_help)
		draw_help(&l);
	else
		draw_rows(&l, v);
	draw_keys(&l, v);
	refresh();
}
