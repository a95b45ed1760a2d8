/*
 * cross_peer client. CONF: endpoints, heartbeat, liveness, policy
 * ("spread"), timeout, prefix. Its commands:
 *
 *	request, call, stream	n service text|hex opts json
 *	heartbeat, cancel	n
 *	start, stop, count
 *
 * n is the request's number, counted by whoever gives commands. call and
 * stream block until its end. json: by values of jansson, not by text.
 */
#include <stdlib.h>
#include <string.h>

#include "cross_peer.h"

#define MAX_REQUESTS 200000

struct client {
	struct pigato_client *c;
	struct pigato_request *request[MAX_REQUESTS]; /* in flight, by n */
};

struct asked {
	struct client *client;
	json_int_t n;
	bool by_json;
};

/* ---- what comes ---- */

static void
put_value(json_t *said, json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	json_decref(value);
	if (text == NULL)
		return;
	peer_put_data(said, text, strlen(text));
	free(text);
}

static json_t *
said_of(json_int_t n, int error, bool is_final)
{
	return json_pack("{s:I, s:s, s:b}", "n", n, "error",
	    pigato_error_name(error), "final", is_final);
}

static void
say_response(json_int_t n, const struct pigato_response *response, bool by_json)
{
	json_t *said = said_of(n, pigato_response_error(response),
	    pigato_response_is_final(response));
	size_t size;
	const char *data = pigato_response_data(response, &size);

	if (by_json && size > 0)
		put_value(said, pigato_response_json(response));
	else if (size > 0)
		peer_put_data(said, data, size);
	peer_say(said);
}

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct asked *asked = arg;

	(void)r;
	say_response(asked->n, response, asked->by_json);
	if (!pigato_response_is_final(response))
		return;
	asked->client->request[asked->n] = NULL;
	free(asked);
}

static void
on_event(struct pigato_client *c, enum pigato_event event, const char *endpoint,
    int error, void *arg)
{
	(void)c;
	(void)arg;
	peer_say_event(event, endpoint, error);
}

/* ---- commands ---- */

static void
read_opts(json_t *from, struct pigato_request_opts *o)
{
	*o = (struct pigato_request_opts)PIGATO_REQUEST_OPTS;
	o->timeout_ms = peer_number(from, "timeout", 0);
	o->retry = peer_number(from, "retry", 0) != 0;
	o->nocache = peer_number(from, "nocache", 0) != 0;
	o->failfast = peer_number(from, "failfast", 0) != 0;
	o->heartbeat = peer_number(from, "heartbeat", 0) != 0;
	o->worker_id = peer_text(from, "workerId");
}

/* One that was never sent ends like the others for who has asked. */
static int
say_refused(json_int_t n, int error)
{
	if (error != PIGATO_OK)
		peer_say(said_of(n, error, true));
	return error;
}

