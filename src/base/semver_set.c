/*
 * A set of comparators, each put to the version as it is read. What ranges of
 * caret, tilde, hyphen or unknown parts mean is two comparators at most: from
 * a bound on, and below the pre-releases of another.
 */
#include "base/semver_parts.h"

/* One bit for each outcome of a comparison that suits. */
enum op { OP_LT = 1, OP_EQ = 2, OP_LE = 3, OP_GT = 4, OP_GE = 6 };

/* ---- comparators ---- */

static bool
suits(enum op op, int c)
{
	return (op & (c < 0 ? OP_LT : c > 0 ? OP_GT : OP_EQ)) != 0;
}

static bool
add(struct pgt_semver_set *set, enum op op,
    const struct pgt_semver_version *bound)
{
	set->is_any = false;
	if (!suits(op, pgt_semver_compare(set->v, bound)))
		set->holds = false;
	if (bound->pre.n > 0 && pgt_semver_compare_parts(set->v, bound) == 0)
		set->names_pre = true;
	return pgt_semver_is_in_bounds(bound);
}

/* >=0.0.0 says nothing: a pre-release of 0.0.0 may pass it. */
static bool
add_from(struct pgt_semver_set *set, const struct pgt_semver_version *bound)
{
	static const struct pgt_semver_version zero = {.part = {0}};

	return pgt_semver_compare(bound, &zero) == 0 || add(set, OP_GE, bound);
}

/* Below the bound and all its pre-releases. */
static bool
add_below(struct pgt_semver_set *set, struct pgt_semver_version bound)
{
	bound.pre = pgt_slice_of("0");
	return add(set, OP_LT, &bound);
}

/* The first version behind all that have the parts up to i of v. */
static struct pgt_semver_version
next_at(const struct pgt_semver_version *v, size_t i)
{
	struct pgt_semver_version next = {.part = {0}};

	memcpy(next.part, v->part, (i + 1) * sizeof(v->part[0]));
	next.part[i]++;
	return next;
}

/* Text is a complete version. ">=v0.0.0" is not any, other than ">=0.0.0". */
static bool
add_bound(struct pgt_semver_set *set, enum op op, struct pgt_slice text)
{
	struct pgt_semver_version v;

	if (op == OP_GE && pgt_slice_is(text, "0.0.0"))
		return true;
	return pgt_semver_read_version(text, &v) && add(set, op, &v);
}

/* ---- tokens ---- */

/* From p on, as long as its parts up to i stay. */
static bool
add_while(
    struct pgt_semver_set *set, const struct pgt_semver_partial *p, size_t i)
{
	if (p->n_known == 0)
		return true;
	return add_from(set, &p->v) && add_below(set, next_at(&p->v, i));
}

static bool
add_tilde(struct pgt_semver_set *set, const struct pgt_semver_partial *p)
{
	return add_while(set, p, p->n_known > 1 ? 1 : 0);
}

/* What stays is the first part that is not 0, or the last that is known. */
static bool
add_caret(struct pgt_semver_set *set, const struct pgt_semver_partial *p)
{
	size_t i = 0;

	while (i + 1 < p->n_known && p->v.part[i] == 0)
		i++;
	return add_while(set, p, i);
}

/* Not all parts of p are known. */
static bool
add_partial(
    struct pgt_semver_set *set, enum op op, const struct pgt_semver_partial *p)
{
	struct pgt_semver_version bound = p->v;

	if (p->has_late_part)
		return false;
	if (p->n_known == 0) {
		if (op == OP_LT || op == OP_GT)
			set->holds = set->is_any = false;
		return true;
	}
	if (op == OP_EQ)
		return add_tilde(set, p);
	if (op == OP_GT || op == OP_LE)
		bound = next_at(&p->v, p->n_known - 1);
	if (op == OP_LT || op == OP_LE)
		return add_below(set, bound);
	return add_from(set, &bound);
}

static enum op
take_op(struct pgt_slice *in)
{
	enum op op = OP_EQ;

	if (pgt_scan_take(in, '<'))
		op = OP_LT;
	else if (pgt_scan_take(in, '>'))
		op = OP_GT;
	return pgt_scan_take(in, '=') ? op | OP_EQ : op;
}

static bool
add_plain(struct pgt_semver_set *set, struct pgt_slice token)
{
	enum op op = take_op(&token);

	return add_bound(set, op, token);
}

/*
 * A star that is no part of a version, and an operator before it, are taken
 * out wherever they stand: 1.2.3* is 1.2.3, and so is 1.2.3>=*.
 */
static bool
add_without_star(struct pgt_semver_set *set, struct pgt_slice token)
{
	struct pgt_slice rest = token, before;
	struct pgt_semver_text t = {.n = 0};

	while (rest.n > 0 && !pgt_scan_is_at(rest, "*"))
		rest = pgt_slice_from(rest, 1);
	before = pgt_scan_between(token, rest);
	if (!pgt_scan_take(&rest, '*'))
		return false;
	pgt_scan_drop(&before, '=');
	if (!pgt_scan_drop(&before, '<'))
		pgt_scan_drop(&before, '>');
	pgt_semver_text_put(&t, before);
	pgt_semver_text_put(&t, rest);
	return add_plain(set, pgt_semver_text_view(&t));
}

bool
pgt_semver_set_add_token(struct pgt_semver_set *set, struct pgt_slice token)
{
	struct pgt_slice in = token;
	struct pgt_semver_partial p;
	enum op op;

	if (pgt_scan_take(&in, '^'))
		return pgt_semver_is_partial(in, &p) && add_caret(set, &p);
	if (pgt_scan_take(&in, '~')) {
		pgt_scan_take(&in, '>');
		return pgt_semver_is_partial(in, &p) && add_tilde(set, &p);
	}
	op = take_op(&in);
	if (!pgt_semver_is_partial(in, &p))
		return add_without_star(set, token);
	if (p.n_known == 3)
		return add_plain(set, token);
	return add_partial(set, op, &p);
}

/* ---- hyphens ---- */

/* A complete version is taken as it is written, but for one blank before. */
bool
pgt_semver_set_add_hyphen(struct pgt_semver_set *set,
    const struct pgt_semver_partial *from, const struct pgt_semver_partial *to)
{
	bool ok = true;

	if (from->n_known == 3)
		ok = add_bound(set, OP_GE, pgt_semver_text_trim(from->text));
	else if (from->n_known > 0)
		ok = add_from(set, &from->v);
	if (!ok || to->n_known == 0)
		return ok;
	if (to->n_known < 3)
		return add_below(set, next_at(&to->v, to->n_known - 1));
	if (to->v.pre.n > 0)
		return add(set, OP_LE, &to->v);
	return add_bound(set, OP_LE, pgt_semver_text_trim(to->text));
}
