/*
 * node-semver rewrites the text of a range, step by step, until plain
 * comparators are left, and what it makes of odd input follows from the order
 * of those steps. So the steps on text are kept here: spaces, builds, the
 * space behind an operator. A token is then read into comparators, and each
 * is put to the version at once: nothing is stored, nothing allocated. All
 * text lives in buffers of PGT_SEMVER_MAX, and no step makes a text longer.
 *
 * A function that reads moves its slice past what it has read. One that adds
 * to a set is false where the text is malformed, and with it all the range.
 */
#include "base/semver.h"

#include <stdint.h>
#include <stdlib.h>

#define MAX_PART 9007199254740991 /* Number.MAX_SAFE_INTEGER */

/* Classes of characters. */
#define DIGITS	"0123456789"
#define UNKNOWN "xX*"
#define PREFIX	"v= " /* stands before a version without changing it */
#define ID	DIGITS "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* One bit for each outcome of a comparison that suits. */
enum op { OP_LT = 1, OP_EQ = 2, OP_LE = 3, OP_GT = 4, OP_GE = 6 };

struct text {
	char p[PGT_SEMVER_MAX];
	size_t n;
};

/* A part above MAX_PART stands for all that are too large. */
struct version {
	int64_t part[3];
	struct pgt_slice pre; /* without its hyphen */
};

/* A version of which only the first parts may be known. */
struct partial {
	struct version v; /* 0 where unknown, then without pre-release */
	size_t n_known;
	bool has_late_part; /* a number behind an unknown part: 1.x.3 */
	struct pgt_slice text;
};

/* Comparators of which all must hold, and what they say so far. */
struct set {
	const struct version *v; /* the version in question */
	bool is_any;		 /* no comparator excludes anything */
	bool holds;
	bool names_pre; /* one is a pre-release of the same parts as v */
};

/* ---- text ---- */

static bool
is_at(struct pgt_slice in, const char *class)
{
	return in.n > 0 && memchr(class, in.p[0], strlen(class)) != NULL;
}

/* Takes a run of the class; returns how long it was. */
static size_t
take_run(struct pgt_slice *in, const char *class)
{
	size_t n = in->n;

	while (is_at(*in, class))
		*in = pgt_slice_from(*in, 1);
	return n - in->n;
}

static bool
take(struct pgt_slice *in, char c)
{
	if (in->n == 0 || in->p[0] != c)
		return false;
	*in = pgt_slice_from(*in, 1);
	return true;
}

/* Takes c from the end. */
static bool
drop(struct pgt_slice *in, char c)
{
	if (in->n == 0 || in->p[in->n - 1] != c)
		return false;
	in->n--;
	return true;
}

/* What was read while before became now. */
static struct pgt_slice
between(struct pgt_slice before, struct pgt_slice now)
{
	return pgt_slice_head(before, before.n - now.n);
}

static struct pgt_slice
view(const struct text *t)
{
	return (struct pgt_slice){t->p, t->n};
}

