/*
 * An answer as lines name:value, a section under a heading, as redis-cli has
 * made operators and their scripts used to; for people and programs alike.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/out.h"

/* One section; title NULL: without a heading. */
void sheet_print(struct out *o, const char *title, const json_t *object);

/* A list of sections: each member of it is one, with an empty line between. */
void sheet_print_all(struct out *o, const json_t *sections);

/* An answer as lines, or as indented JSON. */
void sheet_answer(struct out *o, const json_t *answer, bool is_json);

/* JSON indented, with an end of line; the exit status. */
int sheet_json(struct out *o, const json_t *json);

#endif
