/*
 * Every allocation fails once. A story that walks through all the broker
 * does is told again and again; the nth allocation of the nth telling fails,
 * and so do those behind it until the step is over. Whatever was lost then,
 * no table is half changed (broker_check() after each step), the rest of the
 * story goes on without a crash, and at its end, with memory back, a request
 * is served. What leaks is found by the sanitizers and by valgrind.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "broker/broker.h"
#include "check.h"
#include "services/services.h"
#include "story.h"
#include "words.h"

#define MAX_ALLOCATIONS 20000

struct stage {
	struct broker *b;
	struct broker_conf conf;
	int64_t now;
	size_t left; /* allocations until one fails; 0: none does */
	bool has_failed;
	const char *blocked; /* this peer's mail is refused */
	const char *awaited; /* mail that is counted */
	bool keeps;	     /* effects: none is there for the next one */
	struct effect *kept;
	size_t n_got;
};

static const struct broker_conf settings = {
    .heartbeat_ms = 2500,
    .heartbeat_liveness = 3,
    .default_timeout_ms = 60000,
    .max_timeout_ms = -1,
    .default_concurrency = 100,
    .drain_timeout_ms = 7000,
    .dispatch = "load",
    .admin_everywhere = true,
    .cache = {true, 1 << 20, 1 << 16, -1, true},
    .external_core = true,
    .slowlog_max = 2,
    .trace_level = TRACE_DEBUG,
};

/* ---- steps ---- */

static void
step(struct stage *s, struct event *ev)
{
	size_t failures = pgt_alloc_failures(), asked;
	bool may_fail = s->left > 0;

	ev->now = s->now;
	pgt_alloc_fail_at(s->left);
	broker_step(s->b, ev);
	asked = pgt_alloc_fail_at(0);
	broker_check(s->b);
	if (pgt_alloc_failures() != failures)
		s->has_failed = true;
	if (may_fail)
		s->left = s->has_failed ? 0 : s->left - asked;
}

/* "w1 W 2": who gets it, and the first frames. */
static bool
is_awaited(const struct stage *s, const struct pgt_msg *m)
{
	char text[64];
	size_t n = 0;

	for (size_t i = 0; i < m->n && i < 3 && n < sizeof(text); i++) {
		struct pgt_slice v = pgt_frame_view(&m->f[i]);

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.*s",
		    i > 0 ? " " : "", (int)v.n, v.p);
	}
	return s->awaited != NULL && strcmp(text, s->awaited) == 0;
}

static void
carry_out(struct stage *s)
{
	struct effect *fx;

	while ((fx = broker_next_effect(s->b)) != NULL) {
		if (fx->type == FX_SEND && s->blocked != NULL &&
		    pgt_slice_is(pgt_frame_view(&fx->msg.f[0]), s->blocked))
			step(s,
			    &(struct event){.type = EV_UNSENT, .effect = fx});
		else if (is_awaited(s, &fx->msg))
			s->n_got++;
		if (s->keeps) {
			fx->next = s->kept;
			s->kept = fx;
		} else {
			broker_return_effect(s->b, fx);
		}
	}
}

static void
return_kept(struct stage *s)
{
	struct effect *fx;

	while ((fx = s->kept) != NULL) {
		s->kept = fx->next;
		broker_return_effect(s->b, fx);
	}
}

/* ---- the words of a story ---- */

