/*
 * A rid is a random version 4 uuid but for its last two bytes, which count.
 * They are its place in a ring: what has ended is noted there, to be found
 * again without a table and without memory for each, until a request that was
 * begun PGT_RIDS_KEPT later has ended as well.
 *
 * libuuid would ask the system for chance each time, which costs more than all
 * the rest of a request. The client's own generator will do: brokers tell
 * requests apart by client and rid.
 */
#include "lib/rid.h"

#include <errno.h>
#include <string.h>
#include <uuid.h>

#include "base/alloc.h"

#define PLACE 14 /* in the uuid's bytes */

_Static_assert((UINT16_MAX + 1) % PGT_RIDS_KEPT == 0, "no place is skipped");

int
pgt_rids_init(struct pgt_rids *rids, uint64_t seed)
{
	*rids = (struct pgt_rids){0};
	pgt_rand_init(&rids->rand, seed);
	rids->ended = pgt_alloc(PGT_RIDS_KEPT * sizeof(*rids->ended));
	return rids->ended == NULL ? -ENOMEM : 0;
}

void
pgt_rids_clear(struct pgt_rids *rids)
{
	pgt_free(rids->ended);
	rids->ended = NULL;
}

/* In hexadecimal digits, hyphens before some of the bytes. */
static void
write_text(char text[PGT_RID_SIZE], const unsigned char uuid[16])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*text++ = '-';
		*text++ = digits[uuid[i] >> 4];
		*text++ = digits[uuid[i] & 0x0f];
	}
	*text = '\0';
}

void
pgt_rids_make(struct pgt_rids *rids, struct pgt_rid *rid)
{
	uint64_t half[2] = {
	    pgt_rand_next(&rids->rand), pgt_rand_next(&rids->rand)};
	unsigned char uuid[16];

	memcpy(uuid, half, sizeof(uuid));
	uuid[6] = (uuid[6] & 0x0f) | 0x40;
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
	rid->place = rids->n++;
	memcpy(uuid + PLACE, &rid->place, sizeof(rid->place));
	memcpy(&rid->half, uuid, sizeof(rid->half));
	write_text(rid->text, uuid);
}

/* How it ended stands where each of them has its version. */
static uint64_t
note_of(uint64_t half, enum pgt_rid_end end)
{
	unsigned char bytes[sizeof(half)];

	memcpy(bytes, &half, sizeof(half));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | (end << 4));
	memcpy(&half, bytes, sizeof(half));
	return half;
}

void
pgt_rids_end(
    struct pgt_rids *rids, const struct pgt_rid *rid, enum pgt_rid_end end)
{
	rids->ended[rid->place % PGT_RIDS_KEPT] = note_of(rid->half, end);
}

enum pgt_rid_end
pgt_rids_find(const struct pgt_rids *rids, struct pgt_slice text)
{
	char copy[PGT_RID_SIZE] = "";
	uint64_t half, note;
	uint16_t place;
	uuid_t uuid;

	if (text.n != PGT_RID_SIZE - 1)
		return PGT_RID_UNKNOWN;
	memcpy(copy, text.p, text.n);
	if (uuid_parse(copy, uuid) != 0)
		return PGT_RID_UNKNOWN;
	memcpy(&half, uuid, sizeof(half));
	memcpy(&place, uuid + PLACE, sizeof(place));
	note = rids->ended[place % PGT_RIDS_KEPT];
	for (int end = PGT_RID_REPLIED; end <= PGT_RID_LEFT; end++)
		if (note == note_of(half, (enum pgt_rid_end)end))
			return (enum pgt_rid_end)end;
	return PGT_RID_UNKNOWN;
}
