/* Text that jansson takes, and jansson's text as a frame. */
#include "services/json.h"

#include <errno.h>

#include "base/alloc.h"
#include "services/text.h"

json_t *
services_json_text(struct pgt_slice s)
{
	static const char bad[] = "\xef\xbf\xbd";
	json_t *text;
	char *buf;
	size_t n = 0, len;

	if (s.n == 0)
		return json_string("");
	text = json_stringn(s.p, s.n);
	if (text != NULL)
		return text;
	buf = pgt_alloc(s.n * 3 + 1);
	if (buf == NULL)
		return NULL;
	while (s.n > 0) {
		len = text_utf8_length(s);
		memcpy(buf + n, len > 0 ? s.p : bad, len > 0 ? len : 3);
		n += len > 0 ? len : 3;
		s = pgt_slice_from(s, len > 0 ? len : 1);
	}
	text = json_stringn(buf, n);
	pgt_free(buf);
	return text;
}

int
services_json_write(struct pgt_frame *f, json_t *tree)
{
	char *text = tree == NULL ? NULL : json_dumps(tree, JSON_COMPACT);
	int rc;

	json_decref(tree);
	if (text == NULL) {
		pgt_frame_init(f);
		return -ENOMEM;
	}
	rc = pgt_frame_from(f, pgt_slice_of(text));
	pgt_free(text); /* jansson allocates by pgt_alloc() */
	return rc;
}

static bool
is_nothing(const json_t *tree)
{
	return json_is_null(tree) ||
	       (json_is_string(tree) && json_string_length(tree) == 0);
}

int
services_json_object(
    struct pgt_slice text, size_t max, size_t flags, json_t **object)
{
	size_t failures = pgt_alloc_failures();
	json_t *tree = NULL;
	int rc;

	if (text.n > max)
		return -EINVAL;
	if (text.n > 0 && !pgt_slice_is(text, "undefined"))
		tree =
		    json_loadb(text.p, text.n, flags | JSON_DECODE_ANY, NULL);
	else
		tree = json_null();
	if (json_is_object(tree)) {
		*object = tree;
		return 0;
	}
	rc = is_nothing(tree) ? 0 : -EINVAL;
	json_decref(tree);
	if (rc == 0)
		*object = json_object();
	return pgt_alloc_failures() != failures ? -ENOMEM : rc;
}

void
services_publish(struct core *c, const char *topic, struct pgt_slice text)
{
	const size_t n = strlen(topic);
	char *whole = pgt_alloc(n + text.n);

	if (whole == NULL)
		return;
	memcpy(whole, topic, n);
	memcpy(whole + n, text.p, text.n);
	core_publish(c, (struct pgt_slice){whole, n + text.n});
	pgt_free(whole);
}

void
services_json_publish(struct core *c, const char *topic, json_t *tree)
{
	struct pgt_frame f;

	if (services_json_write(&f, tree) == 0)
		services_publish(c, topic, pgt_frame_view(&f));
	pgt_frame_clear(&f);
}
