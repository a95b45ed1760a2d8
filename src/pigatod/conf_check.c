/* What no single option can tell. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "pigatod/conf_endpoint.h"
#include "pigatod/conf_error.h"

static const struct conf_row *
row_of(const char *name)
{
	return conf_find(pgt_slice_of(name));
}

static int
check_reach(const struct conf *conf, const char *option, const char *endpoint,
    struct conf_error *err)
{
	if (conf_endpoint_is_local(endpoint))
		return 0;
	return conf_fail(err, conf_origin(conf, row_of(option)),
	    pgt_slice_of(option), pgt_slice_of(endpoint),
	    "other machines can reach this address, and peers are not "
	    "authenticated; to allow it set protected_mode = false, to stay on "
	    "this "
	    "machine use 127.0.0.1, [::1] or ipc://");
}

/* Operators are known by nothing but their way in: it is never a network. */
static int
check_admin(const struct conf *conf, struct conf_error *err)
{
	for (size_t i = 0; i < conf->n_admin_binds; i++)
		if (!conf_endpoint_is_local(conf->admin_bind[i]))
			return conf_fail(err,
			    conf_origin(conf, row_of("admin_bind")),
			    pgt_slice_of("admin_bind"),
			    pgt_slice_of(conf->admin_bind[i]),
			    "other machines reach this address; must be auto, "
			    "none, ipc://, or tcp:// with 127.0.0.1 or [::1], "
			    "whatever protected_mode says");
	return 0;
}

static int
check_endpoints(const struct conf *conf, struct conf_error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < conf->n_binds; i++)
		rc = check_reach(conf, "bind", conf->bind[i], err);
	return rc < 0 ? rc : check_reach(conf, "intch", conf->intch, err);
}

struct address {
	const char *option, *endpoint;
};

/* One address twice: libzmq would only say that it is in use. */
static int
check_twice(const struct conf *conf, const struct address *all, size_t n,
    struct conf_error *err)
{
	const struct address *a = &all[n];

	if (conf_endpoint_is_ephemeral(a->endpoint))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].endpoint, a->endpoint) == 0)
			return conf_fail(err,
			    conf_origin(conf, row_of(a->option)),
			    pgt_slice_of(a->option), pgt_slice_of(a->endpoint),
			    "%s has this address already", all[i].option);
	return 0;
}

static int
check_addresses(const struct conf *conf, struct conf_error *err)
{
	struct address all[2 * CONF_MAX_BINDS + 1];
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < conf->n_binds; i++)
		all[n++] = (struct address){"bind", conf->bind[i]};
	all[n++] = (struct address){"intch", conf->intch};
	for (size_t i = 0; i < conf->n_admin_binds; i++)
		all[n++] = (struct address){"admin_bind", conf->admin_bind[i]};
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = check_twice(conf, all, i, err);
	return rc;
}

static int
check_sizes(const struct conf *conf, struct conf_error *err)
{
	const struct conf_row *row = row_of("max_message");
	char number[24];

	if (conf->max_message >= conf->max_frame)
		return 0;
	snprintf(number, sizeof(number), "%" PRId64, conf->max_message);
	return conf_fail(err, conf_origin(conf, row), pgt_slice_of(row->name),
	    pgt_slice_of(number),
	    "must be max_frame at least, which is %" PRId64 " (%s)",
	    conf->max_frame, conf_origin(conf, row_of("max_frame")));
}

int
conf_check(const struct conf *conf, struct conf_error *err)
{
	int rc = check_addresses(conf, err);

	if (rc == 0)
		rc = check_admin(conf, err);
	if (rc == 0 && conf->protected_mode)
		rc = check_endpoints(conf, err);
	return rc < 0 ? rc : check_sizes(conf, err);
}
