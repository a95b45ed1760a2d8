/*
 * Versions, whole and partial. The grammar is that of the regular expressions
 * of node-semver: where they match less than a reader would think, so do we,
 * and leave the rest to make the text malformed.
 */
#include "base/semver_parts.h"

#define MAX_PART 9007199254740991 /* Number.MAX_SAFE_INTEGER */

/* Of a zero before digits only the zero is read: what follows won't fit. */
static bool
read_number(struct pgt_slice *in, int64_t *number)
{
	if (!pgt_scan_is_at(*in, PGT_SCAN_DIGITS))
		return false;
	*number = 0;
	if (pgt_scan_take(in, '0'))
		return true;
	for (; pgt_scan_is_at(*in, PGT_SCAN_DIGITS);
	     *in = pgt_slice_from(*in, 1))
		if (*number <= MAX_PART)
			*number = *number * 10 + (in->p[0] - '0');
	return true;
}

/* An identifier of a pre-release: all letters, digits, hyphens, or a number. */
static bool
read_pre_id(struct pgt_slice *in)
{
	struct pgt_slice rest = *in;
	int64_t number;

	pgt_scan_take_run(&rest, PGT_SCAN_DIGITS);
	if (pgt_scan_take_run(&rest, PGT_SEMVER_ID).n == 0)
		return read_number(in, &number);
	*in = rest;
	return true;
}

static bool
read_build_id(struct pgt_slice *in)
{
	return pgt_scan_take_run(in, PGT_SEMVER_ID).n > 0;
}

/* Identifiers with dots between; a dot that none follows is left. */
static bool
read_ids(struct pgt_slice *in, bool (*read_id)(struct pgt_slice *))
{
	struct pgt_slice rest;

	if (!read_id(in))
		return false;
	for (rest = *in; pgt_scan_take(&rest, '.') && read_id(&rest);)
		*in = rest;
	return true;
}

bool
pgt_semver_skip_ids(struct pgt_slice *in)
{
	return read_ids(in, read_build_id);
}

bool
pgt_semver_skip_build(struct pgt_slice *in)
{
	struct pgt_slice rest = *in;

	if (!pgt_scan_take(&rest, '+') || !pgt_semver_skip_ids(&rest))
		return false;
	*in = rest;
	return true;
}

/* Empty where there is none. */
static struct pgt_slice
read_pre(struct pgt_slice *in)
{
	struct pgt_slice rest = *in, start;

	if (!pgt_scan_take(&rest, '-'))
		return pgt_slice_head(*in, 0);
	start = rest;
	if (read_ids(&rest, read_pre_id))
		*in = rest;
	return pgt_scan_between(start, rest);
}

/* One part of a partial version, behind i others. */
static bool
read_part(struct pgt_slice *in, struct pgt_semver_partial *p, size_t i)
{
	int64_t number;

	if (pgt_scan_is_at(*in, PGT_SEMVER_UNKNOWN)) {
		*in = pgt_slice_from(*in, 1);
		return true;
	}
	if (!read_number(in, &number))
		return false;
	if (p->n_known < i)
		p->has_late_part = true;
	else
		p->v.part[p->n_known++] = number;
	return true;
}

bool
pgt_semver_read_partial(struct pgt_slice *in, struct pgt_semver_partial *p)
{
	struct pgt_slice start = *in, rest, pre;
	size_t i = 1;

	*p = (struct pgt_semver_partial){.n_known = 0};
	pgt_scan_take_run(in, PGT_SEMVER_PREFIX);
	if (!read_part(in, p, 0))
		return false;
	for (rest = *in; i < 3 && pgt_scan_take(&rest, '.'); i++, *in = rest)
		if (!read_part(&rest, p, i))
			break;
	if (i == 3) {
		pre = read_pre(in);
		if (p->n_known == 3)
			p->v.pre = pre;
	}
	p->text = pgt_scan_between(start, *in);
	return true;
}

bool
pgt_semver_is_partial(struct pgt_slice in, struct pgt_semver_partial *p)
{
	return pgt_semver_read_partial(&in, p) && in.n == 0;
}

bool
pgt_semver_is_in_bounds(const struct pgt_semver_version *v)
{
	return v->part[0] <= MAX_PART && v->part[1] <= MAX_PART &&
	       v->part[2] <= MAX_PART;
}

bool
pgt_semver_read_version(struct pgt_slice in, struct pgt_semver_version *v)
{
	struct pgt_semver_partial p;

	pgt_scan_take(&in, 'v');
	if (!pgt_scan_is_at(in, PGT_SCAN_DIGITS) ||
	    !pgt_semver_read_partial(&in, &p) || p.n_known < 3)
		return false;
	pgt_semver_skip_build(&in);
	*v = p.v;
	return in.n == 0 && pgt_semver_is_in_bounds(v);
}
