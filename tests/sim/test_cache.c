/*
 * The reply cache against a plain model: arrays, and one list in the order of
 * use. Requests, replies with streams and times of all kinds, flushes,
 * settings and time come at random. Each answer must be what the model has,
 * each entry that leaves must be the one whose turn it is, memory must stay
 * below its limit, and what malloc says must agree with what is counted.
 *
 * CACHE_STEPS: how many; CACHE_SEED: of the first.
 */
#include <inttypes.h>
#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cache_model.h"
#include "check.h"
#include "services/services.h"

#define N_STEPS 300000
#define SEED	40417
/* Three entries: the last evicted, the one replaced, one not kept after all. */
#define SLACK  150000
#define MEMORY (INT64_C(4) << 20)

/* ---- what happens ---- */

static int64_t
some_ttl(void)
{
	static const int64_t ttls[] = {0, 50, 5000, 50000, 50000, 50000, 50000};

	return ttls[model_below(sizeof(ttls) / sizeof(ttls[0]))];
}

/* Some are asked for more often than others. */
static size_t
some_key(void)
{
	size_t service = (size_t)model_below(1 + model_below(N_SERVICES));

	return service * N_DATA +
	       (size_t)model_below(
		   1 + model_below(1 + model_below(1 + model_below(N_DATA))));
}

static void
do_request(void)
{
	size_t key = some_key();
	bool nocache = model_below(20) == 0, kept = model_is_kept(key);
	struct waiting *w = &model.waiting[model_below(N_WAITING)];

	model_ask(key, ++model.last, nocache ? "{\"nocache\":1}" : "{}");
	if (kept && !nocache) {
		model_check_answer(key);
		return;
	}
	CHECK(model.is_given && !model.is_answered);
	model.misses++;
	if (model_below(10) == 0 && w->number == 0)
		*w = (struct waiting){key, model.last, false};
	else
		model_reply(key, model.last, some_ttl(), false);
}

static void
do_late_reply(void)
{
	struct waiting *w = &model.waiting[model_below(N_WAITING)];

	if (w->number == 0)
		return;
	model.is_answered = false;
	model_reply(w->key, w->number, some_ttl(), w->is_old);
	w->number = 0;
}

static void
do_time(void)
{
	model.now +=
	    1 + (int64_t)model_below(model_below(50) == 0 ? 20000 : 40);
	/* Timers may be late. */
	if (model_below(4) > 0)
		model_serve_timers();
}

static void
do_flush(void)
{
	bool all = model_below(4) == 0, one = model_below(2) == 0;
	size_t key = some_key(), service = key / N_DATA;
	char text[200], data[100];
	size_t n = 0;

	data[model_write_data(data, key)] = '\0';
	for (size_t i = 0; i < N_KEYS; i++)
		if (model.keys[i].reply != 0 &&
		    (all || (one ? i == key : i / N_DATA == service))) {
			model_drop(i);
			n++;
		}
	for (size_t i = 0; i < N_WAITING; i++)
		if (all || model.waiting[i].key / N_DATA == service)
			model.waiting[i].is_old = true;
	if (all)
		sprintf(text, "{\"cmd\":\"flush\"}");
	else if (one)
		sprintf(text,
		    "{\"cmd\":\"flush\",\"service\":\"s%zu\",\"data\":\"%s\"}",
		    service, data);
	else
		sprintf(
		    text, "{\"cmd\":\"flush\",\"service\":\"s%zu\"}", service);
	model_tell("c C 2 $cache flush %", text, strlen(text));
	sprintf(data, "{\"flushed\":%zu}", n);
	CHECK_TEXT(model.data, data);
	model.flushed += n;
}

/* It forgets everything, and what is on its way is not kept. */
static void
switch_off(void)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (model.keys[i].reply != 0) {
			model_drop(i);
			model.flushed++;
		}
	for (size_t i = 0; i < N_WAITING; i++)
		model.waiting[i].is_old = true;
	model.conf.cache.is_on = false;
}

static void
do_conf(void)
{
	if (!model.conf.cache.is_on)
		model.conf.cache.is_on = true;
	else if (model_below(4) == 0)
		switch_off();
	model.conf.cache.max_memory = MEMORY >> model_below(3);
	model.conf.cache.max_entry = model_below(4) == 0 ? 6000 : 50000;
	model_step(&(struct event){.type = EV_CONF, .conf = &model.conf});
	for (int i = 0; i < 20; i++) {
		model.now++;
		model_serve_timers();
	}
}

/* ---- what always holds ---- */

static int64_t
figure(const char *name)
{
	char text[40], *at;

	model_tell("c C 2 $cache stats .", NULL, 0);
	sprintf(text, "\"%s\":", name);
	at = strstr(model.data, text);
	CHECK(at != NULL);
	return strtoll(at + strlen(text), NULL, 10);
}

static void
check_memory(void)
{
	int64_t memory = figure("memory_bytes"),
		max = model.conf.cache.max_memory;

	CHECK(memory <= max + max / 100);
	/* Nothing was evicted without need. */
	if (model.evicted_now > 0)
		CHECK(memory > max - SLACK);
}

