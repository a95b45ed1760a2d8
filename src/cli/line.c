#include "cli/line.h"

#include <stdlib.h>
#include <string.h>

/* in runs ahead of out: quotes are left out. */
struct cut {
	char *in, *out;
	bool is_command; /* behind -- */
	const char *why;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
take(struct cut *c)
{
	*c->out++ = *c->in++;
}

/* A JSON string, quotes and all. */
static void
take_json_string(struct cut *c)
{
	take(c);
	while (*c->in != '\0' && *c->in != '"') {
		if (*c->in == '\\' && c->in[1] != '\0')
			take(c);
		take(c);
	}
	if (*c->in == '"')
		take(c);
	else
		c->why = "a \" is not closed";
}

static void
take_json(struct cut *c)
{
	size_t depth = 0;

	do {
		if (*c->in == '"') {
			take_json_string(c);
			continue;
		}
		if (*c->in == '{' || *c->in == '[')
			depth++;
		else if (*c->in == '}' || *c->in == ']')
			depth--;
		take(c);
	} while (depth > 0 && *c->in != '\0');
	if (depth > 0 && c->why == NULL)
		c->why = "a { or [ is not closed";
}

static void
take_quoted(struct cut *c)
{
	char quote = *c->in++;

	while (*c->in != '\0' && *c->in != quote) {
		if (quote == '"' && *c->in == '\\' && c->in[1] != '\0')
			c->in++;
		take(c);
	}
	if (*c->in == quote)
		c->in++;
	else
		c->why =
		    quote == '"' ? "a \" is not closed" : "a ' is not closed";
}

static void
take_word(struct cut *c)
{
	if (!c->is_command && strchr("{[\"", *c->in) != NULL)
		take_json(c);
	while (*c->in != '\0' && !is_blank(*c->in)) {
		if (*c->in == '\'' || (*c->in == '"' && c->is_command)) {
			take_quoted(c);
			continue;
		}
		if (*c->in == '\\' && c->in[1] != '\0')
			c->in++;
		take(c);
	}
}

bool
line_split(struct line *line, char *text)
{
	struct cut c = {.in = text, .out = text};
	bool more = true;

	line->n = 0;
	line->word = malloc((strlen(text) / 2 + 2) * sizeof(*line->word));
	line->why = "out of memory";
	if (line->word == NULL)
		return false;
	while (more) {
		while (is_blank(*c.in))
			c.in++;
		if (*c.in == '\0')
			break;
		line->word[line->n] = c.out;
		take_word(&c);
		/* What ends the word may be where its zero goes. */
		more = *c.in != '\0';
		c.in += more;
		*c.out++ = '\0';
		c.is_command =
		    c.is_command || strcmp(line->word[line->n], "--") == 0;
		line->n++;
	}
	line->word[line->n] = NULL;
	line->why = c.why;
	if (c.why == NULL)
		return true;
	free(line->word);
	return false;
}
