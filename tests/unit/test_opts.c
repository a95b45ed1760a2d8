/* Options as peers write them, and as they should not. */
#include "lib/opts.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "base/alloc.h"
#include "check.h"

/* What was read, in words; what is not given is not in it. */
static const char *
describe(const struct pgt_request_opts *o)
{
	static char text[300];
	int n = 0;

	text[0] = '\0';
	if (o->timeout_ms != 0)
		n += sprintf(text + n, " timeout=%" PRId64, o->timeout_ms);
	n += sprintf(text + n, "%s%s%s%s%s", o->retry ? " retry" : "",
	    o->nocache ? " nocache" : "", o->persist ? " persist" : "",
	    o->failfast ? " failfast" : "", o->coalesce ? " coalesce" : "");
	if (o->worker_id != NULL)
		sprintf(text + n, " worker=%.*s:%zu", (int)o->n_worker_id,
		    o->worker_id, o->n_worker_id);
	return text;
}

static const char *
describe_worker(const struct pgt_worker_opts *o)
{
	static char text[100];
	int n = 0;

	text[0] = '\0';
	if (o->has_concurrency)
		n += sprintf(text, " concurrency=%" PRId64, o->concurrency);
	sprintf(text + n, "%s", o->update ? " update" : "");
	return text;
}

struct example {
	const char *text, *meaning;
};

#define LONGEST " timeout=1000000000000000"

static const struct example requests[] = {
    {"{}", ""},
    {" \t\r\n{ } ", ""},
    {"{\"timeout\":1000}", " timeout=1000"},
    {"{\"timeout\":0}", ""},
    {"{\"timeout\":-1}", " timeout=-1"},
    {"{\"timeout\":-500}", " timeout=-1"},
    {"{\"timeout\":1.9e3}", " timeout=1900"},
    {"{\"timeout\":2.7}", " timeout=2"},
    {"{\"timeout\":\"1000\"}", ""},
    {"{\"timeout\":null}", ""},
    {"{\"timeout\":true}", ""},
    {"{\"timeout\":[1]}", ""},
    {"{\"retry\":1}", " retry"},
    {"{\"retry\":true}", " retry"},
    {"{\"retry\":0}", ""},
    {"{\"retry\":false}", ""},
    {"{\"retry\":null}", ""},
    {"{\"retry\":\"1\"}", ""},
    {"{\"retry\":{}}", ""},
    {"{\"nocache\":1}", " nocache"},
    {"{\"nocache\":[]}", ""},
    {"{\"coalesce\":1}", " coalesce"},
    {"{\"coalesce\":0}", ""},
    {"{\"persist\":1}", " persist"},
    {"{\"persist\":\"\"}", ""},
    {"{\"failfast\":1}", " failfast"},
    {"{\"failfast\":{}}", ""},
    {"{\"workerId\":\"w1\"}", " worker=w1:2"},
    {"{\"workerId\":\"\"}", ""},
    {"{\"workerId\":1}", ""},
    {"{\"workerId\":null}", ""},
    {"{\"workerId\":[\"w1\"]}", ""},
    {"{\"workerId\":\"\\u00e4\\n\"}", " worker=\xc3\xa4\n:3"},
    {"{\"timeout\":5,\"retry\":1,\"nocache\":1,\"persist\":1,"
     "\"failfast\":1,\"workerId\":\"w\",\"other\":[1,{\"retry\":0}]}",
	" timeout=5 retry nocache persist failfast worker=w:1"},
    /* Names are told apart to the letter. */
    {"{\"Timeout\":1,\"timeou\":2,\"timeouts\":3,\"worker\":\"w\"}", ""},
    /* No object: counts as {}. */
    {"", ""},
    {"null", ""},
    {"1", ""},
    {"\"{}\"", ""},
    {"[{\"retry\":1}]", ""},
    {"{\"retry\":1", ""},
    {"{\"retry\":1}}", ""},
    {"{\"retry\":1} x", ""},
    {"{retry:1}", ""},
    {"{'retry':1}", ""},
    {"{\"retry\":1,}", ""},
    {"{\"retry\":\xff}", ""},
    {"\xef\xbb\xbf{\"retry\":1}", ""},
    /* The last of several wins, as in JavaScript. */
    {"{\"timeout\":1,\"timeout\":2}", " timeout=2"},
    {"{\"retry\":1,\"retry\":0}", ""},
    {"{\"retry\":1,\"retry\":\"x\"}", ""},
    /* Numbers of any size. */
    {"{\"timeout\":1e300}", LONGEST},
    {"{\"timeout\":-1e300}", " timeout=-1"},
    {"{\"timeout\":1e-300}", ""},
    {"{\"timeout\":9223372036854775807}", LONGEST},
    {"{\"timeout\":9223372036854775808,\"retry\":1}", LONGEST " retry"},
    {"{\"timeout\":-99999999999999999999999999}", " timeout=-1"},
    {"{\"x\":18446744073709551616,\"retry\":1}", " retry"},
    {"{\"retry\":1e-9}", ""},
    {"{\"retry\":4294967296}", " retry"},
};

