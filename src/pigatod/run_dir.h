/*
 * Where what belongs to a running server lies: its administrative socket,
 * unless the settings name another place.
 */
#ifndef RUN_DIR_H
#define RUN_DIR_H

#include <stddef.h>

/*
 * The address of the administrative endpoint where nobody chose one, into
 * text; its directory is made if it is missing, for its owner alone. 0, or a
 * negative errno, and text is the address that cannot be had, or as it was
 * where the system has no place for it.
 */
int run_dir_admin(char *text, size_t size);

#endif
