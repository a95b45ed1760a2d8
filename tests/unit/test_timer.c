/* Timers fire in order, when they are due, once. */
#include "base/timer.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/rand.h"
#include "check.h"

static void
test_they_fire_in_order_when_due(void)
{
	static const int64_t at[] = {30, 10, 20, 0, 25};
	struct pgt_timer timer[5];
	struct pgt_timers t;

	pgt_timers_init(&t);
	CHECK_INT(pgt_timers_next(&t), -1);
	for (int i = 0; i < 5; i++) {
		CHECK_INT(pgt_timer_open(&t, &timer[i], 100 + i), 0);
		CHECK(!pgt_timer_is_armed(&timer[i]));
		pgt_timer_arm(&t, &timer[i], at[i]);
		CHECK(pgt_timer_is_armed(&timer[i]));
	}
	CHECK_INT(pgt_timers_next(&t), 0);
	CHECK_INT(pgt_timers_pop(&t, 0)->kind, 103);
	CHECK(!pgt_timer_is_armed(&timer[3]));
	CHECK(pgt_timers_pop(&t, 9) == NULL);
	CHECK_INT(pgt_timers_next(&t), 10);
	CHECK_INT(pgt_timers_pop(&t, 10)->kind, 101);
	CHECK(pgt_timers_pop(&t, 10) == NULL);
	CHECK_INT(pgt_timers_pop(&t, 1000)->kind, 102);
	CHECK_INT(pgt_timers_pop(&t, 1000)->kind, 104);
	CHECK_INT(pgt_timers_pop(&t, 1000)->kind, 100);
	CHECK(pgt_timers_pop(&t, INT64_MAX) == NULL);
	CHECK_INT(pgt_timers_next(&t), -1);
	pgt_timers_clear(&t);
}

static void
test_arming_again_moves_it(void)
{
	struct pgt_timer a, b;
	struct pgt_timers t;

	pgt_timers_init(&t);
	CHECK_INT(pgt_timer_open(&t, &a, 1), 0);
	CHECK_INT(pgt_timer_open(&t, &b, 2), 0);
	pgt_timer_arm(&t, &a, 10);
	pgt_timer_arm(&t, &b, 20);
	pgt_timer_arm(&t, &a, 30);
	CHECK(pgt_timers_pop(&t, 20) == &b);
	CHECK(pgt_timers_pop(&t, 29) == NULL);
	pgt_timer_arm(&t, &a, 5);
	CHECK(pgt_timers_pop(&t, 5) == &a);
	CHECK(pgt_timers_pop(&t, INT64_MAX) == NULL);
	pgt_timers_clear(&t);
}

static void
test_a_disarmed_one_does_not_fire(void)
{
	struct pgt_timer a, b;
	struct pgt_timers t;

	pgt_timers_init(&t);
	CHECK_INT(pgt_timer_open(&t, &a, 1), 0);
	CHECK_INT(pgt_timer_open(&t, &b, 2), 0);
	pgt_timer_arm(&t, &a, 10);
	pgt_timer_arm(&t, &b, 10);
	pgt_timer_disarm(&t, &a);
	pgt_timer_disarm(&t, &a); /* is harmless */
	CHECK(!pgt_timer_is_armed(&a));
	CHECK(pgt_timers_pop(&t, 10) == &b);
	CHECK(pgt_timers_pop(&t, 10) == NULL);
	pgt_timers_clear(&t);
}

static void
test_closing_disarms_and_gives_room_back(void)
{
	struct pgt_timer timer[16], more;
	struct pgt_timers t;

	pgt_timers_init(&t);
	for (int i = 0; i < 16; i++) {
		CHECK_INT(pgt_timer_open(&t, &timer[i], i), 0);
		pgt_timer_arm(&t, &timer[i], i);
	}
	pgt_alloc_fail_at(1);
	CHECK_INT(pgt_timer_open(&t, &more, 99), -ENOMEM);
	CHECK(!pgt_timer_is_armed(&more));
	pgt_timer_close(&t, &timer[0]);
	CHECK_INT(pgt_timers_next(&t), 1);
	CHECK_INT(pgt_timer_open(&t, &more, 99), 0);
	CHECK_INT(pgt_alloc_fail_at(0), 1);
	pgt_timer_arm(&t, &more, 0);
	CHECK(pgt_timers_pop(&t, 0) == &more);
	pgt_timer_close(&t, &more); /* not armed: gives its room back, too */
	CHECK_INT(t.heap.n_reserved, 15);
	pgt_timers_clear(&t);
}

/* As an owner does it: each that fires is armed again, somewhere later. */
static void
test_random_timers_never_fire_early_or_out_of_order(void)
{
	enum { N = 200, STEPS = 20000 };
	static struct pgt_timer timer[N];
	static int64_t at[N];
	struct pgt_timers t;
	struct pgt_timer *due;
	struct pgt_rand r;
	int64_t now = 0, last;
	int fired = 0;

	pgt_rand_init(&r, 6);
	pgt_timers_init(&t);
	for (int i = 0; i < N; i++) {
		CHECK_INT(pgt_timer_open(&t, &timer[i], i), 0);
		at[i] = (int64_t)pgt_rand_below(&r, 50);
		pgt_timer_arm(&t, &timer[i], at[i]);
	}
	while (fired < STEPS) {
		now = pgt_timers_next(&t) + (int64_t)pgt_rand_below(&r, 3);
		for (last = 0; (due = pgt_timers_pop(&t, now)) != NULL;
		     fired++) {
			CHECK(at[due->kind] >= last && at[due->kind] <= now);
			last = at[due->kind];
			at[due->kind] =
			    now + 1 + (int64_t)pgt_rand_below(&r, 50);
			pgt_timer_arm(&t, due, at[due->kind]);
		}
		for (int i = 0; i < N; i++)
			CHECK(at[i] > now);
	}
	pgt_timers_clear(&t);
}

static const struct check_test tests[] = {
    {test_they_fire_in_order_when_due, "they fire in order, when due"},
    {test_arming_again_moves_it, "arming one again moves it"},
    {test_a_disarmed_one_does_not_fire, "a disarmed one does not fire"},
    {test_closing_disarms_and_gives_room_back,
	"closing one disarms it and gives its room back"},
    {test_random_timers_never_fire_early_or_out_of_order,
	"random timers never fire early, late or out of order"},
};

CHECK_MAIN(tests)
