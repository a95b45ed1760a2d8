/* How much memory there is for this process. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/*
 * Bytes of the machine, or of the tightest control group (version 2) around
 * this process if that is less; 0: nobody knows.
 */
int64_t memory_available(void);

#endif
