/*
 * $conf (PROTOCOL 6.5). Answers are small, so they are trees; whatever goes
 * wrong on the way, a request is answered once or, without memory, left to
 * expire.
 */
#include "services/config.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "services/config_json.h"
#include "services/services.h"

/* Request data beyond that is not read. */
#define MAX_DATA 65536

/* Options in one request; the program has fewer. */
#define MAX_CHANGES 64

/* A number as text. */
#define NUMBER_MAX 24

/* Of a line of the log that has no more to tell. */
static const char *const nothing[] = {NULL};

struct call {
	struct core *c;
	const struct request *r;
	const struct config_host *host;
	const json_t *args;
	struct config_why why;
};

/*
 * 0 and gives the answer, an object, which is NULL for want of memory; or a
 * negative errno and call->why.
 */
typedef int (*command_fn)(struct call *call, json_t **answer);

static int __attribute__((format(printf, 2, 3)))
refuse(struct call *call, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(call->why.text, sizeof(call->why.text), format, ap);
	va_end(ap);
	return -EINVAL;
}

/* ---- get ---- */

/* Does the pattern mean name? A * at its end stands for anything. */
static bool
is_meant(const char *pattern, const char *name)
{
	size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(pattern, name, n - 1) == 0;
	return strcmp(pattern, name) == 0;
}

/* The pattern asked for; one that is a name must be one. */
static int
get_pattern(struct call *call, const char **pattern)
{
	const json_t *name = json_object_get(call->args, "name");
	struct config_option o;
	size_t i;
	int rc;

	*pattern = "*";
	if (name == NULL || json_is_null(name))
		return 0;
	if (!json_is_string(name))
		return refuse(call, "name is a text");
	*pattern = json_string_value(name);
	if (strchr(*pattern, '*') != NULL)
		return 0;
	rc = call->host->find(call->host->arg, *pattern, &i, &call->why);
	if (rc < 0)
		return rc;
	call->host->get(call->host->arg, i, &o);
	*pattern = o.name;
	return 0;
}

static int
run_get(struct call *call, json_t **answer)
{
	json_t *list;
	const char *pattern;
	int rc = get_pattern(call, &pattern);

	if (rc < 0)
		return rc;
	list = json_array();
	for (size_t i = 0; i < call->host->n_options; i++) {
		struct config_option o;

		call->host->get(call->host->arg, i, &o);
		if (is_meant(pattern, o.name) &&
		    json_array_append_new(list, config_json_option(&o)) < 0) {
			json_decref(list);
			return -ENOMEM;
		}
	}
	*answer = json_pack("{s:o}", "options", list);
	return 0;
}

/* ---- set ---- */

struct changes {
	size_t n;
	struct config_change change[MAX_CHANGES];
	json_t *old[MAX_CHANGES];
	char number[MAX_CHANGES][NUMBER_MAX];
};

/* The words of a command line for a JSON value; NULL: there are none. */
static const char *
words_of(const json_t *value, char number[NUMBER_MAX])
{
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	if (json_is_string(value))
		return json_string_value(value);
	if (!json_is_integer(value))
		return NULL;
	snprintf(number, NUMBER_MAX, "%" JSON_INTEGER_FORMAT,
	    json_integer_value(value));
	return number;
}

static int
add_change(struct call *call, struct changes *all, const char *name,
    const json_t *value)
{
	struct config_change *change = &all->change[all->n];
	struct config_option o;
	int rc;

	if (all->n == MAX_CHANGES)
		return refuse(call, "more than %d options", MAX_CHANGES);
	rc = call->host->find(
	    call->host->arg, name, &change->option, &call->why);
	if (rc < 0)
		return rc;
	change->text = words_of(value, all->number[all->n]);
	if (change->text == NULL)
		return refuse(call,
		    "%s: a value is true, false, a whole number or a text",
		    name);
	call->host->get(call->host->arg, change->option, &o);
	all->old[all->n] = config_json_value(&o.value);
	if (all->old[all->n] == NULL)
		return -ENOMEM;
	all->n++;
	return 0;
}

/* {"name":…,"value":…}, or {"values":{name:value,…}} */
static int
read_changes(struct call *call, struct changes *all)
{
	json_t *values = json_object_get(call->args, "values");
	const json_t *name = json_object_get(call->args, "name");
	const char *key;
	json_t *value;
	int rc = 0;

	if (json_is_string(name) && values == NULL)
		return add_change(call, all, json_string_value(name),
		    json_object_get(call->args, "value"));
	if (!json_is_object(values) || name != NULL)
		return refuse(call, "wanted: name and value, or values");
	json_object_foreach (values, key, value) {
		rc = add_change(call, all, key, value);
		if (rc < 0)
			break;
	}
	return rc;
}

