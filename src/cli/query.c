#include "cli/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/input.h"
#include "cli/text.h"
#include "cli/utf8.h"
#include "lib/pigato.h"

/* ---- what is wrong ---- */

static const struct {
	const char *name;
	int status;
	const char *text;
} answers[] = {
    {"NO_SUCH_WORKER", CLI_NO_WORKER, "no such worker"},
    {"NO_SUCH_SERVICE", CLI_ERROR, "no such service"},
    {"NO_SUCH_REQUEST", CLI_ERROR, "no such request"},
};

static const char invalid[] = "INVALID: ";

/* What stands behind the prefix, or all of it. */
static const char *
skip(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 ? text + n : text;
}

/* data is a JSON text, of which the broker's are plain words. */
static int
explain_answer(const char *data, const char **why)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		size_t n = strlen(answers[i].name);

		if (strncmp(data + 1, answers[i].name, n) != 0 ||
		    strcmp(data + 1 + n, "\"") != 0)
			continue;
		*why = answers[i].text;
		return answers[i].status;
	}
	return skip(data + 1, invalid) > data + 1 ? CLI_USAGE : CLI_ERROR;
}

/*
 * The exit status; and a text for people, where operators know more than
 * anybody else, else NULL. data: the broker's description, NULL: none.
 */
static int
explain(int error, const char *data, const char **why)
{
	*why = NULL;
	switch (error) {
	case PIGATO_ERR_REMOTE:
		if (data != NULL && data[0] == '"')
			return explain_answer(data, why);
		break;
	case PIGATO_ERR_DENIED:
		*why = "this address is not for operators (DENIED); wanted: "
		       "--admin URL or PIGATO_ADMIN_URL, an address of the "
		       "broker's setting admin_bind";
		break;
	case PIGATO_ERR_NO_BROKER:
		*why = "no broker answers; wanted: --admin URL or "
		       "PIGATO_ADMIN_URL, an address of the broker's setting "
		       "admin_bind";
		break;
	case PIGATO_ERR_NO_WORKER:
		*why = "this broker does not tell operators anything";
		break;
	default:
		break;
	}
	return cli_status(error);
}

int
query_report(struct cli *cli, const struct ask *a)
{
	const char *data = NULL, *why;
	struct text text;
	int status;

	if (a->end != NULL)
		data = pigato_response_data(a->end, NULL);
	status = explain(a->error, data, &why);
	if (why != NULL && a->error == PIGATO_ERR_REMOTE) {
		cli_complain(cli, "%s", why);
	} else if (why != NULL) {
		cli_complain(cli, "%s: %s", cli->endpoint, why);
	} else if (a->error == PIGATO_ERR_REMOTE && data != NULL &&
		   text_of_json(data, strlen(data), &text)) {
		cli_complain(cli, "%s", skip(text.p, invalid));
		free(text.p);
	} else {
		cli_complain(cli, "%s (%s)", pigato_strerror(a->error),
		    pigato_error_name(a->error));
	}
	return status;
}

/* ---- asking ---- */

char *
query_text(const char *cmd, json_t *with)
{
	json_t *all = with != NULL ? with : json_object();
	char *text = NULL;

	if (json_object_set_new(all, "cmd", json_string(cmd)) == 0)
		text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

static json_t *
take_answer(struct cli *cli, const struct ask *a, int *status)
{
	json_t *answer;

	if (a->error != PIGATO_OK) {
		*status = query_report(cli, a);
		return NULL;
	}
	answer = pigato_response_json(a->end);
	if (json_is_object(answer))
		return answer;
	json_decref(answer);
	cli_complain(cli, "%s answers with something odd", a->service);
	*status = CLI_ERROR;
	return NULL;
}

json_t *
query_ask(struct cli *cli, const char *service, const char *cmd, json_t *with,
    int *status)
{
	char *text = query_text(cmd, with);
	struct ask a = {.service = service, .opts = PIGATO_REQUEST_OPTS};
	json_t *answer = NULL;

	if (text == NULL) {
		*status = cli_no_memory(cli);
		return NULL;
	}
	a.data = text;
	a.size = strlen(text);
	a.opts.failfast = true;
	if (cli_require_client(cli, status) != NULL) {
		ask_run(cli, &a);
		answer = take_answer(cli, &a, status);
		ask_clear(&a);
	}
	free(text);
	return answer;
}

/* PROTOCOL 11.1.4: what is no UTF-8 stands as \x and two digits. */
bool
query_put(json_t *with, const char *key, const char *word)
{
	size_t n = word == NULL ? 0 : strlen(word), size;
	char *text, *at;
	uint32_t c;
	int rc;

	if (word == NULL)
		return true;
	text = at = malloc(4 * n + 1);
	if (text == NULL)
		return false;
	for (; n > 0; word += size, n -= size) {
		size = utf8_take(word, n, &c);
		if (size > 0)
			at = mempcpy(at, word, size);
		else
			at += sprintf(at, "\\x%02x", (unsigned char)*word);
		size += size == 0;
	}
	*at = '\0';
	rc = json_object_set_new(with, key, json_string(text));
	free(text);
	return rc == 0;
}

json_t *
query_with(const struct query_member *members)
{
	json_t *with = json_object();

	for (; with != NULL && members->key != NULL; members++)
		if (!query_put(with, members->key, members->word)) {
			json_decref(with);
			with = NULL;
		}
	return with;
}

int
query_put_data(struct cli *cli, json_t *with, const char *word)
{
	struct text data;
	int status = input_read(cli, word, false, &data);

	if (status != CLI_REPLY)
		return status;
	if (json_object_set_new(with, "data", json_stringn(data.p, data.n)) !=
	    0)
		status = cli_no_memory(cli);
	free(data.p);
	return status;
}

bool
query_has_both(struct cli *cli, const char *client, const char *rid)
{
	if ((client == NULL) == (rid == NULL))
		return true;
	cli_usage(cli, "--client and --rid go together");
	return false;
}

const char *
query_word(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}
