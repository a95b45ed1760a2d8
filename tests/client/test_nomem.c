/*
 * Each allocation of a client fails once: what asked for it says so, and
 * nothing else is the worse for it. The fake broker allocates elsewhere.
 */
#include <jansson.h>

#include "base/alloc.h"
#include "rig.h"

#define ENOUGH 1000 /* allocations; no deed here needs as many */

static void
test_new(void)
{
	struct pigato_client *c = NULL;
	size_t n;

	for (n = 1; n < ENOUGH && c == NULL; n++) {
		pgt_alloc_fail_at(n);
		c = pigato_client_new("tcp://127.0.0.1:1,tcp://127.0.0.1:2");
		pgt_alloc_fail_at(0);
	}
	CHECK(n > 3 && c != NULL);
	pigato_client_free(c);
}

static int
request(const struct pigato_request_opts *o, bool json)
{
	static const char name[] =
	    "a name that is too long to be kept in place";
	static const char data[] =
	    "\"data that are too long to be kept in place\"";
	json_t *v;
	int rc;

	if (!json)
		return pigato_client_request(rig.c, name, data,
		    sizeof(data) - 1, o, rig_on_response, (void *)"a", NULL);
	v = json_string("a text that is too long to be kept in place");
	rc = pigato_client_request_json(
	    rig.c, name, v, o, rig_on_response, (void *)"a", NULL);
	json_decref(v);
	return rc;
}

/* How often it failed before it went well. */
static size_t
until_it_works(const struct pigato_request_opts *o, bool json)
{
	size_t n = 0;
	int rc;

	do {
		pgt_alloc_fail_at(++n);
		rc = request(o, json);
		pgt_alloc_fail_at(0);
		if (rc != 0) {
			CHECK_INT(rc, PIGATO_ERR_NOMEM);
			CHECK_INT(pigato_client_in_flight(rig.c), 0);
		}
	} while (rc != 0 && n < ENOUGH);
	return n - 1;
}

static void
test_request(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;

	o.worker_id = "W-01234567-89ab-cdef-0123-456789abcdef";
	for (int i = 0; i < 4; i++) {
		rig_open(1);
		rig.broker[0].is_echo = true;
		CHECK(until_it_works(i % 2 == 0 ? NULL : &o, i >= 2) >= 5);
		RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
		CHECK_INT(rig.n_ok, 1);
		rig_close();
	}
}

static void
on_short(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	size_t size = 1;

	(void)r;
	(void)arg;
	pgt_alloc_fail_at(1);
	CHECK(pigato_response_keep(response) == NULL);
	CHECK(pigato_response_data(response, &size) == NULL && size == 0);
	pgt_alloc_fail_at(0);
	CHECK(pigato_response_data(response, &size) != NULL && size > 0);
	rig_on_response(r, response, (void *)"a");
}

static void
test_response(void)
{
	rig_open(1);
	rig.broker[0].is_echo = true;
	CHECK_INT(pigato_client_request(
		      rig.c, "s", "12345", 5, NULL, on_short, NULL, NULL),
	    0);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("a final 12345"));
	rig_close();
}

/* A stream that cannot queue says so once, and is over. */
static void
test_stream(void)
{
	struct pigato_stream *s = NULL;
	struct pigato_response *response;
	struct fake_mail *m;

	rig_open(1);
	pgt_alloc_fail_at(1);
	CHECK_INT(
	    pigato_stream_open(&s, rig.c, "s", "1", 1, NULL), PIGATO_ERR_NOMEM);
	pgt_alloc_fail_at(2);
	CHECK_INT(
	    pigato_stream_open(&s, rig.c, "s", "1", 1, NULL), PIGATO_ERR_NOMEM);
	pgt_alloc_fail_at(0);
	CHECK_INT(pigato_stream_open(&s, rig.c, "s", "1", 1, NULL), 0);
	RIG_UNTIL((m = rig_held(0, "1")) != NULL);
	fake_reply(&rig.broker[0], m, "6", "0", "11");
	fake_reply(&rig.broker[0], m, "6", "0", "12");
	fake_reply(&rig.broker[0], m, "3", "0", "13");
	pgt_alloc_fail_at(2);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	pgt_alloc_fail_at(0);
	CHECK_INT(pigato_stream_next(s, 0, &response), 0);
	CHECK_TEXT(pigato_response_data(response, NULL), "11");
	pigato_response_free(response);
	CHECK_INT(pigato_stream_next(s, 0, &response), PIGATO_ERR_NOMEM);
	CHECK_INT(pigato_stream_next(s, 0, &response), PIGATO_ERR_STATE);
	pigato_stream_close(s);
	rig_close();
}

static const struct check_test tests[] = {
    {test_new, "a client"},
    {test_request, "a request"},
    {test_response, "a response"},
    {test_stream, "a stream"},
};

CHECK_MAIN(tests)
