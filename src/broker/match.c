/*
 * Pools change when a name appears or goes, or when it gets its first worker
 * or loses its last; never per request. A change touches the names that it
 * concerns, found by prefix in the ordered index, and no others.
 *
 * A plain name has one edge: to itself if it has workers, else to the longest
 * wildcard that has some. A range has an edge to each version that satisfies
 * it. Any name that has workers has an edge to itself.
 */
#include "broker/match.h"

#include <errno.h>

#include "base/container.h"
#include "base/semver.h"
#include "broker/edge.h"

static struct pgt_slice
name_of(const struct service *s)
{
	return pgt_frame_view(&s->name);
}

/* Where the version or range begins, behind the last @; 0: there is none. */
static size_t
version_at(struct pgt_slice name)
{
	for (size_t i = name.n; i > 1; i--)
		if (name.p[i - 1] == '@')
			return i;
	return 0;
}

static bool
is_plain(struct pgt_slice name)
{
	return name.n == 0 || (memchr(name.p, '@', name.n) == NULL &&
				  name.p[name.n - 1] != '*');
}

static bool
is_wildcard(struct pgt_slice name)
{
	return name.n > 0 && name.p[name.n - 1] == '*';
}

static bool
skip_digits(struct pgt_slice *s)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	*s = pgt_slice_from(*s, n);
	return n > 0;
}

/* Three numbers and nothing else: name@1.2.3 is literal (PROTOCOL 4). */
static bool
is_exact(struct pgt_slice version)
{
	for (int i = 0; i < 3; i++) {
		if (i > 0) {
			if (version.n == 0 || version.p[0] != '.')
				return false;
			version = pgt_slice_from(version, 1);
		}
		if (!skip_digits(&version))
			return false;
	}
	return version.n == 0;
}

static bool
is_range(struct pgt_slice name)
{
	size_t at = version_at(name);

	return at > 0 && !is_exact(pgt_slice_from(name, at));
}

bool
match_is_core(struct pgt_slice name)
{
	return name.n > 0 && name.p[0] == '$';
}

/* The bytes before the *, if wildcard takes name at all. */
static bool
wildcard_takes(struct pgt_slice wildcard, struct pgt_slice name)
{
	struct pgt_slice prefix;

	if (!is_wildcard(wildcard) || !is_plain(name))
		return false;
	prefix = pgt_slice_head(wildcard, wildcard.n - 1);
	if (match_is_core(name) && !match_is_core(prefix))
		return false;
	return pgt_slice_has_prefix(name, prefix);
}

static bool
version_takes(struct pgt_slice server, struct pgt_slice name)
{
	size_t at = version_at(name);

	if (!is_range(name) || at != version_at(server) ||
	    !pgt_slice_has_prefix(server, pgt_slice_head(name, at)))
		return false;
	return pgt_semver_satisfies(
	    pgt_slice_from(server, at), pgt_slice_from(name, at));
}

bool
match_serves(struct pgt_slice server, struct pgt_slice name)
{
	return pgt_slice_equal(server, name) || wildcard_takes(server, name) ||
	       version_takes(server, name);
}

/* ---- a name ---- */

/*
 * The longest wildcard with workers that takes the plain name: a look-up for
 * each length, bounded by MAX_WILDCARD.
 */
static struct service *
longest_wildcard(const struct broker *b, struct pgt_slice name)
{
	size_t n = name.n < MAX_WILDCARD ? name.n : MAX_WILDCARD;
	struct service *s;
	struct pgt_key key = {0};

	if (pgt_map_count(&b->wildcards) == 0)
		return NULL;
	for (size_t len = n + 1; len-- > 0;) {
		key.s = pgt_slice_head(name, len);
		s = PGT_CONTAINER(pgt_map_find(&b->wildcards, &key),
		    struct service, wildcard);
		if (s != NULL && wildcard_takes(name_of(s), name))
			return s;
	}
	return NULL;
}

static struct service *
next_name(const struct broker *b, struct pgt_slice prefix, struct service *s)
{
	return PGT_CONTAINER(pgt_index_next(&b->names, prefix,
				 s == NULL ? prefix : name_of(s), s != NULL),
	    struct service, index);
}

static int
open_range(struct broker *b, struct service *s)
{
	struct pgt_slice name = name_of(s);
	struct pgt_slice base = pgt_slice_head(name, version_at(name));
	struct service *v = NULL;
	struct edge *e;

	while ((v = next_name(b, base, v)) != NULL) {
		if (v->n_workers == 0 || !version_takes(name_of(v), name))
			continue;
		e = edge_new(s);
		if (e == NULL) {
			match_close(s);
			return -ENOMEM;
		}
		edge_link(b, e, v);
	}
	return 0;
}

int
match_open(struct broker *b, struct service *s)
{
	struct pgt_slice name = name_of(s);
	struct service *wildcard;
	struct edge *e;

	if (is_range(name))
		return open_range(b, s);
	if (!is_plain(name))
		return 0;
	wildcard = longest_wildcard(b, name);
	if (wildcard == NULL)
		return 0;
	e = edge_new(s);
	if (e == NULL)
		return -ENOMEM;
	edge_link(b, e, wildcard);
	return 0;
}

void
match_close(struct service *s)
{
	struct edge *e;

	while ((e = TAILQ_FIRST(&s->pool)) != NULL) {
		edge_unlink(e);
		edge_free(e);
	}
}

