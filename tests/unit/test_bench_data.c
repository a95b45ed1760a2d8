/* What pigato-benchmark sends, and takes for right. */
#include "bench/data.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void
test_a_request_says_its_number_least_digit_first(void)
{
	struct data d;

	CHECK_INT(data_init(&d, 22, 0), 0);
	CHECK(memcmp(data_of(&d, 0x1a2), "\"2a10000000000000xxxx\"", 22) == 0);
	data_clear(&d);
}

static void
test_a_small_one_says_what_fits(void)
{
	struct data d;

	CHECK_INT(data_init(&d, 5, 0), 0);
	CHECK(memcmp(data_of(&d, 0x1a2), "\"2a1\"", 5) == 0);
	data_clear(&d);
	CHECK_INT(data_init(&d, DATA_MIN, 0), 0);
	CHECK(memcmp(data_of(&d, 0x1a2), "\"\"", 2) == 0);
	data_clear(&d);
}

static void
test_distinct_contents_come_in_turn(void)
{
	struct data d;

	CHECK_INT(data_init(&d, 5, 3), 0);
	CHECK(memcmp(data_of(&d, 2), "\"200\"", 5) == 0);
	CHECK(memcmp(data_of(&d, 3), "\"000\"", 5) == 0);
	data_clear(&d);
}

static bool
is_reply(struct data *d, uint64_t number, const char *text)
{
	return data_is_reply(d, number, text, strlen(text));
}

static void
test_the_same_text_is_the_reply_and_no_other(void)
{
	struct data d;

	CHECK_INT(data_init(&d, 5, 0), 0);
	CHECK(is_reply(&d, 7, "\"700\""));
	CHECK(is_reply(&d, 7, " \"700\"\n"));
	CHECK(is_reply(&d, 7, "\"7\\u00300\""));
	CHECK(!is_reply(&d, 7, "\"710\""));
	CHECK(!is_reply(&d, 8, "\"700\""));
	CHECK(!is_reply(&d, 7, "\"7000\""));
	CHECK(!is_reply(&d, 7, "[\"700\"]"));
	CHECK(!is_reply(&d, 7, "\"700"));
	CHECK(!is_reply(&d, 7, "null"));
	CHECK(!is_reply(&d, 7, ""));
	CHECK(!data_is_reply(&d, 7, NULL, 0));
	data_clear(&d);
}

static int64_t
partial(struct data *d, uint64_t number, const char *text)
{
	return data_partial(d, number, text, strlen(text));
}

static void
test_a_partial_reply_says_which_it_is(void)
{
	struct data d;

	CHECK_INT(data_init(&d, 5, 0), 0);
	CHECK_INT(partial(&d, 7, "[0,\"700\"]"), 0);
	CHECK_INT(partial(&d, 7, "[123456,\"700\"]"), 123456);
	CHECK_INT(partial(&d, 7, "[ 12 , \"700\" ]"), 12);
	CHECK_INT(partial(&d, 8, "[0,\"700\"]"), -1);
	CHECK_INT(partial(&d, 7, "[-1,\"700\"]"), -1);
	CHECK_INT(partial(&d, 7, "[,\"700\"]"), -1);
	CHECK_INT(partial(&d, 7, "[0,\"700\",1]"), -1);
	CHECK_INT(partial(&d, 7, "{0,\"700\"}"), -1);
	CHECK_INT(partial(&d, 7, "[99999999999999999999,\"700\"]"), -1);
	CHECK_INT(partial(&d, 7, "\"700\""), -1);
	CHECK_INT(partial(&d, 7, "["), -1);
	CHECK_INT(partial(&d, 7, ""), -1);
	data_clear(&d);
}

static void
test_what_is_written_is_read(void)
{
	struct data d;
	char buf[5 + DATA_PARTIAL_EXTRA];
	size_t n;

	CHECK_INT(data_init(&d, 5, 0), 0);
	n = data_write_partial(buf, 1000000, data_of(&d, 9), 5);
	CHECK(n <= sizeof(buf));
	CHECK_INT(data_partial(&d, 9, buf, n), 1000000);
	data_clear(&d);
}

static const struct check_test tests[] = {
    {test_a_request_says_its_number_least_digit_first,
	"a request says its number, the least digit first"},
    {test_a_small_one_says_what_fits, "a small one says what fits"},
    {test_distinct_contents_come_in_turn, "distinct contents come in turn"},
    {test_the_same_text_is_the_reply_and_no_other,
	"the same text, or JSON, is the reply, and no other"},
    {test_a_partial_reply_says_which_it_is, "a partial reply says which it is"},
    {test_what_is_written_is_read, "what is written is read"},
};

CHECK_MAIN(tests)
