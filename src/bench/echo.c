#include "bench/echo.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench/data.h"

/* Room for a partial reply with n bytes of data. */
static char *
require_room(struct echo *e, size_t n)
{
	char *buf;

	if (n + DATA_PARTIAL_EXTRA <= e->buf_size)
		return e->buf;
	buf = realloc(e->buf, n + DATA_PARTIAL_EXTRA);
	if (buf == NULL)
		return NULL;
	e->buf = buf;
	e->buf_size = n + DATA_PARTIAL_EXTRA;
	return buf;
}

static void
write_partials(
    struct echo *e, struct pigato_reply *rep, const char *data, size_t size)
{
	char *buf = require_room(e, size);
	size_t n;

	for (int64_t i = 0; buf != NULL && i < e->conf->partials; i++) {
		n = data_write_partial(buf, i, data, size);
		if (pigato_reply_write(rep, buf, n) != PIGATO_OK)
			return;
	}
}

/* What cannot be written is missed by the client, and counted there. */
static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct echo *e = arg;

	(void)w;
	e->n_taken++;
	if (e->conf->partials > 0)
		write_partials(e, rep, data, size);
	if (e->conf->cache_ms > 0)
		pigato_reply_set_cache(rep, e->conf->cache_ms);
	pigato_reply_end(rep, data, size);
	pigato_reply_free(rep);
}

static void *
run(void *arg)
{
	struct echo *e = arg;
	struct pollfd fd[2] = {
	    {.fd = pigato_worker_fd(e->worker), .events = POLLIN},
	    {.fd = e->stop_fd, .events = POLLIN},
	};

	while ((fd[1].revents & POLLIN) == 0) {
		if (poll(fd, 2, pigato_worker_timeout(e->worker)) < 0 &&
		    errno != EINTR)
			break;
		pigato_worker_process(e->worker);
	}
	return NULL;
}

int
echo_start(struct echo *e)
{
	return -pthread_create(&e->thread, NULL, run, e);
}

void
echo_stop(struct echo *e)
{
	uint64_t one = 1;

	if (write(e->stop_fd, &one, sizeof(one)) < 0)
		perror("pigato-benchmark: eventfd");
	pthread_join(e->thread, NULL);
}

static int
open_worker(struct echo *e)
{
	int rc;

	e->worker = pigato_worker_new(e->conf->endpoints, e->conf->service);
	if (e->worker == NULL)
		return PIGATO_ERR_NOMEM;
	rc = pigato_worker_set_concurrency(e->worker, e->conf->concurrency);
	if (rc == PIGATO_OK)
		rc = pigato_worker_on_request(e->worker, on_request, e);
	if (rc == PIGATO_OK)
		rc = pigato_worker_start(e->worker);
	return rc;
}

int
echo_open(struct echo *e, const struct conf *conf)
{
	int rc = PIGATO_ERR_SYSTEM;

	*e = (struct echo){.conf = conf};
	e->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (e->stop_fd >= 0)
		rc = open_worker(e);
	if (rc != PIGATO_OK)
		echo_close(e);
	return rc;
}

void
echo_close(struct echo *e)
{
	pigato_worker_free(e->worker);
	free(e->buf);
	if (e->stop_fd >= 0)
		close(e->stop_fd);
}
