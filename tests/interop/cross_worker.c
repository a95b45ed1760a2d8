/*
 * cross_peer worker. CONF: endpoints, service, heartbeat, liveness,
 * concurrency, prefix. It says {"request":K,…} for each request, and is told
 * what to reply:
 *
 *	write, end, error	k text|hex json
 *	say_error		k text, which is not JSON
 *	reject, heartbeat, free	k
 *	cache			k ms
 *	look			k; says active, ended, heard, asked, client, rid
 *	concurrency		value
 *	start, stop, drain, count
 *
 * A handle is kept until it is freed, also when it has been ended.
 */
#include <stdlib.h>
#include <string.h>

#include "cross_peer.h"

#define MAX_REPLIES 200000

struct worker {
	struct pigato_worker *w;
	json_int_t n_replies;
	struct pigato_reply *reply[MAX_REPLIES];
};

/* ---- what comes ---- */

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct worker *worker = arg;
	json_int_t k = worker->n_replies++;
	const char *asked, *client;
	size_t n_asked, n_client;
	json_t *said;

	(void)w;
	if (k == MAX_REPLIES)
		peer_die("too many requests");
	worker->reply[k] = rep;
	asked = pigato_reply_service(rep, &n_asked);
	client = pigato_reply_client_id(rep, &n_client);
	said = json_pack("{s:I, s:s%, s:s%}", "request", k, "asked", asked,
	    n_asked, "client", client, n_client);
	peer_put_data(said, data, size);
	peer_say(said);
}

static void
on_event(struct pigato_worker *w, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	(void)arg;
	if (event == PIGATO_ON_START)
		peer_say(json_pack("{s:s}", "id", pigato_worker_id(w)));
	peer_say_event(event, endpoint, error);
}

/* ---- replies ---- */

static int
look(struct pigato_reply *rep)
{
	peer_say(json_pack("{s:b, s:b, s:I}", "active",
	    pigato_reply_is_active(rep), "ended", pigato_reply_is_ended(rep),
	    "heard", (json_int_t)pigato_reply_heard_ms_ago(rep)));
	return PIGATO_OK;
}

static int
reply_json(
    struct pigato_reply *rep, const char *verb, const char *data, size_t size)
{
	json_t *value =
	    json_loadb(data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	int rc = strcmp(verb, "write") == 0
		     ? pigato_reply_write_json(rep, value)
		     : pigato_reply_end_json(rep, value);

	json_decref(value);
	return rc;
}

static int
reply_data(struct pigato_reply *rep, const char *verb, json_t *command)
{
	size_t size;
	char *data = peer_data(command, &size);
	int rc;

	if (strcmp(verb, "error") == 0)
		rc = pigato_reply_error(rep, data, size);
	else if (strcmp(verb, "say_error") == 0)
		rc = pigato_reply_error_text(rep, data);
	else if (json_object_get(command, "json") != NULL)
		rc = reply_json(rep, verb, data, size);
	else if (strcmp(verb, "write") == 0)
		rc = pigato_reply_write(rep, data, size);
	else
		rc = pigato_reply_end(rep, data, size);
	free(data);
	return rc;
}

static int
on_reply(struct worker *worker, json_int_t k, const char *verb, json_t *command)
{
	struct pigato_reply *rep =
	    k >= 0 && k < worker->n_replies ? worker->reply[k] : NULL;

	if (rep == NULL)
		peer_die("no such reply");
	if (strcmp(verb, "reject") == 0)
		return pigato_reply_reject(rep);
	if (strcmp(verb, "heartbeat") == 0)
		return pigato_reply_heartbeat(rep);
	if (strcmp(verb, "look") == 0)
		return look(rep);
	if (strcmp(verb, "cache") == 0)
		return pigato_reply_set_cache(
		    rep, peer_number(command, "ms", 0));
	if (strcmp(verb, "free") == 0) {
		pigato_reply_free(rep);
		worker->reply[k] = NULL;
		return PIGATO_OK;
	}
	return reply_data(rep, verb, command);
}

static int
obey(void *side, const char *verb, json_t *command)
{
	struct worker *worker = side;

	if (strcmp(verb, "start") == 0)
		return pigato_worker_start(worker->w);
	if (strcmp(verb, "drain") == 0)
		return pigato_worker_drain(worker->w);
	if (strcmp(verb, "stop") == 0) {
		pigato_worker_stop(worker->w);
		return PIGATO_OK;
	}
	if (strcmp(verb, "concurrency") == 0)
		return pigato_worker_set_concurrency(
		    worker->w, peer_number(command, "value", 100));
	if (strcmp(verb, "count") == 0) {
		peer_say(json_pack("{s:I}", "count",
		    (json_int_t)pigato_worker_in_flight(worker->w)));
		return PIGATO_OK;
	}
	return on_reply(worker, peer_number(command, "k", -1), verb, command);
}

/* ---- life ---- */

static int
fd(void *side)
{
	return pigato_worker_fd(((struct worker *)side)->w);
}

static int
timeout(void *side)
{
	return pigato_worker_timeout(((struct worker *)side)->w);
}

static int
process(void *side)
{
	return pigato_worker_process(((struct worker *)side)->w);
}

static void
end(void *side)
{
	struct worker *worker = side;

	pigato_worker_free(worker->w);
	for (json_int_t k = 0; k < worker->n_replies; k++)
		pigato_reply_free(worker->reply[k]);
	free(worker);
}

static void
configure(struct worker *worker, json_t *conf)
{
	const char *prefix = peer_text(conf, "prefix");
	struct pigato_worker *w = worker->w;
	int rc =
	    pigato_worker_set_heartbeat(w, peer_number(conf, "heartbeat", 2500),
		(int)peer_number(conf, "liveness", 3));

	if (rc == PIGATO_OK)
		rc = pigato_worker_set_concurrency(
		    w, peer_number(conf, "concurrency", 100));
	if (rc == PIGATO_OK && prefix != NULL)
		rc = pigato_worker_set_prefix(w, prefix);
	if (rc == PIGATO_OK)
		rc = pigato_worker_on_request(w, on_request, worker);
	pigato_worker_on_event(w, on_event, NULL);
	if (rc == PIGATO_OK)
		rc = pigato_worker_start(w);
	if (rc != PIGATO_OK)
		peer_die(pigato_strerror(rc));
}

int
cross_worker(json_t *conf)
{
	static const struct peer_side side = {fd, timeout, process, obey, end};
	struct worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL)
		peer_die("no memory");
	worker->w = pigato_worker_new(
	    peer_text(conf, "endpoints"), peer_text(conf, "service"));
	if (worker->w == NULL)
		peer_die("no memory");
	configure(worker, conf);
	return peer_serve(&side, worker);
}
