/*
 * Each allocation of a worker fails once: what asked for it says so, and
 * nothing else is the worse for it. The fake broker allocates elsewhere.
 */
#include <jansson.h>

#include "base/alloc.h"
#include "wrig.h"

#define ENOUGH 1000 /* allocations; no deed here needs as many */

static void
test_new(void)
{
	struct pigato_worker *w = NULL;
	size_t n;

	for (n = 1; n < ENOUGH && w == NULL; n++) {
		pgt_alloc_fail_at(n);
		w = pigato_worker_new("tcp://127.0.0.1:1,tcp://127.0.0.1:2",
		    "a name that is too long to be kept in place");
		pgt_alloc_fail_at(0);
	}
	CHECK(n > 4 && w != NULL);
	pigato_worker_free(w);
}

/* From start to stop there is nothing that would have to be allocated. */
static void
test_life(void)
{
	wrig_open(1);
	pgt_alloc_fail_at(1);
	wrig_start();
	CHECK_INT(pigato_worker_set_concurrency(wrig.w, 5), 0);
	CHECK_INT(pigato_worker_drain(wrig.w), 0);
	WRIG_UNTIL(wrig_logged("stop"));
	pgt_alloc_fail_at(0);
	wrig_close();
}

/* Another worker may have it. */
static void
test_request(void)
{
	size_t n = 0;

	wrig_open(1);
	wrig_start();
	while (wrig.n_rep == 0 && n < ENOUGH) {
		wrig_forget();
		wrig_ask(0, "a request of a name that is not short", "1");
		pgt_alloc_fail_at(++n);
		WRIG_UNTIL(wrig.log[0] != '\0');
		pgt_alloc_fail_at(0);
		if (wrig.n_rep > 0)
			break;
		CHECK_TEXT(wrig.log, "error 0 NOMEM\n");
		wrig_sync(0);
		CHECK_TEXT(wrig.broker[0].heard,
		    "reject c a request of a name that is not short 0 null\n");
		CHECK_INT(pigato_worker_in_flight(wrig.w), 0);
	}
	CHECK(n > 2 && n < ENOUGH);
	CHECK_INT(pigato_reply_end(wrig.rep[0], "1", 1), 0);
	wrig_close();
}

static int
say(struct pigato_reply *rep, int which, const json_t *v)
{
	static const char data[] =
	    "\"data that are too long to be kept in place\"";

	switch (which) {
	case 0:
		return pigato_reply_write(rep, data, sizeof(data) - 1);
	case 1:
		return pigato_reply_write_json(rep, v);
	case 2:
		return pigato_reply_error_text(rep, json_string_value(v));
	case 3:
		return pigato_reply_end_json(rep, v);
	default:
		return pigato_reply_end(rep, data, sizeof(data) - 1);
	}
}

/* It can be said again. */
static void
test_reply(void)
{
	json_t *v = json_string("a value that is too long to be kept in place");
	struct pigato_reply *rep;
	size_t n;
	int rc;

	wrig_open(1);
	wrig_start();
	for (int which = 0; which < 5; which++) {
		rep = wrig_get(0, "a", "1");
		n = 0;
		do {
			pgt_alloc_fail_at(++n);
			rc = say(rep, which, v);
			pgt_alloc_fail_at(0);
			CHECK(rc == 0 || rc == PIGATO_ERR_NOMEM);
			CHECK_INT(
			    pigato_reply_is_active(rep), rc != 0 || which < 2);
		} while (rc != 0 && n < ENOUGH);
		CHECK(n > 1 && n < ENOUGH);
		if (which < 2)
			CHECK_INT(pigato_reply_end(rep, "1", 1), 0);
	}
	json_decref(v);
	wrig_close();
}

/* What needs no memory of ours cannot fail for the want of it. */
static void
test_small_words(void)
{
	struct pigato_reply *a, *b;

	wrig_open(1);
	wrig_start();
	a = wrig_get(0, "a", "1");
	b = wrig_get(0, "b", "1");
	pgt_alloc_fail_at(1);
	CHECK_INT(pigato_reply_set_cache(a, INT64_MAX), 0);
	CHECK_INT(pigato_reply_heartbeat(a), 0);
	CHECK_INT(pigato_reply_write(a, "\"small\"", 7), 0);
	CHECK_INT(pigato_reply_end(a, NULL, 0), 0);
	CHECK_INT(pigato_reply_reject(b), 0);
	pgt_alloc_fail_at(0);
	wrig_close();
}

static const struct check_test tests[] = {
    {test_new, "a worker"},
    {test_life, "its life"},
    {test_request, "a request"},
    {test_reply, "a reply"},
    {test_small_words, "small words"},
};

CHECK_MAIN(tests)