static void
do_message(struct stage *s, char *words)
{
	struct pgt_packet p;
	struct pgt_msg m;
	bool is_admin = words[0] == '@';

	words += is_admin;
	pgt_msg_init(&m);
	CHECK(words_to_message(words, &m));
	pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
	p.port = is_admin ? PORT_ADMIN : PORT_PUBLIC;
	step(s, &(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(&m);
	carry_out(s);
}

static void
do_wait(struct stage *s, const char *words)
{
	int64_t end = s->now + atoi(words), due;

	do {
		due = broker_deadline(s->b);
		if (due < 0 || due > end)
			s->now = end;
		else if (due > s->now)
			s->now = due;
		step(s, &(struct event){.type = EV_TIME});
		carry_out(s);
		due = broker_deadline(s->b);
	} while (s->now < end || (due >= 0 && due <= end));
}

static void
do_conf(struct stage *s, const char *policy)
{
	s->conf.dispatch = policy;
	step(s, &(struct event){.type = EV_CONF, .conf = &s->conf});
	carry_out(s);
}

static void
tell_line(struct stage *s, const char *line)
{
	char copy[1024];

	snprintf(copy, sizeof(copy), "%s", line);
	if (strncmp(copy, "wait ", 5) == 0) {
		do_wait(s, copy + 5);
	} else if (strncmp(copy, "block ", 6) == 0) {
		s->blocked = line + 6;
	} else if (strcmp(copy, "open") == 0) {
		s->blocked = NULL;
	} else if (strncmp(copy, "policy ", 7) == 0) {
		do_conf(s, line + 7);
	} else if (strncmp(copy, "queue ", 6) == 0) {
		s->conf.max_queue = atoi(copy + 6);
		do_conf(s, s->conf.dispatch);
	} else if (strcmp(copy, "drain") == 0) {
		step(s, &(struct event){.type = EV_DRAIN});
		carry_out(s);
	} else if (strcmp(copy, "stop") == 0) {
		step(s, &(struct event){.type = EV_STOP});
		carry_out(s);
	} else {
		do_message(s, copy);
	}
}

/* ---- tellings ---- */

/* False: the broker could not be made. */
static bool
open_stage(struct stage *s, size_t fail_at, bool keeps)
{
	size_t asked = 0;

	*s = (struct stage){.conf = settings, .keeps = keeps};
	pgt_alloc_fail_at(fail_at);
	s->b = broker_new(&s->conf, 1);
	if (s->b != NULL && (broker_add_core(s->b, &dir_service) < 0 ||
				broker_add_core(s->b, &cache_service) < 0 ||
				broker_add_core(s->b, &info_service) < 0)) {
		broker_free(s->b);
		s->b = NULL;
	}
	asked = pgt_alloc_fail_at(0);
	if (s->b != NULL && fail_at > 0) {
		CHECK(asked < fail_at);
		s->left = fail_at - asked;
	}
	return s->b != NULL;
}

/* One that nobody has heard of comes, and one who wants something of it. */
static void
must_still_serve(struct stage *s)
{
	s->awaited = "w-last W 2";
	tell_line(s, "w-last W 1 last-service");
	tell_line(s, "c-last C 2 last-service last-rid 1");
	CHECK_INT(s->n_got, 1);
	s->awaited = "c-last C 3";
	tell_line(s, "w-last W 3 c-last \\e last-rid 0 2");
	CHECK_INT(s->n_got, 2);
}

/* Returns whether an allocation was left to fail. */
static bool
tell(const char *const *story, size_t n, bool keeps)
{
	struct stage s;
	bool has_failed;

	if (!open_stage(&s, n, keeps))
		return true;
	for (; *story != NULL; story++)
		tell_line(&s, *story);
	s.left = 0; /* with memory back */
	must_still_serve(&s);
	/* What was forgotten would never expire. */
	tell_line(&s, "wait 200000");
	CHECK_INT(broker_stats(s.b)->n_requests, 0);
	CHECK_INT(broker_stats(s.b)->n_workers, 0);
	has_failed = s.has_failed;
	return_kept(&s);
	broker_free(s.b);
	return has_failed;
}

static void
fail_each(bool keeps)
{
	size_t n = 1;

	while (n < MAX_ALLOCATIONS && tell(fault_story, n, keeps))
		n++;
	CHECK(n > 400 && n < MAX_ALLOCATIONS);
	printf("# %zu allocations\n", n - 1);
}

static void
test_every_allocation_fails(void)
{
	fail_each(false);
}

static void
test_every_effect_fails(void)
{
	fail_each(true);
}

/* A drain goes to its end, whoever can be told of it. */
static void
test_drain_ends(void)
{
	struct stage s;
	bool has_failed = true;
	size_t n = 1;

	for (; has_failed; n++) {
		if (!open_stage(&s, n, true))
			continue;
		for (size_t i = 0; fault_story_of_a_drain[i] != NULL; i++)
			tell_line(&s, fault_story_of_a_drain[i]);
		CHECK(broker_is_drained(s.b));
		CHECK_INT(broker_stats(s.b)->n_workers, 0);
		has_failed = s.has_failed;
		return_kept(&s);
		broker_free(s.b);
	}
	CHECK(n > 60);
}

static void
test_nothing_fails(void)
{
	CHECK(!tell(fault_story, 0, false));
	CHECK(!tell(fault_story, 0, true));
}

static void
test_no_broker_without_memory(void)
{
	pgt_alloc_fail_at(1);
	CHECK(broker_new(&settings, 1) == NULL);
	pgt_alloc_fail_at(0);
}

/*
 * No memory for the message to the worker: the request waited, with its
 * worker free, until another one came by.
 */
static void
test_what_waited_for_memory_is_given(void)
{
	struct stage s;
	size_t n = 0;

	do {
		CHECK(open_stage(&s, 0, true));
		tell_line(&s, "w1 W 1 echo");
		s.awaited = "w1 W 2";
		s.left = ++n;
		tell_line(&s, "c1 C 2 echo r1 1");
		s.left = 0;
		tell_line(&s, "w1 W 4");
		tell_line(&s, "wait 2500");
		CHECK_INT(s.n_got, broker_stats(s.b)->n_requests);
		return_kept(&s);
		broker_free(s.b);
	} while (s.has_failed);
	CHECK(n > 2);
}

static const struct check_test tests[] = {
    {test_nothing_fails, "the story, with enough memory"},
    {test_no_broker_without_memory, "no broker without memory"},
    {test_every_allocation_fails,
	"whichever allocation fails, the broker serves the next request"},
    {test_drain_ends, "whichever allocation fails, a drain ends"},
    {test_what_waited_for_memory_is_given,
	"a request that waited for memory is given when there is some"},
    {test_every_effect_fails, "… of every piece of mail as well"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
