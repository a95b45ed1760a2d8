/* What the broker must say, and what is said to it. */
#include "cache_model.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

struct model model;

uint64_t
model_below(uint64_t n)
{
	return pgt_rand_below(&model.rand, n);
}

/* ---- the model ---- */

static void
unlink_key(size_t key)
{
	struct entry *e = &model.keys[key];

	model.keys[e->prev].next = e->next;
	model.keys[e->next].prev = e->prev;
}

static void
link_last(size_t key)
{
	struct entry *e = &model.keys[key], *head = &model.keys[NOBODY];

	e->prev = head->prev;
	e->next = NOBODY;
	model.keys[head->prev].next = key;
	head->prev = key;
}

void
model_drop(size_t key)
{
	CHECK(model.keys[key].reply != 0);
	unlink_key(key);
	model.keys[key].reply = 0;
	model.n_kept--;
}

bool
model_is_kept(size_t key)
{
	return model.keys[key].reply != 0 &&
	       model.keys[key].dies_at > model.now;
}

static size_t
parts_of(uint64_t reply)
{
	return reply % 5 == 0 ? 1 + reply % MAX_PARTS : 0;
}

static size_t
size_of(uint64_t reply)
{
	return reply % 7 == 0 ? reply % 9000 : reply % 500;
}

size_t
model_write_data(char *text, size_t key)
{
	size_t i = key % N_DATA;
	int n = sprintf(text, "d%zu", i);

	/* Some are longer than a frame holds in place. */
	memset(text + n, 'x', i % 3 == 0 ? 60 : 0);
	return (size_t)n + (i % 3 == 0 ? 60 : 0);
}

/* ---- what the broker says ---- */

/* PROTOCOL 7: an entry was stored, has expired, was evicted. */
static void
on_notice(struct pgt_slice text)
{
	static const char head[] = "$cache {\"event\":\"";
	size_t service, data, key;
	char event[8];
	int n = sscanf(text.p + sizeof(head) - 1,
	    "%7[a-z]\",\"service\":\"s%zu\",\"data\":\"d%zu", event, &service,
	    &data);

	if (strcmp(event, "flush") == 0)
		return;
	CHECK_INT(n, 3);
	key = service * N_DATA + data;
	if (strcmp(event, "evict") == 0) {
		CHECK(model.keys[NOBODY].next == key);
		model.evicted_now++;
		model.evicted++;
		model_drop(key);
	} else if (strcmp(event, "expire") == 0) {
		CHECK(model.keys[key].dies_at <= model.now);
		model.expired++;
		model_drop(key);
	} else {
		CHECK_TEXT(event, "store");
		if (model.keys[key].reply != 0)
			model_drop(key);
		model.keys[key].reply = model.last;
		link_last(key);
		model.n_kept++;
		model.stored++;
	}
}

static void
on_answer(const struct pgt_packet *p)
{
	struct pgt_slice data = pgt_packet_view(p, PGT_F_DATA);
	char which[24];

	if (p->verb == PGT_TO_CLIENT_PARTIAL) {
		/* Its status says which one it is. */
		sprintf(which, "%zu", model.n_partials++);
		CHECK(pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), which));
		return;
	}
	model.is_answered = true;
	model.status = pgt_packet_view(p, PGT_F_CODE).p[0];
	model.n_data = data.n;
	model.data_at = data.p;
	memset(model.data, 0, sizeof(model.data));
	memcpy(model.data, data.p,
	    data.n < sizeof(model.data) ? data.n : sizeof(model.data) - 1);
}

