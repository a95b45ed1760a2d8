/* One line per decision, written only where somebody wants to read it. */
#ifndef BROKER_TRACE_H
#define BROKER_TRACE_H

#include "broker/state.h"

struct trace_pair {
	const char *key; /* NULL: the last one */
	struct pgt_slice text;
	int64_t number;
	bool is_number;
};

#define T_TEXT(k, s)                                                           \
	{                                                                      \
		.key = (k), .text = (s)                                        \
	}
#define T_FRAME(k, f) T_TEXT((k), pgt_frame_view(f))
#define T_WORDS(k, s) T_TEXT((k), pgt_slice_of(s))
#define T_INT(k, n)                                                            \
	{                                                                      \
		.key = (k), .number = (n), .is_number = true                   \
	}

#define TRACE_IS_ON(b, level) ((int)(level) <= (b)->trace_level)

#define TRACE(b, level, words, ...)                                            \
	do {                                                                   \
		if (TRACE_IS_ON(b, level))                                     \
			trace_write((b), (level), (words),                     \
			    (const struct trace_pair[]){                       \
				__VA_ARGS__, {.key = NULL}});                  \
	} while (0)

/* conf or heard_level has changed: what is to be written. */
void trace_settle(struct broker *b);

/* Use TRACE(). */
void trace_write(const struct broker *b, enum trace_level level,
    const char *words, const struct trace_pair *pairs);

#endif
