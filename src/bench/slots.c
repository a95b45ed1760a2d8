#include "bench/slots.h"

#include <stdlib.h>

#define A_BLOCK 256

struct block {
	struct block *next;
	struct slot slot[A_BLOCK];
};

struct slots {
	struct load *load;
	struct block *blocks;
	struct slot *free;
};

struct slots *
slots_new(struct load *l)
{
	struct slots *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->load = l;
	return s;
}

void
slots_free(struct slots *s)
{
	struct block *b;

	if (s == NULL)
		return;
	while ((b = s->blocks) != NULL) {
		s->blocks = b->next;
		free(b);
	}
	free(s);
}

static void
grow(struct slots *s)
{
	struct block *b = malloc(sizeof(*b));

	if (b == NULL)
		return;
	b->next = s->blocks;
	s->blocks = b;
	for (size_t i = 0; i < A_BLOCK; i++)
		slots_give(s, &b->slot[i]);
}

struct slot *
slots_take(struct slots *s)
{
	struct slot *slot;

	if (s->free == NULL)
		grow(s);
	slot = s->free;
	if (slot == NULL)
		return NULL;
	s->free = slot->next;
	*slot = (struct slot){.load = s->load};
	return slot;
}

void
slots_give(struct slots *s, struct slot *slot)
{
	slot->next = s->free;
	s->free = slot;
}
