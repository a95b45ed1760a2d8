/*
 * Any text as options: what comes out is within its bounds, the same when
 * the text has been seen before, and nothing at all when memory runs out.
 */
#include "lib/opts.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/alloc.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_set_alloc_funcs(pgt_alloc, pgt_free);
	return 0;
}

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static bool
is_same(const struct pgt_request_opts *a, const struct pgt_request_opts *b)
{
	return a->timeout_ms == b->timeout_ms && a->retry == b->retry &&
	       a->nocache == b->nocache && a->persist == b->persist &&
	       a->failfast == b->failfast && a->coalesce == b->coalesce &&
	       pgt_slice_equal((struct pgt_slice){a->worker_id, a->n_worker_id},
		   (struct pgt_slice){b->worker_id, b->n_worker_id});
}

/*
 * jansson 2.14 asserts (lex_unget_unsave) when its token buffer, 16 bytes at
 * first, can't grow. Memory is made to fail only where no token is so long.
 */
static bool
has_long_token(struct pgt_slice text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.n; i++) {
		run = text.p[i] == '"' ? 0 : run + 1;
		if (run > 13 || text.p[i] == '\\')
			return true;
	}
	return false;
}

static void
check_request(struct pgt_slice text)
{
	static const struct pgt_request_opts none;
	struct pgt_opts_seen seen = {.texts.next = 0};
	struct pgt_request_opts first, again;
	size_t n;
	int rc;

	pgt_alloc_fail_at(0);
	must(pgt_request_opts_read(&first, text, &seen) == 0);
	n = pgt_alloc_fail_at(0);
	must(first.timeout_ms >= -1);
	must((first.worker_id == NULL) == (first.n_worker_id == 0));
	must(pgt_request_opts_read(&again, text, &seen) == 0);
	must(is_same(&first, &again));
	pgt_request_opts_clear(&again);
	if (n > 0 && !has_long_token(text)) {
		seen = (struct pgt_opts_seen){.texts.next = 0};
		/* Which one fails comes from the text: the next will differ. */
		pgt_alloc_fail_at(1 + (unsigned char)text.p[0] % n);
		rc = pgt_request_opts_read(&again, text, &seen);
		pgt_alloc_fail_at(0);
		must(rc == -ENOMEM && is_same(&again, &none));
	}
	pgt_request_opts_clear(&first);
}

static void
check_worker(struct pgt_slice text)
{
	struct pgt_worker_opts o;

	must(pgt_worker_opts_read(&o, text) == 0);
	must(o.has_concurrency ? o.concurrency >= -1 : o.concurrency == 0);
}

static void
check_reply(struct pgt_slice text)
{
	struct pgt_reply_opts_seen seen = {.texts.next = 0};
	struct pgt_reply_opts first, again;

	must(pgt_reply_opts_read(&first, text, &seen) == 0);
	must(pgt_reply_opts_read(&again, text, &seen) == 0);
	must(first.cache_ms >= 0 && first.cache_ms == again.cache_ms);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pgt_slice text = {(const char *)data, size};

	check_request(text);
	check_reply(text);
	check_worker(text);
	return 0;
}
