#include "bench/load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/slots.h"

#define NAP_NS	    (CLOCK_NS_PER_S / 10) /* between looks at is_over */
#define PATIENCE_NS (10 * CLOCK_NS_PER_S) /* where requests have no timeout */

static void
live_add(atomic_ullong *n, uint64_t more)
{
	/* One writer: no need for an atomic sum. */
	atomic_store_explicit(n,
	    atomic_load_explicit(n, memory_order_relaxed) + more,
	    memory_order_relaxed);
}

/* ---- replies ---- */

static void
wrong(struct slot *s, const char *text, size_t n)
{
	struct load *l = s->load;

	tally_wrong(
	    &l->tally, text, n, data_of(&l->data, s->number), l->data.size);
	live_add(&l->live_bad, 1);
}

/*
 * One that comes too early leaves a gap; one that comes late fills it, but
 * was out of order; and without a gap to fill it has been there before.
 */
static void
on_partial(struct slot *s, const char *text, size_t n)
{
	struct load *l = s->load;
	int64_t i = data_partial(&l->data, s->number, text, n);

	if (i < 0 || i >= l->conf->partials) {
		wrong(s, text, n);
		return;
	}
	l->tally.n_partials += s->is_measured;
	if (i >= s->next_partial) {
		s->n_missing += i - s->next_partial;
		s->next_partial = i + 1;
	} else if (s->n_missing > 0) {
		s->n_missing--;
		wrong(s, text, n);
	} else {
		l->tally.n_doubled++;
		live_add(&l->live_bad, 1);
	}
}

static void
on_reply(struct slot *s, const char *text, size_t n, int64_t now)
{
	struct load *l = s->load;
	int64_t n_missing = s->n_missing + l->conf->partials - s->next_partial;

	if (n_missing > 0) {
		l->tally.n_lost += (uint64_t)n_missing;
		live_add(&l->live_bad, 1);
	}
	if (!data_is_reply(&l->data, s->number, text, n)) {
		wrong(s, text, n);
		return;
	}
	live_add(&l->live_replies, 1);
	live_add(&l->live_ns, (uint64_t)(now - s->from));
	if (!s->is_measured)
		return;
	l->tally.n_replies++;
	l->tally.last_at = now;
	hist_add(l->tally.latency, now - s->from);
}

static void
on_error(struct slot *s, int error)
{
	struct load *l = s->load;

	if (error == PIGATO_ERR_TIMEOUT || error == PIGATO_ERR_CANCELLED)
		l->tally.n_lost++;
	else
		tally_error(&l->tally, error);
	live_add(&l->live_bad, 1);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct slot *s = arg;
	struct load *l = s->load;
	int error = pigato_response_error(response);
	size_t n;
	const char *text = pigato_response_data(response, &n);
	int64_t now = clock_now();

	(void)r;
	l->heard_at = now;
	if (!pigato_response_is_final(response)) {
		if (error == PIGATO_OK)
			on_partial(s, text, n);
		else
			wrong(s, text, n);
		return;
	}
	if (error == PIGATO_OK)
		on_reply(s, text, n, now);
	else
		on_error(s, error);
	slots_give(l->slots, s);
	l->in_flight--;
	l->pace->on_end(l, now);
}

/* ---- requests ---- */

bool
load_wants(const struct load *l, int64_t at)
{
	const struct schedule *when = l->schedule;

	if (l->is_broken || at >= when->until ||
	    atomic_load_explicit(&when->is_over, memory_order_relaxed))
		return false;
	return l->left > 0 || at < when->measure_at;
}

void
load_send(struct load *l, int64_t from)
{
	struct slot *s = slots_take(l->slots);
	int rc = PIGATO_ERR_NOMEM;

	if (s != NULL) {
		s->number = l->n_begun * (uint64_t)l->conf->clients +
			    (uint64_t)l->index;
		s->from = from;
		s->is_measured = from >= l->schedule->measure_at;
		rc = pigato_client_request(l->client, l->conf->service,
		    data_of(&l->data, s->number), l->data.size, &l->opts,
		    on_response, s, NULL);
	}
	l->n_begun++;
	if (from >= l->schedule->measure_at)
		l->left--;
	if (rc == PIGATO_OK) {
		l->tally.n_sent++;
		l->in_flight++;
		return;
	}
	tally_error(&l->tally, rc);
	l->is_broken = true;
	if (s != NULL)
		slots_give(l->slots, s);
}

/* ---- the thread ---- */