static const struct example workers[] = {
    {"{}", ""},
    {"", ""},
    {"{\"concurrency\":100}", " concurrency=100"},
    {"{\"concurrency\":0}", " concurrency=0"},
    {"{\"concurrency\":-1}", " concurrency=-1"},
    {"{\"concurrency\":-2}", ""},
    {"{\"concurrency\":2.9}", " concurrency=2"},
    {"{\"concurrency\":\"1\"}", ""},
    {"{\"concurrency\":null}", ""},
    {"{\"concurrency\":true}", ""},
    {"{\"concurrency\":-1e300}", ""},
    {"{\"concurrency\":1e300}", " concurrency=1000000000000000"},
    {"{\"concurrency\":7,\"update\":1}", " concurrency=7 update"},
    {"{\"update\":true}", " update"},
    {"{\"update\":0}", ""},
    {"{\"update\":\"1\"}", ""},
    {"[]", ""},
    {"{\"concurrency\":1", ""},
};

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static void
test_options_of_requests(void)
{
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts o;

	/* Twice: the second time some have been seen before. */
	for (size_t i = 0; i < 2 * N_OF(requests); i++) {
		const struct example *e = &requests[i / 2];

		CHECK_INT(
		    pgt_request_opts_read(&o, pgt_slice_of(e->text), &seen), 0);
		if (strcmp(describe(&o), e->meaning) != 0)
			check_fail(__FILE__, __LINE__, "%s:%s, want%s", e->text,
			    describe(&o), e->meaning);
		pgt_request_opts_clear(&o);
		CHECK_TEXT(describe(&o), "");
	}
}

static void
test_options_of_workers(void)
{
	struct pgt_worker_opts o;

	for (size_t i = 0; i < N_OF(workers); i++) {
		const struct example *e = &workers[i];

		CHECK_INT(pgt_worker_opts_read(&o, pgt_slice_of(e->text)), 0);
		if (strcmp(describe_worker(&o), e->meaning) != 0)
			check_fail(__FILE__, __LINE__, "%s:%s, want%s", e->text,
			    describe_worker(&o), e->meaning);
	}
}

static void
test_a_worker_id_may_hold_any_byte(void)
{
	struct pgt_slice text = pgt_slice_of("{\"workerId\":\"a\\u0000b\"}");
	struct pgt_slice raw = {"{\"retry\":1,\"workerId\":\"a\0b\"}", 28};
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts o;

	CHECK_INT(pgt_request_opts_read(&o, text, &seen), 0);
	CHECK_INT(o.n_worker_id, 3);
	CHECK_INT(memcmp(o.worker_id, "a\0b", 3), 0);
	pgt_request_opts_clear(&o);
	/* A bare NUL is no JSON. */
	CHECK_INT(pgt_request_opts_read(&o, raw, &seen), 0);
	CHECK_TEXT(describe(&o), "");
}

/* n times open, a value, n times close; retry beside it. */
static struct pgt_slice
nested(char *buf, size_t n, char open, char close)
{
	size_t at = (size_t)sprintf(buf, "{\"retry\":1,\"x\":");

	for (size_t i = 0; i < n; i++) {
		buf[at++] = open;
		if (open == '{')
			at += (size_t)sprintf(buf + at, "\"\":");
	}
	buf[at++] = '0';
	memset(buf + at, close, n);
	at += n;
	buf[at++] = '}';
	return (struct pgt_slice){buf, at};
}

