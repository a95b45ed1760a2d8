/*
 * loop_epoll [ENDPOINTS]: a client, a worker and a timer of the program's own
 * in one loop of epoll(7). The timer makes the client ask the worker; after
 * ten replies the worker is drained, and the program ends.
 */
#include <pigato.h>
#include <pigato_epoll.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define N	    10
#define INTERVAL_MS 5

struct program {
	struct pigato_client *c;
	struct pigato_worker *w;
	int epoll, timer;
	int n_asked, n_replies;
	bool is_over;
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

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	struct program *p = arg;

	(void)w;
	(void)endpoint;
	(void)error;
	if (event == PIGATO_ON_STOP)
		p->is_over = true;
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
	if (++p->n_replies == N)
		pigato_worker_drain(p->w);
}

static void
on_timer(struct program *p)
{
	char data[16];
	int n = snprintf(data, sizeof(data), "%d", p->n_asked);
	unsigned long long n_times;

	if (read(p->timer, &n_times, sizeof(n_times)) < 0 || p->n_asked == N)
		return;
	if (pigato_client_request(p->c, "loop_epoll", data, (size_t)n, NULL,
		on_response, p, NULL) == PIGATO_OK)
		p->n_asked++;
}

static int
open_timer(struct program *p)
{
	struct itimerspec every = {
	    .it_interval.tv_nsec = INTERVAL_MS * 1000000L,
	    .it_value.tv_nsec = INTERVAL_MS * 1000000L,
	};
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = &p->timer};

	p->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(p->timer, 0, &every, NULL);
	return epoll_ctl(p->epoll, EPOLL_CTL_ADD, p->timer, &ev);
}

/* Handles are processed in any case, for what is due without a word. */
static void
loop(struct program *p)
{
	struct epoll_event ev[4];
	int n;

	while (!p->is_over) {
		int timeout = pigato_sooner(
		    pigato_client_timeout(p->c), pigato_worker_timeout(p->w));

		n = epoll_wait(p->epoll, ev, 4, timeout);
		for (int i = 0; i < n; i++)
			if (ev[i].data.ptr == &p->timer)
				on_timer(p);
		pigato_client_process(p->c);
		pigato_worker_process(p->w);
	}
}

int
main(int argc, char **argv)
{
	const char *endpoints = argc > 1 ? argv[1] : NULL;
	struct program p = {.epoll = epoll_create1(EPOLL_CLOEXEC)};

	p.c = pigato_client_new(endpoints);
	p.w = pigato_worker_new(endpoints, "loop_epoll");
	if (p.c == NULL || p.w == NULL || open_timer(&p) != 0 ||
	    pigato_epoll_add_client(p.epoll, p.c, p.c) != PIGATO_OK ||
	    pigato_epoll_add_worker(p.epoll, p.w, p.w) != PIGATO_OK)
		return 1;
	pigato_worker_on_request(p.w, on_request, &p);
	pigato_worker_on_event(p.w, on_event, &p);
	if (pigato_worker_start(p.w) != PIGATO_OK)
		return 1;
	loop(&p);
	pigato_client_free(p.c);
	pigato_worker_free(p.w);
	close(p.timer);
	close(p.epoll);
	return 0;
}
