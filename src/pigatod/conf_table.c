/*
 * The options. A new one is a field in struct conf, a row here, a paragraph
 * in pigato.conf(5) and one in conf/pigato.conf; tests/system/conf-docs.sh
 * sees to the last two.
 */
#include "pigatod/conf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>

/* What a JavaScript peer can say exactly; far from where int64_t ends. */
#define MANY ((INT64_C(1) << 53) - 1)

#define KIB (INT64_C(1) << 10)
#define TIB (INT64_C(1) << 40)

#define CONF_AT(field) offsetof(struct conf, field)

static const char *const policies[] = {"load", "rand", "rr", NULL};
static const char *const places[] = {"auto", "none", NULL};
static const char *const levels[] = {"error", "warn", "info", "debug", NULL};

/* clang-format off */
const struct conf_row conf_table[] = {
	{ .name = "bind", .type = CONF_ENDPOINTS, .at = CONF_AT(bind),
	  .at_n = CONF_AT(n_binds), .def = "tcp://127.0.0.1:55555",
	  .text = "Where clients and workers connect." },
	{ .name = "intch", .type = CONF_ENDPOINT, .at = CONF_AT(intch),
	  .def = "tcp://127.0.0.1:55550",
	  .text = "Where core services outside subscribe to notices." },
	{ .name = "admin_bind", .type = CONF_ENDPOINTS,
	  .at = CONF_AT(admin_bind), .at_n = CONF_AT(n_admin_binds),
	  .def = "auto", .choices = places,
	  .text = "Where operators connect; auto: a socket in the run "
	          "directory." },
	{ .name = "admin_everywhere", .type = CONF_BOOL,
	  .at = CONF_AT(admin_everywhere), .def = "false", .reload = true,
	  .text = "Serve operators at the addresses of bind as well." },
	{ .name = "name", .type = CONF_TEXT, .at = CONF_AT(name),
	  .def = "", .max = 255,
	  .text = "Name of this broker; empty: the system makes one up." },
	{ .name = "protected_mode", .type = CONF_BOOL,
	  .at = CONF_AT(protected_mode), .def = "true",
	  .text = "Refuse addresses that other machines can reach, as peers "
	          "are not authenticated." },
	{ .name = "heartbeat", .type = CONF_MS, .at = CONF_AT(heartbeat),
	  .def = "2500", .min = 10, .max = 3600000, .reload = true,
	  .text = "Time between heartbeats to a worker." },
	{ .name = "heartbeat_liveness", .type = CONF_INT,
	  .at = CONF_AT(heartbeat_liveness),
	  .def = "3", .min = 1, .max = 1000, .reload = true,
	  .text = "Heartbeats of silence after which a worker is lost." },
	{ .name = "dispatch", .type = CONF_CHOICE, .at = CONF_AT(dispatch),
	  .def = "load", .choices = policies, .reload = true,
	  .text = "Who gets a request: the worker with the fewest, any, or "
	          "the one that waited longest." },
	{ .name = "default_timeout", .type = CONF_MS,
	  .at = CONF_AT(default_timeout), .def = "60000",
	  .min = 1, .max = MANY, .none = true, .reload = true,
	  .text = "The timeout of requests that state none." },
	{ .name = "max_timeout", .type = CONF_MS, .at = CONF_AT(max_timeout),
	  .def = "-1", .min = 1, .max = MANY, .none = true, .reload = true,
	  .text = "The longest timeout that a request may ask for." },
	{ .name = "default_concurrency", .type = CONF_INT,
	  .at = CONF_AT(default_concurrency), .def = "100",
	  .min = 0, .max = INT_MAX, .none = true, .reload = true,
	  .text = "Requests at a time for workers that state no number." },
	{ .name = "directory", .type = CONF_BOOL, .at = CONF_AT(directory),
	  .def = "true",
	  .text = "Serve $dir, the directory of services and workers." },
	{ .name = "external_core", .type = CONF_BOOL,
	  .at = CONF_AT(external_core), .def = "false", .reload = true,
	  .text = "Let workers serve names that begin with $." },
	{ .name = "cache", .type = CONF_BOOL, .at = CONF_AT(cache),
	  .def = "true", .reload = true,
	  .text = "Answer equal requests by replies that may be cached." },
	{ .name = "cache_max_memory", .type = CONF_BYTES,
	  .at = CONF_AT(cache_max_memory), .def = "67108864",
	  .min = 0, .max = TIB, .reload = true,
	  .text = "Memory for all cached replies." },
	{ .name = "cache_max_entry", .type = CONF_BYTES,
	  .at = CONF_AT(cache_max_entry), .def = "1048576",
	  .min = 0, .max = TIB, .reload = true,
	  .text = "Memory for one cached reply and its request." },
	{ .name = "cache_max_ttl", .type = CONF_MS,
	  .at = CONF_AT(cache_max_ttl), .def = "-1",
	  .min = 1, .max = MANY, .none = true, .reload = true,
	  .text = "The longest time that a reply stays cached." },
	{ .name = "cache_notices", .type = CONF_BOOL,
	  .at = CONF_AT(cache_notices), .def = "false", .reload = true,
	  .text = "Publish each reply that is cached, expires or is evicted." },
	{ .name = "coalesce", .type = CONF_NAMES, .at = CONF_AT(coalesce),
	  .at_n = CONF_AT(n_coalesce), .def = "", .max = 255, .reload = true,
	  .text = "Services whose equal requests run once: names, or prefix*." },
	{ .name = "io_threads", .type = CONF_INT, .at = CONF_AT(io_threads),
	  .def = "1", .min = 1, .max = 64,
	  .text = "Threads of libzmq for input and output." },
	{ .name = "hwm", .type = CONF_INT, .at = CONF_AT(hwm),
	  .def = "100000", .min = 0, .max = INT_MAX,
	  .text = "Messages that may be queued for one peer; 0: no limit." },
	{ .name = "max_frame", .type = CONF_BYTES, .at = CONF_AT(max_frame),
	  .def = "67108864", .min = KIB, .max = TIB,
	  .text = "The longest frame that is accepted." },
	{ .name = "max_message", .type = CONF_BYTES,
	  .at = CONF_AT(max_message), .def = "134217728",
	  .min = KIB, .max = TIB,
	  .text = "The longest message that is accepted, all its frames." },
	{ .name = "max_clients", .type = CONF_INT, .at = CONF_AT(max_clients),
	  .def = "-1", .min = 1, .max = INT_MAX, .none = true, .reload = true,
	  .text = "Clients that may have unfinished requests." },
	{ .name = "max_queue", .type = CONF_INT, .at = CONF_AT(max_queue),
	  .def = "-1", .min = 1, .max = MANY, .none = true, .reload = true,
	  .text = "Requests that may wait for a worker." },
	{ .name = "max_queue_bytes", .type = CONF_BYTES,
	  .at = CONF_AT(max_queue_bytes), .def = "-1",
	  .min = KIB, .max = MANY, .none = true, .reload = true,
	  .text = "Bytes of the requests that wait." },
	{ .name = "max_service_queue", .type = CONF_INT,
	  .at = CONF_AT(max_service_queue), .def = "-1",
	  .min = 1, .max = MANY, .none = true, .reload = true,
	  .text = "Requests that may wait for one service." },
	{ .name = "max_service_queue_bytes", .type = CONF_BYTES,
	  .at = CONF_AT(max_service_queue_bytes), .def = "0",
	  .min = 0, .max = MANY, .none = true, .reload = true,
	  .text = "Bytes of the requests that wait for one service; 0: half "
	          "of max_memory." },
	{ .name = "max_memory", .type = CONF_BYTES,
	  .at = CONF_AT(max_memory), .def = "0",
	  .min = 0, .max = MANY, .none = true, .reload = true,
	  .text = "Bytes of all unfinished requests; 0: half of the memory "
	          "there is." },
	{ .name = "slowlog_time", .type = CONF_MS,
	  .at = CONF_AT(slowlog_time), .def = "1000",
	  .min = 0, .max = 86400000, .none = true, .reload = true,
	  .text = "The time from which a request counts as slow." },
	{ .name = "slowlog_size", .type = CONF_BYTES,
	  .at = CONF_AT(slowlog_size), .def = "-1",
	  .min = 0, .max = TIB, .none = true, .reload = true,
	  .text = "The size of data from which it counts as slow, too." },
	{ .name = "slowlog_max", .type = CONF_INT,
	  .at = CONF_AT(slowlog_max), .def = "128",
	  .min = 0, .max = 100000, .reload = true,
	  .text = "Slow requests that are remembered; 0: none." },
	{ .name = "drain_timeout", .type = CONF_MS,
	  .at = CONF_AT(drain_timeout), .def = "30000",
	  .min = 0, .max = MANY, .none = true, .reload = true,
	  .text = "The longest time that a drain may take." },
	{ .name = "log_level", .type = CONF_CHOICE, .at = CONF_AT(log_level),
	  .def = "info", .choices = levels, .reload = true,
	  .text = "The least important events to log." },
	{ .name = "log_file", .type = CONF_TEXT, .at = CONF_AT(log_file),
	  .def = "", .max = PATH_MAX - 1,
	  .text = "File for the log; empty: standard error." },
	{ .name = "pid_file", .type = CONF_TEXT, .at = CONF_AT(pid_file),
	  .def = "", .max = PATH_MAX - 1,
	  .text = "File for the process id; empty: none." },
	{ .name = "daemonize", .type = CONF_BOOL, .at = CONF_AT(daemonize),
	  .def = "false",
	  .text = "Detach from the terminal." },
};
/* clang-format on */

