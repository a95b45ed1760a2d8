/*
 * loop_uv [ENDPOINTS]: a client, a worker and a timer of the program's own in
 * a loop of libuv. The timer makes the client ask the worker; after ten
 * replies the worker is drained, all is closed, and the loop ends.
 */
#include <pigato.h>
#include <pigato_uv.h>
#include <stdio.h>

#define N	    10
#define INTERVAL_MS 5

struct program {
	struct pigato_client *c;
	struct pigato_worker *w;
	struct pigato_uv for_client, for_worker;
	uv_timer_t timer;
	int n_asked, n_replies;
};

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	(void)w;
	(void)arg;
	pigato_reply_end(rep, data, size);
	pigato_reply_free(rep);
}

/* In a callback of the worker: out of the loop first, then it may go. */
static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	struct program *p = arg;

	(void)endpoint;
	(void)error;
	if (event != PIGATO_ON_STOP || p->w == NULL)
		return;
	p->w = NULL;
	pigato_uv_close(&p->for_worker, NULL);
	pigato_worker_free(w);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct program *p = arg;
	int error = pigato_response_error(response);

	(void)r;
	if (error != PIGATO_OK)
		printf("%s\n", pigato_strerror(error));
	else
		printf("%s\n", pigato_response_data(response, NULL));
	if (++p->n_replies < N)
		return;
	uv_close((uv_handle_t *)&p->timer, NULL);
	pigato_uv_close(&p->for_client, NULL);
	pigato_client_free(p->c);
	pigato_worker_drain(p->w);
}

static void
on_timer(uv_timer_t *timer)
{
	struct program *p = timer->data;
	char data[16];
	int n = snprintf(data, sizeof(data), "%d", p->n_asked);

	if (p->n_asked < N &&
	    pigato_client_request(p->c, "loop_uv", data, (size_t)n, NULL,
		on_response, p, NULL) == PIGATO_OK)
		p->n_asked++;
}

int
main(int argc, char **argv)
{
	const char *endpoints = argc > 1 ? argv[1] : NULL;
	uv_loop_t *loop = uv_default_loop();
	struct program p = {0};

	p.c = pigato_client_new(endpoints);
	p.w = pigato_worker_new(endpoints, "loop_uv");
	if (p.c == NULL || p.w == NULL ||
	    pigato_uv_init_client(&p.for_client, loop, p.c) != 0 ||
	    pigato_uv_init_worker(&p.for_worker, loop, p.w) != 0)
		return 1;
	pigato_worker_on_request(p.w, on_request, &p);
	pigato_worker_on_event(p.w, on_event, &p);
	if (pigato_worker_start(p.w) != PIGATO_OK)
		return 1;
	uv_timer_init(loop, &p.timer);
	p.timer.data = &p;
	uv_timer_start(&p.timer, on_timer, INTERVAL_MS, INTERVAL_MS);
	uv_run(loop, UV_RUN_DEFAULT);
	return uv_loop_close(loop) != 0;
}