/* ---- who looks as if it served a name ---- */

static void
each_other_version(
    const struct broker *b, const struct service *s, match_fn fn, void *arg)
{
	struct pgt_slice name = name_of(s);
	struct pgt_slice base = pgt_slice_head(name, version_at(name));
	struct service *v = NULL;

	for (int i = 0; i < MAX_STEPS; i++) {
		v = next_name(b, base, v);
		if (v == NULL)
			return;
		if (v != s && v->n_workers > 0 &&
		    !version_takes(name_of(v), name) && !fn(arg, v, "version"))
			return;
	}
}

static void
each_other_wildcard(
    const struct broker *b, const struct service *s, match_fn fn, void *arg)
{
	const struct edge *e = TAILQ_FIRST(&s->pool);
	struct pgt_slice name = name_of(s);
	size_t n = name.n < MAX_WILDCARD ? name.n : MAX_WILDCARD;
	struct pgt_key key = {0};
	struct service *w;

	for (size_t len = n + 1; len-- > 0;) {
		key.s = pgt_slice_head(name, len);
		w = PGT_CONTAINER(pgt_map_find(&b->wildcards, &key),
		    struct service, wildcard);
		if (w != NULL && wildcard_takes(name_of(w), name) &&
		    (e == NULL || w != e->server) && !fn(arg, w, "longer_name"))
			return;
	}
}

void
match_each_passed_over(
    const struct broker *b, const struct service *s, match_fn fn, void *arg)
{
	if (version_at(name_of(s)) > 0)
		each_other_version(b, s, fn, arg);
	else if (is_plain(name_of(s)))
		each_other_wildcard(b, s, fn, arg);
}

/* ---- a name's first worker comes, its last one goes ---- */

static void
free_edges(struct edge_list *list)
{
	struct edge *e;

	while ((e = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, e, pool);
		edge_free(e);
	}
}

/*
 * Does the plain name n go to wildcard s rather than to whom it goes now?
 * Its edge may then be turned.
 */
static bool
prefers_wildcard(const struct service *n, const struct service *s)
{
	const struct edge *e = TAILQ_FIRST(&n->pool);

	if (n == s || n->n_workers > 0 ||
	    !wildcard_takes(name_of(s), name_of(n)))
		return false;
	return e == NULL || name_of(e->server).n < name_of(s).n;
}

static bool
is_concerned(const struct service *n, const struct service *s)
{
	return prefers_wildcard(n, s) ||
	       (n != s && version_takes(name_of(s), name_of(n)));
}

/* The names that s may be of use to, itself apart, begin with *prefix. */
static bool
find_prefix_of_concern(const struct service *s, struct pgt_slice *prefix)
{
	struct pgt_slice name = name_of(s);
	size_t at = version_at(name);

	if (is_wildcard(name))
		*prefix = pgt_slice_head(name, name.n - 1);
	else if (at > 0 && pgt_semver_is_version(pgt_slice_from(name, at)))
		*prefix = pgt_slice_head(name, at);
	else
		return false;
	return true;
}

static int
collect_edge(struct edge_list *list, struct service *name)
{
	struct edge *e = edge_new(name);

	if (e == NULL)
		return -ENOMEM;
	TAILQ_INSERT_TAIL(list, e, pool);
	return 0;
}

/* An edge for each name that s will serve, not yet linked. */
static int
collect_edges(struct broker *b, struct service *s, struct edge_list *list)
{
	struct pgt_slice prefix;
	struct service *n = NULL;
	int rc;

	TAILQ_INIT(list);
	rc = collect_edge(list, s);
	if (rc == 0 && find_prefix_of_concern(s, &prefix))
		while (rc == 0 && (n = next_name(b, prefix, n)) != NULL)
			if (is_concerned(n, s))
				rc = collect_edge(list, n);
	if (rc < 0)
		free_edges(list);
	return rc;
}

static int
add_wildcard(struct broker *b, struct service *s)
{
	struct pgt_slice name = name_of(s);
	struct pgt_key key = {0};

	if (!is_wildcard(name))
		return 0;
	key.s = pgt_slice_head(name, name.n - 1);
	return pgt_map_add(&b->wildcards, &s->wildcard, &key);
}

int
match_came(struct broker *b, struct service *s)
{
	struct edge_list list;
	struct edge *e;
	int rc = collect_edges(b, s, &list);

	if (rc < 0)
		return rc;
	rc = add_wildcard(b, s);
	if (rc < 0) {
		free_edges(&list);
		return rc;
	}
	while ((e = TAILQ_FIRST(&list)) != NULL) {
		TAILQ_REMOVE(&list, e, pool);
		/* A plain name is served by one: its old edge goes. */
		if (is_plain(name_of(e->name)))
			match_close(e->name);
		edge_link(b, e, s);
	}
	return 0;
}

void
match_went(struct broker *b, struct service *s)
{
	struct service *wildcard;
	struct edge *e;

	if (is_wildcard(name_of(s)))
		pgt_map_remove(&b->wildcards, &s->wildcard);
	while ((e = TAILQ_FIRST(&s->watchers)) != NULL) {
		edge_unlink(e);
		wildcard = is_plain(name_of(e->name))
			       ? longest_wildcard(b, name_of(e->name))
			       : NULL;
		if (wildcard != NULL)
			edge_link(b, e, wildcard);
		else
			edge_free(e);
	}
}
