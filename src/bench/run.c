#include "bench/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/live.h"
#include "bench/peers.h"

#define HEAD_START_NS (CLOCK_NS_PER_S / 50) /* to create threads in */

/* ---- signals ---- */

/*
 * A first one ends the load, and what was measured is told; after that they
 * do as ever. They are read where the main thread waits; no other has them.
 */
static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool
read_signal(int fd)
{
	struct signalfd_siginfo info;
	sigset_t set;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return false;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return true;
}

/* ---- time ---- */

static void
set_times(struct schedule *when, const struct conf *conf)
{
	int64_t end;

	when->start_at = clock_now() + HEAD_START_NS;
	when->measure_at = when->start_at + clock_ns(conf->warmup);
	when->until = INT64_MAX;
	if (conf->requests == 0)
		when->until = when->measure_at + clock_ns(conf->seconds);
	when->give_up_at = INT64_MAX;
	if (!conf_is_open(conf) || conf->timeout_ms < 0)
		return;
	end = when->until;
	if (conf->requests > 0)
		end = when->measure_at +
		      clock_ns((double)conf->requests / conf->rate);
	when->give_up_at = end + conf->timeout_ms * 1000000;
}

/* ---- watching ---- */

struct watch {
	struct live live;
	struct pollfd fd[2]; /* the last client has finished; signals */
	double own_cpu;
	bool is_measuring;
};

static void
begin_measuring(struct watch *w, struct result *r)
{
	w->is_measuring = true;
	w->own_cpu = cpu_own();
	cpu_begin(&r->brokers);
}

static void
end_measuring(struct watch *w, struct result *r)
{
	r->own_cpu = cpu_own() - w->own_cpu;
	cpu_look(&r->brokers);
	r->broker_cpu = cpu_spent(&r->brokers);
}

static int
ms_until(int64_t at)
{
	int64_t ns = at - clock_now();

	return ns <= 0 ? 0 : (int)((ns + 999999) / 1000000);
}

/* Until the last client has finished. */
static void
watch_until_end(
    struct watch *w, struct result *r, struct peers *p, struct schedule *when)
{
	int64_t look_at = when->start_at + CLOCK_NS_PER_S, wake_at;

	while ((w->fd[0].revents & POLLIN) == 0) {
		wake_at = look_at;
		if (!w->is_measuring && when->measure_at < wake_at)
			wake_at = when->measure_at;
		poll(w->fd, 2, ms_until(wake_at));
		if (!w->is_measuring && clock_now() >= when->measure_at)
			begin_measuring(w, r);
		if ((w->fd[1].revents & POLLIN) != 0 &&
		    read_signal(w->fd[1].fd)) {
			r->was_interrupted = true;
			atomic_store(&when->is_over, true);
		}
		if (clock_now() < look_at)
			continue;
		if (w->is_measuring)
			cpu_look(&r->brokers);
		live_write(&w->live, p->loads, r->conf, when);
		look_at += CLOCK_NS_PER_S;
	}
	if (!w->is_measuring)
		begin_measuring(w, r);
	end_measuring(w, r);
	live_end(&w->live);
}

/* ---- the whole ---- */

/*
 * Clients count replies that come twice. And where nobody else asks for the
 * service, and no request is sent twice on purpose, workers cannot get more
 * requests than there were.
 */
static void
count_doubled(struct result *r, const struct peers *p)
{
	uint64_t n_taken = 0;

	for (int64_t i = 0; i < p->n_loads; i++)
		r->tally.n_doubled += load_count_doubled(&p->loads[i]);
	for (int64_t i = 0; i < p->n_echoes; i++)
		n_taken += p->echoes[i].n_taken;
	if (r->conf->is_own_service && !r->conf->retry &&
	    n_taken > r->tally.n_sent)
		r->tally.n_doubled += n_taken - r->tally.n_sent;
}

static void
sum_up(struct result *r, const struct peers *p, const struct schedule *when)
{
	for (int64_t i = 0; i < p->n_loads; i++)
		tally_merge(&r->tally, &p->loads[i].tally);
	count_doubled(r, p);
	if (r->tally.last_at > when->measure_at)
		r->seconds = clock_seconds(r->tally.last_at - when->measure_at);
}

static int
drive(struct result *r, struct peers *p, struct schedule *when, int signal_fd)
{
	struct watch w = {.fd = {{.fd = when->wake_fd, .events = POLLIN},
			      {.fd = signal_fd, .events = POLLIN}}};
	int status = peers_start_workers(p);

	if (status == 0) {
		set_times(when, r->conf);
		live_init(&w.live, r->conf);
		atomic_init(&when->n_running, (int)p->n_loads);
		status = peers_start_clients(p);
	}
	if (status == 0)
		watch_until_end(&w, r, p, when);
	else
		atomic_store(&when->is_over, true);
	peers_join_clients(p);
	peers_stop_workers(p);
	if (status == 0)
		sum_up(r, p, when);
	return status;
}

int
run(struct result *r, const struct conf *conf)
{
	struct schedule when = {.wake_fd = eventfd(0, EFD_CLOEXEC)};
	int status, signal_fd = -1;
	struct peers p;

	*r = (struct result){.conf = conf};
	atomic_init(&when.is_over, false);
	if (when.wake_fd < 0 || tally_init(&r->tally) < 0) {
		conf_complain("cannot begin: %s", strerror(errno));
		return STATUS_BAD;
	}
	status = peers_open(&p, conf, &when);
	if (status == 0) {
		cpu_find_brokers(&r->brokers, conf);
		signal_fd = open_signals();
		status = drive(r, &p, &when, signal_fd);
	}
	peers_close(&p);
	close(when.wake_fd);
	if (signal_fd >= 0)
		close(signal_fd);
	if (status != 0)
		run_clear(r);
	return status;
}

void
run_clear(struct result *r)
{
	tally_clear(&r->tally);
}
