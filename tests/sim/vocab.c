/* Tables, and PROTOCOL 4 in as few words as it takes. */
#include "vocab.h"

#include <ctype.h>
#include <string.h>

#include "base/semver.h"

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

const struct vocab_request vocab_requests[] = {
    {.text = "{}"},
    {.text = NULL},
    {.text = ""},
    {.text = "nonsense"},
    {.text = "[1]"},
    {.text = "{\"timeout\":1000", .timeout_ms = 0},
    {.text = "{\"timeout\":\"soon\",\"retry\":\"yes\",\"workerId\":7}"},
    {.text = "{\"timeout\":0,\"retry\":0,\"failfast\":false}"},
    {.text = "{\"nocache\":1,\"persist\":1,\"other\":[{}]}", .nocache = true},
    {.text = "{\"timeout\":40}", .timeout_ms = 40},
    {.text = "{\"timeout\":1000}", .timeout_ms = 1000},
    {.text = "{\"timeout\":7000.9}", .timeout_ms = 7000},
    {.text = "{\"timeout\":-1}", .timeout_ms = -1},
    {.text = "{\"timeout\":-77,\"retry\":1}", .timeout_ms = -1, .retry = true},
    {.text = "{\"timeout\":1e300}", .timeout_ms = INT64_C(1000000000000000)},
    {.text = "{\"retry\":1}", .retry = true},
    {.text = "{\"retry\":true}", .retry = true},
    {.text = " {\"retry\" : 1, \"timeout\" : 3000 }",
	.timeout_ms = 3000,
	.retry = true},
    {.text = "{\"failfast\":1}", .failfast = true},
    {.text = "{\"failfast\":1,\"retry\":1}", .failfast = true, .retry = true},
    {.text = "{\"workerId\":\"w0\"}", .worker = "w0"},
    {.text = "{\"workerId\":\"w1\",\"retry\":1}",
	.worker = "w1",
	.retry = true},
    {.text = "{\"workerId\":\"w2\",\"retry\":1,\"timeout\":-1}",
	.worker = "w2",
	.retry = true,
	.timeout_ms = -1},
    {.text = "{\"workerId\":\"w3\",\"failfast\":1}",
	.worker = "w3",
	.failfast = true},
    {.text = "{\"workerId\":\"w4\",\"failfast\":1,\"retry\":1}",
	.worker = "w4",
	.failfast = true,
	.retry = true},
    {.text = "{\"workerId\":\"both\",\"timeout\":2000}",
	.worker = "both",
	.timeout_ms = 2000},
    {.text = "{\"workerId\":\"nobody\"}", .worker = "nobody"},
    {.text = "{\"workerId\":\"\",\"retry\":1}", .retry = true},
};
const size_t vocab_n_requests = N_OF(vocab_requests);

const char *const vocab_replies[] = {
    "{}",
    "{\"cache\":0}",
    "{\"cache\":\"5000\"}",
    "{\"cache\":40}",
    "{\"cache\":3000}",
    "{ \"cache\": 30000.5, \"x\": [] }",
};
const size_t vocab_n_replies = N_OF(vocab_replies);

static const int64_t ttls[N_OF(vocab_replies)] = {0, 0, 0, 40, 3000, 30000};

int64_t
vocab_find_ttl(struct pgt_slice text)
{
	for (size_t i = 0; i < vocab_n_replies; i++)
		if (pgt_slice_is(text, vocab_replies[i]))
			return ttls[i];
	return 0;
}

const struct vocab_worker vocab_workers[] = {
    {.text = "{}"},
    {.text = ""},
    {.text = "garbage"},
    {.text = "{\"concurrency\":\"x\"}"},
    {.text = "{\"concurrency\":-2}"},
    {.text = "{\"concurrency\":0}", true, false, 0},
    {.text = "{\"concurrency\":1}", true, false, 1},
    {.text = "{\"concurrency\":1.9}", true, false, 1},
    {.text = "{\"concurrency\":2}", true, false, 2},
    {.text = "{\"concurrency\":3}", true, false, 3},
    {.text = "{\"concurrency\":5}", true, false, 5},
    {.text = "{\"concurrency\":100}", true, false, 100},
    {.text = "{\"concurrency\":-1}", true, false, -1},
    {.text = "{\"update\":1}", .update = true},
    {.text = "{\"update\":1,\"concurrency\":4}", true, true, 4},
};
const size_t vocab_n_workers = N_OF(vocab_workers);

