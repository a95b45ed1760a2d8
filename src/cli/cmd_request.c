/*
 * request: sends one, or several one after the other, and prints what comes.
 * A final null after partial replies says only that the stream has ended, and
 * is not printed.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/input.h"
#include "cli/utf8.h"

#define YEAR_MS 31536000000

struct request_conf {
	int64_t timeout_ms, count, interval_ms;
	const char *worker_id;
	bool retry, nocache, coalesce, failfast, heartbeat;
	bool is_json, is_raw, is_text;
};

static const struct request_conf defaults = {.count = 1};

#define AT(field) offsetof(struct request_conf, field)

static const struct args_option options[] = {
    {.name = "timeout",
	.letter = 't',
	.type = ARGS_NUMBER,
	.at = AT(timeout_ms),
	.arg = "MS",
	.want = "milliseconds, -1 for none, 0 for 60000",
	.min = -1,
	.max = YEAR_MS,
	.text = "wait so long for a sign of life (60000)"},
    {.name = "retry",
	.type = ARGS_FLAG,
	.at = AT(retry),
	.text = "give it to another worker if one is lost"},
    {.name = "nocache",
	.type = ARGS_FLAG,
	.at = AT(nocache),
	.text = "not from the reply cache"},
    {.name = "coalesce",
	.type = ARGS_FLAG,
	.at = AT(coalesce),
	.text = "the reply to an equal request that waits will do"},
    {.name = "failfast",
	.type = ARGS_FLAG,
	.at = AT(failfast),
	.text = "do not wait for a worker where there is none"},
    {.name = "worker",
	.letter = 'w',
	.type = ARGS_TEXT,
	.at = AT(worker_id),
	.arg = "ID",
	.want = "the id of a worker, as dir SERVICE tells",
	.text = "for that worker alone"},
    {.name = "heartbeat",
	.type = ARGS_FLAG,
	.at = AT(heartbeat),
	.text = "tell the worker that we still wait"},
    {.name = "json",
	.letter = 'j',
	.type = ARGS_FLAG,
	.at = AT(is_json),
	.text = "indent what comes"},
    {.name = "raw",
	.letter = 'r',
	.type = ARGS_FLAG,
	.at = AT(is_raw),
	.text = "print strings as their text"},
    {.name = "text",
	.type = ARGS_FLAG,
	.at = AT(is_text),
	.text = "DATA is text, to be sent as a JSON string"},
    {.name = "count",
	.letter = 'n',
	.type = ARGS_NUMBER,
	.at = AT(count),
	.arg = "N",
	.want = "1 to 1000000000",
	.min = 1,
	.max = 1000000000,
	.text = "send it so often, one after the other"},
    {.name = "interval",
	.letter = 'i',
	.type = ARGS_NUMBER,
	.at = AT(interval_ms),
	.arg = "MS",
	.want = "milliseconds, 0 to 86400000",
	.min = 0,
	.max = 86400000,
	.text = "… but not more often than every MS"},
    {.name = NULL},
};

static const char more[] =
    "DATA is JSON; - is what standard input has, @FILE what a file has. "
    "Without it\nnull is sent. Partial replies are printed as they come.\n";

struct printer {
	struct out *out;
	enum out_form form;
	size_t n_partials;
};

static bool
on_reply(const struct pigato_response *response, void *arg)
{
	struct printer *p = arg;
	size_t n;
	const char *data = pigato_response_data(response, &n);
	bool is_final = pigato_response_is_final(response);

	if (!is_final)
		p->n_partials++;
	if (data == NULL)
		return false;
	if (!is_final || p->n_partials == 0 || n != 4 ||
	    memcmp(data, "null", 4) != 0)
		out_data(p->out, data, n, p->form);
	return p->out->why == 0;
}

static enum out_form
form_of(const struct request_conf *conf)
{
	if (conf->is_json)
		return OUT_PRETTY;
	return conf->is_raw ? OUT_RAW : OUT_LINE;
}

/* One request; *error says how it ended. */
static int
ask_once(struct cli *cli, struct ask *a, const struct request_conf *conf)
{
	struct printer printer = {&cli->out, form_of(conf), 0};
	int status;

	a->on_reply = on_reply;
	a->arg = &printer;
	ask_run(cli, a);
	status = ask_report(cli, a);
	ask_clear(a);
	a->arg = NULL;
	return status;
}

/* Is there a reason to send no more? */
static bool
is_enough(const struct cli *cli, const struct ask *a)
{
	return a->error == PIGATO_ERR_NO_BROKER ||
	       a->error == PIGATO_ERR_CANCELLED ||
	       a->error == PIGATO_ERR_INVALID || cli->out.why != 0;
}

/* The status is the first that was no reply. */
static int
ask_often(struct cli *cli, struct ask *a, const struct request_conf *conf)
{
	int status = CLI_REPLY;

	for (int64_t i = 0; i < conf->count; i++) {
		int64_t next_at = cli_now_ms() + conf->interval_ms;
		int one = ask_once(cli, a, conf);

		if (status == CLI_REPLY)
			status = one;
		if (is_enough(cli, a) ||
		    (i + 1 < conf->count && !ask_idle_until(cli, next_at)))
			break;
	}
	return status;
}

/* Told if something makes no sense. */
static bool
check(struct cli *cli, const char *service, const struct request_conf *conf)
{
	const char *id = conf->worker_id;

	if (conf->is_json && conf->is_raw)
		cli_usage(cli, "either --json or --raw, not both");
	else if (service[0] == '\0')
		cli_usage(cli, "a service has a name of some length");
	else if (id != NULL && !utf8_is_text(id))
		cli_usage(cli,
		    "--worker %s is no UTF-8, which JSON would need; wanted: "
		    "an id that is",
		    id);
	else
		return true;
	return false;
}

static struct pigato_request_opts
opts_of(const struct request_conf *conf)
{
	struct pigato_request_opts opts = PIGATO_REQUEST_OPTS;

	opts.timeout_ms = conf->timeout_ms;
	opts.retry = conf->retry;
	opts.nocache = conf->nocache;
	opts.coalesce = conf->coalesce;
	opts.failfast = conf->failfast;
	opts.heartbeat = conf->heartbeat;
	opts.worker_id = conf->worker_id;
	return opts;
}

static int
request(struct cli *cli, const struct args *args, const void *values)
{
	const struct request_conf *conf = values;
	struct ask a = {.service = args->word[0], .opts = opts_of(conf)};
	struct text data;
	int status;

	if (!check(cli, a.service, conf))
		return CLI_USAGE;
	status = input_read(cli, args->n_words > 1 ? args->word[1] : NULL,
	    conf->is_text, &data);
	if (status != CLI_REPLY)
		return status;
	a.data = data.p;
	a.size = data.n;
	if (cli_require_client(cli, &status) != NULL)
		status = ask_often(cli, &a, conf);
	free(data.p);
	return status;
}

const struct cmd cmd_request = {
    .name = "request",
    .args = "SERVICE [DATA | - | @FILE] [OPTION ...]",
    .text = "Send a request, and print the replies as they come",
    .more = more,
    .options = options,
    .defaults = &defaults,
    .size = sizeof(defaults),
    .n_min = 1,
    .n_max = 2,
    .service_at = 1,
    .run = request,
};
