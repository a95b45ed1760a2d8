/*
 * Clients: each a DEALER with so many requests in flight. A rid names the
 * slot and the serial number of its request, so that a reply is known to be
 * the first one, or the second, or nobody's; its data must be the request's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "load.h"

#define RID	  36
#define OPTS	  "{\"timeout\":60000}"
#define PATIENCE  UINT64_C(10000000000) /* ns for the last replies */
#define MAX_PARTS 16

struct slot {
	uint64_t serial; /* 0: none in flight */
	uint64_t sent_at;
};

struct client {
	void *socket;
	struct slot *slot; /* conf->depth of them */
	uint64_t next_serial;
};

struct drive {
	const struct load_conf *conf;
	struct load_result *result;
	void *ctx;
	struct client *client;
	zmq_pollitem_t *item;
	char *payload;
	uint64_t n_sent, n_in_flight, limit, until;
	uint64_t turn; /* of the swarm's services */
};

static void *
open_socket(void *ctx, const struct load_conf *conf)
{
	void *s = zmq_socket(ctx, ZMQ_DEALER);
	char id[LOAD_ID + 1];
	int none = 0;

	if (s == NULL)
		load_die("zmq_socket");
	load_identity(id, 'C');
	zmq_setsockopt(s, ZMQ_IDENTITY, id, LOAD_ID);
	zmq_setsockopt(s, ZMQ_SNDHWM, &none, sizeof(none));
	zmq_setsockopt(s, ZMQ_RCVHWM, &none, sizeof(none));
	zmq_setsockopt(s, ZMQ_LINGER, &none, sizeof(none));
	if (zmq_connect(s, conf->endpoint) != 0)
		load_die(conf->endpoint);
	return s;
}

static void
put(void *s, const char *p, size_t n, int flags)
{
	if (zmq_send(s, p, n, flags) < 0)
		load_die("zmq_send");
}

static void
put_request(void *s, const char *service, const char *rid, const char *data,
    size_t n, const char *opts)
{
	put(s, "C", 1, ZMQ_SNDMORE);
	put(s, "2", 1, ZMQ_SNDMORE);
	put(s, service, strlen(service), ZMQ_SNDMORE);
	put(s, rid, RID, ZMQ_SNDMORE);
	put(s, data, n, ZMQ_SNDMORE);
	put(s, opts, strlen(opts), 0);
}

/* As long as a uuid, and as unlike each other. */
static void
write_rid(char rid[RID + 1], size_t slot, uint64_t serial)
{
	snprintf(rid, RID + 1, "%08zx-70a0-4000-8000-%012llx",
	    slot & 0xffffffff, (unsigned long long)(serial & 0xffffffffffff));
}

/* A JSON text; the longer ones carry the serial number. */
static void
stamp(struct drive *d, uint64_t serial)
{
	char number[17];

	if (d->conf->payload < 18)
		return;
	snprintf(number, sizeof(number), "%016llx", (unsigned long long)serial);
	memcpy(d->payload + 1, number, 16);
}

static void
send_request(struct drive *d, struct client *c, size_t slot)
{
	char rid[RID + 1], service[64];
	const char *name = d->conf->service;
	uint64_t serial = ++c->next_serial;

	if (d->conf->round) {
		snprintf(service, sizeof(service), "%s-%llu",
		    d->conf->swarm_service,
		    (unsigned long long)(d->turn++ %
					 (uint64_t)d->conf->n_swarm));
		name = service;
	}
	write_rid(rid, slot, serial);
	stamp(d, serial);
	c->slot[slot].serial = serial;
	c->slot[slot].sent_at = measure_now();
	put_request(c->socket, name, rid, d->payload, d->conf->payload, OPTS);
	d->n_sent++;
	d->n_in_flight++;
}

/* The slot that a reply belongs to, or NULL and it is counted. */
static struct slot *
find_slot(struct drive *d, struct client *c, const char *rid)
{
	unsigned long slot = strtoul(rid, NULL, 16);
	unsigned long long serial = strtoull(rid + RID - 12, NULL, 16);
	char again[RID + 1];

	write_rid(again, slot, serial);
	if (strcmp(again, rid) != 0 || serial == 0 || serial > c->next_serial ||
	    slot >= (unsigned long)d->conf->depth) {
		d->result->errors++;
		return NULL;
	}
	if (c->slot[slot].serial != serial) {
		d->result->dup++;
		return NULL;
	}
	return &c->slot[slot];
}

static bool
part_is(zmq_msg_t *m, const char *p, size_t n)
{
	return zmq_msg_size(m) == n && memcmp(zmq_msg_data(m), p, n) == 0;
}

static bool
wants_more(const struct drive *d)
{
	if (d->limit != 0)
		return d->n_sent < d->limit;
	return measure_now() < d->until;
}

