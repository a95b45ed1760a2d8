/*
 * stocks_worker FILE [INTERVAL [ENDPOINTS]]: streams the quotes of a CSV file
 * (symbol,time,price,volume), one every INTERVAL milliseconds, as partial
 * replies. Asked for "stocks" with a symbol as data: its quotes; with null:
 * all. Each request reads the file anew, at its own pace.
 */
#include <jansson.h>
#include <pigato.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#include "serve.h"

struct stream {
	LIST_ENTRY(stream) next;
	struct pigato_reply *rep;
	FILE *file;
	char *symbol; /* NULL: all */
	long n;	      /* quotes so far */
	long long due_at;
};

struct exchange {
	LIST_HEAD(, stream) streams;
	const char *path;
	int interval;
};

static long long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* A quote of that symbol as a value; NULL: another symbol, or no quote. */
static json_t *
read_quote(char *line, const char *symbol)
{
	const char *name = strtok(line, ",\r\n"), *when = strtok(NULL, ",\r\n");
	const char *price = strtok(NULL, ",\r\n");
	const char *volume = strtok(NULL, ",\r\n");

	if (volume == NULL || strcmp(name, "symbol") == 0)
		return NULL;
	if (symbol != NULL && strcmp(name, symbol) != 0)
		return NULL;
	return json_pack("{s:s, s:s, s:f, s:i}", "symbol", name, "time", when,
	    "price", atof(price), "volume", atoi(volume));
}

/* The next quote is sent; false: there are no more. */
static bool
send_quote(struct stream *s)
{
	char line[256];
	json_t *quote = NULL;

	while (quote == NULL && fgets(line, sizeof(line), s->file) != NULL)
		quote = read_quote(line, s->symbol);
	if (quote == NULL)
		return false;
	pigato_reply_write_json(s->rep, quote);
	json_decref(quote);
	s->n++;
	return true;
}

static void
end_stream(struct stream *s)
{
	char total[64];
	int n = snprintf(total, sizeof(total), "{\"quotes\":%ld}", s->n);

	if (s->n > 0)
		pigato_reply_end(s->rep, total, (size_t)n);
	else
		pigato_reply_error_text(s->rep, "no quotes of that symbol");
	LIST_REMOVE(s, next);
	pigato_reply_free(s->rep);
	fclose(s->file);
	free(s->symbol);
	free(s);
}

/* Sends what is due; streams that nobody hears any more are ended. */
static int
tick(void *arg)
{
	struct exchange *x = arg;
	struct stream *s, *next;
	long long now = now_ms(), first = -1;

	for (s = LIST_FIRST(&x->streams); s != NULL; s = next) {
		next = LIST_NEXT(s, next);
		if (now >= s->due_at) {
			s->due_at = now + x->interval;
			if (!pigato_reply_is_active(s->rep) || !send_quote(s)) {
				end_stream(s);
				continue;
			}
		}
		if (first < 0 || s->due_at < first)
			first = s->due_at;
	}
	return first < 0 ? -1 : (int)(first - now);
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct exchange *x = arg;
	struct stream *s = calloc(1, sizeof(*s));
	json_t *symbol = pigato_reply_json(rep);

	(void)w;
	(void)data;
	(void)size;
	if (s != NULL)
		s->file = fopen(x->path, "r");
	if (s == NULL || s->file == NULL) {
		pigato_reply_error_text(rep, "the quotes cannot be read");
		pigato_reply_free(rep);
		free(s);
	} else {
		s->rep = rep;
		s->symbol = json_is_string(symbol)
				? strdup(json_string_value(symbol))
				: NULL;
		LIST_INSERT_HEAD(&x->streams, s, next);
	}
	json_decref(symbol);
}

int
main(int argc, char **argv)
{
	struct exchange x = {.path = argv[1], .interval = 100};
	struct pigato_worker *w;
	int status;

	if (argc < 2) {
		fprintf(stderr,
		    "usage: stocks_worker FILE [INTERVAL [ENDPOINTS]]\n");
		return 2;
	}
	if (argc > 2)
		x.interval = atoi(argv[2]);
	w = pigato_worker_new(argc > 3 ? argv[3] : NULL, "stocks");
	if (w == NULL)
		return 1;
	pigato_worker_on_request(w, on_request, &x);
	status = serve(w, tick, &x);
	pigato_worker_free(w);
	return status;
}