void
model_step(struct event *ev)
{
	struct pgt_packet p;
	struct effect *fx;

	ev->now = model.now;
	broker_step(model.b, ev);
	while ((fx = broker_next_effect(model.b)) != NULL) {
		if (fx->type == FX_PUBLISH) {
			on_notice(pgt_frame_view(&fx->msg.f[0]));
		} else {
			pgt_wire_decode(&p, &fx->msg, PGT_FROM_BROKER, true);
			if (p.verb == PGT_TO_WORKER_REQUEST)
				model.is_given = true;
			else if (p.verb == PGT_TO_CLIENT_REPLY ||
				 p.verb == PGT_TO_CLIENT_PARTIAL)
				on_answer(&p);
		}
		broker_return_effect(model.b, fx);
	}
}

void
model_serve_timers(void)
{
	int64_t due = broker_deadline(model.b);

	while (due >= 0 && due <= model.now) {
		model_step(&(struct event){.type = EV_TIME});
		due = broker_deadline(model.b);
	}
}

/* ---- what peers say ---- */

static void
push(struct pgt_msg *msg, const char *p, size_t n)
{
	CHECK_INT(
	    pgt_frame_from(pgt_msg_push(msg), (struct pgt_slice){p, n}), 0);
}

void
model_tell(const char *line, const char *data, size_t n_data)
{
	struct pgt_packet p;
	struct pgt_msg msg;
	size_t n;

	pgt_msg_init(&msg);
	for (; *line != '\0'; line += n + (line[n] == ' ')) {
		n = strcspn(line, " ");
		if (*line == '%')
			push(&msg, data, n_data);
		else
			push(&msg, line, *line == '.' ? 0 : n);
	}
	pgt_wire_decode(&p, &msg, PGT_TO_BROKER, true);
	model_step(&(struct event){.type = EV_MESSAGE, .packet = &p});
	pgt_msg_clear(&msg);
}

void
model_ask(size_t key, uint64_t number, const char *opts)
{
	char line[100], data[100];
	size_t n = model_write_data(data, key);

	model.is_given = model.is_answered = false;
	model.n_partials = 0;
	sprintf(
	    line, "c C 2 s%zu %" PRIu64 " %% %s", key / N_DATA, number, opts);
	model_tell(line, data, n);
	model_serve_timers(); /* the end of a stream */
}

void
model_reply(size_t key, uint64_t number, int64_t ttl_ms, bool is_old)
{
	static char data[10000];
	uint64_t reply = ++model.last, before = model.stored;
	size_t n = (size_t)sprintf(data, "%" PRIu64 ":", reply);
	char line[100];

	memset(data + n, 'y', size_of(reply));
	n += size_of(reply);
	model.n_partials = 0;
	for (size_t i = 0; i < parts_of(reply); i++) {
		sprintf(line, "w W 6 c . %" PRIu64 " %zu %% {}", number, i);
		model_tell(line, data, n);
	}
	sprintf(line, "w W 3 c . %" PRIu64 " %d %% {\"cache\":%" PRId64 "}",
	    number, reply % 50 == 1 ? -1 : 0, ttl_ms);
	model_tell(line, data, n);
	CHECK(model.is_answered && model.n_data == n);
	if (model.stored != before) {
		CHECK(model.conf.cache.is_on && ttl_ms > 0 && reply % 50 != 1 &&
		      !is_old);
		model.keys[key].dies_at = model.now + ttl_ms;
		return;
	}
	/* Only what is too large is not kept. */
	CHECK(!model.conf.cache.is_on || ttl_ms == 0 || reply % 50 == 1 ||
	      is_old ||
	      (int64_t)(n * (1 + parts_of(reply))) >
		  model.conf.cache.max_entry - 4000);
}

void
model_check_answer(size_t key)
{
	uint64_t reply = model.keys[key].reply;
	char want[30];

	sprintf(want, "%" PRIu64 ":", reply);
	CHECK(model.is_answered && !model.is_given && model.status == '0');
	CHECK(strncmp(model.data, want, strlen(want)) == 0);
	CHECK_INT(model.n_data, strlen(want) + size_of(reply));
	CHECK_INT(model.n_partials, parts_of(reply));
	unlink_key(key);
	link_last(key);
	model.hits++;
}
