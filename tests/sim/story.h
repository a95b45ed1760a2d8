/*
 * The last lines of what happened, for whoever has to find out why. Lines are
 * cut; nothing is allocated, so that it can be told from a signal handler.
 */
#ifndef SIM_STORY_H
#define SIM_STORY_H

#include <stdint.h>

#include "lib/msg.h"

/* Forget everything. */
void story_clear(void);

/* A line of its own: "[now] words", then the message's frames, if any. */
void story_add(int64_t now, const char *words, const struct pgt_msg *m);

/* Prints it all as TAP comments. */
void story_print(void);

#endif
