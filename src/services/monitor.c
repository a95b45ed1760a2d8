/*
 * $monitor (PROTOCOL 6.6): the broker's trace as partial replies. A monitor is
 * a pending request; it ends by expiring, so nothing here ends one while the
 * broker is in the midst of something else. Lines are written only while
 * somebody wants their level.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "base/alloc.h"
#include "services/json.h"
#include "services/services.h"

#define MAX_DATA     4096
#define MAX_MONITORS 16
#define DEFAULT_RATE 1000
#define MAX_RATE     1000000
#define MAX_MATCH    256

/* Of a second. */
#define SHARES 10

/* A trace line with its backslashes doubled, and what stands around it. */
#define MAX_LINE 8192

static const char *const levels[] = {"warn", "info", "debug"};

#define DROPPED "{\"dropped\":"

#define N_LEVELS ((int)(sizeof(levels) / sizeof(levels[0])))

struct monitor {
	TAILQ_ENTRY(monitor) link;
	struct request *r;
	int level;
	char match[MAX_MATCH]; /* "": anything */
	int64_t rate;	       /* lines in a second */
	int64_t credit;	       /* lines that may go now, SHARES for each */
	int64_t share;	       /* the last one that it got */
	uint64_t n_dropped;    /* since that was told last */
};

struct all {
	TAILQ_HEAD(, monitor) monitors;
	size_t n;
};

/* ---- filters ---- */

static bool
is_prefix(const char *pattern, const char *value, size_t n)
{
	size_t n_pattern = strlen(pattern);

	if (n_pattern > 0 && pattern[n_pattern - 1] == '*')
		return n >= n_pattern - 1 &&
		       memcmp(pattern, value, n_pattern - 1) == 0;
	return n == n_pattern && memcmp(pattern, value, n) == 0;
}

/* Values hold no blanks: trace.c escapes them. */
static bool
has_value(const char *line, const char *key, const char *pattern)
{
	size_t n_key = strlen(key);

	for (const char *p = strchr(line, ' '); p != NULL;
	     p = strchr(p + 1, ' '))
		if (strncmp(p + 1, key, n_key) == 0 && p[1 + n_key] == '=') {
			const char *value = p + 2 + n_key;
			const char *end = strchr(value, ' ');

			return is_prefix(pattern, value,
			    end != NULL ? (size_t)(end - value)
					: strlen(value));
		}
	return false;
}

static bool
is_wanted(const struct monitor *m, int level, struct core_line *line)
{
	static const char *const keys[] = {
	    "client", "service", "worker", "id", "peer"};

	if (level > m->level)
		return false;
	if (m->match[0] == '\0')
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (has_value(core_line_text(line), keys[i], m->match))
			return true;
	return false;
}

/* ---- lines ---- */

static void
send_line(struct core *c, struct monitor *m, const char *text, size_t n)
{
	struct pgt_frame f;

	if (pgt_frame_from(&f, (struct pgt_slice){text, n}) < 0 ||
	    core_partial(c, m->r, &f) < 0)
		m->n_dropped++;
	pgt_frame_clear(&f);
}

static void
tell_dropped(struct core *c, struct monitor *m)
{
	char text[48];
	int n = snprintf(text, sizeof(text), DROPPED "%llu}",
	    (unsigned long long)m->n_dropped);

	m->n_dropped = 0;
	send_line(c, m, text, (size_t)n);
}

/* Lines are printable ASCII without quotes. Returns the length. */
static size_t
write_line(char text[MAX_LINE], int level, const char *line)
{
	size_t n = (size_t)snprintf(
	    text, MAX_LINE, "{\"level\":\"%s\",\"line\":\"", levels[level]);

	for (; *line != '\0' && n + 5 < MAX_LINE; line++) {
		if (*line == '\\' || *line == '"')
			text[n++] = '\\';
		text[n++] = *line;
	}
	text[n++] = '"';
	text[n++] = '}';
	return n;
}

/*
 * May one more go out? What it may have comes in shares, so that a flood is
 * shown, and paid for, all the time and not at the beginning of each second.
 */
static bool
take_turn(struct monitor *m, int64_t now)
{
	int64_t share = now / (1000 / SHARES);

	m->credit += (share - m->share) * m->rate;
	m->share = share;
	if (m->credit > m->rate * SHARES)
		m->credit = m->rate * SHARES;
	if (m->credit < SHARES) {
		m->n_dropped++;
		return false;
	}
	m->credit -= SHARES;
	return true;
}

static void
monitor_on_trace(struct core *c, int level, struct core_line *line)
{
	struct all *all = core_state(c);
	char text[MAX_LINE];
	struct monitor *m;
	size_t n = 0;

	TAILQ_FOREACH (m, &all->monitors, link) {
		if (!is_wanted(m, level, line) || !take_turn(m, core_now(c)))
			continue;
		if (n == 0)
			n = write_line(text, level, core_line_text(line));
		if (m->n_dropped > 0)
			tell_dropped(c, m);
		send_line(c, m, text, n);
	}
}

