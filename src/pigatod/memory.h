/* How much memory there is for this process. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/*
 * Bytes of the machine, or of the tightest control group (version 2) around
 * this process if that is less; 0: nobody knows.
 */
int64_t memory_available(void);

/*
 * The tightest limit of the group that file ("/proc/self/cgroup") names and of
 * those around it, found below root ("/sys/fs/cgroup"); INT64_MAX: none.
 */
int64_t memory_of_groups(const char *file, const char *root);

#endif
