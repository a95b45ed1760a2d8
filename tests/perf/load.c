/*
 * The load generator: clients, workers, and one line of JSON that says how
 * it went. Exits with 1 where a reply was lost, came twice or was wrong.
 */
#include "load.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: load [options] tcp://HOST:PORT\n"
    "  --clients N        clients (1)\n"
    "  --depth N          requests each has in flight (100)\n"
    "  --payload N        bytes of data of a request (5)\n"
    "  --seconds S        of load (3); 0: none, only what stands below\n"
    "  --requests N       that many instead\n"
    "  --workers N        that echo, on libzmq (1)\n"
    "  --service NAME     theirs (echo)\n"
    "  --idle-workers N   more of them, on bare TCP, without a request\n"
    "  --idle-on NAME     their service (idle)\n"
    "  --services N       as many more services, of one echoing worker each\n"
    "  --round            requests go round these services\n"
    "  --queued N         first leave so many requests unserved\n"
    "  --queued-batch N   of them sent in a row (1000)\n"
    "  --beat MS          between heartbeats of workers on bare TCP (2000)\n"
    "  --pid PID          of the broker: tells its CPU and memory\n";

enum option_id {
	O_CLIENTS = 256,
	O_DEPTH,
	O_PAYLOAD,
	O_SECONDS,
	O_REQUESTS,
	O_WORKERS,
	O_SERVICE,
	O_IDLE,
	O_IDLE_ON,
	O_SERVICES,
	O_ROUND,
	O_QUEUED,
	O_BATCH,
	O_BEAT,
	O_PID,
};

static const struct option options[] = {
    {"clients", 1, NULL, O_CLIENTS},
    {"depth", 1, NULL, O_DEPTH},
    {"payload", 1, NULL, O_PAYLOAD},
    {"seconds", 1, NULL, O_SECONDS},
    {"requests", 1, NULL, O_REQUESTS},
    {"workers", 1, NULL, O_WORKERS},
    {"service", 1, NULL, O_SERVICE},
    {"idle-workers", 1, NULL, O_IDLE},
    {"idle-on", 1, NULL, O_IDLE_ON},
    {"services", 1, NULL, O_SERVICES},
    {"round", 0, NULL, O_ROUND},
    {"queued", 1, NULL, O_QUEUED},
    {"queued-batch", 1, NULL, O_BATCH},
    {"beat", 1, NULL, O_BEAT},
    {"pid", 1, NULL, O_PID},
    {NULL, 0, NULL, 0},
};

void
load_die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(2);
}

void
load_identity(char id[LOAD_ID + 1], char letter)
{
	unsigned char dice[LOAD_ID];

	if (getrandom(dice, sizeof(dice), 0) != sizeof(dice))
		load_die("getrandom");
	for (size_t i = 0; i < LOAD_ID; i++)
		id[i] = "0123456789abcdef"[dice[i] & 15];
	for (size_t i = 9; i <= 24; i += 5)
		id[i] = id[i + 37] = '-';
	id[0] = letter;
	id[37] = '-';
	id[LOAD_ID] = '\0';
}

static long long
number(const char *text, long long min, long long max)
{
	char *end;
	long long v = strtoll(text, &end, 10);

	if (end == text || *end != '\0' || v < min || v > max) {
		fprintf(stderr, "load: %s: want a number, %lld to %lld\n", text,
		    min, max);
		exit(2);
	}
	return v;
}

