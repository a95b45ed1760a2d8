/*
 * libpigato-client in a loop of libuv. All of it is inline.
 *
 *	struct pigato_uv u;
 *
 *	pigato_uv_init_worker(&u, loop, w);
 *	uv_run(loop, UV_RUN_DEFAULT);
 *
 * The loop goes on while a handle is in it. To take one out, and always
 * before it is freed, call pigato_uv_close(), in a callback of the handle as
 * well; *u must stay where it is until it is told to be closed.
 */
#ifndef PIGATO_UV_H
#define PIGATO_UV_H

#include <pigato.h>
#include <uv.h>

struct pigato_uv {
	uv_poll_t poll;
	uv_timer_t timer;
	uv_prepare_t prepare; /* asks for the timeout before each wait */
	struct pigato_client *client; /* one of the two */
	struct pigato_worker *worker;
	int n_open;
	void (*closed)(struct pigato_uv *u);
	void *data; /* for the caller */
};

static inline void
pigato_uv_process(struct pigato_uv *u)
{
	if (u->client != NULL)
		pigato_client_process(u->client);
	else if (u->worker != NULL)
		pigato_worker_process(u->worker);
}

static inline void
pigato_uv_on_poll(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	pigato_uv_process((struct pigato_uv *)poll->data);
}

static inline void
pigato_uv_on_timer(uv_timer_t *timer)
{
	pigato_uv_process((struct pigato_uv *)timer->data);
}

static inline void
pigato_uv_on_prepare(uv_prepare_t *prepare)
{
	struct pigato_uv *u = (struct pigato_uv *)prepare->data;
	int ms = u->client != NULL ? pigato_client_timeout(u->client)
				   : pigato_worker_timeout(u->worker);

	if (ms < 0)
		uv_timer_stop(&u->timer);
	else
		uv_timer_start(&u->timer, pigato_uv_on_timer, (uint64_t)ms, 0);
}

static inline int
pigato_uv_init(struct pigato_uv *u, uv_loop_t *loop, int fd)
{
	int rc = uv_poll_init(loop, &u->poll, fd);

	if (rc != 0)
		return rc;
	uv_timer_init(loop, &u->timer);
	uv_prepare_init(loop, &u->prepare);
	u->poll.data = u->timer.data = u->prepare.data = u;
	u->closed = NULL;
	u->n_open = 3;
	uv_unref((uv_handle_t *)&u->timer);
	uv_unref((uv_handle_t *)&u->prepare);
	uv_prepare_start(&u->prepare, pigato_uv_on_prepare);
	return uv_poll_start(&u->poll, UV_READABLE, pigato_uv_on_poll);
}

/* Into the loop. 0, or an error of libuv and it is not in. */
static inline int
pigato_uv_init_client(
    struct pigato_uv *u, uv_loop_t *loop, struct pigato_client *c)
{
	u->client = c;
	u->worker = NULL;
	return pigato_uv_init(u, loop, pigato_client_fd(c));
}

static inline int
pigato_uv_init_worker(
    struct pigato_uv *u, uv_loop_t *loop, struct pigato_worker *w)
{
	u->client = NULL;
	u->worker = w;
	return pigato_uv_init(u, loop, pigato_worker_fd(w));
}

static inline void
pigato_uv_on_close(uv_handle_t *handle)
{
	struct pigato_uv *u = (struct pigato_uv *)handle->data;

	if (--u->n_open == 0 && u->closed != NULL)
		u->closed(u);
}

/* Out of the loop; closed, if it is not NULL, is called when *u is free. */
static inline void
pigato_uv_close(struct pigato_uv *u, void (*closed)(struct pigato_uv *u))
{
	u->closed = closed;
	u->client = NULL;
	u->worker = NULL;
	uv_close((uv_handle_t *)&u->poll, pigato_uv_on_close);
	uv_close((uv_handle_t *)&u->timer, pigato_uv_on_close);
	uv_close((uv_handle_t *)&u->prepare, pigato_uv_on_close);
}

#endif