const size_t conf_n_rows = sizeof(conf_table) / sizeof(conf_table[0]);

_Static_assert(sizeof(conf_table) / sizeof(conf_table[0]) <= CONF_MAX_ROWS,
    "CONF_MAX_ROWS is too small");

/* ---- names ---- */

static char
fold(char c)
{
	return c == '-' ? '_' : (char)tolower((unsigned char)c);
}

static bool
is_name(struct pgt_slice name, const char *row)
{
	size_t i = 0;

	while (i < name.n && row[i] != '\0' &&
	       (name.p[i] == row[i] || (name.p[i] == '-' && row[i] == '_')))
		i++;
	return i == name.n && row[i] == '\0';
}

const struct conf_row *
conf_find(struct pgt_slice name)
{
	for (size_t i = 0; i < conf_n_rows; i++)
		if (is_name(name, conf_table[i].name))
			return &conf_table[i];
	return NULL;
}

/* Insertions, deletions and substitutions between the two. */
static size_t
distance(struct pgt_slice a, const char *b)
{
	size_t row[32], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best =
			    corner + (fold(a.p[i - 1]) != fold(b[j - 1]));

			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

/* A part of a name is near to it, whatever the distance: "timeout". */
static bool
is_part(struct pgt_slice part, const char *name)
{
	size_t n = strlen(name);

	if (part.n < 3)
		return false;
	for (size_t i = 0; i + part.n <= n; i++)
		if (memcmp(name + i, part.p, part.n) == 0)
			return true;
	return false;
}

const char *
conf_nearest(struct pgt_slice name)
{
	const char *nearest = NULL;
	size_t least = 1 + (name.n < 6 ? 2 : name.n / 3);

	if (name.n > 31)
		return NULL;
	for (size_t i = 0; i < conf_n_rows; i++) {
		size_t d = distance(name, conf_table[i].name);

		if (d < least) {
			least = d;
			nearest = conf_table[i].name;
		}
	}
	for (size_t i = 0; nearest == NULL && i < conf_n_rows; i++)
		if (is_part(name, conf_table[i].name))
			nearest = conf_table[i].name;
	return nearest;
}

/* ---- help ---- */

static const char *
type_text(const struct conf_row *row)
{
	switch (row->type) {
	case CONF_BOOL:
		return "true|false";
	case CONF_INT:
		return "number";
	case CONF_MS:
		return "ms";
	case CONF_BYTES:
		return "bytes";
	case CONF_TEXT:
		return "text";
	case CONF_ENDPOINT:
		return "address";
	case CONF_ENDPOINTS:
		return "address,...";
	case CONF_NAMES:
		return "name,...";
	case CONF_CHOICE:
		break;
	}
	return "";
}

static void
print_range(const struct conf_row *row, FILE *f)
{
	if (row->type != CONF_INT && row->type != CONF_MS &&
	    row->type != CONF_BYTES)
		return;
	if (row->max >= INT_MAX)
		fprintf(f, "%" PRId64 " or more", row->min);
	else
		fprintf(f, "%" PRId64 " to %" PRId64, row->min, row->max);
	fprintf(f, "%s; ", row->none ? ", or -1 for none" : "");
}

static void
print_row(const struct conf_row *row, FILE *f)
{
	fprintf(f, "  --%s %s", row->name, type_text(row));
	for (size_t i = 0; row->choices != NULL && row->choices[i]; i++)
		fprintf(f, "%s%s",
		    i == 0 && row->type == CONF_CHOICE ? "" : "|",
		    row->choices[i]);
	fprintf(f, "\n\t%s\n\t(", row->text);
	print_range(row, f);
	fprintf(f, "default %s%s)\n", row->def[0] == '\0' ? "empty" : row->def,
	    row->reload ? "; reloadable" : "");
}

int
conf_help(FILE *f)
{
	for (size_t i = 0; i < conf_n_rows; i++)
		print_row(&conf_table[i], f);
	return ferror(f) ? -EIO : 0;
}
