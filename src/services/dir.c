/*
 * The directory (PROTOCOL 6): which workers offer which service, as JSON. The
 * whole of it is written once after a change and shared by all who ask.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "services/json.h"
#include "services/services.h"

/* Longest request data that is read, in bytes; a name is shorter. */
#define MAX_DATA 65536

struct dir {
	struct pgt_frame all; /* the object of all services */
	uint64_t version;     /* core_version() when it was written; 0: never */
};

/* ---- the directory as JSON ---- */

struct listing {
	json_t *object; /* of arrays, by service */
	json_t *array;	/* the one under way */
	struct pgt_slice service;
	int rc;
};

/* Two names may read alike once they are UTF-8: they share an array. */
static void
require_array(struct listing *l, struct pgt_slice service)
{
	json_t *name = services_json_text(service);
	const char *text = json_string_value(name);
	size_t n = json_string_length(name);

	l->service = service;
	l->array = name == NULL ? NULL : json_object_getn(l->object, text, n);
	if (l->array == NULL && name != NULL) {
		l->array = json_array();
		if (json_object_setn_new_nocheck(l->object, text, n, l->array) <
		    0)
			l->array = NULL;
	}
	if (l->array == NULL)
		l->rc = -ENOMEM;
	json_decref(name);
}

static void
list_worker(void *arg, struct pgt_slice service, struct pgt_slice id)
{
	struct listing *l = arg;

	if (l->rc == 0 && l->object != NULL && service.p != l->service.p)
		require_array(l, service);
	if (l->rc == 0 &&
	    json_array_append_new(l->array, services_json_text(id)) < 0)
		l->rc = -ENOMEM;
}

/* Gives f in any case. 0 or -ENOMEM. */
static int
write_all(struct core *c, struct pgt_frame *f)
{
	struct listing l = {.object = json_object()};

	pgt_frame_init(f);
	if (l.object == NULL)
		return -ENOMEM;
	core_each_worker(c, list_worker, &l);
	if (l.rc < 0) {
		json_decref(l.object);
		return l.rc;
	}
	return services_json_write(f, l.object);
}

static int
write_servers(struct core *c, struct pgt_slice name, struct pgt_frame *f)
{
	struct listing l = {.array = json_array()};
	int rc = -ENOMEM;

	pgt_frame_init(f);
	if (l.array == NULL)
		return -ENOMEM;
	rc = core_each_server(c, name, list_worker, &l);
	if (rc == 0)
		rc = l.rc;
	if (rc < 0) {
		json_decref(l.array);
		return rc;
	}
	return services_json_write(f, l.array);
}

/* Makes dir->all current. 0 or -ENOMEM, and it is the old one. */
static int
refresh(struct core *c, struct dir *dir)
{
	struct pgt_frame f;
	int rc;

	if (dir->version == core_version(c))
		return 0;
	rc = write_all(c, &f);
	if (rc == 0) {
		pgt_frame_move(&dir->all, &f);
		dir->version = core_version(c);
	}
	pgt_frame_clear(&f);
	return rc;
}

/* ---- the service ---- */

static int
dir_open(struct core *c)
{
	struct dir *dir = pgt_alloc(sizeof(*dir));

	if (dir == NULL)
		return -ENOMEM;
	pgt_frame_init(&dir->all);
	core_set_state(c, dir);
	return 0;
}

static void
dir_close(struct core *c)
{
	struct dir *dir = core_state(c);

	pgt_frame_clear(&dir->all);
	pgt_free(dir);
}

/* Takes f. */
static void
reply(struct core *c, struct request *r, int rc, struct pgt_frame *f)
{
	if (rc == 0)
		core_reply(c, r, "0", f);
	pgt_frame_clear(f);
}

static void
reply_all(struct core *c, struct request *r)
{
	struct dir *dir = core_state(c);
	struct pgt_frame f;
	int rc = refresh(c, dir);

	pgt_frame_init(&f);
	if (rc == 0)
		pgt_frame_share(&f, &dir->all);
	reply(c, r, rc, &f);
}

static void
reply_servers(struct core *c, struct request *r, struct pgt_slice name)
{
	struct pgt_frame f;
	int rc = write_servers(c, name, &f);

	reply(c, r, rc, &f);
}

/* What is no text is no service's name. */
static void
reply_nobody(struct core *c, struct request *r)
{
	struct pgt_frame f;
	int rc = pgt_frame_from(&f, pgt_slice_of("[]"));

	reply(c, r, rc, &f);
}

/* What JavaScript takes for false: the whole directory is wanted. */
static bool
is_nothing(const json_t *data)
{
	return data == NULL || json_is_null(data) || json_is_false(data) ||
	       (json_is_string(data) && json_string_length(data) == 0) ||
	       (json_is_number(data) && json_number_value(data) == 0);
}

static void
dir_on_request(struct core *c, struct request *r)
{
	struct pgt_slice text = core_request_data(r);
	json_t *data = NULL;

	if (text.n > 0 && text.n <= MAX_DATA)
		data = json_loadb(
		    text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (is_nothing(data))
		reply_all(c, r);
	else if (json_is_string(data))
		reply_servers(c, r,
		    (struct pgt_slice){
			json_string_value(data), json_string_length(data)});
	else
		reply_nobody(c, r);
	json_decref(data);
}

static void
dir_on_notice(struct core *c, const char *topic)
{
	struct dir *dir = core_state(c);

	if (strcmp(topic, "$dir") == 0 && refresh(c, dir) == 0)
		services_publish(c, "$dir ", pgt_frame_view(&dir->all));
}

const struct core_ops dir_service = {
    .name = "$dir",
    .open = dir_open,
    .close = dir_close,
    .on_request = dir_on_request,
    .on_notice = dir_on_notice,
};

const struct core_ops dir_channel = {
    .open = dir_open,
    .close = dir_close,
    .on_notice = dir_on_notice,
};
