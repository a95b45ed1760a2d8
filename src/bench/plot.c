/*
 * Latency over percentiles, the axis of these being logarithmic in what is
 * left to 100: so each further nine has as much room as the one before it, and
 * the tail, which is what is looked for, is most of the picture.
 */
#include <math.h>
#include <stdio.h>

#include "bench/figures.h"
#include "bench/report.h"
#include "lib/pigato.h"

#define WIDTH	   960
#define HEIGHT	   540
#define LEFT	   90
#define RIGHT	   40
#define TOP	   80
#define BOTTOM	   70
#define STEPS	   400
#define MOST_NINES 6

struct plot {
	FILE *f;
	const struct result *r;
	double nines;	  /* of the right edge: 2 is 99 % */
	double top, step; /* of the left axis, in units */
	double unit;	  /* microseconds of one */
	const char *unit_name;
};

static double
x_of(const struct plot *p, double nines)
{
	return LEFT + nines / p->nines * (WIDTH - LEFT - RIGHT);
}

static double
y_of(const struct plot *p, double us)
{
	return HEIGHT - BOTTOM -
	       us / p->unit / p->top * (HEIGHT - TOP - BOTTOM);
}

static double
percent_of(double nines)
{
	return 100 - 100 * pow(10, -nines);
}

/* ---- scales ---- */

static void
pick_unit(struct plot *p, double us)
{
	p->unit = us >= 1e6 ? 1e6 : us >= 1e3 ? 1e3 : 1;
	p->unit_name = us >= 1e6 ? "s" : us >= 1e3 ? "ms" : "us";
}

/* Steps of 1, 2 or 5 times a power of ten, four to ten of them. */
static void
pick_steps(struct plot *p, double top)
{
	static const double nice[] = {1, 2, 5, 10};
	double power = pow(10, floor(log10(top / 4)));

	p->step = power;
	for (size_t i = 0; i < 4 && top / (nice[i] * power) >= 4; i++)
		p->step = nice[i] * power;
	p->top = ceil(top / p->step) * p->step;
}

static void
pick_scales(struct plot *p)
{
	double n = (double)p->r->tally.n_replies;
	double us = n > 0 ? figures_us(p->r, 100) : 1;

	if (!(us > 0))
		us = 1;
	p->nines = n > 10 ? log10(n) : 1;
	if (p->nines > MOST_NINES)
		p->nines = MOST_NINES;
	pick_unit(p, us);
	pick_steps(p, us / p->unit);
}

/* ---- drawing ---- */

static void
write_escaped(FILE *f, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '<' || *text == '&' || *text < ' ' || *text > '~')
			fprintf(f, "&#%d;", *text < ' ' ? '?' : *text & 0xff);
		else
			fputc(*text, f);
}

static void
draw_head(const struct plot *p)
{
	const struct conf *c = p->r->conf;

	fprintf(p->f,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
	    "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" "
	    "font-size=\"13\" fill=\"#222\">\n"
	    "<title>Latency by percentile</title>\n"
	    "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
	    "<text x=\"%d\" y=\"30\" font-size=\"18\" font-weight=\"bold\">"
	    "Latency by percentile</text>\n"
	    "<text x=\"%d\" y=\"52\" fill=\"#555\">",
	    WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, LEFT);
	write_escaped(p->f, c->endpoints);
	fprintf(p->f, ": %lld client%s, ", (long long)c->clients,
	    c->clients == 1 ? "" : "s");
	if (c->waves > 0)
		fprintf(p->f, "waves of %lld, ", (long long)c->waves);
	else if (conf_is_open(c))
		fprintf(p->f, "open loop at %g/s, ", c->rate);
	else
		fprintf(p->f, "closed loop, %lld in flight each, ",
		    (long long)c->depth);
	fprintf(p->f, "%lld bytes; %llu replies, %.0f/s</text>\n",
	    (long long)c->size, (unsigned long long)p->r->tally.n_replies,
	    figures_per_second(p->r));
}

