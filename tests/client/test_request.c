/* Requests and what comes of them: frames out, responses in. */
#include <jansson.h>
#include <stdio.h>

#include "rig.h"

static struct pigato_request_opts
opts(void)
{
	return (struct pigato_request_opts)PIGATO_REQUEST_OPTS;
}

static void
test_frames(void)
{
	struct pigato_request *r;
	struct fake_mail *m;

	rig_open(1);
	r = rig_request("echo", "\"hi\"", NULL);
	CHECK_INT(strlen(pigato_request_id(r)), 36);
	RIG_UNTIL((m = rig_held(0, "\"hi\"")) != NULL);
	CHECK_INT(m->n, 6);
	CHECK_TEXT(m->frame[0], "C");
	CHECK_TEXT(m->frame[1], "2");
	CHECK_TEXT(m->frame[2], "echo");
	CHECK_TEXT(m->frame[3], pigato_request_id(r));
	CHECK_TEXT(m->frame[5], "{\"timeout\":60000}");
	CHECK(strncmp(m->peer, "C-", 2) == 0);
	CHECK_INT(strlen(m->peer), 2 + 36);
	CHECK(strcmp(m->peer + 2, m->frame[3]) != 0);
	rig_close();
}

static void
test_options(void)
{
	struct pigato_request_opts o = opts();
	struct fake_mail *m;

	rig_open(1);
	CHECK_INT(pigato_client_set_prefix(rig.c, "shop"), 0);
	CHECK_INT(pigato_client_set_timeout(rig.c, 5000), 0);
	o.retry = o.nocache = o.failfast = o.coalesce = true;
	rig_request("s", "1", &o);
	o = opts();
	o.timeout_ms = -1;
	o.heartbeat = true;
	o.worker_id = "W-\"\\\t\xc3\xa4";
	rig_request("s", "2", &o);
	RIG_UNTIL((m = rig_held(0, "2")) != NULL);
	CHECK_TEXT(m->frame[5],
	    "{\"timeout\":-1,\"workerId\":\"W-\\\"\\\\\\t\xc3\xa4\"}");
	m = rig_held(0, "1");
	CHECK_TEXT(m->frame[5],
	    "{\"timeout\":5000,\"retry\":1,\"nocache\":1,\"failfast\":1,"
	    "\"coalesce\":1}");
	CHECK(strncmp(m->peer, "shop-", 5) == 0);
	rig_close();
}

static void
test_partials_and_final(void)
{
	struct fake_mail *m;

	rig_open(1);
	rig_request("s", "a", NULL);
	RIG_UNTIL((m = rig_held(0, "a")) != NULL);
	fake_reply(&rig.broker[0], m, "6", "0", "1");
	fake_reply(&rig.broker[0], m, "6", "-1", "\"odd\"");
	fake_reply(&rig.broker[0], m, "6", "0", "");
	CHECK_INT(pigato_client_in_flight(rig.c), 1);
	fake_reply(&rig.broker[0], m, "3", "0", "3");
	fake_reply(&rig.broker[0], m, "3", "0", "late");
	fake_reply(&rig.broker[0], m, "6", "0", "late");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	rig_request("s", "b", NULL);
	RIG_UNTIL((m = rig_held(0, "b")) != NULL);
	fake_reply(&rig.broker[0], m, "3", "0", "4");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "start\nconnect 0\n"
			    "a partial 1\n"
			    "a partial REMOTE \"odd\"\n"
			    "a partial\n"
			    "a final 3\n"
			    "b final 4\n");
	rig_close();
}

static void
test_errors_have_names(void)
{
	static const struct {
		const char *data, *name;
	} rows[] = {
	    {"\"NO_WORKER\"", "NO_WORKER"},
	    {"\"WORKER_LOST\"", "WORKER_LOST"},
	    {"\"PARTIAL_LOST\"", "PARTIAL_LOST"},
	    {"\"REJECTED\"", "REJECTED"},
	    {"\"DENIED\"", "DENIED"},
	    {"\"BUSY\"", "BUSY"},
	    {"\"DRAINING\"", "DRAINING"},
	    {"\"CANCELLED\"", "CANCELLED"},
	    {"\"TIMEOUT\"", "REMOTE"},
	    {"{\"code\":7}", "REMOTE"},
	    {"", "REMOTE"},
	};
	struct fake_mail *m;
	char want[128];

	rig_open(1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_request("s", "x", NULL);
		RIG_UNTIL((m = rig_held(0, "x")) != NULL);
		rig.log[0] = '\0';
		fake_reply(&rig.broker[0], m, "3", "-1", rows[i].data);
		RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
		snprintf(want, sizeof(want), "x final %s%s%s\n", rows[i].name,
		    rows[i].data[0] == '\0' ? "" : " ", rows[i].data);
		CHECK_TEXT(rig.log, want);
		fake_forget(&rig.broker[0]);
	}
	rig_close();
}

