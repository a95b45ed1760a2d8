/*
 * watch: what a broker publishes on its internal channel (PROTOCOL 6). That
 * is a PUB socket and no part of libpigato-client, so libzmq is used here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "cli/cmd.h"
#include "cli/signals.h"
#include "lib/pigato.h"

#define INTCH	"tcp://127.0.0.1:55550"
#define MONITOR "inproc://watch"

struct watch_conf {
	const char *intch;
	int64_t count;
	bool is_json;
};

static const struct watch_conf defaults;

static const struct args_option options[] = {
    {.name = "intch",
	.type = ARGS_TEXT,
	.at = offsetof(struct watch_conf, intch),
	.arg = "URL",
	.want = "tcp://HOST:PORT or ipc://PATH",
	.text = "the channel; else PIGATO_INTCH, else " INTCH},
    {.name = "count",
	.letter = 'n',
	.type = ARGS_NUMBER,
	.at = offsetof(struct watch_conf, count),
	.arg = "N",
	.want = "1 to 1000000000",
	.min = 1,
	.max = 1000000000,
	.text = "end after so many messages"},
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = offsetof(struct watch_conf, is_json),
	.text = "indent the JSON in it"},
    {.name = NULL},
};

struct watch {
	struct cli *cli;
	const struct watch_conf *conf;
	const char *url;
	void *context, *sub, *monitor;
	int64_t n_left;	    /* messages; negative: any number */
	int64_t give_up_at; /* nobody is there; -1: somebody was */
};

/* ---- what comes ---- */

/* topic, a space, JSON; or anything else. */
static void
print(struct watch *w, const char *p, size_t n)
{
	struct out *o = &w->cli->out;
	const char *blank = n == 0 ? NULL : memchr(p, ' ', n);
	size_t n_topic = blank == NULL ? 0 : (size_t)(blank - p);

	if (blank != NULL) {
		out_colour(o, OUT_KEY);
		out_bytes(o, p, n_topic);
		out_colour(o, OUT_DEFAULT);
		putc(' ', o->file);
		n_topic++;
	}
	out_data(o, p + n_topic, n - n_topic,
	    w->conf->is_json ? OUT_PRETTY : OUT_LINE);
}

static bool
receive(struct watch *w)
{
	zmq_msg_t m;
	bool got;

	zmq_msg_init(&m);
	got = zmq_msg_recv(&m, w->sub, ZMQ_DONTWAIT) >= 0;
	if (got)
		print(w, zmq_msg_data(&m), zmq_msg_size(&m));
	zmq_msg_close(&m);
	return got;
}

/* The first frame of an event says which; the second one where. */
static bool
receive_news(struct watch *w)
{
	char address[256];
	uint16_t event;
	zmq_msg_t m;
	bool got;

	zmq_msg_init(&m);
	got = zmq_msg_recv(&m, w->monitor, ZMQ_DONTWAIT) >= 0 &&
	      zmq_msg_size(&m) >= sizeof(event);
	if (got)
		memcpy(&event, zmq_msg_data(&m), sizeof(event));
	zmq_msg_close(&m);
	if (!got)
		return false;
	zmq_recv(w->monitor, address, sizeof(address), ZMQ_DONTWAIT);
	if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
		cli_note(w->cli, "watching %s", w->url);
	else
		cli_note(w->cli, "%s is gone; trying on", w->url);
	w->give_up_at = -1;
	return true;
}

static bool
is_done(const struct watch *w)
{
	return w->n_left == 0 || w->cli->out.why != 0;
}

static int
run(struct watch *w)
{
	zmq_pollitem_t item[3] = {
	    {w->sub, 0, ZMQ_POLLIN, 0},
	    {w->monitor, 0, ZMQ_POLLIN, 0},
	    {NULL, signals_fd(), ZMQ_POLLIN, 0},
	};
	int n = signals_fd() < 0 ? 2 : 3;

	while (!is_done(w)) {
		int64_t left = w->give_up_at - cli_now_ms();

		if (w->give_up_at >= 0 && left <= 0) {
			cli_complain(w->cli, "%s: no broker answers", w->url);
			return CLI_NO_BROKER;
		}
		zmq_poll(item, n, w->give_up_at < 0 ? -1 : (long)left);
		while (receive_news(w))
			;
		while (!is_done(w) && receive(w))
			w->n_left--;
		signals_drain();
		if (cli_is_interrupted(w->cli))
			break;
	}
	return CLI_REPLY;
}

/* ---- sockets ---- */

static int
open_monitor(struct watch *w)
{
	int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED;

	if (zmq_socket_monitor(w->sub, MONITOR, events) != 0)
		return -1;
	w->monitor = zmq_socket(w->context, ZMQ_PAIR);
	return w->monitor == NULL ? -1 : zmq_connect(w->monitor, MONITOR);
}

static int
subscribe(struct watch *w, const struct args *args)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < args->n_words; i++)
		rc = zmq_setsockopt(w->sub, ZMQ_SUBSCRIBE, args->word[i],
		    strlen(args->word[i]));
	if (args->n_words == 0)
		rc = zmq_setsockopt(w->sub, ZMQ_SUBSCRIBE, "", 0);
	return rc;
}

static int
open_all(struct watch *w, const struct args *args)
{
	int unlimited = 0;

	w->context = zmq_ctx_new();
	if (w->context == NULL)
		return -1;
	w->sub = zmq_socket(w->context, ZMQ_SUB);
	if (w->sub == NULL || open_monitor(w) != 0 || subscribe(w, args) != 0)
		return -1;
	zmq_setsockopt(w->sub, ZMQ_RCVHWM, &unlimited, sizeof(unlimited));
	return zmq_connect(w->sub, w->url);
}

static void
close_all(struct watch *w)
{
	if (w->monitor != NULL)
		zmq_close(w->monitor);
	if (w->sub != NULL)
		zmq_close(w->sub);
	while (w->context != NULL && zmq_ctx_term(w->context) != 0 &&
	       errno == EINTR)
		;
}

static const char *
url_of(const struct watch_conf *conf)
{
	const char *url =
	    conf->intch != NULL ? conf->intch : getenv("PIGATO_INTCH");

	return url == NULL || url[0] == '\0' ? INTCH : url;
}

static int
watch(struct cli *cli, const struct args *args, const void *values)
{
	const struct watch_conf *conf = values;
	struct watch w = {
	    .cli = cli,
	    .conf = conf,
	    .url = url_of(conf),
	    .n_left = conf->count > 0 ? conf->count : -1,
	    .give_up_at = cli_now_ms() + cli->connect_ms,
	};
	const char *why = pigato_check_endpoints(w.url);
	int status;

	if (why == NULL && open_all(&w, args) != 0)
		why = zmq_strerror(zmq_errno());
	if (why == NULL)
		status = run(&w);
	else
		status = cli_usage(cli,
		    "cannot watch %s: %s; wanted: tcp://HOST:PORT or "
		    "ipc://PATH",
		    w.url, why);
	close_all(&w);
	return status;
}

const struct cmd cmd_watch = {
    .name = "watch",
    .args = "[TOPIC ...] [OPTION ...]",
    .text = "Print what the broker tells on its internal channel, as it comes",
    .more = "TOPIC is how messages begin, like '$dir'; without one all are "
	    "printed.\n",
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_max = 64,
    .run = watch,
};