#define X10   "xxxxxxxxxx"
#define X100  X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X1000 X100 X100 X100 X100 X100 X100 X100 X100 X100 X100

/* Some twice, so that pools have more than one worker. */
const char *const vocab_servers[] = {"echo", "echo", "echo", "sum", "sum", "a*",
    "ab*", "abc", "*", "v@1.0.0", "v@1.2.0", "v@1.2.0", "v@2.0.0-rc.1",
    "v@2.1.3", "v*", "v@*", "v@x", "x@", "@x", "$ext", "$ext", "$dir", "$*",
    "constructor", "", X1000 X10 X10 "xxxx*", X1000 X10 X10 "xxxxx*"};
const size_t vocab_n_servers = N_OF(vocab_servers);

const char *const vocab_names[] = {"echo", "echo", "echo", "echo", "echo",
    "sum", "sum", "abc", "abd", "ab", "a", "zzz", "v@^1.0.0", "v@1.x",
    "v@>=1 <3", "v@*", "v@", "v@x", "v@1.2.0", "v@2.1.3", "v@^9",
    "v@2.0.0-rc.1", "v@=2.0.0-rc.1", "v", "vv", "$ext", "$ex", "$dir", "$dir",
    "$none", "a*", "*", "", "@x", "x@", "y@1.0.0", "constructor",
    X1000 X10 X10 "xxxxxx"};
const size_t vocab_n_names = N_OF(vocab_names);

const char *const vocab_dir[] = {"", "null", "\"\"", "nonsense", "{}", "7",
    "\"echo\"", "\"abc\"", "\"ab\"", "\"v@^1.0.0\"", "\"v@*\"", "\"zzz\"",
    "\"$ext\"", "\"$dir\"", "\"v\"", "\"unheard-of\""};
const size_t vocab_n_dir = N_OF(vocab_dir);

const struct vocab_request *
vocab_find_request(struct pgt_slice text)
{
	for (size_t i = 0; i < vocab_n_requests; i++)
		if (vocab_requests[i].text != NULL &&
		    pgt_slice_is(text, vocab_requests[i].text))
			return &vocab_requests[i];
	return &vocab_requests[0];
}

const struct vocab_worker *
vocab_find_worker(struct pgt_slice text)
{
	for (size_t i = 0; i < vocab_n_workers; i++)
		if (pgt_slice_is(text, vocab_workers[i].text))
			return &vocab_workers[i];
	return &vocab_workers[0];
}

/* ---- PROTOCOL 4 ---- */

/* Bytes before and with the last @, which is not the first byte; 0: none. */
static size_t
base_of(struct pgt_slice name)
{
	size_t n = name.n;

	while (n > 0 && name.p[n - 1] != '@')
		n--;
	return n > 1 ? n : 0;
}

/* Digits, a dot, digits, a dot, digits: a literal name. */
static bool
is_literal(struct pgt_slice version)
{
	size_t n_dots = 0, n_digits = 0;

	for (size_t i = 0; i < version.n; i++) {
		if (isdigit((unsigned char)version.p[i])) {
			n_digits++;
		} else if (version.p[i] == '.' && n_digits > 0) {
			n_dots++;
			n_digits = 0;
		} else {
			return false;
		}
	}
	return n_dots == 2 && n_digits > 0;
}

static bool
serves_version(struct pgt_slice server, struct pgt_slice name)
{
	size_t n = base_of(name);

	return n > 0 && n == base_of(server) &&
	       memcmp(server.p, name.p, n) == 0 &&
	       !is_literal(pgt_slice_from(name, n)) &&
	       pgt_semver_satisfies(
		   pgt_slice_from(server, n), pgt_slice_from(name, n));
}

static bool
serves_prefix(struct pgt_slice server, struct pgt_slice name)
{
	if (server.n == 0 || server.p[server.n - 1] != '*')
		return false;
	if (name.n > 0 &&
	    (memchr(name.p, '@', name.n) != NULL || name.p[name.n - 1] == '*'))
		return false;
	/* Who serves everything does not serve the core services. */
	if (name.n > 0 && name.p[0] == '$' && server.p[0] != '$')
		return false;
	return pgt_slice_has_prefix(name, pgt_slice_head(server, server.n - 1));
}

enum vocab_serves
vocab_serves(struct pgt_slice server, struct pgt_slice name)
{
	if (pgt_slice_equal(server, name))
		return SERVES_ITSELF;
	if (serves_version(server, name))
		return SERVES_VERSION;
	return serves_prefix(server, name) ? SERVES_PREFIX : SERVES_NOT;
}