/* Who changed what is told, whether anybody reads the answer or not. */
static void
note_change(struct call *call, const char *name, json_t *old, json_t *value)
{
	char *before = json_dumps(old, JSON_ENCODE_ANY | JSON_COMPACT);
	char *after = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	const char *pairs[] = {"option", name, "old",
	    before != NULL ? before : "?", "new", after != NULL ? after : "?",
	    NULL};

	core_note(call->c, call->r, "setting changed", pairs);
	pgt_free(before);
	pgt_free(after);
}

static json_t *
tell_changes(struct call *call, const struct changes *all)
{
	json_t *list = json_array();

	for (size_t i = 0; i < all->n; i++) {
		struct config_option o;
		json_t *value;

		call->host->get(call->host->arg, all->change[i].option, &o);
		value = config_json_value(&o.value);
		if (!json_equal(all->old[i], value)) {
			note_change(call, o.name, all->old[i], value);
			json_array_append_new(
			    list, json_pack("{s:s,s:O,s:O}", "name", o.name,
				      "old", all->old[i], "value", value));
		}
		json_decref(value);
	}
	return list;
}

static int
run_set(struct call *call, json_t **answer)
{
	struct changes *all = pgt_alloc(sizeof(*all));
	int rc;

	if (all == NULL)
		return -ENOMEM;
	rc = read_changes(call, all);
	if (rc == 0)
		rc = call->host->set(
		    call->host->arg, all->change, all->n, &call->why);
	if (rc == 0)
		*answer =
		    json_pack("{s:o}", "changed", tell_changes(call, all));
	for (size_t i = 0; i < all->n; i++)
		json_decref(all->old[i]);
	pgt_free(all);
	return rc;
}

/* ---- the file ---- */

static int
run_rewrite(struct call *call, json_t **answer)
{
	size_t n = 0;
	int rc = call->host->rewrite(call->host->arg, &n, &call->why);

	if (rc < 0)
		return rc;
	core_note(call->c, call->r, "settings written to the file", nothing);
	*answer = json_pack("{s:I}", "written", (json_int_t)n);
	return 0;
}

static int
run_reload(struct call *call, json_t **answer)
{
	int rc = call->host->reload(call->host->arg, &call->why);

	if (rc < 0)
		return rc;
	core_note(call->c, call->r, "settings reloaded by request", nothing);
	*answer = json_object();
	return 0;
}

/* ---- the server ---- */

static int
run_drain(struct call *call, json_t **answer)
{
	core_note(call->c, call->r, "drain by request", nothing);
	core_drain(call->c);
	*answer = json_object();
	return 0;
}

static int
run_reset(struct call *call, json_t **answer)
{
	core_note(call->c, call->r, "counters reset by request", nothing);
	core_reset(call->c);
	*answer = json_object();
	return 0;
}

/* ---- the commands ---- */

static const struct {
	const char *name;
	command_fn run;
} commands[] = {
    {"get", run_get},
    {"set", run_set},
    {"rewrite", run_rewrite},
    {"reload", run_reload},
    {"drain", run_drain},
    {"reset", run_reset},
};

static int
run(struct call *call, json_t **answer)
{
	const json_t *cmd = json_object_get(call->args, "cmd");
	const char *name = json_string_value(cmd);

	if (!json_is_object(call->args))
		return refuse(call, "data is a JSON object");
	if (name == NULL)
		return refuse(call, "cmd is a text");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(call, answer);
	return refuse(call, "no such cmd");
}

/* Takes answer, which may be NULL. */
static void
reply(struct core *c, struct request *r, const char *status, json_t *answer)
{
	struct pgt_frame f;
	char *text = NULL;

	if (answer != NULL)
		text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(answer);
	if (text == NULL)
		return;
	if (pgt_frame_from(&f, pgt_slice_of(text)) == 0)
		core_reply(c, r, status, &f);
	pgt_frame_clear(&f);
	pgt_free(text);
}

static void
reply_error(struct core *c, struct request *r, const char *why)
{
	json_t *text = json_sprintf("INVALID: %s", why);

	reply(c, r, "-1", text);
}

static void
config_on_request(struct core *c, struct request *r)
{
	struct call call = {.c = c, .r = r, .host = core_arg(c)};
	struct pgt_slice text = core_request_data(r);
	size_t failures = pgt_alloc_failures();
	json_t *args = NULL, *answer = NULL;
	int rc;

	if (text.n > 0 && text.n <= MAX_DATA)
		args = json_loadb(text.p, text.n, 0, NULL);
	if (args == NULL && pgt_alloc_failures() != failures)
		return;
	call.args = args;
	rc = run(&call, &answer);
	if (rc == 0)
		reply(c, r, "0", answer);
	else if (rc != -ENOMEM)
		reply_error(c, r, call.why.text);
	json_decref(args);
}

const struct core_ops config_service = {
    .name = "$conf",
    .admin = true,
    .on_request = config_on_request,
};
