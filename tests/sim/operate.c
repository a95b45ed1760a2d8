/* Operators: they look, and interfere. */
#include "act.h"

#include <stdio.h>

#define MAX_DATA 8192

static struct pgt_slice
bytes(const char *p, size_t n)
{
	return (struct pgt_slice){p, n};
}

/* As JSON text, what is not plain as \xHH. */
static void
add_escaped(char *to, struct pgt_slice s)
{
	size_t n = strlen(to);

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\')
			n += (size_t)snprintf(to + n, MAX_DATA - n, "%c", c);
		else
			n += (size_t)snprintf(
			    to + n, MAX_DATA - n, "\\\\x%02x", c);
	}
}

static void
add(char *to, const char *text)
{
	snprintf(to + strlen(to), MAX_DATA - strlen(to), "%s", text);
}

static void
send_ask(struct world *w, size_t operator, const char * data)
{
	struct pgt_msg m;
	char rid[32];

	snprintf(rid, sizeof(rid), "info-%u", (unsigned)w->n_steps);
	world_start(w, &m, operator);
	world_add_text(&m, "C");
	world_add_text(&m, "2");
	world_add_text(&m, "$info");
	world_add_text(&m, rid);
	world_add_text(&m, data);
	world_send(w, &m);
}

/* n_clients: there is none in this world. */
static size_t
find_operator(const struct world *w)
{
	size_t i = 0;

	while (i < w->n_clients && w->peers[i].port != PORT_ADMIN)
		i++;
	return i;
}

/* ---- what they ask ---- */

static void
ask_about_worker(struct world *w, char *data)
{
	const struct world_peer *p =
	    &w->peers[w->n_clients + world_below(w, w->n_workers)];

	add(data, world_chance(w, 50) ? "{\"cmd\":\"worker_kill\""
				      : "{\"cmd\":\"worker_drain\"");
	add(data, ",\"worker\":\"");
	add_escaped(data, bytes(p->id, p->n_id));
	add(data, "\"}");
}

static void
ask_about_service(struct world *w, char *data)
{
	const char *name = vocab_names[world_below(w, vocab_n_names)];

	add(data, world_chance(w, 40) ? "{\"cmd\":\"service_pause\""
				      : "{\"cmd\":\"service_resume\"");
	add(data, ",\"service\":\"");
	add_escaped(data, pgt_slice_of(name));
	add(data, "\"}");
}

static void
ask_about_request(struct world *w, char *data)
{
	const struct world_job *j = &w->recent[world_below(w, WORLD_RECENT)];
	const struct world_peer *p = &w->peers[j->client];

	add(data, world_chance(w, 70) ? "{\"cmd\":\"request_cancel\""
				      : "{\"cmd\":\"route\"");
	add(data, ",\"client\":\"");
	add_escaped(data, bytes(p->id, p->n_id));
	add(data, "\",\"rid\":\"");
	add_escaped(data, bytes(j->rid.p, j->rid.n));
	add(data, "\"}");
}

static void
ask_to_look(struct world *w, char *data)
{
	static const char *const asks[] = {"", "", "", "",
	    "{\"cmd\":\"workers\",\"limit\":3}", "{\"cmd\":\"services\"}",
	    "{\"cmd\":\"clients\"}", "{\"cmd\":\"requests\"}",
	    "{\"cmd\":\"requests\",\"oldest\":1}",
	    "{\"cmd\":\"requests\",\"service\":\"echo\"}",
	    "{\"cmd\":\"requests\",\"worker\":\"w1\"}",
	    "{\"cmd\":\"route\",\"service\":\"echo\"}",
	    "{\"cmd\":\"route\",\"service\":\"v@*\",\"workerId\":\"w1\"}",
	    "{\"cmd\":\"route\",\"service\":\"abc\"}", "{\"cmd\":\"slowlog\"}",
	    "{\"cmd\":\"latency\"}", "{\"cmd\":\"counters_reset\"}",
	    "{\"cmd\":\"nonsense\"}"};

	add(data, asks[world_below(w, sizeof(asks) / sizeof(asks[0]))]);
}

void
act_operate(struct world *w)
{
	static void (*const asks[])(struct world *, char *) = {ask_to_look,
	    ask_about_worker, ask_about_service, ask_about_request,
	    ask_about_request};
	char data[MAX_DATA] = "";
	size_t operator= find_operator(w);

	if (operator== w->n_clients)
		return;
	asks[world_below(w, sizeof(asks) / sizeof(asks[0]))](w, data);
	/* Once in a while somebody tries who is none. */
	send_ask(w, world_chance(w, 95) ? operator : 0, data);
}

void
act_resume(struct world *w, size_t name)
{
	char data[MAX_DATA] = "";

	add(data, "{\"cmd\":\"service_resume\",\"service\":\"");
	add_escaped(data, model_name_of(w->m, name));
	add(data, "\"}");
	send_ask(w, find_operator(w), data);
}
