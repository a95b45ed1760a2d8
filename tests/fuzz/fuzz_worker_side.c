/* A worker that is told whatever the input says. */
#include "lib/worker.h"

#include <jansson.h>

#include "fuzz_client.h"

#define N_KEPT 16

static struct pigato_worker *w;
static struct pigato_reply *kept[N_KEPT];

static void deed(void);

static void
check_texts(const struct pigato_reply *rep)
{
	size_t n;
	const char *text = pigato_reply_service(rep, &n);

	must(text[n] == '\0');
	text = pigato_reply_client_id(rep, &n);
	must(n > 0 && text[n] == '\0');
	text = pigato_reply_request_id(rep, &n);
	must(text[n] == '\0');
	json_decref(pigato_reply_json(rep));
}

/* One that is there already is freed for the new one. */
static void
on_request(struct pigato_worker *me, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	struct pigato_reply **place = &kept[take() % N_KEPT];
	unsigned sum = 0;

	(void)arg;
	must(me == w && pigato_reply_is_active(rep));
	must(!pigato_reply_is_ended(rep));
	for (size_t i = 0; i < size; i++)
		sum += (unsigned char)data[i];
	must(sum <= 255 * size);
	check_texts(rep);
	pigato_reply_free(*place);
	*place = rep;
	if (take() % 2 == 1)
		deed();
}

/* Says something; the answer is what the handle's state says it must be. */
static void
say(struct pigato_reply *rep)
{
	bool was_ended = pigato_reply_is_ended(rep);
	bool was_active = pigato_reply_is_active(rep);
	unsigned what = take() % 6;
	int rc = 0;

	switch (what) {
	case 0:
		rc = pigato_reply_write(rep, "1", 1);
		break;
	case 1:
		rc = pigato_reply_end(rep, "1", 1);
		break;
	case 2:
		rc = pigato_reply_error_text(rep, "no");
		break;
	case 3:
		rc = pigato_reply_reject(rep);
		break;
	case 4:
		rc = pigato_reply_heartbeat(rep);
		break;
	default:
		rc = pigato_reply_set_cache(rep, 1);
		break;
	}
	if (rc == PIGATO_ERR_NOMEM)
		return;
	if (was_ended || w == NULL)
		must(rc == PIGATO_ERR_STATE);
	else if (!was_active && what < 5)
		must(rc == PIGATO_ERR_NO_BROKER || rc == PIGATO_ERR_STATE);
	if (what >= 1 && what <= 3)
		must(!pigato_reply_is_active(rep));
}

static void
deed(void)
{
	unsigned what = take() % 10;
	struct pigato_reply **rep = &kept[take() % N_KEPT];

	if (what < 4 && *rep != NULL) {
		say(*rep);
	} else if (what == 4) {
		pigato_reply_free(*rep);
		*rep = NULL;
	}
	if (w == NULL)
		return;
	if (what == 5)
		pigato_worker_set_concurrency(w, (int64_t)(take() % 4) - 1);
	else if (what == 6)
		pigato_worker_stop(w);
	else if (what == 7)
		pigato_worker_start(w);
	else if (what == 8)
		pigato_worker_drain(w);
	else if (what == 9 && take() % 8 == 0) {
		pigato_worker_free(w);
		w = NULL;
	}
}

static void
on_event(struct pigato_worker *me, enum pigato_event event,
    const char *endpoint, int error, void *arg)
{
	(void)me;
	(void)event;
	(void)endpoint;
	(void)error;
	(void)arg;
	if (take() % 4 == 1)
		deed();
}

static void
start(bool spread)
{
	(void)spread;
	if (w == NULL) {
		w = pigato_worker_new(ENDPOINTS, "s");
		must(w != NULL);
		pigato_worker_on_event(w, on_event, NULL);
		must(pigato_worker_on_request(w, on_request, NULL) == 0);
	}
	if (w->is_started || pigato_worker_start(w) == PIGATO_OK)
		return; /* a callback may have undone it */
	for (unsigned i = 0; i < N_LINES; i++)
		line_break(i, false);
	must(pigato_worker_start(w) == PIGATO_OK);
}

static void
stop(void)
{
	if (w != NULL) {
		pigato_worker_on_event(w, NULL, NULL);
		pigato_worker_stop(w);
		must(pigato_worker_in_flight(w) == 0);
		must(pgt_map_count(&w->replies) == 0);
		pigato_worker_set_concurrency(w, 100);
		pigato_worker_on_event(w, on_event, NULL);
	}
	for (int i = 0; i < N_KEPT; i++) {
		must(kept[i] == NULL || !pigato_reply_is_active(kept[i]));
		pigato_reply_free(kept[i]);
		kept[i] = NULL;
	}
}

static void
check_count(void)
{
	size_t n = 0;

	for (int i = 0; i < N_KEPT; i++)
		n += kept[i] != NULL && pigato_reply_is_active(kept[i]);
	must(w == NULL || pigato_worker_in_flight(w) == n);
}

static void
process(void)
{
	if (w != NULL)
		must(pigato_worker_process(w) == PIGATO_OK);
	if (w != NULL)
		must(pigato_worker_timeout(w) >= -1);
	check_count();
}

/* Brokers make up ids as they like. */
static struct pgt_slice
id_of(unsigned i)
{
	(void)i;
	return pgt_slice_of("");
}

const struct side worker_side = {start, stop, deed, process, id_of};
