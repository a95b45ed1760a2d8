/*
 * file_client NAME [ENDPOINTS]: asks "file" for a file, and writes it to its
 * standard output as it comes.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct download {
	long long size; /* so far */
	int error;	/* of the request */
};

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c - 'a' + 10;
}

/* A JSON text of digits, with its quotes. */
static void
write_piece(struct download *d, const char *text, size_t size)
{
	for (size_t i = 1; i + 2 < size; i += 2)
		putchar(digit(text[i]) << 4 | digit(text[i + 1]));
	if (size >= 2)
		d->size += (long long)(size - 2) / 2;
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct download *d = arg;
	size_t size;
	const char *data = pigato_response_data(response, &size);

	(void)r;
	d->error = pigato_response_error(response);
	if (d->error != PIGATO_OK)
		fprintf(stderr, "file_client: %s %s\n",
		    pigato_strerror(d->error), data == NULL ? "" : data);
	else if (!pigato_response_is_final(response))
		write_piece(d, data, size);
	else if (atoll(data) != d->size)
		d->error = PIGATO_ERR_PARTIAL_LOST;
}

int
main(int argc, char **argv)
{
	struct pigato_client *c;
	struct download d = {0};
	json_t *name;
	int rc;

	if (argc < 2) {
		fprintf(stderr, "usage: file_client NAME [ENDPOINTS]\n");
		return 2;
	}
	c = pigato_client_new(argc > 2 ? argv[2] : NULL);
	name = json_string(argv[1]);
	if (c == NULL || name == NULL)
		return 1;
	rc = pigato_client_request_json(
	    c, "file", name, NULL, on_response, &d, NULL);
	if (rc == PIGATO_OK)
		rc = pigato_client_wait(c, -1);
	if (rc != PIGATO_OK)
		fprintf(stderr, "file_client: %s\n", pigato_strerror(rc));
	json_decref(name);
	pigato_client_free(c);
	return rc != PIGATO_OK || d.error != PIGATO_OK || fflush(stdout) != 0;
}
