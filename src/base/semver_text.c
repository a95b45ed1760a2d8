/*
 * Text of a range on its way from step to step. A step writes what it reads
 * or less, so a text may be rewritten in place and can't outgrow its buffer.
 */
#include "base/semver_parts.h"

void
pgt_semver_text_put(struct pgt_semver_text *t, struct pgt_slice s)
{
	if (s.n > 0)
		memmove(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

void
pgt_semver_text_put_one(struct pgt_semver_text *t, struct pgt_slice *in)
{
	pgt_semver_text_put(t, pgt_slice_head(*in, 1));
	*in = pgt_slice_from(*in, 1);
}

/* How many bytes the white space has that in begins with. */
static size_t
space_length(struct pgt_slice in)
{
	static const char *const wide[] = {"\u00a0", "\u1680", "\u2000",
	    "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
	    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029",
	    "\u202f", "\u205f", "\u3000", "\ufeff"};

	if ((unsigned char)in.p[0] < 0x80)
		return pgt_scan_is_at(in, " \t\n\v\f\r");
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (pgt_slice_has_prefix(in, pgt_slice_of(wide[i])))
			return strlen(wide[i]);
	return 0;
}

bool
pgt_semver_text_squeeze(struct pgt_semver_text *t, struct pgt_slice in)
{
	size_t n;

	t->n = 0;
	if (in.n > PGT_SEMVER_MAX)
		return false;
	while (in.n > 0) {
		n = space_length(in);
		in = pgt_slice_from(in, n);
		if (n == 0)
			pgt_semver_text_put_one(t, &in);
		else if (t->n == 0 || t->p[t->n - 1] != ' ')
			pgt_semver_text_put(t, pgt_slice_of(" "));
	}
	return true;
}
