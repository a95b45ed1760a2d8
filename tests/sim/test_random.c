/*
 * Long seeded runs of peers that misbehave, in short lives: each has its own
 * broker, its own peers and its own settings. After every step the broker
 * checks itself and the model checks the mail; at the end of a life everybody
 * behaves and every request must be answered.
 *
 * SIM_STEPS: how many steps in all; SIM_SEED: of the first life, the next one
 * has the number after it. A failure says how to see it again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "act.h"
#include "check.h"

#define N_STEPS	  200000
#define SEED	  20130613
#define MAX_STEPS 4000 /* of a life; its end comes on top */
#define MANY	  1500 /* requests at a time, in one life of twenty */

struct run {
	uint64_t n_steps, trace_hash, mail_hash;
	uint64_t n_requests, n_finals, n_partials, n_rejects, n_expired;
	uint64_t n_lost, n_late, n_busy, n_draining, n_answered;
};

static uint64_t
setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

static void
add_figures(struct run *run, const struct world *w)
{
	const struct model *m = w->m;

	run->n_steps += w->n_steps;
	run->trace_hash = run->trace_hash * 31 + w->trace_hash;
	run->mail_hash = run->mail_hash * 31 + w->mail_hash;
	run->n_requests += m->last_serial;
	run->n_finals += m->n_finals;
	run->n_partials += m->n_partials;
	run->n_rejects += m->n_rejects;
	run->n_expired += m->n_expired;
	run->n_lost += m->n_lost;
	run->n_late += m->n_late;
	run->n_busy += m->n_busy;
	run->n_draining += m->n_draining;
	run->n_answered += m->n_answered;
}

/* Gives the world as it is in the end. */
static struct world *
live(uint64_t seed, uint64_t n_steps, struct run *run)
{
	struct world *w;

	world_note_seed(seed, n_steps);
	w = world_new(seed);
	if (world_below(w, 20) == 0)
		w->want_requests = MANY;
	while (w->n_steps < n_steps)
		act(w);
	act_behave(w);
	add_figures(run, w);
	return w;
}

static void
test_random_steps(void)
{
	uint64_t seed = setting("SIM_SEED", SEED);
	uint64_t n_steps = setting("SIM_STEPS", N_STEPS), n;
	struct run run = {0};

	while (run.n_steps < n_steps) {
		n = n_steps - run.n_steps;
		world_free(live(seed++, n < MAX_STEPS ? n : MAX_STEPS, &run));
	}
	printf("# %" PRIu64 " steps, %" PRIu64 " requests: %" PRIu64
	       " final and %" PRIu64 " partial replies, %" PRIu64
	       " rejections, %" PRIu64 " expired, %" PRIu64
	       " lost with their worker, %" PRIu64 " late replies, %" PRIu64
	       " BUSY, %" PRIu64 " DRAINING, %" PRIu64
	       " answered by what was kept\n",
	    run.n_steps, run.n_requests, run.n_finals, run.n_partials,
	    run.n_rejects, run.n_expired, run.n_lost, run.n_late, run.n_busy,
	    run.n_draining, run.n_answered);
}

static void
test_same_seed_same_run(void)
{
	uint64_t seed = setting("SIM_SEED", SEED);
	struct world *one, *other;
	struct run first, second;

	for (uint64_t i = 0; i < 6; i++) {
		first = second = (struct run){0};
		/* Both at a time: no address is the same. */
		one = live(seed + i, MAX_STEPS / 2, &first);
		other = live(seed + i, MAX_STEPS / 2, &second);
		world_free(one);
		world_free(other);
		CHECK(first.n_steps == second.n_steps);
		CHECK(first.trace_hash == second.trace_hash);
		CHECK(first.mail_hash == second.mail_hash);
	}
}

static const struct check_test tests[] = {
    {test_random_steps, "peers misbehave, the broker does not"},
    {test_same_seed_same_run,
	"the same seed and events give the same trace and mail"},
};

CHECK_MAIN(tests)
