/*
 * Versions and ranges as node-semver reads them with its default options (no
 * loose mode, pre-releases only where a comparator of the same
 * major.minor.patch has one itself). Odd input has changed its meaning between
 * releases of it; 7.8.4 is the first that says the same as we do, as
 * tests/interop/semver shows.
 */
#ifndef PGT_SEMVER_H
#define PGT_SEMVER_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * Longest text that is read as a version or as a range, in bytes. node-semver
 * counts UTF-16 units of a version, and sets a range no limit.
 */
#define PGT_SEMVER_MAX 256

/* Is text a version (semver.valid() is not null)? Allocates nothing. */
bool pgt_semver_is_version(struct pgt_slice text);

/*
 * Does version satisfy range? False where either is malformed or too long: a
 * malformed range is one that no version satisfies. Allocates nothing.
 */
bool pgt_semver_satisfies(struct pgt_slice version, struct pgt_slice range);

#endif