/* ---- monitors come and go ---- */

static struct monitor *
find(struct all *all, const struct request *r)
{
	struct monitor *m;

	TAILQ_FOREACH (m, &all->monitors, link)
		if (m->r == r)
			return m;
	return NULL;
}

/* The broker traces what the most curious one wants. */
static void
listen_to_trace(struct core *c, struct all *all)
{
	struct monitor *m;
	int level = -1;

	TAILQ_FOREACH (m, &all->monitors, link)
		if (m->level > level)
			level = m->level;
	core_listen(c, level);
}

static void
monitor_on_gone(struct core *c, struct request *r)
{
	struct all *all = core_state(c);
	struct monitor *m = find(all, r);

	if (m == NULL)
		return;
	TAILQ_REMOVE(&all->monitors, m, link);
	all->n--;
	pgt_free(m);
	listen_to_trace(c, all);
}

/* What was told of dropped lines does not count as told. */
static uint64_t
count_lines(struct pgt_slice data)
{
	static const char head[] = DROPPED;
	uint64_t n = 0;

	if (!pgt_slice_has_prefix(data, pgt_slice_of(head)))
		return 1;
	for (size_t i = sizeof(head) - 1; data.p[i] != '}'; i++)
		n = n * 10 + (uint64_t)(data.p[i] - '0');
	return n;
}

/* The client does not read as fast, or is away. */
static void
monitor_on_unsent(struct core *c, struct request *r, struct pgt_slice data)
{
	struct monitor *m = find(core_state(c), r);

	if (m != NULL)
		m->n_dropped += count_lines(data);
}

/* Members of data into m. NULL, or what is wrong. */
static const char *
read_filter(struct monitor *m, const json_t *data)
{
	const json_t *level = json_object_get(data, "level");
	const json_t *match = json_object_get(data, "match");
	const json_t *rate = json_object_get(data, "rate");
	const char *name = level != NULL ? json_string_value(level) : "info";
	double n;

	m->level = N_LEVELS;
	for (int i = 0; i < N_LEVELS; i++)
		if (name != NULL && strcmp(name, levels[i]) == 0)
			m->level = i;
	if (m->level == N_LEVELS)
		return "level is warn, info or debug";
	if (match != NULL &&
	    (!json_is_string(match) || json_string_length(match) >= MAX_MATCH))
		return "match is a text of at most 255 bytes";
	if (match != NULL)
		snprintf(
		    m->match, sizeof(m->match), "%s", json_string_value(match));
	n = rate != NULL ? json_number_value(rate) : DEFAULT_RATE;
	if (!(n >= 1 && n <= MAX_RATE))
		return "rate is a number from 1 to 1000000";
	m->rate = (int64_t)n;
	m->credit = m->rate * SHARES;
	return NULL;
}

static void
refuse(struct core *c, struct request *r, const char *why)
{
	struct pgt_frame f;
	char text[96];

	snprintf(text, sizeof(text), "\"INVALID: %s\"", why);
	if (pgt_frame_from(&f, pgt_slice_of(text)) == 0)
		core_reply(c, r, "-1", &f);
	pgt_frame_clear(&f);
}

static const char *
why_not(struct all *all, struct monitor *m, const json_t *data)
{
	if (data == NULL)
		return "data is a JSON object";
	if (all->n == MAX_MONITORS)
		return "there are 16 monitors already";
	return read_filter(m, data);
}

static void
monitor_on_request(struct core *c, struct request *r)
{
	struct all *all = core_state(c);
	struct monitor *m = pgt_alloc(sizeof(*m));
	json_t *data = NULL;
	const char *why;

	if (m == NULL || services_json_object(core_request_data(r), MAX_DATA, 0,
			     &data) == -ENOMEM) {
		pgt_free(m);
		return;
	}
	why = why_not(all, m, data);
	json_decref(data);
	if (why != NULL) {
		pgt_free(m);
		refuse(c, r, why);
		return;
	}
	m->r = r;
	TAILQ_INSERT_TAIL(&all->monitors, m, link);
	all->n++;
	core_keep(c, r);
	listen_to_trace(c, all);
}

static int
monitor_open(struct core *c)
{
	struct all *all = pgt_alloc(sizeof(*all));

	if (all == NULL)
		return -ENOMEM;
	TAILQ_INIT(&all->monitors);
	core_set_state(c, all);
	return 0;
}

/* Its requests are gone by then, and so are the monitors. */
static void
monitor_close(struct core *c)
{
	pgt_free(core_state(c));
}

const struct core_ops monitor_service = {
    .name = "$monitor",
    .admin = true,
    .open = monitor_open,
    .close = monitor_close,
    .on_request = monitor_on_request,
    .on_gone = monitor_on_gone,
    .on_unsent = monitor_on_unsent,
    .on_trace = monitor_on_trace,
};
