/*
 * wellformed json|xml FILE: exit status 0 if it is that. JSON by jansson; XML
 * as far as our own pictures go: one root, tags that match, attributes in
 * quotes that come once each, and no text that should have been escaped.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_NAME  64
#define MAX_FILE  (1 << 24)

struct xml {
	const char *p;
	char open[MAX_DEPTH][MAX_NAME];
	int depth, n_roots;
};

static _Noreturn void
fail(const char *what, const char *at)
{
	fprintf(stderr, "wellformed: %s: %.40s\n", what, at);
	exit(1);
}

static void
skip_space(struct xml *x)
{
	while (isspace((unsigned char)*x->p))
		x->p++;
}

static void
take_name(struct xml *x, char name[MAX_NAME])
{
	size_t n = 0;

	while (n < MAX_NAME && (isalnum((unsigned char)x->p[n]) ||
				   x->p[n] == '-' || x->p[n] == ':'))
		n++;
	if (n == 0 || n == MAX_NAME)
		fail("no name", x->p);
	memcpy(name, x->p, n);
	name[n] = '\0';
	x->p += n;
}

/* Character data up to one of stops. */
static void
take_text(struct xml *x, const char *stops)
{
	for (; *x->p != '\0' && strchr(stops, *x->p) == NULL; x->p++) {
		if ((unsigned char)*x->p >= 0x80 || *x->p == '<')
			fail("to be escaped", x->p);
		if (*x->p == '&' &&
		    x->p[1 + strcspn(x->p + 1, "; <&\"")] != ';')
			fail("no entity", x->p);
	}
	if (*x->p == '\0' && x->depth > 0)
		fail("no end", x->p);
}

static void
take_attributes(struct xml *x)
{
	char name[16][MAX_NAME];
	int n = 0;

	for (skip_space(x); strchr("/>", *x->p) == NULL; skip_space(x)) {
		if (n == 16)
			fail("so many attributes", x->p);
		take_name(x, name[n]);
		for (int i = 0; i < n; i++)
			if (strcmp(name[i], name[n]) == 0)
				fail("twice", name[n]);
		n++;
		if (strncmp(x->p, "=\"", 2) != 0)
			fail("no value", x->p);
		x->p += 2;
		take_text(x, "\"");
		x->p++;
	}
}

static void
take_tag(struct xml *x)
{
	char name[MAX_NAME];
	bool is_end = *x->p == '/', is_empty;

	x->p += is_end;
	take_name(x, name);
	take_attributes(x);
	is_empty = *x->p == '/';
	x->p += is_empty;
	if (*x->p++ != '>')
		fail("no >", x->p - 1);
	if (x->depth == 0 && (is_end || x->n_roots++ > 0))
		fail("not below one root", name);
	if (is_end && strcmp(x->open[--x->depth], name) != 0)
		fail("ends another tag", name);
	if (is_end || is_empty)
		return;
	if (x->depth == MAX_DEPTH)
		fail("too deep", name);
	strcpy(x->open[x->depth++], name);
}

static void
check_xml(const char *text)
{
	struct xml x = {.p = text};

	if (strncmp(x.p, "<?xml ", 6) != 0 || strstr(x.p, "?>") == NULL)
		fail("no declaration", x.p);
	x.p = strstr(x.p, "?>") + 2;
	for (take_text(&x, "<"); *x.p == '<'; take_text(&x, "<")) {
		x.p++;
		take_tag(&x);
	}
	if (x.depth > 0 || x.n_roots != 1)
		fail("not one root", x.p);
}

static void
check_json(const char *text)
{
	json_error_t e;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &e);

	if (value == NULL)
		fail(e.text, text);
	json_decref(value);
}

int
main(int argc, char **argv)
{
	static char text[MAX_FILE];
	FILE *f = argc == 3 ? fopen(argv[2], "r") : NULL;

	if (f == NULL)
		fail("cannot read", argc == 3 ? argv[2] : "a file");
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	if (strcmp(argv[1], "json") == 0)
		check_json(text);
	else
		check_xml(text);
	return 0;
}