/* Workers without an opts frame are in the field, and brokers pass it on. */
static void
test_short_replies(void)
{
	struct fake *f = &rig.broker[0];
	struct fake_mail *m;

	rig_open(1);
	rig_request("s", "a", NULL);
	rig_request("s", "b", NULL);
	RIG_UNTIL((m = rig_held(0, "b")) != NULL);
	fake_send(f, m->peer, "C", "3", "", m->frame[3], (char *)NULL);
	m = rig_held(0, "a");
	fake_send(
	    f, m->peer, "C", "3", "", m->frame[3], "0", "1", (char *)NULL);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(rig_logged("b final"));
	CHECK(rig_logged("a final 1"));
	rig_close();
}

static void
test_malformed(void)
{
	struct fake *f = &rig.broker[0];
	struct fake_mail *m;

	rig_open(1);
	rig_request("s", "a", NULL);
	RIG_UNTIL((m = rig_held(0, "a")) != NULL);
	rig.log[0] = '\0';
	fake_send(f, m->peer, "C", (char *)NULL);
	fake_send(f, m->peer, "X", "3", "", m->frame[3], "0", (char *)NULL);
	fake_send(f, m->peer, "W", "1", (char *)NULL);
	fake_send(f, m->peer, "C", "9", "", m->frame[3], (char *)NULL);
	fake_send(f, m->peer, "C", "3", m->frame[3], (char *)NULL);
	fake_send(f, m->peer, "C", "3", "", m->frame[3], "0", "1", "", "", "",
	    "", "", "", "", "", "", "", "", "", "", "", (char *)NULL);
	fake_send(
	    f, m->peer, "C", "3", "", "no such rid", "0", "1", (char *)NULL);
	fake_reply(f, m, "3", "0", "still");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK_TEXT(rig.log, "error 0 PROTOCOL\nerror 0 PROTOCOL\n"
			    "error 0 PROTOCOL\nerror 0 PROTOCOL\n"
			    "error 0 PROTOCOL\nerror 0 PROTOCOL\n"
			    "a final still\n");
	rig_close();
}

static struct json_t *parsed;

static void
on_json(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)arg;
	json_decref(parsed);
	parsed = pigato_response_json(response);
}

static void
test_json(void)
{
	json_t *v = json_pack("{s:[i,n,s]}", "a", 1, "\xc3\xa4");
	struct fake_mail *m;
	json_t *self = json_array();

	rig_open(1);
	rig.broker[0].is_echo = true;
	CHECK_INT(pigato_client_request_json(
		      rig.c, "s", v, NULL, on_json, NULL, NULL),
	    0);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(json_equal(parsed, v));
	CHECK_INT(pigato_client_request_json(
		      rig.c, "s", NULL, NULL, on_json, NULL, NULL),
	    0);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(json_is_null(parsed));
	json_array_append(self, v);
	json_object_set(v, "b", self);
	CHECK_INT(pigato_client_request_json(
		      rig.c, "s", v, NULL, on_json, NULL, NULL),
	    PIGATO_ERR_INVALID);
	json_object_del(v, "b");
	rig.broker[0].is_echo = false;
	CHECK_INT(pigato_client_request(
		      rig.c, "s", NULL, 5, NULL, on_json, NULL, NULL),
	    0);
	RIG_UNTIL((m = rig_held(0, "null")) != NULL);
	fake_reply(&rig.broker[0], m, "3", "0", "no json");
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	CHECK(parsed == NULL);
	json_decref(self);
	json_decref(v);
	rig_close();
}

static struct pigato_response *kept[2];

static void
on_keep(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	(void)arg;
	kept[0] = pigato_response_keep(response);
	kept[1] = pigato_response_keep(kept[0]);
}

static void
test_responses_are_kept(void)
{
	char big[300];
	size_t n;

	memset(big, 'x', sizeof(big));
	rig_open(1);
	rig.broker[0].is_echo = true;
	CHECK_INT(pigato_client_request(
		      rig.c, "s", big, sizeof(big), NULL, on_keep, NULL, NULL),
	    0);
	RIG_UNTIL(pigato_client_in_flight(rig.c) == 0);
	rig_close();
	for (int i = 0; i < 2; i++) {
		const char *data = pigato_response_data(kept[i], &n);

		CHECK_INT(n, 300);
		CHECK(memcmp(data, big, n) == 0 && data[n] == '\0');
		CHECK(pigato_response_data(kept[i], NULL) == data);
		CHECK(pigato_response_is_final(kept[i]));
		CHECK_INT(pigato_response_error(kept[i]), 0);
		pigato_response_free(kept[i]);
	}
	pigato_response_free(NULL);
}

