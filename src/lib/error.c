/* One row for each error; a row with a word stands for what brokers say so. */
#include "lib/error.h"

#include <errno.h>

#include "config.h"
#include "lib/pigato.h"

struct row {
	int error;
	const char *name;
	const char *word; /* the data of a broker's error; NULL: never said */
	const char *text;
};

#define ROW(error, text)                                                       \
	{                                                                      \
		PIGATO_ERR_##error, #error, NULL, text                         \
	}
#define SAID(error, text)                                                      \
	{                                                                      \
		PIGATO_ERR_##error, #error, "\"" #error "\"", text             \
	}

static const struct row rows[] = {
    {PIGATO_OK, "OK", NULL, "no error"},
    ROW(TIMEOUT, "nothing was heard in time"),
    SAID(NO_WORKER, "nobody serves that"),
    SAID(WORKER_LOST, "the worker was lost with the request"),
    SAID(PARTIAL_LOST, "a part of the stream was lost"),
    SAID(REJECTED, "rejected by all who could serve it"),
    SAID(DENIED, "the broker does not allow that"),
    SAID(BUSY, "the broker has too much to do"),
    SAID(DRAINING, "the broker takes no new requests"),
    ROW(NO_BROKER, "no broker answers"),
    ROW(PROTOCOL, "the other side breaks the protocol"),
    SAID(CANCELLED, "cancelled"),
    ROW(REMOTE, "the worker reports an error"),
    ROW(NOMEM, "out of memory"),
    ROW(INVALID, "an argument makes no sense"),
    ROW(STATE, "not possible in this state"),
    ROW(SYSTEM, "an error of the system"),
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
find(int error)
{
	for (const struct row *r = rows; r < rows + N_ROWS; r++)
		if (r->error == error)
			return r;
	return NULL;
}

const char *
pigato_strerror(int error)
{
	const struct row *r = find(error);

	return r == NULL ? "an unknown error" : r->text;
}

const char *
pigato_error_name(int error)
{
	const struct row *r = find(error);

	return r == NULL ? "UNKNOWN" : r->name;
}

const char *
pigato_version(void)
{
	return PACKAGE_VERSION;
}

int
pgt_error_of_errno(int rc)
{
	switch (rc) {
	case 0:
		return PIGATO_OK;
	case -ENOMEM:
		return PIGATO_ERR_NOMEM;
	case -EINVAL:
		return PIGATO_ERR_INVALID;
	}
	errno = -rc;
	return PIGATO_ERR_SYSTEM;
}

int
pgt_error_of_data(struct pgt_slice data)
{
	for (const struct row *r = rows; r < rows + N_ROWS; r++)
		if (r->word != NULL && pgt_slice_is(data, r->word))
			return r->error;
	return PIGATO_ERR_REMOTE;
}
