/* Endpoints that one can connect to, and what is wrong with others. */
#include "lib/endpoint.h"

#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "lib/links.h"
#include "lib/pigato.h"

#define LONG_HOST                                                              \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"     \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"     \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"     \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const good[] = {
    "tcp://127.0.0.1:55555",
    "tcp://127.0.0.1:1",
    "tcp://127.0.0.1:65535",
    "tcp://localhost:55555",
    "tcp://broker-1.example_x.org:55555",
    "tcp://[::1]:55555",
    "tcp://[fe80::1%eth0]:55555",
    "ipc:///run/pigato.sock",
    "ipc://@abstract",
    " tcp://a:1 ,, ipc:///b\n",
    "tcp://a:1,tcp://a:10,tcp://aa:1,ipc://a,ipc://aa",
    NULL,
};

static const struct {
	const char *text, *why;
} bad[] = {
    {"", "names no broker"},
    {" , ", "names no broker"},
    {"nonsense", "must begin with"},
    {"http://127.0.0.1:55555", "must begin with"},
    {"inproc://a", "must begin with"},
    {"TCP://127.0.0.1:55555", "must begin with"},
    {"tcp://", "a host and a port"},
    {"tcp://127.0.0.1", "a host and a port"},
    {"tcp://:55555", "a host and a port"},
    {"tcp://" LONG_HOST ":1", "a host and a port"},
    {"tcp://127.0.0.1:", "1 to 65535"},
    {"tcp://127.0.0.1:0", "1 to 65535"},
    {"tcp://127.0.0.1:0x", "1 to 65535"},
    {"tcp://127.0.0.1:*", "1 to 65535"},
    {"tcp://127.0.0.1:65536", "1 to 65535"},
    {"tcp://127.0.0.1:99999", "1 to 65535"},
    {"tcp://127.0.0.1:055555", "1 to 65535"},
    {"tcp://127.0.0.1:-1", "1 to 65535"},
    {"tcp://127.0.0.1:55555/", "1 to 65535"},
    {"tcp://127.0.0.1:55555 tcp://a:1", "in brackets"},
    {"tcp://256.0.0.1:55555", "four numbers"},
    {"tcp://127.0.1:55555", "four numbers"},
    {"tcp://::1:55555", "in brackets"},
    {"tcp://[::1:55555", "within the brackets"},
    {"tcp://[x]:55555", "within the brackets"},
    {"tcp://*:55555", "a host is"},
    {"tcp://a b:55555", "a host is"},
    {"tcp://\xc3\xa4:55555", "a host is"},
    {"ipc://", "must have a path"},
    {"ipc://" LONG_HOST, "107 bytes"},
    {"tcp://" LONG_HOST LONG_HOST ":1", "longer"},
    {"tcp://127.0.0.1:1,tcp://127.0.0.1:99999", "1 to 65535"},
    {"tcp://a:1,tcp://a:1", "a broker twice"},
    {"ipc:///a,tcp://a:1 ,,\n ipc:///a", "a broker twice"},
};

/* What can be told beforehand is what start says. */
static int
start(const char *endpoints)
{
	struct pgt_links ls;
	int rc;

	CHECK_INT(pgt_links_init(&ls, 'C', endpoints), 0);
	rc = pgt_links_start(&ls, 0);
	pgt_links_clear(&ls);
	return rc;
}

static void
test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK(pigato_check_endpoints(good[i]) == NULL);
		CHECK_INT(start(good[i]), 0);
	}
}

static void
test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = pigato_check_endpoints(bad[i].text);

		if (why == NULL || strstr(why, bad[i].why) == NULL)
			check_fail(__FILE__, __LINE__, "%s: %s", bad[i].text,
			    why == NULL ? "nothing wrong" : why);
		CHECK_INT(start(bad[i].text), -EINVAL);
	}
}

static const struct check_test tests[] = {
    {test_good, "endpoints one can connect to"},
    {test_bad, "what is wrong with others"},
};

CHECK_MAIN(tests)