static int
try(const char *service, const struct pigato_request_opts *o)
{
	return pigato_client_request(
	    rig.c, service, "1", 1, o, rig_on_response, NULL, NULL);
}

static void
test_bad_arguments(void)
{
	struct {
		struct pigato_request_opts o;
		char later;
	} newer = {.o = PIGATO_REQUEST_OPTS};
	struct pigato_request_opts o = opts();

	rig_open(1);
	CHECK_INT(try("", NULL), PIGATO_ERR_INVALID);
	CHECK_INT(try(NULL, NULL), PIGATO_ERR_INVALID);
	o.timeout_ms = -2;
	CHECK_INT(try("s", &o), PIGATO_ERR_INVALID);
	o = opts();
	o.size = 8;
	CHECK_INT(try("s", &o), PIGATO_ERR_INVALID);
	o = opts();
	o.worker_id = "\xff";
	CHECK_INT(try("s", &o), PIGATO_ERR_INVALID);
	newer.o.size = sizeof(newer);
	CHECK_INT(try("s", &newer.o), 0);
	newer.later = 1;
	CHECK_INT(try("s", &newer.o), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_in_flight(rig.c), 1);
	CHECK_INT(pigato_client_set_timeout(rig.c, 0), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_timeout(rig.c, -2), PIGATO_ERR_INVALID);
	CHECK_INT(pigato_client_set_prefix(rig.c, "x"), PIGATO_ERR_STATE);
	CHECK_INT(
	    pigato_client_set_policy(rig.c, PIGATO_SPREAD), PIGATO_ERR_STATE);
	CHECK_INT(pigato_client_set_heartbeat(rig.c, 100, 3), PIGATO_ERR_STATE);
	rig_close();
}

static void
test_an_odd_name_and_long_data(void)
{
	static char big[3 * 1000 * 1000 + 1];
	size_t n;

	memset(big, 'y', sizeof(big) - 1);
	kept[0] = NULL;
	rig_open(1);
	rig_request("a service whose name is longer than a frame's own room",
	    "1", NULL);
	RIG_UNTIL(rig_held(0, "1") != NULL);
	CHECK_TEXT(rig_held(0, "1")->frame[2],
	    "a service whose name is longer than a frame's own room");
	CHECK_INT(pigato_client_request(
		      rig.c, "s", big, sizeof(big), NULL, on_keep, NULL, NULL),
	    0);
	RIG_UNTIL(rig.broker[0].n_requests == 2);
	fake_reply(&rig.broker[0], &rig.broker[0].mail[1], "3", "0", big + 1);
	RIG_UNTIL(kept[0] != NULL && pigato_client_in_flight(rig.c) == 1);
	CHECK(pigato_response_data(kept[0], &n)[n] == '\0');
	CHECK_INT(n, sizeof(big) - 2);
	pigato_response_free(kept[0]);
	pigato_response_free(kept[1]);
	rig_close();
}

static void
test_errors_have_texts(void)
{
	for (int e = PIGATO_ERR_SYSTEM; e <= PIGATO_OK; e++) {
		CHECK(strcmp(pigato_error_name(e), "UNKNOWN") != 0);
		CHECK(strcmp(pigato_strerror(e), pigato_strerror(99)) != 0);
	}
	CHECK_TEXT(pigato_error_name(PIGATO_ERR_TIMEOUT), "TIMEOUT");
	CHECK_TEXT(pigato_error_name(1), "UNKNOWN");
	CHECK(pigato_version()[0] != '\0');
}

static const struct check_test tests[] = {
    {test_frames, "a request has its frames and its id"},
    {test_options, "options are sent, prefix and default timeout as set"},
    {test_partials_and_final, "partial replies, then one end; late ones go"},
    {test_errors_have_names, "what brokers say has a number, data as it is"},
    {test_short_replies, "replies may be short"},
    {test_malformed, "what is malformed is told and dropped"},
    {test_json, "values of jansson go both ways"},
    {test_responses_are_kept, "responses are kept beyond the client"},
    {test_bad_arguments, "arguments that make no sense are refused"},
    {test_an_odd_name_and_long_data, "long names and much data"},
    {test_errors_have_texts, "each error has a name and a text"},
};

CHECK_MAIN(tests)
