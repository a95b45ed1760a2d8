/*
 * echo_client TEXT [ENDPOINTS]: asks "echo", and prints what it answers. Data
 * is JSON: the text travels as a JSON string.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	struct pigato_client *c;
	json_t *text, *reply = NULL;
	int rc;

	if (argc < 2) {
		fprintf(stderr, "usage: echo_client TEXT [ENDPOINTS]\n");
		return 2;
	}
	c = pigato_client_new(argc > 2 ? argv[2] : NULL);
	text = json_string(argv[1]);
	if (c == NULL || text == NULL) {
		fprintf(stderr, "echo_client: no memory, or no UTF-8\n");
		return 1;
	}
	rc = pigato_client_call_json(c, "echo", text, NULL, &reply);
	if (rc == PIGATO_OK)
		printf("%s\n", json_string_value(reply));
	else
		fprintf(stderr, "echo_client: %s\n", pigato_strerror(rc));
	json_decref(reply);
	json_decref(text);
	pigato_client_free(c);
	return rc != PIGATO_OK;
}