static int
request(struct client *client, json_t *command,
    const struct pigato_request_opts *o, const char *data, size_t size)
{
	struct asked *asked = calloc(1, sizeof(*asked));
	const char *service = peer_text(command, "service");
	struct pigato_request *r = NULL;
	json_t *value;
	int rc;

	if (asked == NULL)
		peer_die("no memory");
	asked->client = client;
	asked->n = peer_number(command, "n", 0);
	asked->by_json = json_object_get(command, "json") != NULL;
	if (asked->by_json) {
		value = json_loadb(
		    data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		rc = pigato_client_request_json(
		    client->c, service, value, o, on_response, asked, &r);
		json_decref(value);
	} else {
		rc = pigato_client_request(
		    client->c, service, data, size, o, on_response, asked, &r);
	}
	client->request[peer_number(command, "n", 0)] = r;
	if (rc != PIGATO_OK)
		free(asked);
	return say_refused(peer_number(command, "n", 0), rc);
}

static int
call_json(struct client *client, json_t *command,
    const struct pigato_request_opts *o, const char *data, size_t size)
{
	json_t *value =
	    json_loadb(data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	json_t *reply = NULL, *said;
	int rc = pigato_client_call_json(
	    client->c, peer_text(command, "service"), value, o, &reply);

	json_decref(value);
	said = said_of(peer_number(command, "n", 0), rc, true);
	if (reply != NULL)
		put_value(said, reply);
	peer_say(said);
	return rc;
}

static int
call(struct client *client, json_t *command,
    const struct pigato_request_opts *o, const char *data, size_t size)
{
	struct pigato_response *response = NULL;
	int rc;

	if (json_object_get(command, "json") != NULL)
		return call_json(client, command, o, data, size);
	rc = pigato_client_call(
	    client->c, peer_text(command, "service"), data, size, o, &response);
	if (response == NULL)
		return say_refused(peer_number(command, "n", 0), rc);
	say_response(peer_number(command, "n", 0), response, false);
	pigato_response_free(response);
	return rc;
}

static int
stream(struct client *client, json_t *command,
    const struct pigato_request_opts *o, const char *data, size_t size)
{
	json_int_t n = peer_number(command, "n", 0);
	struct pigato_response *response;
	struct pigato_stream *s;
	bool is_over = false;
	int rc = pigato_stream_open(
	    &s, client->c, peer_text(command, "service"), data, size, o);

	if (rc != PIGATO_OK)
		return say_refused(n, rc);
	while (!is_over) {
		response = NULL;
		rc = pigato_stream_next(s, -1, &response);
		is_over = rc != PIGATO_OK || response == NULL ||
			  pigato_response_is_final(response);
		if (response != NULL)
			say_response(n, response, false);
		else
			say_refused(n, rc);
		pigato_response_free(response);
	}
	pigato_stream_close(s);
	return rc;
}

static int
ask(struct client *client, const char *verb, json_t *command)
{
	struct pigato_request_opts o;
	size_t size;
	char *data = peer_data(command, &size);
	int rc;

	read_opts(json_object_get(command, "opts"), &o);
	if (strcmp(verb, "call") == 0)
		rc = call(client, command, &o, data, size);
	else if (strcmp(verb, "stream") == 0)
		rc = stream(client, command, &o, data, size);
	else
		rc = request(client, command, &o, data, size);
	free(data);
	return rc;
}

static int
obey(void *side, const char *verb, json_t *command)
{
	struct client *client = side;
	json_int_t n = peer_number(command, "n", 0);
	struct pigato_request *r;

	if (n < 0 || n >= MAX_REQUESTS)
		peer_die("no such request");
	r = client->request[n];
	if (strcmp(verb, "start") == 0)
		return pigato_client_start(client->c);
	if (strcmp(verb, "stop") == 0) {
		pigato_client_stop(client->c);
		return PIGATO_OK;
	}
	if (strcmp(verb, "count") == 0) {
		peer_say(json_pack("{s:I}", "count",
		    (json_int_t)pigato_client_in_flight(client->c)));
		return PIGATO_OK;
	}
	if (strcmp(verb, "heartbeat") == 0)
		return r == NULL ? PIGATO_ERR_STATE
				 : pigato_request_heartbeat(r);
	if (strcmp(verb, "cancel") == 0) {
		if (r != NULL)
			pigato_request_cancel(r);
		return r == NULL ? PIGATO_ERR_STATE : PIGATO_OK;
	}
	return ask(client, verb, command);
}

/* ---- life ---- */

static int
fd(void *side)
{
	return pigato_client_fd(((struct client *)side)->c);
}

static int
timeout(void *side)
{
	return pigato_client_timeout(((struct client *)side)->c);
}

static int
process(void *side)
{
	return pigato_client_process(((struct client *)side)->c);
}

static void
end(void *side)
{
	pigato_client_free(((struct client *)side)->c);
	free(side);
}

static void
configure(struct pigato_client *c, json_t *conf)
{
	const char *policy = peer_text(conf, "policy");
	const char *prefix = peer_text(conf, "prefix");
	int rc =
	    pigato_client_set_heartbeat(c, peer_number(conf, "heartbeat", 2500),
		(int)peer_number(conf, "liveness", 3));

	if (rc == PIGATO_OK)
		rc = pigato_client_set_timeout(
		    c, peer_number(conf, "timeout", 60000));
	if (rc == PIGATO_OK && policy != NULL)
		rc = pigato_client_set_policy(c, strcmp(policy, "spread") == 0
						     ? PIGATO_SPREAD
						     : PIGATO_FAILOVER);
	if (rc == PIGATO_OK && prefix != NULL)
		rc = pigato_client_set_prefix(c, prefix);
	pigato_client_on_event(c, on_event, NULL);
	if (rc == PIGATO_OK)
		rc = pigato_client_start(c);
	if (rc != PIGATO_OK)
		peer_die(pigato_strerror(rc));
}

int
cross_client(json_t *conf)
{
	static const struct peer_side side = {fd, timeout, process, obey, end};
	struct client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		peer_die("no memory");
	client->c = pigato_client_new(peer_text(conf, "endpoints"));
	if (client->c == NULL)
		peer_die("no memory");
	configure(client->c, conf);
	return peer_serve(&side, client);
}
