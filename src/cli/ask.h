/*
 * One request, sent and waited for. Where a shell catches SIGINT, that ends
 * the request and no more.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli/cli.h"
#include "lib/pigato.h"

struct ask {
	const char *service;
	const char *data; /* JSON; NULL: null */
	size_t size;
	struct pigato_request_opts opts; /* PIGATO_REQUEST_OPTS at first */
	/* A partial or the final reply; false: that was enough. May be NULL. */
	bool (*on_reply)(const struct pigato_response *response, void *arg);
	void *arg;

	/* What has become of it. */
	int error;
	bool was_connected;	     /* a broker was there, for a while */
	struct pigato_response *end; /* NULL: none came */
};

/* a->error, and a->end, which ask_clear() frees. */
void ask_run(struct cli *cli, struct ask *a);

/* Tells of a->error if it is one; the exit status. */
int ask_report(struct cli *cli, const struct ask *a);

void ask_clear(struct ask *a);

/* Do nothing until then, by cli_now_ms(). False: SIGINT. */
bool ask_idle_until(struct cli *cli, int64_t until_ms);

#endif
