/* Mail is shown to the model when it is written, and delivered later. */
#include "world.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "services/services.h"
#include "story.h"

static struct {
	uint64_t seed, n_steps;
	const struct world *w;
} running;

static const char *const policies[] = {"load", "rand", "rr"};

uint64_t
world_below(struct world *w, uint64_t n)
{
	return pgt_rand_below(&w->rand, n);
}

bool
world_chance(struct world *w, uint64_t percent)
{
	return world_below(w, 100) < percent;
}

struct model_bytes
world_copy(struct pgt_slice s)
{
	struct model_bytes b = {malloc(s.n + 1), s.n};

	CHECK(b.p != NULL);
	if (s.n > 0)
		memcpy(b.p, s.p, s.n);
	return b;
}

/* ---- when something is wrong ---- */

void
world_note_seed(uint64_t seed, uint64_t n_steps)
{
	running.seed = seed;
	running.n_steps = n_steps;
}

void
world_explain(const char *words)
{
	printf("# %s\n", words);
	story_print();
	printf("# step %" PRIu64 "; again: SIM_SEED=%" PRIu64
	       " SIM_STEPS=%" PRIu64 "\n",
	    running.w != NULL ? running.w->n_steps : 0, running.seed,
	    running.n_steps);
}

static void
fail(const char *words)
{
	world_explain(words);
	check_fail(__FILE__, __LINE__, "%s", words);
}

/* broker_check() aborts. */
static void
on_abort(int number)
{
	(void)number;
	world_explain("aborted: an invariant of broker_check(), or an assert");
	printf("not ok - aborted\n");
	fflush(stdout);
	_exit(1);
}

/* ---- hashes ---- */

static void
hash(uint64_t *h, const char *p, size_t n)
{
	*h = (*h ^ n) * UINT64_C(0x100000001b3);
	for (size_t i = 0; i < n; i++)
		*h = (*h ^ (unsigned char)p[i]) * UINT64_C(0x100000001b3);
}

static void
on_trace(void *arg, enum trace_level level, const char *line)
{
	struct world *w = arg;

	(void)level;
	hash(&w->trace_hash, line, strlen(line));
	story_add(w->now, line, NULL);
}

static void
hash_mail(struct world *w, const struct effect *fx)
{
	struct pgt_slice v;

	for (size_t i = 0; i < fx->msg.n; i++) {
		v = pgt_frame_view(&fx->msg.f[i]);
		hash(&w->mail_hash, v.p, v.n);
	}
}

/* ---- steps ---- */

static void
push_mail(struct world *w, struct effect *fx)
{
	if (w->n_mail == w->cap_mail) {
		w->cap_mail = w->cap_mail * 2 + 16;
		w->mail =
		    realloc(w->mail, w->cap_mail * sizeof(struct effect *));
		CHECK(w->mail != NULL);
	}
	w->mail[w->n_mail++] = fx;
}

static void
step(struct world *w, struct event *ev, struct pgt_msg *m)
{
	struct effect *fx;

	ev->now = w->now;
	w->n_steps++;
	model_begin(w->m, ev, broker_deadline(w->b), m);
	broker_step(w->b, ev);
	broker_check(w->b);
	while ((fx = broker_next_effect(w->b)) != NULL) {
		push_mail(w, fx);
		hash_mail(w, fx);
		story_add(w->now, fx->type == FX_SEND ? "  to" : "  publish",
		    &fx->msg);
		model_mail(w->m, fx);
	}
	model_end(w->m, broker_deadline(w->b), broker_stats(w->b));
}

/* ---- delivery ---- */

void
world_drop_job(struct world_peer *p, size_t i)
{
	free(p->inbox[i].rid.p);
	p->inbox[i] = p->inbox[--p->n_inbox];
}

static void
keep_job(struct world *w, struct world_peer *p, const struct pgt_packet *q)
{
	struct world_job *j;

	if (p->n_inbox == WORLD_INBOX)
		world_drop_job(p, world_below(w, WORLD_INBOX));
	j = &p->inbox[p->n_inbox++];
	j->client = model_find_peer(w->m, pgt_packet_view(q, PGT_F_CLIENT));
	j->rid = world_copy(pgt_packet_view(q, PGT_F_RID));
}