static void
set_option(struct load_conf *c, int id, const char *arg)
{
	switch (id) {
	case O_CLIENTS:
		c->n_clients = (int)number(arg, 1, 1000);
		break;
	case O_DEPTH:
		c->depth = (int)number(arg, 1, 1000000);
		break;
	case O_PAYLOAD:
		c->payload = (size_t)number(arg, 2, 1 << 26);
		break;
	case O_SECONDS:
		c->seconds = atof(arg);
		break;
	case O_REQUESTS:
		c->n_requests = (uint64_t)number(arg, 1, INT64_MAX);
		break;
	case O_WORKERS:
		c->n_workers = (int)number(arg, 0, 1000);
		break;
	case O_SERVICE:
		c->service = arg;
		break;
	case O_IDLE:
		c->n_swarm = (int)number(arg, 0, 60000);
		c->swarm_paused = true;
		break;
	case O_IDLE_ON:
		c->swarm_service = arg;
		break;
	case O_SERVICES:
		c->n_swarm = (int)number(arg, 0, 60000);
		c->swarm_apart = true;
		break;
	case O_ROUND:
		c->round = true;
		break;
	case O_QUEUED:
		c->n_queued = (uint64_t)number(arg, 0, 100000000);
		break;
	case O_BATCH:
		c->queue_batch = (uint64_t)number(arg, 1, 1000000);
		break;
	case O_BEAT:
		c->beat_ms = (int)number(arg, 10, 3600000);
		break;
	case O_PID:
		c->pid = (int)number(arg, 1, INT32_MAX);
		break;
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

/* Descriptors for a swarm: as many as we may have. */
static void
raise_limits(const struct load_conf *c)
{
	struct rlimit r;
	rlim_t want = (rlim_t)c->n_swarm + 3 * (rlim_t)c->n_clients + 1000;

	getrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur >= want)
		return;
	if (r.rlim_max < want)
		r.rlim_max = want;
	r.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		load_die("ulimit -n");
}

/* Figures of the broker around one stage of the run. */
struct usage {
	long rss_kb;
	double cpu, own_cpu;
};

static struct usage
look(const struct load_conf *c)
{
	struct usage u = {-1, -1, measure_cpu(getpid())};

	if (c->pid != 0) {
		u.rss_kb = measure_rss_kb(c->pid);
		u.cpu = measure_cpu(c->pid);
	}
	return u;
}

/* What the broker's heartbeats and such cost in a second without load. */
static double
idle_cpu(const struct load_conf *c)
{
	struct timespec two = {2, 0};
	struct usage a = look(c), b;

	nanosleep(&two, NULL);
	b = look(c);
	return (b.cpu - a.cpu) / 2;
}

static double
each(long kb, uint64_t n)
{
	return n == 0 ? 0 : (double)kb * 1024 / (double)n;
}

static void
report_load(const struct load_conf *c, const struct load_result *r,
    const struct usage *from, const struct usage *to, double idle)
{
	const struct measure_hist *h = &r->latency;
	double n = h->n == 0 ? 1 : (double)h->n;

	printf("\"requests\":%llu,\"seconds\":%.3f,\"rps\":%.1f,"
	       "\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,"
	       "\"p999_us\":%.1f,\"max_us\":%.1f,",
	    (unsigned long long)h->n, r->seconds, (double)h->n / r->seconds,
	    measure_quantile(h, 0.5), measure_quantile(h, 0.9),
	    measure_quantile(h, 0.99), measure_quantile(h, 0.999),
	    (double)h->max / 1e3);
	printf("\"own_cpu_per_100k\":%.3f,",
	    (to->own_cpu - from->own_cpu) * 1e5 / n);
	if (c->pid == 0)
		return;
	printf("\"broker_cpu_per_100k\":%.3f,\"broker_cpu_net_per_100k\":%.3f,"
	       "\"broker_idle_cpu\":%.4f,",
	    (to->cpu - from->cpu) * 1e5 / n,
	    (to->cpu - from->cpu - idle * r->seconds) * 1e5 / n, idle);
}

static bool
run(const struct load_conf *c)
{
	static struct load_result r;
	struct usage start = look(c), swarmed, queued, before, after;
	double idle = 0;

	swarm_start(c);
	swarmed = look(c);
	if (c->n_queued > 0)
		drive_queue(c);
	queued = look(c);
	echo_start(c);
	printf("{");
	if (c->seconds > 0) {
		drive_run(c, NULL);
		if (c->pid != 0 && c->n_swarm > 0)
			idle = idle_cpu(c);
		before = look(c);
		drive_run(c, &r);
		after = look(c);
		report_load(c, &r, &before, &after, idle);
	}
	r.errors += echo_errors() + swarm_errors();
	if (c->pid != 0)
		printf("\"broker_rss_kb\":%ld,\"bytes_per_swarm_worker\":%.0f,"
		       "\"bytes_per_queued\":%.0f,\"queued_kb\":%ld,",
		    look(c).rss_kb,
		    each(swarmed.rss_kb - start.rss_kb, (uint64_t)c->n_swarm),
		    each(queued.rss_kb - swarmed.rss_kb, c->n_queued),
		    queued.rss_kb - swarmed.rss_kb);
	printf("\"lost\":%llu,\"dup\":%llu,\"errors\":%llu}\n",
	    (unsigned long long)r.lost, (unsigned long long)r.dup,
	    (unsigned long long)r.errors);
	echo_stop();
	swarm_stop();
	return r.lost + r.dup + r.errors == 0;
}

int
main(int argc, char **argv)
{
	struct load_conf c = {.service = "echo",
	    .n_clients = 1,
	    .depth = 100,
	    .n_workers = 1,
	    .payload = 5,
	    .seconds = 3,
	    .beat_ms = 2000,
	    .swarm_service = "idle",
	    .queue_batch = 1000};
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1)
		set_option(&c, id, optarg);
	if (argc - optind != 1 || (c.round && !c.swarm_apart)) {
		fputs(usage, stderr);
		return 2;
	}
	c.endpoint = argv[optind];
	raise_limits(&c);
	return run(&c) ? 0 : 1;
}
