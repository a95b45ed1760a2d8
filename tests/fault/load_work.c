/*
 * Who answers. It keeps some requests for a moment, so that there is always
 * something to lose.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

#define KEEP	 16
#define SAY_EACH 500

struct kept {
	struct pigato_reply *rep;
	uint64_t n;
};

struct workshop {
	const struct load_conf *conf;
	struct kept kept[KEEP]; /* a ring */
	unsigned first, n_kept;
	uint64_t n_answered, n_lost;
	bool is_over;
};

static void
answer(struct workshop *shop, const struct kept *k)
{
	char text[LOAD_TEXT];
	int rc = PIGATO_OK;

	if (load_is_stream(shop->conf, k->n))
		for (unsigned i = 0; rc == PIGATO_OK && i < LOAD_PARTS; i++)
			rc = pigato_reply_write(
			    k->rep, text, load_reply(text, k->n, i));
	if (rc == PIGATO_OK)
		rc = pigato_reply_end(
		    k->rep, text, load_reply(text, k->n, LOAD_PARTS));
	pigato_reply_free(k->rep);
	if (rc != PIGATO_OK)
		shop->n_lost++;
	else if (++shop->n_answered % SAY_EACH == 0)
		printf("at %" PRIu64 "\n", shop->n_answered);
}

static void
answer_first(struct workshop *shop)
{
	struct kept k = shop->kept[shop->first];

	shop->first = (shop->first + 1) % KEEP;
	shop->n_kept--;
	answer(shop, &k);
}

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct workshop *shop = arg;
	char text[LOAD_TEXT];
	struct kept *k;

	(void)w;
	snprintf(text, sizeof(text), "%.*s", (int)size, data);
	if (shop->n_kept == KEEP)
		answer_first(shop);
	k = &shop->kept[(shop->first + shop->n_kept++) % KEEP];
	*k = (struct kept){rep, strtoull(text, NULL, 10)};
}

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	struct workshop *shop = arg;

	(void)w;
	if (event == PIGATO_ON_CONNECT)
		printf("connect %s\n", endpoint);
	if (event == PIGATO_ON_DISCONNECT)
		printf("disconnect %s\n", endpoint);
	if (event == PIGATO_ON_ERROR)
		printf("error %s %s\n", endpoint, pigato_error_name(error));
	if (event == PIGATO_ON_STOP)
		shop->is_over = true;
}

static void
loop(struct workshop *shop, struct pigato_worker *w)
{
	bool is_draining = false;

	while (!shop->is_over) {
		load_sleep(pigato_worker_fd(w), pigato_worker_timeout(w),
		    shop->n_kept > 0 ? 1 : 1000);
		pigato_worker_process(w);
		if (load_is_over && !is_draining) {
			is_draining = true;
			pigato_worker_drain(w);
		}
		if (shop->n_kept > 0)
			answer_first(shop);
	}
}

int
load_work(const struct load_conf *conf)
{
	struct workshop shop = {.conf = conf};
	struct pigato_worker *w =
	    pigato_worker_new(conf->endpoints, LOAD_SERVICE);

	if (w == NULL)
		load_die("no memory");
	pigato_worker_on_event(w, on_event, &shop);
	pigato_worker_on_request(w, on_request, &shop);
	pigato_worker_set_heartbeat(w, LOAD_HEARTBEAT_MS, LOAD_LIVENESS);
	if (pigato_worker_start(w) != PIGATO_OK)
		load_die("cannot start");
	loop(&shop, w);
	pigato_worker_free(w);
	while (shop.n_kept > 0)
		answer_first(&shop);
	printf("answered %" PRIu64 "\nlost %" PRIu64 "\n", shop.n_answered,
	    shop.n_lost);
	return 0;
}