static void
deliver(struct world *w, struct effect *fx)
{
	struct pgt_packet q;
	struct world_peer *p;

	if (fx->type == FX_PUBLISH)
		return;
	pgt_wire_decode(&q, &fx->msg, PGT_FROM_BROKER, true);
	p = &w->peers[model_find_peer_at(
	    w->m, fx->port, pgt_frame_view(q.peer))];
	if (p->is_blocked) {
		story_add(w->now, "refused", &fx->msg);
		step(w, &(struct event){.type = EV_UNSENT, .effect = fx}, NULL);
	} else if (q.verb == PGT_TO_WORKER_REQUEST) {
		keep_job(w, p, &q);
	} else if (q.verb == PGT_TO_WORKER_READY) {
		p->was_told_ready = true;
	} else if (q.verb == PGT_TO_WORKER_DISCONNECT) {
		p->was_told_ready = false;
	}
}

static void
deliver_all(struct world *w)
{
	struct effect *fx;

	for (size_t i = 0; i < w->n_mail; i++) {
		fx = w->mail[i];
		deliver(w, fx);
		broker_return_effect(w->b, fx);
	}
	w->n_mail = 0;
}

/* ---- what happens ---- */

void
world_start(struct world *w, struct pgt_msg *m, size_t peer)
{
	const struct world_peer *p = &w->peers[peer];

	w->speaker = peer;
	pgt_msg_init(m);
	world_add(m, (struct pgt_slice){p->id, p->n_id});
}

void
world_add(struct pgt_msg *m, struct pgt_slice frame)
{
	struct pgt_frame *f = pgt_msg_push(m);

	CHECK(f != NULL);
	CHECK_INT(pgt_frame_from(f, frame), 0);
}

void
world_add_text(struct pgt_msg *m, const char *frame)
{
	world_add(m, pgt_slice_of(frame));
}

static void
send(struct world *w, struct pgt_msg *m, bool is_cut)
{
	struct world_peer *from = &w->peers[w->speaker];
	struct pgt_packet p;

	pgt_wire_decode(&p, m, PGT_TO_BROKER, true);
	p.port = from->port;
	if (is_cut) {
		p.verb = PGT_MALFORMED;
		p.why = "too many frames";
	}
	story_add(w->now,
	    is_cut		       ? "from, cut"
	    : from->port == PORT_ADMIN ? "from, operator"
				       : "from",
	    m);
	if (m->n > 0)
		from->sent_at = w->now;
	step(w, &(struct event){.type = EV_MESSAGE, .packet = &p}, m);
	pgt_msg_clear(m);
	deliver_all(w);
}

void
world_send(struct world *w, struct pgt_msg *m)
{
	send(w, m, false);
}

void
world_send_cut(struct world *w, struct pgt_msg *m)
{
	send(w, m, true);
}

void
world_set_time(struct world *w, int64_t at)
{
	int64_t due;

	w->now = at;
	story_add(w->now, "time", NULL);
	do {
		step(w, &(struct event){.type = EV_TIME}, NULL);
		due = broker_deadline(w->b);
	} while (due >= 0 && due <= w->now);
	deliver_all(w);
}

void
world_set_conf(struct world *w, const struct broker_conf *conf)
{
	w->conf = *conf;
	w->conf.trace = on_trace;
	w->conf.trace_arg = w;
	story_add(w->now, "new settings", NULL);
	step(w, &(struct event){.type = EV_CONF, .conf = &w->conf}, NULL);
	deliver_all(w);
}

void
world_drain(struct world *w)
{
	story_add(w->now, "drain", NULL);
	step(w, &(struct event){.type = EV_DRAIN}, NULL);
	deliver_all(w);
}

void
world_stop(struct world *w)
{
	story_add(w->now, "stop", NULL);
	step(w, &(struct event){.type = EV_STOP}, NULL);
	deliver_all(w);
}

