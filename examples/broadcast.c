/*
 * broadcast SERVICE DATA [ENDPOINTS]: asks the directory for the workers of a
 * service, then each of them by its id, all at once, and prints who said
 * what. DATA is JSON text.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdio.h>
#include <string.h>

static int n_failed;

/* arg is the worker's id. */
static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	int error = pigato_response_error(response);
	const char *data = pigato_response_data(response, NULL);

	(void)r;
	printf("%s: %s%s\n", (const char *)arg,
	    error == PIGATO_OK ? "" : pigato_strerror(error),
	    data == NULL ? "" : data);
	n_failed += error != PIGATO_OK;
}

/* What the directory says; NULL: nothing. */
static json_t *
workers_of(struct pigato_client *c, const char *service)
{
	json_t *name = json_string(service), *ids = NULL;
	int rc = pigato_client_call_json(c, "$dir", name, NULL, &ids);

	json_decref(name);
	if (rc == PIGATO_OK && json_array_size(ids) > 0)
		return ids;
	fprintf(stderr, "broadcast: %s\n",
	    rc == PIGATO_OK ? "nobody serves that" : pigato_strerror(rc));
	json_decref(ids);
	return NULL;
}

static int
ask_all(struct pigato_client *c, const char *service, const char *data,
    const json_t *ids)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	int rc = PIGATO_OK;

	o.timeout_ms = 5000;
	for (size_t i = 0; rc == PIGATO_OK && i < json_array_size(ids); i++) {
		o.worker_id = json_string_value(json_array_get(ids, i));
		rc = pigato_client_request(c, service, data, strlen(data), &o,
		    on_response, (void *)o.worker_id, NULL);
	}
	if (rc == PIGATO_OK)
		rc = pigato_client_wait(c, -1);
	return rc;
}

int
main(int argc, char **argv)
{
	struct pigato_client *c;
	json_t *ids;
	int rc = PIGATO_ERR_NO_WORKER;

	if (argc < 3) {
		fprintf(stderr, "usage: broadcast SERVICE DATA [ENDPOINTS]\n");
		return 2;
	}
	c = pigato_client_new(argc > 3 ? argv[3] : NULL);
	if (c == NULL)
		return 1;
	ids = workers_of(c, argv[1]);
	if (ids != NULL)
		rc = ask_all(c, argv[1], argv[2], ids);
	pigato_client_free(c);
	json_decref(ids);
	return rc != PIGATO_OK || n_failed > 0;
}
