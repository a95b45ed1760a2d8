/*
 * Versions and ranges as node-semver 7 reads them with its default options
 * (no loose mode, pre-releases only where a comparator of the same
 * major.minor.patch has one itself). Proven against it by
 * tests/interop/semver.
 */
#ifndef PGT_SEMVER_H
#define PGT_SEMVER_H

#include <stdbool.h>

#include "base/slice.h"

/* Longest text that is read as a version or as a range, in bytes. */
#define PGT_SEMVER_MAX 256

/* Is text a version (semver.valid() is not null)? */
bool pgt_semver_is_version(struct pgt_slice text);

/*
 * Does version satisfy range? False where either is malformed, or where
 * there is no memory to tell. Allocates nothing that outlives the call.
 */
bool pgt_semver_satisfies(struct pgt_slice version, struct pgt_slice range);

#endif