static void
draw_line(const struct plot *p, double x1, double y1, double x2, double y2,
    const char *colour)
{
	fprintf(p->f,
	    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
	    "stroke=\"%s\"/>\n",
	    x1, y1, x2, y2, colour);
}

static void
draw_left_axis(const struct plot *p)
{
	int n = (int)(p->top / p->step + 0.5);
	double v, y;

	for (int i = 0; i <= n; i++) {
		v = i * p->step;
		y = y_of(p, v * p->unit);
		draw_line(p, LEFT, y, WIDTH - RIGHT, y, "#ddd");
		fprintf(p->f,
		    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
		    LEFT - 8, y + 4, v);
	}
	fprintf(p->f,
	    "<text x=\"24\" y=\"%d\" text-anchor=\"middle\" "
	    "transform=\"rotate(-90 24 %d)\">latency, %s</text>\n",
	    (HEIGHT + TOP - BOTTOM) / 2, (HEIGHT + TOP - BOTTOM) / 2,
	    p->unit_name);
}

static void
draw_percent(const struct plot *p, double nines, int decimals)
{
	double x = x_of(p, nines);

	draw_line(p, x, TOP, x, HEIGHT - BOTTOM, "#ddd");
	fprintf(p->f,
	    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.*f %%"
	    "</text>\n",
	    x, HEIGHT - BOTTOM + 20, decimals, percent_of(nines));
}

static void
draw_bottom_axis(const struct plot *p)
{
	draw_percent(p, log10(2), 0);
	for (int nines = 0; nines <= p->nines; nines++)
		draw_percent(p, nines, nines > 2 ? nines - 2 : 0);
	draw_line(
	    p, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "#222");
	draw_line(p, LEFT, TOP, LEFT, HEIGHT - BOTTOM, "#222");
	fprintf(p->f,
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">share of replies "
	    "that took no longer</text>\n",
	    (WIDTH + LEFT - RIGHT) / 2, HEIGHT - 22);
}

static void
draw_curve(const struct plot *p)
{
	double nines, us;

	fprintf(p->f, "<polyline fill=\"none\" stroke=\"#0b62a4\" "
		      "stroke-width=\"2\" points=\"");
	for (int i = 0; i <= STEPS; i++) {
		nines = p->nines * i / STEPS;
		us = figures_us(p->r, i < STEPS ? percent_of(nines) : 100);
		fprintf(p->f, "%s%.1f,%.1f", i == 0 ? "" : " ", x_of(p, nines),
		    y_of(p, us));
	}
	fprintf(p->f, "\"/>\n");
}

/*
 * The curve rises, so there is room on the left above it; but not where the
 * axis is near, and there it is flat.
 */
static void
draw_point(const struct plot *p, double nines, double us, const char *what)
{
	double x = x_of(p, nines), y = y_of(p, us);
	bool is_near = nines < 0.5;

	fprintf(p->f,
	    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"#0b62a4\"/>\n"
	    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
	    "stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">"
	    "%s%.3g %s</text>\n",
	    x, y, is_near ? x : x - 6, y - 8, is_near ? "middle" : "end", what,
	    us / p->unit, p->unit_name);
}

static void
draw_points(const struct plot *p)
{
	draw_point(p, log10(2), figures_us(p->r, 50), "");
	for (int nines = 1; nines < p->nines - 0.3; nines++)
		draw_point(p, nines, figures_us(p->r, percent_of(nines)), "");
	draw_point(p, p->nines, figures_us(p->r, 100), "max ");
}

void
report_plot(const struct result *r, FILE *f)
{
	struct plot p = {.f = f, .r = r};

	pick_scales(&p);
	draw_head(&p);
	draw_left_axis(&p);
	draw_bottom_axis(&p);
	if (r->tally.n_replies > 0) {
		draw_curve(&p);
		draw_points(&p);
	} else {
		fprintf(f,
		    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">no "
		    "replies</text>\n",
		    WIDTH / 2, HEIGHT / 2);
	}
	fprintf(f, "</svg>\n");
}
