/* $cache: what operators may ask of it, and what it tells on the channel. */
#include <errno.h>

#include "services/cache.h"
#include "services/info.h"
#include "services/json.h"

/* Longest request data that is told on the channel, in bytes. */
#define MAX_TOLD 4096

/* ---- the channel ---- */

/* Takes value. */
static void
add(json_t *object, const char *name, json_t *value, int *rc)
{
	if (json_object_set_new_nocheck(object, name, value) < 0)
		*rc = -ENOMEM;
}

static json_t *
notice(const char *event, const struct pgt_slice *service,
    const struct pgt_slice *data)
{
	json_t *o = json_object();
	int rc = 0;

	add(o, "event", json_string(event), &rc);
	if (service != NULL)
		add(o, "service", services_json_text(*service), &rc);
	if (data != NULL && data->n <= MAX_TOLD)
		add(o, "data", services_json_text(*data), &rc);
	if (rc == 0)
		return o;
	json_decref(o);
	return NULL;
}

void
cache_tell(struct cache *c, const char *event, const struct pgt_slice *service,
    const struct pgt_slice *data)
{
	services_json_publish(c->core, "$cache ", notice(event, service, data));
}

/* ---- requests ---- */

static int
run_stats(struct call *call)
{
	struct core_overview all;

	core_look(call->c, &all);
	out_begin(&call->out, NULL, '{');
	info_put_cache(&call->out, &all);
	out_end(&call->out, '}');
	return 0;
}

static int
run_flush(struct call *call)
{
	struct cache *c = core_state(call->c);
	struct pgt_slice service, data;
	bool has_service = false, has_data = false;
	size_t n;
	int rc = call_text(call, "service", &service, &has_service);

	if (rc == 0)
		rc = call_raw_text(call, "data", &data, &has_data);
	if (rc < 0)
		return rc;
	if (has_data && !has_service)
		return call_refuse(call, "data goes with service");
	if (!has_service)
		n = cache_flush_all(c);
	else if (!has_data)
		n = cache_flush_service(c, service);
	else
		n = cache_flush_entry(c, service, data);
	cache_tell(
	    c, "flush", has_service ? &service : NULL, has_data ? &data : NULL);
	out_begin(&call->out, NULL, '{');
	out_count(&call->out, "flushed", n);
	out_end(&call->out, '}');
	return 0;
}

void
cache_on_command(struct core *core, struct request *r)
{
	static const struct call_command commands[] = {
	    {"stats", run_stats},
	    {"flush", run_flush},
	};

	call_serve(
	    core, r, commands, sizeof(commands) / sizeof(commands[0]), "stats");
}
