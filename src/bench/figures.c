#include "bench/figures.h"

#include <math.h>

#include "lib/pigato.h"

double
figures_us(const struct result *r, double percent)
{
	if (hist_count(r->tally.latency) == 0)
		return NAN;
	return (double)hist_at(r->tally.latency, percent) / 1e3;
}

double
figures_per_second(const struct result *r)
{
	return r->seconds > 0 ? (double)r->tally.n_replies / r->seconds : 0;
}

const char *
figures_mode(const struct conf *conf)
{
	if (conf->waves > 0)
		return "waves";
	return conf_is_open(conf) ? "open" : "closed";
}

/* ---- what was asked for ---- */

static const char *
endpoint(const struct result *r)
{
	return r->conf->endpoints;
}

static const char *
service(const struct result *r)
{
	return r->conf->service;
}

static const char *
mode(const struct result *r)
{
	return figures_mode(r->conf);
}

static const char *
policy(const struct result *r)
{
	return r->conf->policy == PIGATO_SPREAD ? "spread" : "failover";
}

#define OF_CONF(name, field)                                                   \
	static double name(const struct result *r)                             \
	{                                                                      \
		return (double)r->conf->field;                                 \
	}

OF_CONF(clients, clients)
OF_CONF(workers, workers)
OF_CONF(size, size)
OF_CONF(partials, partials)
OF_CONF(nocache, nocache)
OF_CONF(cache_ms, cache_ms)

/* What does not apply is not known. */

static double
depth(const struct result *r)
{
	const struct conf *c = r->conf;

	return c->depth == CONF_DEPTH_MAX ? NAN : (double)c->depth;
}

static double
rate(const struct result *r)
{
	return conf_is_open(r->conf) ? r->conf->rate : NAN;
}

static double
waves(const struct result *r)
{
	return r->conf->waves > 0 ? (double)r->conf->waves : NAN;
}

/* ---- what came of it ---- */

static double
seconds(const struct result *r)
{
	return r->seconds;
}

#define OF_TALLY(name, field)                                                  \
	static double name(const struct result *r)                             \
	{                                                                      \
		return (double)r->tally.field;                                 \
	}

OF_TALLY(replies, n_replies)
OF_TALLY(partial_replies, n_partials)
OF_TALLY(waves_done, n_waves)
OF_TALLY(lost, n_lost)
OF_TALLY(doubled, n_doubled)
OF_TALLY(wrong, n_wrong)
OF_TALLY(unsent, n_unsent)
OF_TALLY(errors, n_errors)

static double
behind_max(const struct result *r)
{
	return conf_is_open(r->conf) ? (double)r->tally.behind_max / 1e3 : NAN;
}

static double
least(const struct result *r)
{
	const struct hist *h = r->tally.latency;

	return hist_count(h) == 0 ? NAN : (double)hist_min(h) / 1e3;
}

static double
mean(const struct result *r)
{
	const struct hist *h = r->tally.latency;

	return hist_count(h) == 0 ? NAN : hist_mean(h) / 1e3;
}

#define PERCENTILE(name, percent)                                              \
	static double name(const struct result *r)                             \
	{                                                                      \
		return figures_us(r, percent);                                 \
	}

PERCENTILE(p50, 50)
PERCENTILE(p75, 75)
PERCENTILE(p90, 90)
PERCENTILE(p99, 99)
PERCENTILE(p99_9, 99.9)
PERCENTILE(p99_99, 99.99)
PERCENTILE(greatest, 100)

static double
own_cpu(const struct result *r)
{
	return r->own_cpu;
}

static double
broker_cpu(const struct result *r)
{
	return r->broker_cpu < 0 ? NAN : r->broker_cpu;
}

static double
per_reply(const struct result *r, double cpu)
{
	return r->tally.n_replies == 0 ? NAN
				       : cpu * 1e6 / (double)r->tally.n_replies;
}

static double
own_cpu_per_reply(const struct result *r)
{
	return per_reply(r, own_cpu(r));
}

static double
broker_cpu_per_reply(const struct result *r)
{
	return per_reply(r, broker_cpu(r));
}

const struct figure figures[] = {
    {"endpoint", false, endpoint, NULL},
    {"policy", false, policy, NULL},
    {"service", false, service, NULL},
    {"mode", false, mode, NULL},
    {"clients", true, NULL, clients},
    {"depth", true, NULL, depth},
    {"rate", false, NULL, rate},
    {"waves", true, NULL, waves},
    {"workers", true, NULL, workers},
    {"size", true, NULL, size},
    {"partials", true, NULL, partials},
    {"nocache", true, NULL, nocache},
    {"cache_ms", true, NULL, cache_ms},
    {"seconds", false, NULL, seconds},
    {"replies", true, NULL, replies},
    {"replies_per_s", false, NULL, figures_per_second},
    {"partial_replies", true, NULL, partial_replies},
    {"waves_done", true, NULL, waves_done},
    {"lost", true, NULL, lost},
    {"doubled", true, NULL, doubled},
    {"wrong", true, NULL, wrong},
    {"errors", true, NULL, errors},
    {"unsent", true, NULL, unsent},
    {"behind_max_us", false, NULL, behind_max},
    {"min_us", false, NULL, least},
    {"mean_us", false, NULL, mean},
    {"p50_us", false, NULL, p50},
    {"p75_us", false, NULL, p75},
    {"p90_us", false, NULL, p90},
    {"p99_us", false, NULL, p99},
    {"p99_9_us", false, NULL, p99_9},
    {"p99_99_us", false, NULL, p99_99},
    {"max_us", false, NULL, greatest},
    {"own_cpu_s", false, NULL, own_cpu},
    {"broker_cpu_s", false, NULL, broker_cpu},
    {"own_cpu_us_per_reply", false, NULL, own_cpu_per_reply},
    {"broker_cpu_us_per_reply", false, NULL, broker_cpu_per_reply},
};

const size_t n_figures = sizeof(figures) / sizeof(figures[0]);
