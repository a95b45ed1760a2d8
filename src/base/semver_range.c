/*
 * node-semver rewrites the text of a range, step by step, until plain
 * comparators are left, and what it makes of odd input follows from the order
 * of those steps. So the steps on text are kept here, in that order: sets,
 * builds, hyphens, the space behind an operator, tokens.
 */
#include "base/semver_parts.h"

/* ---- steps on text ---- */

/* Takes out builds wherever they stand; the blanks around them stay. */
static void
strip_builds(struct pgt_semver_text *t, struct pgt_slice in)
{
	t->n = 0;
	while (in.n > 0)
		if (!pgt_semver_skip_build(&in))
			pgt_semver_text_put_one(t, &in);
}

static bool
skip_digits(struct pgt_slice *in)
{
	return pgt_scan_take_run(in, PGT_SCAN_DIGITS).n > 0;
}

/* Three numbers and any identifiers, else a partial version. */
static void
skip_version(struct pgt_slice *in)
{
	struct pgt_slice rest = *in;
	struct pgt_semver_partial p;
	bool is_full = skip_digits(&rest) && pgt_scan_take(&rest, '.') &&
		       skip_digits(&rest) && pgt_scan_take(&rest, '.') &&
		       skip_digits(&rest);

	if (!is_full) {
		pgt_semver_read_partial(in, &p);
		return;
	}
	*in = rest;
	pgt_semver_skip_ids(in);
}

static void
skip_angle(struct pgt_slice *in)
{
	if (!pgt_scan_take(in, '<'))
		pgt_scan_take(in, '>');
}

/* "> 1.2.3" becomes ">1.2.3", and of two blanks before 1.2.3 one stays. */
static void
join_operators(struct pgt_semver_text *t)
{
	struct pgt_slice in = pgt_semver_text_view(t), start, rest;

	for (t->n = 0; in.n > 0;
	     pgt_semver_text_put(t, pgt_scan_between(rest, in))) {
		start = rest = in;
		skip_angle(&in);
		pgt_scan_take_run(&in, PGT_SEMVER_PREFIX);
		if (pgt_scan_is_at(in, PGT_SCAN_DIGITS PGT_SEMVER_UNKNOWN)) {
			skip_version(&in);
			pgt_scan_take(&rest, ' ');
			skip_angle(&rest);
			pgt_scan_take(&rest, '=');
			pgt_semver_text_put(t, pgt_scan_between(start, rest));
			pgt_scan_take(&rest, ' ');
		} else if (in.n == start.n) {
			in = pgt_slice_from(in, 1);
		}
	}
}

/* "^ 1.2.3" becomes "^1.2.3", and "~> 1.2.3" as well as "~ 1.2.3" "~1.2.3". */
static void
join_signs(struct pgt_semver_text *t)
{
	struct pgt_slice in = pgt_semver_text_view(t), rest;
	bool is_tilde, is_caret;

	for (t->n = 0; in.n > 0;) {
		is_tilde = pgt_scan_is_at(in, "~");
		is_caret = pgt_scan_is_at(in, "^");
		pgt_semver_text_put_one(t, &in);
		rest = in;
		if (is_tilde)
			pgt_scan_take(&rest, '>');
		if ((is_tilde || is_caret) && pgt_scan_take(&rest, ' '))
			in = rest;
	}
}

/* ---- sets ---- */

static bool
is_hyphen_range(struct pgt_slice in, struct pgt_semver_partial *from,
    struct pgt_semver_partial *to)
{
	in = pgt_semver_text_trim(in);
	return pgt_semver_read_partial(&in, from) && pgt_scan_take(&in, ' ') &&
	       pgt_scan_take(&in, '-') && pgt_scan_take(&in, ' ') &&
	       pgt_semver_is_partial(in, to);
}

/* Takes what stands before the next blank, and the blank. */
static struct pgt_slice
take_token(struct pgt_slice *in)
{
	struct pgt_slice start = *in, token;

	while (in->n > 0 && in->p[0] != ' ')
		*in = pgt_slice_from(*in, 1);
	token = pgt_scan_between(start, *in);
	pgt_scan_take(in, ' ');
	return token;
}

static bool
add_all(struct pgt_semver_set *set, struct pgt_slice in)
{
	struct pgt_semver_partial from, to;
	struct pgt_semver_text t;
	struct pgt_slice token;

	strip_builds(&t, in);
	if (is_hyphen_range(pgt_semver_text_view(&t), &from, &to))
		return pgt_semver_set_add_hyphen(set, &from, &to);
	join_operators(&t);
	join_signs(&t);
	for (in = pgt_semver_text_view(&t); in.n > 0;) {
		token = take_token(&in);
		if (token.n > 0 && !pgt_semver_set_add_token(set, token))
			return false;
	}
	return true;
}

/* ---- ranges ---- */

/* Takes one set and the bars behind it. False: it was the last. */
static bool
next_set(struct pgt_slice *in, struct pgt_slice *set)
{
	static const struct pgt_slice bars = {"||", 2};
	struct pgt_slice rest = *in;

	while (rest.n > 0 && !pgt_slice_has_prefix(rest, bars))
		rest = pgt_slice_from(rest, 1);
	*set = pgt_semver_text_trim(pgt_scan_between(*in, rest));
	*in = pgt_slice_from(rest, rest.n > 0 ? bars.n : 0);
	return rest.n > 0;
}

/* One set that allows any version makes the others void. */
bool
pgt_semver_is_in_range(
    const struct pgt_semver_version *v, struct pgt_slice text)
{
	bool is_any = false, is_in = false, has_more = true;
	struct pgt_slice in;

	while (has_more) {
		struct pgt_semver_set set = {
		    .v = v, .is_any = true, .holds = true};

		has_more = next_set(&text, &in);
		if (!add_all(&set, in))
			return false;
		is_any |= set.is_any;
		is_in |= set.holds && (v->pre.n == 0 || set.names_pre);
	}
	return is_any ? v->pre.n == 0 : is_in;
}