static void
test_deep_nesting_is_harmless(void)
{
	static char buf[PGT_OPTS_MAX + 100];
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts o;

	CHECK_INT(
	    pgt_request_opts_read(&o, nested(buf, 500, '[', ']'), &seen), 0);
	CHECK_TEXT(describe(&o), " retry");
	CHECK_INT(
	    pgt_request_opts_read(&o, nested(buf, 32000, '[', ']'), &seen), 0);
	CHECK_TEXT(describe(&o), "");
	CHECK_INT(
	    pgt_request_opts_read(&o, nested(buf, 13000, '{', '}'), &seen), 0);
	CHECK_TEXT(describe(&o), "");
}

static void
test_what_is_too_long_is_not_read(void)
{
	static char buf[PGT_OPTS_MAX + 1];
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts o;
	struct pgt_worker_opts w;

	memset(buf, ' ', sizeof(buf));
	memcpy(buf, "{\"retry\":1,\"update\":1}", 22);
	CHECK_INT(pgt_request_opts_read(
		      &o, (struct pgt_slice){buf, PGT_OPTS_MAX}, &seen),
	    0);
	CHECK_TEXT(describe(&o), " retry");
	CHECK_INT(pgt_request_opts_read(
		      &o, (struct pgt_slice){buf, PGT_OPTS_MAX + 1}, &seen),
	    0);
	CHECK_TEXT(describe(&o), "");
	CHECK_INT(
	    pgt_worker_opts_read(&w, (struct pgt_slice){buf, PGT_OPTS_MAX + 1}),
	    0);
	CHECK_TEXT(describe_worker(&w), "");
}

/* Is text answered without a single allocation? */
static bool
is_remembered(struct pgt_opts_seen *seen, const char *text)
{
	struct pgt_request_opts o;

	pgt_alloc_fail_at(0);
	CHECK_INT(pgt_request_opts_read(&o, pgt_slice_of(text), seen), 0);
	pgt_request_opts_clear(&o);
	return pgt_alloc_fail_at(0) == 0;
}

