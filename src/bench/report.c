/* For people; --csv and --json. */
#include "bench/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "bench/figures.h"
#include "lib/pigato.h"

/* ---- text ---- */

static void
write_load(const struct conf *c)
{
	printf("load      %" PRId64 " client%s, ", c->clients,
	    c->clients == 1 ? "" : "s");
	if (c->waves > 0)
		printf("waves of %" PRId64 " requests each, ", c->waves);
	else if (conf_is_open(c))
		printf("%g requests/s by the clock, ", c->rate);
	else
		printf("%" PRId64 " in flight each, ", c->depth);
	printf("%" PRId64 " bytes", c->size);
	if (c->partials > 0)
		printf(", %" PRId64 " partial repl%s", c->partials,
		    c->partials == 1 ? "y" : "ies");
	if (c->nocache)
		printf(", nocache");
	if (c->workers > 0)
		printf("; %" PRId64 " worker%s", c->workers,
		    c->workers == 1 ? "" : "s");
	else
		printf("; service %s", c->service);
	printf("\n");
}

static void
write_latency(const struct result *r)
{
	static const struct {
		const char *name;
		double percent;
	} column[] = {{"50 %", 50}, {"90 %", 90}, {"99 %", 99},
	    {"99.9 %", 99.9}, {"99.99 %", 99.99}, {"max", 100}};
	const struct hist *h = r->tally.latency;

	if (hist_count(h) == 0)
		return;
	printf("latency, %9s %9s", "min", "mean");
	for (size_t i = 0; i < sizeof(column) / sizeof(column[0]); i++)
		printf(" %9s", column[i].name);
	printf("\n  us      %9.1f %9.1f", (double)hist_min(h) / 1e3,
	    hist_mean(h) / 1e3);
	for (size_t i = 0; i < sizeof(column) / sizeof(column[0]); i++)
		printf(" %9.1f", figures_us(r, column[i].percent));
	printf("\n");
}

static void
write_bad(const struct result *r)
{
	const struct tally *t = &r->tally;

	printf("bad       lost %" PRIu64 ", doubled %" PRIu64 ", wrong %" PRIu64
	       ", errors %" PRIu64,
	    t->n_lost, t->n_doubled, t->n_wrong, t->n_errors);
	if (t->n_unsent > 0)
		printf(", unsent %" PRIu64 " (the rate was too high)",
		    t->n_unsent);
	printf("\n");
	for (int i = 0; i < TALLY_ERRORS; i++)
		if (t->error[i] > 0)
			printf("          %" PRIu64 " times %s: %s\n",
			    t->error[i], pigato_error_name(-i),
			    pigato_strerror(-i));
	if (t->first_wrong[0] != '\0')
		printf("          the first wrong reply: %s\n", t->first_wrong);
}

static void
write_cpu_of(const struct result *r, const char *who, double cpu)
{
	double n = (double)r->tally.n_replies;

	printf("%s %.2f s", who, cpu);
	if (n > 0 && r->seconds > 0)
		printf(" (%.2f of a core), %.2f us a reply", cpu / r->seconds,
		    cpu * 1e6 / n);
}

static void
write_cpu(const struct result *r)
{
	const struct brokers *b = &r->brokers;

	write_cpu_of(r, "CPU       own   ", r->own_cpu);
	printf("\n");
	if (r->broker_cpu < 0) {
		printf("          broker not known: want --broker-pid, or one "
		       "on this machine\n");
		return;
	}
	write_cpu_of(r, "          broker", r->broker_cpu);
	for (size_t i = 0; i < b->n; i++)
		printf("%s %s (%d)", i == 0 ? ":" : ",", b->name[i], b->pid[i]);
	printf("\n");
}