/* C 3 - rid status data [opts] */
static void
on_reply(struct drive *d, struct client *c, zmq_msg_t *part, int n)
{
	char rid[RID + 1] = "";
	struct slot *s;

	if (n < 6 || !part_is(&part[0], "C", 1) || !part_is(&part[1], "3", 1) ||
	    zmq_msg_size(&part[3]) != RID) {
		d->result->errors++;
		return;
	}
	memcpy(rid, zmq_msg_data(&part[3]), RID);
	s = find_slot(d, c, rid);
	if (s == NULL)
		return;
	stamp(d, s->serial);
	if (!part_is(&part[4], "0", 1) ||
	    !part_is(&part[5], d->payload, d->conf->payload))
		d->result->errors++;
	measure_add(&d->result->latency, measure_now() - s->sent_at);
	s->serial = 0;
	d->n_in_flight--;
	if (wants_more(d))
		send_request(d, c, (size_t)(s - c->slot));
}

static bool
receive(struct drive *d, struct client *c, int flags)
{
	zmq_msg_t part[MAX_PARTS];
	int n = 0, more = 1;

	while (more && n < MAX_PARTS) {
		zmq_msg_init(&part[n]);
		if (zmq_msg_recv(&part[n], c->socket, n == 0 ? flags : 0) < 0)
			return false;
		more = zmq_msg_more(&part[n++]);
	}
	on_reply(d, c, part, n);
	while (n > 0)
		zmq_msg_close(&part[--n]);
	return true;
}

static void
receive_all(struct drive *d)
{
	const int n = d->conf->n_clients;

	if (n > 1)
		zmq_poll(d->item, n, 100);
	for (int i = 0; i < n; i++)
		if (n == 1 || d->item[i].revents != 0)
			if (receive(
				d, &d->client[i], n == 1 ? 0 : ZMQ_DONTWAIT))
				while (receive(d, &d->client[i], ZMQ_DONTWAIT))
					continue;
}

static void
open_drive(struct drive *d)
{
	const struct load_conf *conf = d->conf;
	int tick = 100;

	d->ctx = zmq_ctx_new();
	zmq_ctx_set(d->ctx, ZMQ_MAX_SOCKETS, conf->n_clients + 10);
	d->client = calloc((size_t)conf->n_clients, sizeof(*d->client));
	d->item = calloc((size_t)conf->n_clients, sizeof(*d->item));
	d->payload = malloc(conf->payload + 1);
	memset(d->payload, 'x', conf->payload);
	d->payload[0] = '"';
	d->payload[conf->payload - 1] = '"';
	for (int i = 0; i < conf->n_clients; i++) {
		struct client *c = &d->client[i];

		c->socket = open_socket(d->ctx, conf);
		zmq_setsockopt(c->socket, ZMQ_RCVTIMEO, &tick, sizeof(tick));
		c->slot = calloc((size_t)conf->depth, sizeof(*c->slot));
		d->item[i].socket = c->socket;
		d->item[i].events = ZMQ_POLLIN;
	}
}

static void
close_drive(struct drive *d)
{
	for (int i = 0; i < d->conf->n_clients; i++) {
		zmq_close(d->client[i].socket);
		free(d->client[i].slot);
	}
	zmq_ctx_term(d->ctx);
	free(d->client);
	free(d->item);
	free(d->payload);
}

void
drive_run(const struct load_conf *conf, struct load_result *result)
{
	static struct load_result nowhere;
	struct drive d = {.conf = conf, .result = result};
	uint64_t start = measure_now(), patience;

	d.limit = conf->n_requests;
	d.until = start + (uint64_t)(conf->seconds * 1e9);
	if (result == NULL) {
		d.result = &nowhere;
		d.limit = 0;
		d.until = start + 500000000;
	}
	open_drive(&d);
	start = measure_now();
	for (int i = 0; i < conf->n_clients; i++)
		for (int k = 0; k < conf->depth; k++)
			if (wants_more(&d))
				send_request(&d, &d.client[i], (size_t)k);
	while (wants_more(&d) && d.n_in_flight > 0)
		receive_all(&d);
	patience = measure_now() + PATIENCE;
	while (d.n_in_flight > 0 && measure_now() < patience)
		receive_all(&d);
	d.result->seconds = (double)(measure_now() - start) / 1e9;
	d.result->lost = d.n_in_flight;
	close_drive(&d);
}

/* A heartbeat's answer shows that all before it has been read. */
static void
wait_for_broker(void *s)
{
	char tag[8];
	int more, patience = 60000;
	size_t size = sizeof(more);

	zmq_setsockopt(s, ZMQ_RCVTIMEO, &patience, sizeof(patience));
	put(s, "C", 1, ZMQ_SNDMORE);
	put(s, "4", 1, 0);
	do {
		if (zmq_recv(s, tag, sizeof(tag), 0) < 0)
			load_die("no answer to a heartbeat");
		zmq_getsockopt(s, ZMQ_RCVMORE, &more, &size);
	} while (more);
}

void
drive_queue(const struct load_conf *conf)
{
	/* Left open: a broker may forget what a lost client asked for. */
	void *s = open_socket(zmq_ctx_new(), conf);
	char rid[RID + 1], *payload = malloc(conf->payload + 1);

	memset(payload, '1', conf->payload);
	for (uint64_t i = 1; i <= conf->n_queued; i++) {
		write_rid(rid, 0, i);
		put_request(s, "load-unserved", rid, payload, conf->payload,
		    "{\"timeout\":-1}");
		if (i % conf->queue_batch == 0)
			wait_for_broker(s);
	}
	wait_for_broker(s);
	free(payload);
}