/* ---- birth and death ---- */

static void
add_peer(struct world *w, const char *format, unsigned i, bool is_worker)
{
	struct world_peer *p = &w->peers[w->n_peers++];

	p->n_id = (size_t)snprintf(p->id, sizeof(p->id), format, i);
	p->is_worker = is_worker;
	if (!is_worker && i % 5 == 4)
		p->id[0] = (char)(0xf0 + i); /* ids are bytes */
	if (!is_worker && i == 3)
		p->id[1] = '\0';
}

/* Operators, of the same ids as some clients and a worker. */
static void
add_operators(struct world *w)
{
	size_t n = world_below(w, 5); /* there are as many clients */

	for (size_t i = 0; i < n; i++) {
		w->peers[w->n_peers] = w->peers[i];
		w->peers[w->n_peers++].port = PORT_ADMIN;
	}
	if (n > 0) {
		add_peer(w, "w%u", 0, false);
		w->peers[w->n_peers - 1].port = PORT_ADMIN;
	}
}

static void
add_peers(struct world *w)
{
	unsigned n_clients = 4 + (unsigned)world_below(w, 28);
	unsigned n_workers = 5 + (unsigned)world_below(w, 14);

	for (unsigned i = 0; i < n_clients; i++)
		add_peer(w, "c%u", i, false);
	add_operators(w);
	w->n_clients = w->n_peers;
	for (unsigned i = 0; i < n_workers; i++)
		add_peer(w, "w%u", i, true);
	add_peer(w, "both", 0, true);
	add_peer(w, "nobody", 0, true);
	w->n_workers = w->n_peers - w->n_clients;
	/* Comes at the end, to do what is left; see behave.c. */
	add_peer(w, "helper", 0, true);
	for (size_t i = 0; i < w->n_peers; i++)
		model_add_peer(w->m, w->peers[i].port,
		    (struct pgt_slice){w->peers[i].id, w->peers[i].n_id});
}

static struct broker_conf
first_conf(struct world *w)
{
	return (struct broker_conf){
	    .heartbeat_ms = 2500,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = world_chance(w, 50) ? 60000 : 5000,
	    .max_timeout_ms = -1,
	    .default_concurrency =
		(int64_t[]){100, 1, 2, -1}[world_below(w, 4)],
	    .dispatch = policies[world_below(w, 3)],
	    .external_core = world_chance(w, 50),
	    .slowlog_max = 5,
	    .cache = {true, INT64_C(1) << 32, INT64_C(1) << 30, -1, false},
	    .trace = on_trace,
	    .trace_arg = w,
	    .trace_level = TRACE_DEBUG,
	};
}

struct world *
world_new(uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));
	enum model_core core;

	CHECK(w != NULL);
	signal(SIGABRT, on_abort);
	story_clear();
	running.w = w;
	pgt_rand_init(&w->rand, seed);
	core = (enum model_core)world_below(w, 3);
	w->conf = first_conf(w);
	w->m = model_new(&w->conf, core, fail);
	w->b = broker_new(&w->conf, seed);
	CHECK(w->b != NULL);
	if (core != CORE_NONE)
		CHECK_INT(broker_add_core(w->b,
			      core == CORE_DIR ? &dir_service : &dir_channel),
		    0);
	CHECK_INT(broker_add_core(w->b, &info_service), 0);
	w->m->has_cache = world_chance(w, 50);
	if (w->m->has_cache)
		CHECK_INT(broker_add_core(w->b, &cache_service), 0);
	add_peers(w);
	w->want_requests = 10 + (size_t)world_below(w, 90);
	w->rude = world_below(w, 4);
	return w;
}

void
world_free(struct world *w)
{
	broker_free(w->b);
	model_free(w->m);
	for (size_t i = 0; i < w->n_peers; i++)
		while (w->peers[i].n_inbox > 0)
			world_drop_job(&w->peers[i], 0);
	for (size_t i = 0; i < WORLD_RECENT; i++)
		free(w->recent[i].rid.p);
	free(w->mail);
	free(w);
	running.w = NULL;
}
