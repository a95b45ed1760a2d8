/*
 * The face of semver: texts are squeezed once, into buffers on the stack, and
 * all else works on views of them.
 */
#include "base/semver.h"

#include "base/semver_parts.h"

/* v points into t. */
static bool
read_version(struct pgt_slice text, struct pgt_semver_text *t,
    struct pgt_semver_version *v)
{
	return pgt_semver_text_squeeze(t, text) &&
	       pgt_semver_read_version(
		   pgt_semver_text_trim(pgt_semver_text_view(t)), v);
}

bool
pgt_semver_is_version(struct pgt_slice text)
{
	struct pgt_semver_version v;
	struct pgt_semver_text t;

	return read_version(text, &t, &v);
}

bool
pgt_semver_satisfies(struct pgt_slice version, struct pgt_slice range)
{
	struct pgt_semver_text v_text, r_text;
	struct pgt_semver_version v;

	return read_version(version, &v_text, &v) &&
	       pgt_semver_text_squeeze(&r_text, range) &&
	       pgt_semver_is_in_range(&v, pgt_semver_text_view(&r_text));
}
