/* The directory, written once more from what registered. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Registered workers by arrival. NULL: no more. */
static const struct model_peer *
next_worker(const struct model *m, uint64_t behind)
{
	const struct model_peer *next = NULL, *w;

	for (size_t i = 0; i < m->n_peers; i++) {
		w = &m->peers[i];
		if (w->is_registered && w->incarnation > behind &&
		    (next == NULL || w->incarnation < next->incarnation))
			next = w;
	}
	return next;
}

/* Peers use no bytes beyond ASCII that would be UTF-8. Gives it. */
static struct model_bytes
as_text(const struct model_bytes *b)
{
	struct model_bytes text = {malloc(3 * b->n + 1), 0};

	if (text.p == NULL)
		abort();
	for (size_t i = 0; i < b->n; i++) {
		if ((unsigned char)b->p[i] < 0x80) {
			text.p[text.n++] = b->p[i];
			continue;
		}
		memcpy(text.p + text.n, "\xef\xbf\xbd", 3);
		text.n += 3;
	}
	return text;
}

static json_t *
require_list(json_t *all, const struct model_bytes *name)
{
	struct model_bytes text = as_text(name);
	json_t *list = json_object_getn(all, text.p, text.n);

	if (list == NULL) {
		list = json_array();
		json_object_setn_new(all, text.p, text.n, list);
	}
	free(text.p);
	return list;
}

static json_t *
whole(struct model *m)
{
	const struct model_peer *w = NULL;
	struct model_bytes id;
	json_t *all = json_object(), *list;

	while ((w = next_worker(m, w == NULL ? 0 : w->incarnation)) != NULL) {
		list = require_list(all, &m->names[w->name].text);
		id = as_text(&w->id);
		json_array_append_new(list, json_stringn(id.p, id.n));
		free(id.p);
	}
	return all;
}

static void
check_whole(struct model *m, struct pgt_slice text)
{
	json_t *got = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
	json_t *want = whole(m);
	bool is_same = json_equal(got, want) != 0;

	json_decref(got);
	json_decref(want);
	model_must(m, is_same, "the directory lists who is registered");
}

void
model_check_published(struct model *m, struct pgt_slice text)
{
	const struct pgt_slice topic = pgt_slice_of("$dir ");

	model_must(m, m->core != CORE_NONE && m->event == EV_TIME,
	    "published by a core service, in time");
	model_must(m, m->changed_at >= 0, "published after a change");
	model_must(
	    m, pgt_slice_has_prefix(text, topic), "published under its topic");
	check_whole(m, pgt_slice_from(text, topic.n));
	m->changed_at = -1;
}

static bool
has_text(const json_t *list, const struct model_bytes *id)
{
	struct model_bytes want = as_text(id);
	const json_t *text;
	bool is_in = false;
	size_t i;

	json_array_foreach (list, i, text)
		is_in |= json_string_length(text) == want.n &&
			 memcmp(json_string_value(text), want.p, want.n) == 0;
	free(want.p);
	return is_in;
}

/* Those that would serve the name, each once, in any order. */
static bool
is_pool(struct model *m, const json_t *list, struct pgt_slice text)
{
	size_t name = model_require_name(m, text), n = 0;

	for (size_t i = 0; i < m->n_peers; i++)
		if (model_is_in_pool(m, name, &m->peers[i])) {
			n++;
			if (!has_text(list, &m->peers[i].id))
				return false;
		}
	return json_is_array(list) && json_array_size(list) == n;
}

void
model_check_dir_reply(
    struct model *m, const struct model_request *r, const struct pgt_packet *p)
{
	struct pgt_slice data = pgt_packet_view(p, PGT_F_DATA);
	json_t *asked, *got;
	bool is_right = true;

	model_must(m, pgt_slice_is(pgt_packet_view(p, PGT_F_CODE), "0"),
	    "$dir answers with success");
	asked = json_loadb(
	    r->data.p, r->data.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	if (json_string_length(asked) > 0) {
		got = json_loadb(data.p, data.n, JSON_ALLOW_NUL, NULL);
		is_right = is_pool(m, got,
		    (struct pgt_slice){
			json_string_value(asked), json_string_length(asked)});
		json_decref(got);
	} else if (asked == NULL || json_is_null(asked)) {
		check_whole(m, data);
	}
	json_decref(asked);
	model_must(m, is_right, "$dir lists who would serve the name");
}
