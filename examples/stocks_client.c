/*
 * stocks_client [SYMBOL [ENDPOINTS]]: asks "stocks" for the quotes of a
 * symbol, or of all, and prints them as they come.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdio.h>
#include <string.h>

static void
print_quote(const struct pigato_response *response)
{
	const char *symbol, *when;
	json_t *v = pigato_response_json(response);
	double price;
	int volume;

	if (json_unpack(v, "{s:s, s:s, s:F, s:i}", "symbol", &symbol, "time",
		&when, "price", &price, "volume", &volume) == 0)
		printf("%s %-10s %9.2f %7d\n", when, symbol, price, volume);
	else
		printf("total %s\n", pigato_response_data(response, NULL));
	fflush(stdout);
	json_decref(v);
}

/* One response after the other, until there are no more. */
static int
print_all(struct pigato_stream *s)
{
	struct pigato_response *response;
	int rc;

	while ((rc = pigato_stream_next(s, -1, &response)) == PIGATO_OK) {
		print_quote(response);
		pigato_response_free(response);
	}
	if (rc == PIGATO_ERR_STATE) /* there was a final one */
		return PIGATO_OK;
	if (response != NULL)
		fprintf(stderr, "%s\n", pigato_response_data(response, NULL));
	pigato_response_free(response);
	return rc;
}

int
main(int argc, char **argv)
{
	struct pigato_client *c = pigato_client_new(argc > 2 ? argv[2] : NULL);
	struct pigato_stream *s = NULL;
	char data[64] = "null";
	int rc = PIGATO_ERR_NOMEM;

	if (argc > 1 && strcmp(argv[1], "all") != 0)
		snprintf(data, sizeof(data), "\"%.50s\"", argv[1]);
	if (c != NULL)
		rc = pigato_stream_open(
		    &s, c, "stocks", data, strlen(data), NULL);
	if (rc == PIGATO_OK)
		rc = print_all(s);
	if (rc != PIGATO_OK)
		fprintf(stderr, "stocks_client: %s\n", pigato_strerror(rc));
	pigato_stream_close(s);
	pigato_client_free(c);
	return rc != PIGATO_OK;
}
