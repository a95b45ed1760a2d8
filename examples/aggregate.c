/*
 * aggregate [ENDPOINTS]: a worker that is a client as well, both in one loop
 * of poll(2). Asked for "summary" with a list of symbols, it asks "stocks" for
 * each of them, all at once, and replies when the last one has ended:
 *
 *	["ACME","GLOBEX"] -> {"ACME":{"quotes":12,"low":40.1,"high":42.3},…}
 *
 * It runs until it is killed.
 */
#include <jansson.h>
#include <pigato.h>
#include <pigato_epoll.h>
#include <stdio.h>
#include <stdlib.h>

/* A request for a summary, while its answers come. */
struct summary {
	struct pigato_reply *rep;
	json_t *symbols;
	json_t *result; /* an object, a member for each symbol */
	size_t n_open;	/* symbols that have not ended */
};

/* One of its symbols. */
struct part {
	struct summary *summary;
	const char *symbol; /* the summary's */
	long n;
	double low, high;
};

static struct pigato_client *client;

static void
finish(struct summary *s)
{
	pigato_reply_end_json(s->rep, s->result);
	pigato_reply_free(s->rep);
	json_decref(s->result);
	json_decref(s->symbols);
	free(s);
}

static void
add_quote(struct part *p, const struct pigato_response *response)
{
	json_t *quote = pigato_response_json(response);
	double price = json_number_value(json_object_get(quote, "price"));

	json_decref(quote);
	p->low = p->n == 0 || price < p->low ? price : p->low;
	p->high = p->n == 0 || price > p->high ? price : p->high;
	p->n++;
}

static void
end_part(struct part *p, int error)
{
	struct summary *s = p->summary;
	json_t *v;

	if (error == PIGATO_OK)
		v = json_pack("{s:I, s:f, s:f}", "quotes", (json_int_t)p->n,
		    "low", p->low, "high", p->high);
	else
		v = json_pack("{s:s}", "error", pigato_strerror(error));
	json_object_set_new(s->result, p->symbol, v);
	free(p);
	if (--s->n_open == 0)
		finish(s);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	(void)r;
	if (pigato_response_is_final(response))
		end_part(arg, pigato_response_error(response));
	else
		add_quote(arg, response);
}

static void
ask(struct summary *s, json_t *symbol)
{
	struct part *p = calloc(1, sizeof(*p));
	int rc;

	if (p == NULL)
		return;
	s->n_open++;
	p->summary = s;
	p->symbol = json_string_value(symbol);
	rc = pigato_client_request_json(
	    client, "stocks", symbol, NULL, on_response, p, NULL);
	if (rc != PIGATO_OK)
		end_part(p, rc);
}

static bool
is_list_of_names(const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++)
		if (!json_is_string(json_array_get(v, i)))
			return false;
	return json_array_size(v) > 0;
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	json_t *symbols = pigato_reply_json(rep);
	struct summary *s = calloc(1, sizeof(*s));

	(void)w;
	(void)data;
	(void)size;
	(void)arg;
	if (s == NULL || !is_list_of_names(symbols)) {
		pigato_reply_error_text(rep, "a list of symbols is wanted");
		pigato_reply_free(rep);
		json_decref(symbols);
		free(s);
		return;
	}
	s->rep = rep;
	s->symbols = symbols;
	s->result = json_object();
	s->n_open = 1; /* until all are asked */
	for (size_t i = 0; i < json_array_size(symbols); i++)
		ask(s, json_array_get(symbols, i));
	if (--s->n_open == 0)
		finish(s);
}

static void
loop(struct pigato_worker *w)
{
	struct pollfd fd[2];
	int timeout;

	for (;;) {
		timeout = pigato_poll_client(client, &fd[0], -1);
		timeout = pigato_poll_worker(w, &fd[1], timeout);
		poll(fd, 2, timeout);
		pigato_client_process(client);
		pigato_worker_process(w);
	}
}

int
main(int argc, char **argv)
{
	const char *endpoints = argc > 1 ? argv[1] : NULL;
	struct pigato_worker *w = pigato_worker_new(endpoints, "summary");
	int rc;

	client = pigato_client_new(endpoints);
	if (client == NULL || w == NULL)
		return 1;
	pigato_worker_on_request(w, on_request, NULL);
	rc = pigato_worker_start(w);
	if (rc == PIGATO_OK)
		loop(w);
	fprintf(stderr, "aggregate: %s\n", pigato_strerror(rc));
	return 1;
}
