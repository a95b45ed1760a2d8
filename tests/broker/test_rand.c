/*
 * PROTOCOL 5: rand, uniformly at random. Who gets what is not for tests to
 * know, so the mail is not compared here but counted.
 */
#include <stdio.h>

#include "broker/broker.h"
#include "check.h"

#define N_WORKERS 8

struct counts {
	struct broker *b;
	size_t given[N_WORKERS]; /* to w0, w1, … */
	int last;		 /* who got the last one; -1: nobody */
};

static void
count(struct counts *c, const struct pgt_msg *m)
{
	struct pgt_slice peer = pgt_frame_view(&m->f[0]);

	if (peer.p[0] != 'w' || !pgt_slice_is(pgt_frame_view(&m->f[2]), "2"))
		return;
	c->last = peer.p[1] - '0';
	c->given[c->last]++;
}

/* Frames, NULL at the end, to the broker; what it sends is counted. */
static void
tell(struct counts *c, const char *const *frames)
{
	struct pgt_packet p;
	struct pgt_msg m;
	struct effect *fx;

	pgt_msg_init(&m);
	for (; *frames != NULL; frames++)
		CHECK_INT(
		    pgt_frame_from(pgt_msg_push(&m), pgt_slice_of(*frames)), 0);
	pgt_wire_decode(&p, &m, PGT_TO_BROKER, true);
	c->last = -1;
	broker_step(c->b, &(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(&m);
	while ((fx = broker_next_effect(c->b)) != NULL) {
		count(c, &fx->msg);
		broker_return_effect(c->b, fx);
	}
}

static void
start(struct counts *c, uint64_t seed)
{
	static const struct broker_conf conf = {
	    .heartbeat_ms = 2500,
	    .heartbeat_liveness = 3,
	    .default_timeout_ms = 60000,
	    .max_timeout_ms = -1,
	    .default_concurrency = -1,
	    .dispatch = "rand",
	};

	*c = (struct counts){.b = broker_new(&conf, seed)};
	CHECK(c->b != NULL);
}

static void
ready(struct counts *c, const char *worker, const char *service)
{
	tell(c, (const char *[]){worker, "W", "1", service, NULL});
}

/* That many requests, none of them ever answered. */
static void
request(struct counts *c, const char *service, int n)
{
	char rid[16];

	for (int i = 0; i < n; i++) {
		snprintf(rid, sizeof(rid), "r%d", i);
		tell(c,
		    (const char *[]){"c", "C", "2", service, rid, "x", NULL});
	}
}

/* 4000 draws among four: 1000 each, and 5 standard deviations of 27. */
static void
test_uniformly(void)
{
	static const char *const names[] = {"w0", "w1", "w2", "w3"};

	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct counts c;

		start(&c, seed);
		for (int i = 0; i < 4; i++)
			ready(&c, names[i], "echo");
		request(&c, "echo", 4000);
		for (int i = 0; i < 4; i++)
			CHECK(c.given[i] > 860 && c.given[i] < 1140);
		broker_free(c.b);
	}
}

/* Each worker counts the same, not each version. */
static void
test_over_versions(void)
{
	struct counts c;

	start(&c, 1);
	ready(&c, "w0", "calc@1.0.0");
	ready(&c, "w1", "calc@1.1.0");
	ready(&c, "w2", "calc@1.1.0");
	ready(&c, "w3", "calc@1.1.0");
	ready(&c, "w4", "calc@2.0.0");
	request(&c, "calc@^1.0.0", 4000);
	for (int i = 0; i < 4; i++)
		CHECK(c.given[i] > 860 && c.given[i] < 1140);
	CHECK_INT(c.given[4], 0);
	broker_free(c.b);
}

/* Who has no slot is not drawn. */
static void
test_full_workers(void)
{
	struct counts c;

	start(&c, 1);
	ready(&c, "w0", "echo");
	ready(&c, "w1", "echo");
	tell(&c,
	    (const char *[]){"w0", "W", "4", "", "{\"concurrency\":0}", NULL});
	tell(&c,
	    (const char *[]){"w1", "W", "4", "", "{\"concurrency\":30}", NULL});
	request(&c, "echo", 100);
	CHECK_INT(c.given[0], 0);
	CHECK_INT(c.given[1], 30);
	broker_free(c.b);
}

/* Rejected by one after the other of eight: each gets it once. */
static void
test_rejected(void)
{
	char worker[] = "w0";

	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct counts c;

		start(&c, seed);
		for (int i = 0; i < N_WORKERS; i++) {
			worker[1] = (char)('0' + i);
			ready(&c, worker, "echo");
		}
		request(&c, "echo", 1);
		for (int i = 0; i < N_WORKERS; i++) {
			CHECK(c.last >= 0);
			worker[1] = (char)('0' + c.last);
			tell(&c, (const char *[]){
				     worker, "W", "7", "c", "", "r0", NULL});
		}
		CHECK_INT(c.last, -1);
		for (int i = 0; i < N_WORKERS; i++)
			CHECK_INT(c.given[i], 1);
		broker_free(c.b);
	}
}

/* Among those that are left after a rejection it is even, too. */
static void
test_uniformly_among_the_rest(void)
{
	size_t second[3] = {0};

	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct counts c;
		char worker[] = "w0";

		start(&c, seed);
		ready(&c, "w0", "echo");
		request(&c, "echo", 1);
		ready(&c, "w1", "echo");
		ready(&c, "w2", "echo");
		tell(&c,
		    (const char *[]){worker, "W", "7", "c", "", "r0", NULL});
		CHECK(c.last == 1 || c.last == 2);
		second[c.last]++;
		broker_free(c.b);
	}
	CHECK(second[1] > 1363 && second[1] < 1637);
}

static const struct check_test tests[] = {
    {test_uniformly, "PROTOCOL 5: rand: all workers alike"},
    {test_over_versions, "PROTOCOL 4, 5: rand over several versions"},
    {test_full_workers, "PROTOCOL 5: rand: not who is full"},
    {test_rejected, "PROTOCOL 5: rand: not who rejected it"},
    {test_uniformly_among_the_rest,
	"PROTOCOL 5: rand: alike, those that did not reject it"},
};

CHECK_MAIN(tests)