static void
wait_until(struct load *l, int64_t at, int64_t now)
{
	struct pollfd fd = {
	    .fd = pigato_client_fd(l->client),
	    .events = POLLIN,
	};
	int ms = pigato_client_timeout(l->client);
	int64_t ns = ms < 0 ? NAP_NS : (int64_t)ms * 1000000;
	struct timespec ts;

	if (ns > NAP_NS)
		ns = NAP_NS;
	if (at != INT64_MAX && at - now < ns)
		ns = at - now;
	if (ns <= 0)
		return;
	ts = (struct timespec){ns / CLOCK_NS_PER_S, ns % CLOCK_NS_PER_S};
	ppoll(&fd, 1, &ts, NULL);
}

/* Requests without a timeout would be waited for in vain, for ever. */
static void
lose_patience(struct load *l, int64_t now)
{
	if (l->conf->timeout_ms < 0 && l->in_flight > 0 &&
	    !load_wants(l, now) && now - l->heard_at > PATIENCE_NS)
		pigato_client_stop(l->client);
}

static void
drive(struct load *l)
{
	int64_t now = clock_now(), next;

	l->heard_at = now;
	for (;;) {
		next = l->pace->tick(l, now);
		if (next == INT64_MAX && l->in_flight == 0 &&
		    !load_wants(l, now))
			break;
		atomic_store_explicit(
		    &l->live_in_flight, l->in_flight, memory_order_relaxed);
		wait_until(l, next, clock_now());
		pigato_client_process(l->client);
		now = clock_now();
		lose_patience(l, now);
	}
	atomic_store_explicit(&l->live_in_flight, 0, memory_order_relaxed);
}

static void *
run(void *arg)
{
	struct load *l = arg;
	struct timespec start = {
	    .tv_sec = l->schedule->start_at / CLOCK_NS_PER_S,
	    .tv_nsec = l->schedule->start_at % CLOCK_NS_PER_S,
	};
	uint64_t one = 1;

	/* An open loop wants to be woken in time. */
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &start, NULL) ==
	       EINTR)
		;
	drive(l);
	if (atomic_fetch_sub(&l->schedule->n_running, 1) == 1 &&
	    write(l->schedule->wake_fd, &one, sizeof(one)) < 0)
		perror("pigato-benchmark: eventfd");
	return NULL;
}

int
load_start(struct load *l)
{
	return -pthread_create(&l->thread, NULL, run, l);
}

/*
 * They may have come after the last request's end, so it is looked once more.
 * Of requests that were sent again each may have had a reply, by rights.
 */
uint64_t
load_count_doubled(struct load *l)
{
	struct pigato_client_counters n = PIGATO_CLIENT_COUNTERS;

	pigato_client_process(l->client);
	pigato_client_counters(l->client, &n);
	return n.sent > n.requests ? 0 : n.doubled + n.stray;
}

/* ---- life ---- */

static const struct pace *
pace_of(const struct conf *conf)
{
	if (conf->waves > 0)
		return &pace_waves;
	return conf_is_open(conf) ? &pace_open : &pace_closed;
}

/* What client number index has to do of n requests. */
static uint64_t
share_of(const struct conf *conf, int64_t index)
{
	if (conf->requests == 0)
		return UINT64_MAX;
	return (uint64_t)(conf->requests / conf->clients +
			  (index < conf->requests % conf->clients));
}

static int
open_client(struct load *l)
{
	int rc;

	l->client = pigato_client_new(l->conf->endpoints);
	if (l->client == NULL)
		return PIGATO_ERR_NOMEM;
	rc = pigato_client_set_policy(
	    l->client, (enum pigato_policy)l->conf->policy);
	if (rc == PIGATO_OK)
		rc = pigato_client_start(l->client);
	return rc;
}

int
load_open(struct load *l, const struct conf *conf, struct schedule *schedule,
    int64_t index)
{
	int rc = PIGATO_ERR_NOMEM;

	*l = (struct load){
	    .conf = conf,
	    .schedule = schedule,
	    .pace = pace_of(conf),
	    .index = index,
	    .opts = PIGATO_REQUEST_OPTS,
	    .left = share_of(conf, index),
	};
	l->opts.timeout_ms = conf->timeout_ms;
	l->opts.nocache = conf->nocache;
	l->opts.retry = conf->retry;
	l->slots = slots_new(l);
	if (l->slots != NULL && tally_init(&l->tally) == 0 &&
	    data_init(&l->data, (size_t)conf->size, (uint64_t)conf->distinct) ==
		0)
		rc = open_client(l);
	if (rc != PIGATO_OK)
		load_close(l);
	return rc;
}

void
load_close(struct load *l)
{
	pigato_client_free(l->client);
	slots_free(l->slots);
	data_clear(&l->data);
	tally_clear(&l->tally);
}