static void
test_texts_just_seen_are_not_parsed_again(void)
{
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts o;

	CHECK(is_remembered(&seen, "")); /* needs no memory */
	CHECK(is_remembered(&seen, "{}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":1}"));
	CHECK(is_remembered(&seen, "{\"timeout\":1}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":2}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":3}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":4}"));
	CHECK(is_remembered(&seen, "{\"timeout\":1}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":5}")); /* in 1's place */
	CHECK(is_remembered(&seen, "{\"timeout\":4}"));
	CHECK(!is_remembered(&seen, "{\"timeout\":1}"));
	/* What is no JSON is remembered as well as what is. */
	CHECK(!is_remembered(&seen, "nonsense"));
	CHECK(is_remembered(&seen, "nonsense"));
	/* A beginning of a text seen is another text. */
	CHECK(!is_remembered(&seen, "nonsens"));

	CHECK_INT(
	    pgt_request_opts_read(&o, pgt_slice_of("{\"timeout\":5}"), &seen),
	    0);
	CHECK_TEXT(describe(&o), " timeout=5");
}

static const struct {
	const char *text;
	int64_t cache_ms;
} replies[] = {
    {"", 0},
    {"{}", 0},
    {"{\"cache\":1000}", 1000},
    {"{\"cache\":2.9}", 2},
    {"{\"cache\":0}", 0},
    {"{\"cache\":-1}", 0},
    {"{\"cache\":\"1000\"}", 0},
    {"{\"cache\":true}", 0},
    {"{\"cache\":1e300}", INT64_C(1000000000000000)},
    {" {\"mine\":[1], \"cache\" : 7}", 7},
    {"[{\"cache\":1000}]", 0},
    {"{\"cache\":1000", 0},
};

static void
test_options_of_replies(void)
{
	struct pgt_reply_opts_seen seen = {.texts.next = 0};
	struct pgt_reply_opts o;

	for (size_t i = 0; i < 2 * N_OF(replies); i++) {
		CHECK_INT(pgt_reply_opts_read(
			      &o, pgt_slice_of(replies[i / 2].text), &seen),
		    0);
		CHECK_INT(o.cache_ms, replies[i / 2].cache_ms);
		/* The second time the text has just been seen. */
		if (i % 2 == 1)
			CHECK_INT(pgt_alloc_fail_at(0), 0);
		else
			pgt_alloc_fail_at(0);
	}
}

static void
test_some_texts_are_not_remembered(void)
{
	static char text[PGT_OPTS_SEEN_TEXT + 2];
	struct pgt_opts_seen seen = {.texts.next = 0};
	const char *id = "{\"workerId\":\"w1\"}";

	/* A worker's id has an owner. */
	CHECK(!is_remembered(&seen, id));
	CHECK(!is_remembered(&seen, id));
	/* A long text has no room. */
	memset(text, ' ', PGT_OPTS_SEEN_TEXT);
	memcpy(text, "{}", 2);
	CHECK(!is_remembered(&seen, text));
	CHECK(is_remembered(&seen, text));
	text[PGT_OPTS_SEEN_TEXT] = ' ';
	CHECK(!is_remembered(&seen, text));
	CHECK(!is_remembered(&seen, text));
}

/* Long tokens: jansson's buffer grows while it reads them. */
static void
test_no_memory_is_told_wherever_it_fails(void)
{
	struct pgt_slice text = pgt_slice_of(
	    "{\"a key that is longer than sixteen bytes\":[1,true,{}],"
	    "\"timeout\":1000.0000000000000000000000000000000000,"
	    "\"workerId\":\"a worker whose id is rather long\"}");
	struct pgt_opts_seen seen = {.texts.next = 0},
			     blank = {.texts.next = 0};
	struct pgt_reply_opts_seen replies_seen = {.texts.next = 0};
	struct pgt_reply_opts reply;
	struct pgt_request_opts o;
	struct pgt_worker_opts w;
	size_t n;
	int rc;

	for (n = 1;; n++) {
		pgt_alloc_fail_at(n);
		rc = pgt_request_opts_read(&o, text, &seen);
		pgt_alloc_fail_at(0);
		if (rc == 0)
			break;
		CHECK_INT(rc, -ENOMEM);
		CHECK_TEXT(describe(&o), "");
		CHECK_INT(memcmp(&seen, &blank, sizeof(seen)), 0);
	}
	CHECK(n > 10);
	CHECK_TEXT(describe(&o),
	    " timeout=1000 worker=a worker whose id is rather long:32");
	pgt_request_opts_clear(&o);
	for (n = 1;; n++) {
		pgt_alloc_fail_at(n);
		rc = pgt_worker_opts_read(&w, text);
		pgt_alloc_fail_at(0);
		if (rc == 0)
			break;
		CHECK_INT(rc, -ENOMEM);
	}
	CHECK(n > 10);
	for (n = 1;; n++) {
		pgt_alloc_fail_at(n);
		rc = pgt_reply_opts_read(&reply, text, &replies_seen);
		pgt_alloc_fail_at(0);
		if (rc == 0)
			break;
		CHECK_INT(rc, -ENOMEM);
	}
	CHECK(n > 10);
}

static const struct check_test tests[] = {
    {test_options_of_requests, "every option of a request, right or not"},
    {test_options_of_replies, "every option of a reply, right or not"},
    {test_options_of_workers, "every option of a worker, right or not"},
    {test_a_worker_id_may_hold_any_byte, "a worker id may hold a NUL"},
    {test_deep_nesting_is_harmless, "deep nesting is harmless"},
    {test_what_is_too_long_is_not_read, "what is too long is not read"},
    {test_texts_just_seen_are_not_parsed_again,
	"texts just seen are not parsed again"},
    {test_some_texts_are_not_remembered,
	"long texts and those with a worker id are not remembered"},
    {test_no_memory_is_told_wherever_it_fails,
	"a lack of memory is told, wherever it strikes"},
};

int
main(int argc, char **argv)
{
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return check_main(tests, N_OF(tests), argc, argv);
}
