/* A client that is told whatever the input says. */
#include "lib/client.h"

#include "fuzz_client.h"

#define N_ASKS 16

struct ask {
	struct pigato_request *r; /* NULL: it has ended */
	size_t n_ends;
};

static struct pigato_client *c;
static struct ask asks[N_ASKS];
static size_t n_asks; /* since it was started */
static struct pigato_response *kept;

static void deed(void);

static void
on_response(
    struct pigato_request *r, const struct pigato_response *response, void *arg)
{
	struct ask *ask = arg;
	size_t size;
	const char *data = pigato_response_data(response, &size);

	must(ask->n_ends == 0);
	must(data == NULL ? size == 0 : data[size] == '\0');
	must(pigato_error_name(pigato_response_error(response))[0] != '\0');
	must(ask->r == NULL || ask->r == r);
	if (pigato_response_is_final(response)) {
		ask->n_ends++;
		ask->r = NULL;
	}
	if (take() % 2 == 0)
		return;
	pigato_response_free(kept);
	kept = pigato_response_keep(response);
	deed();
}

static void
request(void)
{
	struct pigato_request_opts o = PIGATO_REQUEST_OPTS;
	struct pigato_request *r = NULL;
	unsigned flags = take();
	struct ask *ask;

	if (n_asks == N_ASKS)
		return;
	ask = &asks[n_asks++];
	*ask = (struct ask){0};
	o.retry = (flags & 1) != 0;
	o.timeout_ms = flags & 2 ? -1 : 60000;
	o.heartbeat = (flags & 4) != 0;
	o.worker_id = flags & 8 ? "W" : NULL;
	if (pigato_client_request(c, "s", "1", 1, &o, on_response, ask, &r) !=
	    PIGATO_OK)
		ask->n_ends++;
	else if (ask->n_ends == 0)
		ask->r = r;
}

static void
deed(void)
{
	unsigned what = take() % 8;
	struct ask *ask = &asks[take() % N_ASKS];

	if (c == NULL)
		return;
	if (what < 3)
		request();
	else if (what == 3 && ask->r != NULL)
		pigato_request_cancel(ask->r);
	else if (what == 4 && ask->r != NULL)
		pigato_request_heartbeat(ask->r);
	else if (what == 5)
		pigato_client_stop(c);
	else if (what == 6)
		pigato_client_start(c);
	else if (what == 7 && take() % 8 == 0) {
		pigato_client_free(c);
		c = NULL;
	}
}

static void
on_event(struct pigato_client *me, enum pigato_event event,
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

/* All that were sent have ended once. */
static void
check_ended(void)
{
	for (size_t i = 0; i < n_asks; i++)
		must(asks[i].n_ends == 1);
	n_asks = 0;
}

static void
start(bool spread)
{
	if (c == NULL) {
		check_ended();
		c = pigato_client_new(ENDPOINTS);
		must(c != NULL);
		pigato_client_on_event(c, on_event, NULL);
		pigato_client_set_autostart(c, false);
	}
	if (!c->is_started)
		check_ended();
	pigato_client_set_policy(c, spread ? PIGATO_SPREAD : PIGATO_FAILOVER);
	if (pigato_client_start(c) == PIGATO_OK)
		return; /* a callback may have undone it */
	for (unsigned i = 0; i < N_LINES; i++)
		line_break(i, false);
	must(pigato_client_start(c) == PIGATO_OK);
}

static void
stop(void)
{
	if (c != NULL) {
		pigato_client_on_event(c, NULL, NULL);
		pigato_client_stop(c);
		must(pigato_client_in_flight(c) == 0);
		pigato_client_on_event(c, on_event, NULL);
	}
	check_ended();
	pigato_response_free(kept);
	kept = NULL;
}

static void
check_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < n_asks; i++)
		n += asks[i].n_ends == 0;
	must(c == NULL || pigato_client_in_flight(c) == n);
}

static void
process(void)
{
	if (c != NULL)
		must(pigato_client_process(c) == PIGATO_OK);
	if (c != NULL)
		must(pigato_client_timeout(c) >= -1);
	check_count();
}

static struct pgt_slice
id_of(unsigned i)
{
	struct ask *ask = &asks[i % N_ASKS];

	return pgt_slice_of(ask->r == NULL ? "" : pigato_request_id(ask->r));
}

const struct side client_side = {start, stop, deed, process, id_of};
