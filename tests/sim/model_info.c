/* What operators do (PROTOCOL 11.7), and what $info must say of it. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Gives the bytes that the text means: \xHH is one. */
static struct model_bytes
bytes_of(const json_t *text)
{
	const char *s = json_string_value(text);
	size_t n = json_string_length(text);
	struct model_bytes b = {malloc(n + 1), 0};
	unsigned byte;

	if (b.p == NULL)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (sscanf(s + i, "\\x%2x", &byte) == 1) {
			b.p[b.n++] = (char)byte;
			i += 3;
		} else {
			b.p[b.n++] = s[i];
		}
	}
	return b;
}

static struct pgt_slice
view(const struct model_bytes *b)
{
	return (struct pgt_slice){b->p, b->n};
}

/* ---- what is done ---- */

static void
let_go(struct model *m, size_t worker)
{
	m->want.verb = PGT_TO_WORKER_DISCONNECT;
	m->want.peer = worker;
	model_lose(m, worker);
}

static void
on_worker(struct model *m, const char *cmd, const json_t *ask)
{
	struct model_bytes id = bytes_of(json_object_get(ask, "worker"));
	size_t worker = model_find_peer(m, view(&id));

	free(id.p);
	if (worker == m->n_peers || !m->peers[worker].is_registered)
		return;
	if (strcmp(cmd, "worker_drain") == 0)
		model_drain(m, worker);
	if (strcmp(cmd, "worker_kill") == 0 ||
	    model_has_drained(m, &m->peers[worker]))
		let_go(m, worker);
}

static void
on_service(struct model *m, const char *cmd, const json_t *ask)
{
	struct model_bytes name = bytes_of(json_object_get(ask, "service"));
	size_t i = model_require_name(m, view(&name));

	if (!model_is_built_in(m, view(&name)))
		m->names[i].is_paused = strcmp(cmd, "service_pause") == 0;
	free(name.p);
}

static void
on_cancel(struct model *m, const json_t *ask)
{
	struct model_bytes client = bytes_of(json_object_get(ask, "client"));
	struct model_bytes rid = bytes_of(json_object_get(ask, "rid"));
	struct model_request *r =
	    model_find_called(m, view(&client), view(&rid));

	/* PROTOCOL 11.7: also one whose replay has not come to its end. */
	if (r != NULL && (r->end == END_NOT || r->end == END_KEPT))
		r->end = END_CANCELLED;
	free(client.p);
	free(rid.p);
}

void
model_operate(struct model *m, struct model_request *r)
{
	json_t *ask;
	const char *cmd;

	r->end = END_DENIED;
	if (m->peers[r->client].port != PORT_ADMIN)
		return;
	r->end = END_INFO;
	ask = json_loadb(r->data.p, r->data.n, 0, NULL);
	cmd = json_string_value(json_object_get(ask, "cmd"));
	if (cmd == NULL)
		;
	else if (strncmp(cmd, "worker_", 7) == 0)
		on_worker(m, cmd, ask);
	else if (strncmp(cmd, "service_", 8) == 0)
		on_service(m, cmd, ask);
	else if (strcmp(cmd, "request_cancel") == 0)
		on_cancel(m, ask);
	json_decref(ask);
}

/* ---- what is told ---- */

static json_int_t
number(const json_t *all, const char *section, const char *key)
{
	return json_integer_value(
	    json_object_get(json_object_get(all, section), key));
}

static void
check_figures(struct model *m, const json_t *all)
{
	json_int_t running = 0, waiting = 0, draining = 0, paused = 0;

	for (size_t i = 0; i < m->n_requests; i++) {
		running += m->requests[i]->state == M_RUNS;
		waiting += m->requests[i]->state == M_WAITS &&
			   m->requests[i]->end == END_NOT;
	}
	for (size_t i = 0; i < m->n_peers; i++)
		draining +=
		    m->peers[i].is_registered && m->peers[i].is_draining;
	for (size_t i = 0; i < m->n_names; i++)
		paused += m->names[i].is_paused;
	model_must(m, number(all, "requests", "in_flight") == running,
	    "$info knows who is in flight");
	model_must(m, number(all, "requests", "queued") == waiting,
	    "$info knows who waits");
	model_must(m, number(all, "workers", "draining") == draining,
	    "$info knows who drains");
	model_must(m, number(all, "services", "paused") == paused,
	    "$info knows what is paused");
}

void
model_check_info(
    struct model *m, const struct model_request *r, const struct pgt_packet *p)
{
	struct pgt_slice data = pgt_packet_view(p, PGT_F_DATA);
	json_t *got = json_loadb(data.p, data.n, JSON_DECODE_ANY, NULL);
	bool is_right = pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "0")
			    ? json_is_object(got)
			    : json_is_string(got);

	if (is_right && r->data.n == 0)
		check_figures(m, got);
	json_decref(got);
	model_must(m, is_right, "$info answers in JSON");
}