static void
check_all(void)
{
	broker_check(model.b);
	model_serve_timers();
	for (size_t i = 0; i < N_KEYS; i++)
		CHECK(model.keys[i].reply == 0 ||
		      model.keys[i].dies_at > model.now);
	CHECK_INT(figure("entries"), model.n_kept);
	CHECK_INT(figure("hits"), model.hits);
	CHECK_INT(figure("stored"), model.stored);
	CHECK_INT(figure("evicted"), model.evicted);
	CHECK_INT(figure("expired"), model.expired);
	CHECK_INT(figure("flushed"), model.flushed);
}

static void
act(void)
{
	uint64_t what = model_below(10000);

	model.evicted_now = 0;
	if (what < 7000)
		do_request();
	else if (what < 8000)
		do_late_reply();
	else if (what < 9990)
		do_time();
	else if (what < 9992)
		do_flush();
	else if (model_below(20) == 0)
		do_conf();
	if (model.evicted_now > 0 ? what % 16 == 0 : what % 512 == 0)
		check_memory();
}

/* ---- all of it ---- */

static uint64_t
setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoull(text, NULL, 0);
}

static void
begin(uint64_t seed)
{
	memset(&model, 0, sizeof(model));
	model.keys[NOBODY].next = model.keys[NOBODY].prev = NOBODY;
	pgt_rand_init(&model.rand, seed);
	model.conf = (struct broker_conf){
	    .heartbeat_ms = INT64_C(1) << 40,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = -1,
	    .max_timeout_ms = -1,
	    .default_concurrency = -1,
	    .dispatch = "load",
	    .admin_everywhere = true,
	    .cache = {true, MEMORY, 50000, -1, true},
	};
	model.b = broker_new(&model.conf, seed);
	CHECK(model.b != NULL);
	CHECK_INT(broker_add_core(model.b, &cache_service), 0);
	model_tell("w W 1 *", NULL, 0);
}

static void
test_random_steps(void)
{
	uint64_t n_steps = setting("CACHE_STEPS", N_STEPS);

	begin(setting("CACHE_SEED", SEED));
	for (; model.n_steps < n_steps; model.n_steps++) {
		act();
		if (model.n_steps % 20000 == 0)
			check_all();
	}
	check_all();
	printf("# %" PRIu64 " steps, %" PRIu64 " hits, %" PRIu64
	       " misses, %" PRIu64 " stored, %" PRIu64 " expired, %" PRIu64
	       " evicted, %" PRIu64 " flushed\n",
	    model.n_steps, model.hits, model.misses, model.stored,
	    model.expired, model.evicted, model.flushed);
	CHECK(model.hits > 0 && model.expired > 0 && model.evicted > 0 &&
	      model.flushed > 0);
	broker_free(model.b);
}

/* Not where another malloc is at work: it tells nothing. */
static size_t
taken(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

/* The heap of the timers has the size it had once. */
static void
test_what_is_counted_is_what_is_taken(void)
{
	int64_t counted;
	size_t full, empty;

	begin(SEED);
	model.conf.cache.max_memory = MEMORY;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 20000; i++)
			do_request();
		for (size_t i = 0; i < N_WAITING; i++)
			if (model.waiting[i].number != 0) {
				model_reply(model.waiting[i].key,
				    model.waiting[i].number, 0, true);
				model.waiting[i].number = 0;
			}
		counted = figure("memory_bytes");
		counted -= figure("entries") * 32;
		full = taken();
		model_tell("c C 2 $cache flush %", "{\"cmd\":\"flush\"}", 15);
		for (size_t i = 0; i < N_KEYS; i++)
			if (model.keys[i].reply != 0)
				model_drop(i);
		for (int i = 0; i < 30; i++) {
			model.now++;
			model_serve_timers();
		}
		CHECK_INT(figure("memory_bytes"), 0);
		empty = taken();
		printf("# counted %" PRId64 ", taken %zu\n", counted,
		    full - empty);
		if (full == 0)
			continue;
		CHECK((int64_t)(full - empty) <= counted + counted / 100);
		CHECK((int64_t)(full - empty) >= counted - counted / 50);
	}
	broker_free(model.b);
}

/* PROTOCOL 7.1: clients get the very bytes that came from the worker. */
static void
test_a_hit_copies_nothing(void)
{
	static char data[20000];
	char line[100];
	const char *at;

	begin(SEED);
	model_ask(0, ++model.last, "{}");
	sprintf(
	    line, "w W 3 c . %" PRIu64 " 0 %% {\"cache\":1000}", model.last);
	model_tell(line, data, sizeof(data));
	at = model.data_at;
	for (int i = 0; i < 3; i++) {
		model_ask(0, ++model.last, "{}");
		CHECK(model.is_answered && !model.is_given);
		CHECK_INT(model.n_data, sizeof(data));
		CHECK(model.data_at == at);
	}
	broker_free(model.b);
}

static const struct check_test tests[] = {
    {test_random_steps, "the cache and its model agree"},
    {test_what_is_counted_is_what_is_taken,
	"what is counted is what malloc takes"},
    {test_a_hit_copies_nothing, "a hit copies nothing"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
