/*
 * $cache: what clients may ask of it, and what it tells on the channel. A
 * request is an object whose member cmd is a row of the table.
 */
#include <errno.h>

#include "base/alloc.h"
#include "services/cache.h"
#include "services/json.h"

/* Longest request data that is read, in bytes. */
#define MAX_DATA ((size_t)1 << 20)

/* Longest request data that is told on the channel, in bytes. */
#define MAX_TOLD 4096

struct command {
	const char *name;
	/* Gives the reply's data, NULL for want of memory; *why: an error. */
	json_t *(*run)(struct cache *c, const json_t *args, const char **why);
};

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

/* ---- stats ---- */

static void
add_count(json_t *object, const char *name, uint64_t n, int *rc)
{
	add(object, name, json_integer((json_int_t)n), rc);
}

static json_t *
run_stats(struct cache *c, const json_t *args, const char **why)
{
	const struct broker_cache_conf *conf = &core_conf(c->core)->cache;
	const struct cache_stats *n = &c->stats;
	json_t *figures = json_object();
	struct core_overview all;
	int rc = 0;

	(void)args;
	(void)why;
	core_look(c->core, &all);
	add(figures, "enabled", json_boolean(conf->is_on), &rc);
	add_count(figures, "entries", c->n_live, &rc);
	add_count(figures, "memory", cache_memory(c), &rc);
	add_count(figures, "max_memory", (uint64_t)conf->max_memory, &rc);
	add_count(figures, "max_entry", (uint64_t)conf->max_entry, &rc);
	add(figures, "max_ttl", json_integer(conf->max_ttl_ms), &rc);
	add_count(figures, "hits", n->hits, &rc);
	add_count(figures, "misses", n->misses, &rc);
	add_count(figures, "stored", n->stored, &rc);
	add_count(figures, "expired", n->expired, &rc);
	add_count(figures, "evicted", n->evicted, &rc);
	add_count(figures, "flushed", n->flushed, &rc);
	add_count(figures, "refused", n->refused, &rc);
	add_count(figures, "coalesced", all.stats.coalesced, &rc);
	if (rc == 0)
		return figures;
	json_decref(figures);
	return NULL;
}

/* ---- flush ---- */

/* False: there is one, but it is no text. */
static bool
read_text(const json_t *args, const char *name, struct pgt_slice *text,
    const struct pgt_slice **out)
{
	const json_t *v = json_object_get(args, name);

	*out = NULL;
	if (v == NULL)
		return true;
	*text = (struct pgt_slice){json_string_value(v), json_string_length(v)};
	*out = text;
	return json_is_string(v);
}

static json_t *
run_flush(struct cache *c, const json_t *args, const char **why)
{
	struct pgt_slice texts[2];
	const struct pgt_slice *service, *data;
	size_t n;

	if (!read_text(args, "service", &texts[0], &service) ||
	    !read_text(args, "data", &texts[1], &data) ||
	    (data != NULL && service == NULL)) {
		*why = "\"BAD_COMMAND\"";
		return NULL;
	}
	if (service == NULL)
		n = cache_flush_all(c);
	else if (data == NULL)
		n = cache_flush_service(c, *service);
	else
		n = cache_flush_entry(c, *service, *data);
	cache_tell(c, "flush", service, data);
	return json_pack("{s:I}", "flushed", (json_int_t)n);
}

/* ---- requests ---- */

static const struct command commands[] = {
    {"stats", run_stats},
    {"flush", run_flush},
};

static json_t *
run(struct cache *c, const json_t *args, const char **why)
{
	const char *name = json_string_value(json_object_get(args, "cmd"));

	if (name == NULL) {
		*why = "\"BAD_COMMAND\"";
		return NULL;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(c, args, why);
	*why = "\"UNKNOWN_COMMAND\"";
	return NULL;
}

/* Without memory the request is left to expire. */
static void
reply(struct core *core, struct request *r, json_t *data, const char *why)
{
	struct pgt_frame f;
	int rc;

	if (why != NULL)
		rc = pgt_frame_from(&f, pgt_slice_of(why));
	else
		rc = services_json_write(&f, data);
	if (rc == 0)
		core_reply(core, r, why != NULL ? "-1" : "0", &f);
	pgt_frame_clear(&f);
}

void
cache_on_command(struct core *core, struct request *r)
{
	struct pgt_slice text = core_request_data(r);
	json_t *args = services_json_read(text, MAX_DATA), *data;
	const char *why = NULL;

	if (services_json_is_nothing(args) && text.n <= MAX_DATA)
		data = run_stats(core_state(core), NULL, &why);
	else
		data = run(core_state(core), args, &why);
	reply(core, r, data, why);
	json_decref(args);
}
