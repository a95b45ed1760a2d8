/* The object around an embedded node; NULL stays NULL. */
#ifndef PGT_CONTAINER_H
#define PGT_CONTAINER_H

#include <stddef.h>

#define PGT_CONTAINER(node, type, member)                                      \
	((type *)pgt_container((node), offsetof(type, member)))

static inline void *
pgt_container(void *node, size_t offset)
{
	return node == NULL ? NULL : (char *)node - offset;
}

#endif