/* The slice may be of t itself, further behind. */
static void
put(struct text *t, struct pgt_slice s)
{
	if (s.n > 0)
		memmove(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

/* Puts the first byte of in and takes it. */
static void
put_one(struct text *t, struct pgt_slice *in)
{
	put(t, pgt_slice_head(*in, 1));
	*in = pgt_slice_from(*in, 1);
}

/* How many bytes the white space has that in begins with, as JS sees it. */
static size_t
space_length(struct pgt_slice in)
{
	static const char *const wide[] = {"\u00a0", "\u1680", "\u2000",
	    "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
	    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029",
	    "\u202f", "\u205f", "\u3000", "\ufeff"};

	if ((unsigned char)in.p[0] < 0x80)
		return is_at(in, " \t\n\v\f\r");
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (pgt_slice_has_prefix(in, pgt_slice_of(wide[i])))
			return strlen(wide[i]);
	return 0;
}

/* Each run of white space becomes one blank. False: the text is too long. */
static bool
squeeze(struct text *t, struct pgt_slice in)
{
	size_t n;

	t->n = 0;
	if (in.n > PGT_SEMVER_MAX)
		return false;
	while (in.n > 0) {
		n = space_length(in);
		in = pgt_slice_from(in, n);
		if (n == 0)
			put_one(t, &in);
		else if (t->n == 0 || t->p[t->n - 1] != ' ')
			put(t, pgt_slice_of(" "));
	}
	return true;
}

/* Without one blank at each end. */
static struct pgt_slice
trim(struct pgt_slice s)
{
	take(&s, ' ');
	drop(&s, ' ');
	return s;
}

/* ---- versions ---- */

/* Of a zero before digits only the zero is read: what follows won't fit. */
static bool
read_number(struct pgt_slice *in, int64_t *number)
{
	if (!is_at(*in, DIGITS))
		return false;
	*number = 0;
	if (take(in, '0'))
		return true;
	for (; is_at(*in, DIGITS); *in = pgt_slice_from(*in, 1))
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

	take_run(&rest, DIGITS);
	if (take_run(&rest, ID) == 0)
		return read_number(in, &number);
	*in = rest;
	return true;
}

static bool
read_build_id(struct pgt_slice *in)
{
	return take_run(in, ID) > 0;
}

/* Identifiers with dots between; a dot that none follows is left. */
static bool
read_ids(struct pgt_slice *in, bool (*read_id)(struct pgt_slice *))
{
	struct pgt_slice rest;

	if (!read_id(in))
		return false;
	for (rest = *in; take(&rest, '.') && read_id(&rest);)
		*in = rest;
	return true;
}

static struct pgt_slice
read_pre(struct pgt_slice *in)
{
	struct pgt_slice rest = *in, start;
	bool has_sign = take(&rest, '-');

	start = rest;
	if (has_sign && read_ids(&rest, read_pre_id))
		*in = rest;
	return between(start, rest);
}

static bool
skip_build(struct pgt_slice *in)
{
	struct pgt_slice rest = *in;

	if (!take(&rest, '+') || !read_ids(&rest, read_build_id))
		return false;
	*in = rest;
	return true;
}

/* One part of a partial version, behind i others. */
static bool
read_part(struct pgt_slice *in, struct partial *p, size_t i)
{
	int64_t number;

	if (is_at(*in, UNKNOWN)) {
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

/* One to three parts with dots between, the third with a pre-release. */
static bool
read_partial(struct pgt_slice *in, struct partial *p)
{
	struct pgt_slice start = *in, rest, pre;
	size_t i = 1;

	*p = (struct partial){.n_known = 0};
	take_run(in, PREFIX);
	if (!read_part(in, p, 0))
		return false;
	for (rest = *in; i < 3 && take(&rest, '.'); i++, *in = rest)
		if (!read_part(&rest, p, i))
			break;
	if (i == 3) {
		pre = read_pre(in);
		if (p->n_known == 3)
			p->v.pre = pre;
	}
	p->text = between(start, *in);
	return true;
}

static bool
is_in_bounds(const struct version *v)
{
	return v->part[0] <= MAX_PART && v->part[1] <= MAX_PART &&
	       v->part[2] <= MAX_PART;
}

/* All of in is one complete version. */
static bool
read_version(struct pgt_slice in, struct version *v)
{
	struct partial p;

	take(&in, 'v');
	if (!is_at(in, DIGITS) || !read_partial(&in, &p) || p.n_known < 3)
		return false;
	skip_build(&in);
	*v = p.v;
	return in.n == 0 && is_in_bounds(v);
}

/* ---- order ---- */

/* As JS has it: a large one is rounded. Less than 0 where it is none. */
static double
number_of(struct pgt_slice id)
{
	char digits[PGT_SEMVER_MAX + 1];
	struct pgt_slice rest = id;

	take_run(&rest, DIGITS);
	if (rest.n > 0)
		return -1;
	memcpy(digits, id.p, id.n);
	digits[id.n] = '\0';
	return strtod(digits, NULL);
}

static int
compare_ids(struct pgt_slice a, struct pgt_slice b)
{
	double x = number_of(a), y = number_of(b);

	if (x >= 0 && y >= 0)
		return (x > y) - (x < y);
	if (x >= 0 || y >= 0)
		return x >= 0 ? -1 : 1;
	return pgt_slice_compare(a, b);
}

static struct pgt_slice
next_id(struct pgt_slice *ids)
{
	struct pgt_slice start = *ids, id;

	take_run(ids, ID);
	id = between(start, *ids);
	take(ids, '.');
	return id;
}

static int
compare_pre(struct pgt_slice a, struct pgt_slice b)
{
	struct pgt_slice x, y;

	if (a.n == 0 || b.n == 0)
		return (a.n == 0) - (b.n == 0);
	while (a.n > 0 && b.n > 0) {
		x = next_id(&a);
		y = next_id(&b);
		/* Two numbers may differ and yet be rounded to one: equal. */
		if (!pgt_slice_equal(x, y))
			return compare_ids(x, y);
	}
	return (a.n > 0) - (b.n > 0);
}

static int
compare_parts(const struct version *a, const struct version *b)
{
	for (size_t i = 0; i < 3; i++)
		if (a->part[i] != b->part[i])
			return a->part[i] < b->part[i] ? -1 : 1;
	return 0;
}

static enum op
compare(const struct version *a, const struct version *b)
{
	int c = compare_parts(a, b);

	if (c == 0)
		c = compare_pre(a->pre, b->pre);
	return c < 0 ? OP_LT : c > 0 ? OP_GT : OP_EQ;
}

/* ---- comparators ---- */

static bool
add(struct set *set, enum op op, const struct version *bound)
{
	set->is_any = false;
	if ((op & compare(set->v, bound)) == 0)
		set->holds = false;
	if (bound->pre.n > 0 && compare_parts(set->v, bound) == 0)
		set->names_pre = true;
	return is_in_bounds(bound);
}

/* >=0.0.0 says nothing: a pre-release of 0.0.0 may pass it. */
static bool
add_from(struct set *set, const struct version *bound)
{
	static const struct version zero = {.part = {0}};

	return compare(bound, &zero) == OP_EQ || add(set, OP_GE, bound);
}

/* Below the bound and all its pre-releases. */
static bool
add_below(struct set *set, struct version bound)
{
	bound.pre = pgt_slice_of("0");
	return add(set, OP_LT, &bound);
}

/* The first version behind all that have the parts up to i of v. */
static struct version
next_at(const struct version *v, size_t i)
{
	struct version next = {.part = {0}};

	memcpy(next.part, v->part, (i + 1) * sizeof(v->part[0]));
	next.part[i]++;
	return next;
}

/* From p on, as long as its parts up to i stay. */
static bool
add_while(struct set *set, const struct partial *p, size_t i)
{
	if (p->n_known == 0)
		return true;
	return add_from(set, &p->v) && add_below(set, next_at(&p->v, i));
}

static bool
add_tilde(struct set *set, const struct partial *p)
{
	return add_while(set, p, p->n_known > 1 ? 1 : 0);
}

/* What stays is the first part that is not 0, or the last that is known. */
static bool
add_caret(struct set *set, const struct partial *p)
{
	size_t i = 0;

	while (i + 1 < p->n_known && p->v.part[i] == 0)
		i++;
	return add_while(set, p, i);
}

/* Not all parts of p are known. */
static bool
add_partial(struct set *set, enum op op, const struct partial *p)
{
	struct version bound = p->v;

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

/* Text is a complete version. ">=v0.0.0" is not any, other than ">=0.0.0". */
static bool
add_bound(struct set *set, enum op op, struct pgt_slice text)
{
	struct version v;

	if (op == OP_GE && pgt_slice_is(text, "0.0.0"))
		return true;
	return read_version(text, &v) && add(set, op, &v);
}

static enum op
take_op(struct pgt_slice *in)
{
	enum op op = take(in, '<') ? OP_LT : take(in, '>') ? OP_GT : OP_EQ;

	return take(in, '=') ? op | OP_EQ : op;
}

static bool
add_plain(struct set *set, struct pgt_slice token)
{
	enum op op = take_op(&token);

	return add_bound(set, op, token);
}

/*
 * A star that is no part of a version, and an operator before it, are taken
 * out wherever they stand: 1.2.3* is 1.2.3, and so is 1.2.3>=*.
 */
static bool
add_without_star(struct set *set, struct pgt_slice token)
{
	struct pgt_slice rest = token, before;
	struct text t = {.n = 0};

	while (rest.n > 0 && !is_at(rest, "*"))
		rest = pgt_slice_from(rest, 1);
	before = between(token, rest);
	if (!take(&rest, '*'))
		return false;
	drop(&before, '=');
	if (!drop(&before, '<'))
		drop(&before, '>');
	put(&t, before);
	put(&t, rest);
	return add_plain(set, view(&t));
}

static bool
is_partial(struct pgt_slice in, struct partial *p)
{
	return read_partial(&in, p) && in.n == 0;
}

static bool
add_token(struct set *set, struct pgt_slice token)
{
	struct pgt_slice in = token;
	struct partial p;
	enum op op;

	if (take(&in, '^'))
		return is_partial(in, &p) && add_caret(set, &p);
	if (take(&in, '~')) {
		take(&in, '>');
		return is_partial(in, &p) && add_tilde(set, &p);
	}
	op = take_op(&in);
	if (!is_partial(in, &p))
		return add_without_star(set, token);
	if (p.n_known == 3)
		return add_plain(set, token);
	return add_partial(set, op, &p);
}

/* ---- sets ---- */

/* Takes out builds wherever they stand; the blanks around them stay. */
static void
strip_builds(struct text *t, struct pgt_slice in)
{
	t->n = 0;
	while (in.n > 0)
		if (!skip_build(&in))
			put_one(t, &in);
}

/* Three numbers and any identifiers, else a partial version. */
static void
skip_version(struct pgt_slice *in)
{
	struct pgt_slice rest = *in;
	struct partial p;
	bool is_full = take_run(&rest, DIGITS) > 0 && take(&rest, '.') &&
		       take_run(&rest, DIGITS) > 0 && take(&rest, '.') &&
		       take_run(&rest, DIGITS) > 0;

	if (!is_full) {
		read_partial(in, &p);
		return;
	}
	*in = rest;
	read_ids(in, read_build_id);
}

/* "> 1.2.3" becomes ">1.2.3", and of two blanks before 1.2.3 one stays. */
static void
join_operators(struct text *t)
{
	struct pgt_slice in = view(t), start, rest;

	for (t->n = 0; in.n > 0; put(t, between(rest, in))) {
		start = rest = in;
		if (!take(&in, '<'))
			take(&in, '>');
		take_run(&in, PREFIX);
		if (is_at(in, DIGITS UNKNOWN)) {
			skip_version(&in);
			take(&rest, ' ');
			take_op(&rest);
			put(t, between(start, rest));
			take(&rest, ' ');
		} else if (in.n == start.n) {
			in = pgt_slice_from(in, 1);
		}
	}
}

/* "^ 1.2.3" becomes "^1.2.3", and "~> 1.2.3" as well as "~ 1.2.3" "~1.2.3". */
static void
join_signs(struct text *t)
{
	struct pgt_slice in = view(t), rest;

	for (t->n = 0; in.n > 0;) {
		bool is_tilde = is_at(in, "~"), is_caret = is_at(in, "^");

		put_one(t, &in);
		rest = in;
		if (is_tilde)
			take(&rest, '>');
		if ((is_tilde || is_caret) && take(&rest, ' '))
			in = rest;
	}
}

static bool
is_hyphen_range(struct pgt_slice in, struct partial *from, struct partial *to)
{
	in = trim(in);
	return read_partial(&in, from) && take(&in, ' ') && take(&in, '-') &&
	       take(&in, ' ') && is_partial(in, to);
}

/* A complete version is taken as it is written, but for one blank before. */
static bool
add_hyphen_range(
    struct set *set, const struct partial *from, const struct partial *to)
{
	bool ok = true;

	if (from->n_known == 3)
		ok = add_bound(set, OP_GE, trim(from->text));
	else if (from->n_known > 0)
		ok = add_from(set, &from->v);
	if (!ok || to->n_known == 0)
		return ok;
	if (to->n_known < 3)
		return add_below(set, next_at(&to->v, to->n_known - 1));
	if (to->v.pre.n > 0)
		return add(set, OP_LE, &to->v);
	return add_bound(set, OP_LE, trim(to->text));
}

static bool
add_all(struct set *set, struct pgt_slice in)
{
	struct pgt_slice start;
	struct partial from, to;
	struct text t;

	strip_builds(&t, in);
	if (is_hyphen_range(view(&t), &from, &to))
		return add_hyphen_range(set, &from, &to);
	join_operators(&t);
	join_signs(&t);
	for (in = view(&t); in.n > 0;) {
		for (start = in; in.n > 0 && !is_at(in, " ");)
			in = pgt_slice_from(in, 1);
		if (in.n < start.n && !add_token(set, between(start, in)))
			return false;
		take(&in, ' ');
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
	*set = trim(between(*in, rest));
	*in = rest;
	return take(in, '|') && take(in, '|');
}

/* One set that allows any version makes the others void. */
static bool
is_in_range(const struct version *v, struct pgt_slice range)
{
	bool is_any = false, is_in = false, has_more = true;
	struct pgt_slice in;

	while (has_more) {
		struct set set = {.v = v, .is_any = true, .holds = true};

		has_more = next_set(&range, &in);
		if (!add_all(&set, in))
			return false;
		is_any |= set.is_any;
		is_in |= set.holds && (v->pre.n == 0 || set.names_pre);
	}
	return is_any ? v->pre.n == 0 : is_in;
}

bool
pgt_semver_is_version(struct pgt_slice text)
{
	struct version v;
	struct text t;

	return squeeze(&t, text) && read_version(trim(view(&t)), &v);
}

bool
pgt_semver_satisfies(struct pgt_slice version, struct pgt_slice range)
{
	struct text v_text, r_text;
	struct version v;

	return squeeze(&v_text, version) && squeeze(&r_text, range) &&
	       read_version(trim(view(&v_text)), &v) &&
	       is_in_range(&v, view(&r_text));
}
