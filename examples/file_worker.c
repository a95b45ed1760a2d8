/*
 * file_worker DIR [ENDPOINTS]: streams the files of a directory. Asked for
 * "file" with a name as data, it replies with its bytes piece by piece, in
 * hexadecimal, as data is JSON text; then with its size. One piece of each
 * file a turn, so that all get their share.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "serve.h"

#define PIECE 16384

struct transfer {
	LIST_ENTRY(transfer) next;
	struct pigato_reply *rep;
	FILE *file;
	long long size; /* so far */
};

struct shelf {
	LIST_HEAD(, transfer) transfers;
	const char *dir;
};

/* The bytes as JSON text; its length. */
static size_t
write_hex(char *text, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *p = text;

	*p++ = '"';
	for (size_t i = 0; i < n; i++) {
		*p++ = digits[bytes[i] >> 4];
		*p++ = digits[bytes[i] & 15];
	}
	*p++ = '"';
	return (size_t)(p - text);
}

/* False: that was the last one. */
static bool
send_piece(struct transfer *t)
{
	static unsigned char bytes[PIECE];
	static char text[2 * PIECE + 2];
	size_t n = fread(bytes, 1, sizeof(bytes), t->file);

	t->size += (long long)n;
	if (n > 0)
		pigato_reply_write(t->rep, text, write_hex(text, bytes, n));
	return n == sizeof(bytes);
}

static void
end_transfer(struct transfer *t)
{
	char size[32];
	int n = snprintf(size, sizeof(size), "%lld", t->size);

	if (ferror(t->file))
		pigato_reply_error_text(t->rep, "it cannot be read to its end");
	else
		pigato_reply_end(t->rep, size, (size_t)n);
	LIST_REMOVE(t, next);
	pigato_reply_free(t->rep);
	fclose(t->file);
	free(t);
}

static int
tick(void *arg)
{
	struct shelf *shelf = arg;
	struct transfer *t, *next;

	for (t = LIST_FIRST(&shelf->transfers); t != NULL; t = next) {
		next = LIST_NEXT(t, next);
		if (!pigato_reply_is_active(t->rep) || !send_piece(t))
			end_transfer(t);
	}
	return LIST_EMPTY(&shelf->transfers) ? -1 : 0;
}

/* A file of the directory, and of no other. */
static FILE *
open_file(const char *dir, const char *name)
{
	char path[4096];
	int n;

	if (name == NULL || name[0] == '.' || strchr(name, '/') != NULL)
		return NULL;
	n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	return (size_t)n < sizeof(path) ? fopen(path, "rb") : NULL;
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct shelf *shelf = arg;
	struct transfer *t = calloc(1, sizeof(*t));
	json_t *name = pigato_reply_json(rep);

	(void)w;
	(void)data;
	(void)size;
	if (t != NULL)
		t->file = open_file(shelf->dir, json_string_value(name));
	if (t == NULL || t->file == NULL) {
		pigato_reply_error_text(rep, "no such file");
		pigato_reply_free(rep);
		free(t);
	} else {
		t->rep = rep;
		LIST_INSERT_HEAD(&shelf->transfers, t, next);
	}
	json_decref(name);
}

int
main(int argc, char **argv)
{
	struct shelf shelf = {.dir = argv[1]};
	struct pigato_worker *w;
	int status;

	if (argc < 2) {
		fprintf(stderr, "usage: file_worker DIR [ENDPOINTS]\n");
		return 2;
	}
	w = pigato_worker_new(argc > 2 ? argv[2] : NULL, "file");
	if (w == NULL)
		return 1;
	pigato_worker_on_request(w, on_request, &shelf);
	status = serve(w, tick, &shelf);
	pigato_worker_free(w);
	return status;
}
