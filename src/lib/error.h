/* Where errors of the system and of the wire become errors of pigato.h. */
#ifndef PGT_ERROR_H
#define PGT_ERROR_H

#include "base/slice.h"

/*
 * Of 0 or a negative errno. What becomes PIGATO_ERR_SYSTEM is left in errno.
 */
int pgt_error_of_errno(int rc);

/*
 * Of the data of a reply whose status tells an error: what the broker says in
 * one word has a number of its own, all else is PIGATO_ERR_REMOTE.
 */
int pgt_error_of_data(struct pgt_slice data);

#endif
