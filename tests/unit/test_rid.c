/* Ids of requests, and what is remembered of those that have ended. */
#include "lib/rid.h"

#include <errno.h>
#include <stdlib.h>
#include <uuid.h>

#include "base/alloc.h"
#include "check.h"

static struct pgt_rids rids;

static void
init(void)
{
	pgt_rids_clear(&rids); /* what a test that failed has left */
	CHECK_INT(pgt_rids_init(&rids, 42), 0);
}

static enum pgt_rid_end
find(const char *text)
{
	return pgt_rids_find(&rids, pgt_slice_of(text));
}

static void
test_it_is_a_uuid(void)
{
	struct pgt_rid rid;
	char text[PGT_RID_SIZE];
	uuid_t uuid;

	init();
	pgt_rids_make(&rids, &rid);
	CHECK_INT(uuid_parse(rid.text, uuid), 0);
	CHECK_INT(uuid_type(uuid), UUID_TYPE_DCE_RANDOM);
	CHECK_INT(uuid_variant(uuid), UUID_VARIANT_DCE);
	uuid_unparse_lower(uuid, text);
	CHECK_TEXT(rid.text, text);
}

static void
test_how_it_ended(void)
{
	struct pgt_rid replied, left, begun;

	init();
	pgt_rids_make(&rids, &replied);
	pgt_rids_make(&rids, &left);
	pgt_rids_make(&rids, &begun);
	CHECK_INT(find(replied.text), PGT_RID_UNKNOWN);
	pgt_rids_end(&rids, &replied, PGT_RID_REPLIED);
	pgt_rids_end(&rids, &left, PGT_RID_LEFT);
	CHECK_INT(find(replied.text), PGT_RID_REPLIED);
	CHECK_INT(find(left.text), PGT_RID_LEFT);
	CHECK_INT(find(begun.text), PGT_RID_UNKNOWN);
}

static void
test_others(void)
{
	struct pgt_rid rid;

	init();
	pgt_rids_make(&rids, &rid);
	pgt_rids_end(&rids, &rid, PGT_RID_REPLIED);
	CHECK_INT(find(""), PGT_RID_UNKNOWN);
	CHECK_INT(find("r1"), PGT_RID_UNKNOWN);
	CHECK_INT(find("00000000-0000-0000-0000-000000000000"), 0);
	CHECK_INT(find("not-a-uuid-but-as-long-as-one-......"), 0);
	rid.text[0] = rid.text[0] == '0' ? '1' : '0';
	CHECK_INT(find(rid.text), PGT_RID_UNKNOWN);
	CHECK_INT(pgt_rids_find(&rids, (struct pgt_slice){rid.text, 35}), 0);
}

/* They end in any order; the last so many are known, and none of before. */
static void
test_so_many_are_remembered(void)
{
	size_t n = 3 * PGT_RIDS_KEPT;
	struct pgt_rid *all = calloc(n, sizeof(*all));

	init();
	for (size_t i = 0; i < n; i++)
		pgt_rids_make(&rids, &all[i]);
	for (size_t i = 0; i < n; i++) {
		size_t at = i ^ 7;

		pgt_rids_end(&rids, &all[at],
		    at % 2 == 0 ? PGT_RID_REPLIED : PGT_RID_LEFT);
	}
	for (size_t i = 0; i < n; i++) {
		enum pgt_rid_end end =
		    i % 2 == 0 ? PGT_RID_REPLIED : PGT_RID_LEFT;

		if (i < n - PGT_RIDS_KEPT)
			end = PGT_RID_UNKNOWN;
		CHECK_INT(find(all[i].text), end);
	}
	free(all);
}

static void
test_no_memory(void)
{
	init();
	pgt_rids_clear(&rids);
	pgt_alloc_fail_at(1);
	CHECK_INT(pgt_rids_init(&rids, 42), -ENOMEM);
	pgt_alloc_fail_at(0);
}

static const struct check_test tests[] = {
    {test_it_is_a_uuid, "a rid is a random uuid"},
    {test_how_it_ended, "how a request has ended is remembered"},
    {test_others, "of others nothing is known"},
    {test_so_many_are_remembered, "so many are remembered, and no more"},
    {test_no_memory, "no memory"},
};

CHECK_MAIN(tests)
