/*
 * A client or a worker of libpigato-client, for stories told in JavaScript:
 *
 *	cross_peer client|worker CONF
 *
 * It obeys lines of JSON on standard input, {"do":VERB,…}, and tells in such
 * lines on standard output what happens to it. A command with "ack" is
 * answered, after all that it has caused at once, by {"ack":…,"error":NAME}.
 * The data of requests and replies is a string, "text", so that it comes
 * through byte for byte, or "hex" where it is no UTF-8. The end of standard
 * input ends it.
 */
#include "cross_peer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line that has not come whole yet. */
struct input {
	char *line;
	size_t n, size;
	bool is_over;
};

void
peer_die(const char *why)
{
	fprintf(stderr, "cross_peer: %s\n", why);
	exit(1);
}

/* ---- saying ---- */

void
peer_say(json_t *said)
{
	if (said == NULL ||
	    json_dumpf(said, stdout, JSON_COMPACT | JSON_ENCODE_ANY) != 0 ||
	    putchar('\n') == EOF || fflush(stdout) != 0)
		peer_die("cannot say it");
	json_decref(said);
}

void
peer_say_event(enum pigato_event event, const char *endpoint, int error)
{
	static const char *const names[] = {
	    "", "start", "stop", "connect", "disconnect", "error"};

	peer_say(json_pack("{s:s, s:s?, s:s}", "event", names[event],
	    "endpoint", endpoint, "error", pigato_error_name(error)));
}

static json_t *
hex_of(const char *data, size_t size)
{
	char *text = malloc(2 * size + 1);
	json_t *value;

	if (text == NULL)
		peer_die("no memory");
	for (size_t i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", (unsigned char)data[i]);
	value = json_stringn(text, 2 * size);
	free(text);
	return value;
}

void
peer_put_data(json_t *said, const char *data, size_t size)
{
	json_t *text = json_stringn(data, size);

	if (text != NULL)
		json_object_set_new(said, "text", text);
	else
		json_object_set_new(said, "hex", hex_of(data, size));
}

/* ---- obeying ---- */

static unsigned
digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

static char *
bytes_of(const char *hex, size_t n, size_t *size)
{
	char *data = malloc(n / 2 + 1);

	if (data == NULL)
		peer_die("no memory");
	for (size_t i = 0; i < n / 2; i++)
		data[i] =
		    (char)(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
	*size = n / 2;
	return data;
}

char *
peer_data(json_t *command, size_t *size)
{
	json_t *text = json_object_get(command, "text");
	json_t *hex = json_object_get(command, "hex");
	char *data;

	if (hex != NULL)
		return bytes_of(
		    json_string_value(hex), json_string_length(hex), size);
	*size = json_string_length(text);
	if (text == NULL)
		return NULL;
	data = malloc(*size + 1);
	if (data == NULL)
		peer_die("no memory");
	memcpy(data, json_string_value(text), *size + 1);
	return data;
}

json_int_t
peer_number(json_t *command, const char *key, json_int_t or_else)
{
	json_t *value = json_object_get(command, key);

	return json_is_integer(value) ? json_integer_value(value) : or_else;
}

const char *
peer_text(json_t *command, const char *key)
{
	return json_string_value(json_object_get(command, key));
}

static void
obey(const struct peer_side *side, void *handle, const char *line, size_t n)
{
	json_t *command = json_loadb(line, n, JSON_ALLOW_NUL, NULL);
	const char *verb = peer_text(command, "do");
	json_t *ack = json_object_get(command, "ack");
	int rc;

	if (verb == NULL)
		peer_die("a line that is no command");
	rc = side->obey(handle, verb, command);
	if (ack != NULL)
		peer_say(json_pack(
		    "{s:O, s:s}", "ack", ack, "error", pigato_error_name(rc)));
	json_decref(command);
}

/* Lines that are whole; what is left moves to the front. */
static void
obey_lines(const struct peer_side *side, void *handle, struct input *in)
{
	char *at = in->line, *end;
	size_t left = in->n;

	while ((end = memchr(at, '\n', left)) != NULL) {
		obey(side, handle, at, (size_t)(end - at));
		left -= (size_t)(end - at) + 1;
		at = end + 1;
	}
	memmove(in->line, at, left);
	in->n = left;
}

static void
take_input(const struct peer_side *side, void *handle, struct input *in)
{
	ssize_t n;

	if (in->n + 65536 > in->size) {
		in->size = 2 * in->size + 65536;
		in->line = realloc(in->line, in->size);
		if (in->line == NULL)
			peer_die("no memory");
	}
	n = read(STDIN_FILENO, in->line + in->n, 65536);
	if (n <= 0) {
		in->is_over = n == 0 || errno != EINTR;
		return;
	}
	in->n += (size_t)n;
	obey_lines(side, handle, in);
}

int
peer_serve(const struct peer_side *side, void *handle)
{
	struct input in = {NULL, 0, 0, false};
	struct pollfd fd[2] = {
	    {.fd = STDIN_FILENO, .events = POLLIN},
	    {.fd = side->fd(handle), .events = POLLIN},
	};

	while (!in.is_over) {
		poll(fd, 2, side->timeout(handle));
		if (fd[0].revents != 0)
			take_input(side, handle, &in);
		side->process(handle);
	}
	side->end(handle);
	free(in.line);
	return 0;
}

int
main(int argc, char **argv)
{
	json_t *conf = argc == 3 ? json_loads(argv[2], 0, NULL) : NULL;
	int rc = 2;

	if (conf != NULL && strcmp(argv[1], "client") == 0)
		rc = cross_client(conf);
	else if (conf != NULL && strcmp(argv[1], "worker") == 0)
		rc = cross_worker(conf);
	else
		fprintf(stderr, "usage: cross_peer client|worker CONF\n");
	json_decref(conf);
	return rc;
}