void
report_text(const struct result *r)
{
	const struct tally *t = &r->tally;

	printf("broker    %s\n", r->conf->endpoints);
	write_load(r->conf);
	printf("replies   %" PRIu64 " in %.3f s: %.1f/s", t->n_replies,
	    r->seconds, figures_per_second(r));
	if (t->n_partials > 0)
		printf(", and %" PRIu64 " partial ones", t->n_partials);
	if (r->conf->waves > 0)
		printf(", %" PRIu64 " waves", t->n_waves);
	printf("%s\n", r->was_interrupted ? " (interrupted)" : "");
	write_latency(r);
	if (conf_is_open(r->conf))
		printf("sent late by %.1f us at most\n",
		    (double)t->behind_max / 1e3);
	write_bad(r);
	write_cpu(r);
}

/* ---- CSV ---- */

static void
write_csv_text(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

void
report_csv(const struct result *r)
{
	for (size_t i = 0; i < n_figures; i++)
		printf("%s%s", i == 0 ? "" : ",", figures[i].name);
	printf("\n");
	for (size_t i = 0; i < n_figures; i++) {
		const struct figure *f = &figures[i];
		double v = f->value == NULL ? 0 : f->value(r);

		if (i > 0)
			putchar(',');
		if (f->text != NULL)
			write_csv_text(f->text(r));
		else if (!isnan(v))
			printf(f->is_whole ? "%.0f" : "%.3f", v);
	}
	printf("\n");
}

/* ---- JSON ---- */

static json_t *
json_of(const struct figure *f, const struct result *r)
{
	double v;

	if (f->text != NULL)
		return json_string(f->text(r));
	v = f->value(r);
	if (isnan(v))
		return json_null();
	if (f->is_whole)
		return json_integer((json_int_t)v);
	return json_real(round(v * 1000) / 1000);
}

static json_t *
errors_of(const struct tally *t)
{
	json_t *errors = json_object();

	for (int i = 0; i < TALLY_ERRORS; i++)
		if (t->error[i] > 0)
			json_object_set_new(errors, pigato_error_name(-i),
			    json_integer((json_int_t)t->error[i]));
	return errors;
}

static json_t *
brokers_of(const struct brokers *b)
{
	json_t *all = json_array();

	for (size_t i = 0; i < b->n; i++)
		json_array_append_new(all, json_pack("{s:s, s:i}", "name",
					       b->name[i], "pid", b->pid[i]));
	return all;
}

/* [percent, us], closer and closer to 100 as there are replies to tell. */
static json_t *
distribution_of(const struct result *r)
{
	double n = (double)r->tally.n_replies;
	json_t *all = json_array();

	for (double left = 100; left * n / 100 >= 1; left /= pow(10, 0.1))
		json_array_append_new(all,
		    json_pack("[f, f]", 100 - left, figures_us(r, 100 - left)));
	if (n > 0)
		json_array_append_new(
		    all, json_pack("[f, f]", 100.0, figures_us(r, 100)));
	return all;
}

/* A member a line. */
void
report_json(const struct result *r)
{
	json_t *all = json_object(), *value;
	const char *name, *before = "{\n";

	for (size_t i = 0; i < n_figures; i++)
		json_object_set_new(
		    all, figures[i].name, json_of(&figures[i], r));
	json_object_set_new(
	    all, "interrupted", json_boolean(r->was_interrupted));
	json_object_set_new(all, "error_names", errors_of(&r->tally));
	json_object_set_new(all, "brokers", brokers_of(&r->brokers));
	json_object_set_new(all, "distribution", distribution_of(r));
	json_object_foreach (all, name, value) {
		printf("%s  \"%s\": ", before, name);
		json_dumpf(
		    value, stdout, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));
		before = ",\n";
	}
	printf("\n}\n");
	json_decref(all);
}

void
report_write(const struct result *r)
{
	switch (r->conf->format) {
	case FORMAT_TEXT:
		report_text(r);
		break;
	case FORMAT_CSV:
		report_csv(r);
		break;
	case FORMAT_JSON:
		report_json(r);
		break;
	}
}
