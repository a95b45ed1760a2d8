/*
 * Commands, options, and the services there are at the moment, for which the
 * broker is asked: for two seconds at most, as somebody waits with a finger on
 * the key.
 */
#include "cli/complete.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/admin.h"
#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/query.h"
#include "cli/utf8.h"

#define PATIENCE_MS 2000
#define WORD_MAX    256

/* What the word may become: so far, the part they have in common. */
struct choice {
	struct cli *cli;
	const char *word;
	size_t n_word;
	char common[WORD_MAX];
	size_t n_common, n;
	bool is_shown;	/* each one is printed */
	bool is_worker; /* it names one, and no service */
};

static const char all_workers[] = "{\"cmd\":\"workers\",\"limit\":1000}";

/* Would a line of the shell with it in it mean the same? */
static bool
is_plain(const char *name)
{
	size_t n = strlen(name);
	uint32_t c;

	while (n > 0) {
		size_t size = utf8_take(name, n, &c);

		if (size == 0 || c <= 0x20 || (c >= 0x7f && c < 0xa0) ||
		    (c < 0x80 && strchr("\"'\\{[", (int)c) != NULL))
			return false;
		name += size;
		n -= size;
	}
	return true;
}

static void
offer(struct choice *ch, const char *name)
{
	size_t n = strlen(name), same = 0;

	if (n >= WORD_MAX || strncmp(name, ch->word, ch->n_word) != 0 ||
	    !is_plain(name))
		return;
	if (ch->is_shown) {
		fputs("  ", ch->cli->out.file);
		out_bytes(&ch->cli->out, name, n);
		putc('\n', ch->cli->out.file);
		return;
	}
	if (ch->n++ == 0) {
		memcpy(ch->common, name, n + 1);
		ch->n_common = n;
		return;
	}
	while (same < ch->n_common && ch->common[same] == name[same])
		same++;
	ch->n_common = same;
	ch->common[same] = '\0';
}

/* ---- what there is ---- */

static void
offer_commands(struct choice *ch)
{
	for (size_t i = 0; i < cmd_n; i++)
		offer(ch, cmd_table[i]->name);
}

static void
offer_options(struct choice *ch, const struct args_option *o)
{
	char name[64] = "--";

	for (; o != NULL && o->name != NULL; o++) {
		strncpy(name + 2, o->name, sizeof(name) - 3);
		offer(ch, name);
	}
}

static void
offer_words(struct choice *ch, const char *const *words)
{
	for (; *words != NULL; words++)
		offer(ch, *words);
}

/* The directory's services, or the rows of a list of workers. */
static void
offer_names(struct choice *ch, json_t *all)
{
	json_t *rows = json_object_get(all, "workers"), *row;
	const char *name;
	size_t i;

	if (ch->is_worker) {
		json_array_foreach (rows, i, row) {
			name = query_word(row, "worker");
			if (name != NULL)
				offer(ch, name);
		}
		return;
	}
	json_object_foreach (all, name, row) {
		offer(ch, name);
	}
}

/* Gives what there is; NULL: nobody has told. */
static json_t *
ask_within(struct cli *cli, struct ask *a)
{
	int64_t connect_ms = cli->connect_ms;
	json_t *all = NULL;
	int status;

	if (cli_require_client(cli, &status) == NULL)
		return NULL;
	a->opts.failfast = true;
	a->opts.timeout_ms = PATIENCE_MS;
	if (connect_ms > PATIENCE_MS)
		cli->connect_ms = PATIENCE_MS;
	ask_run(cli, a);
	cli->connect_ms = connect_ms;
	if (a->error == PIGATO_OK && a->end != NULL)
		all = pigato_response_json(a->end);
	ask_clear(a);
	return all;
}

static json_t *
ask_services(struct cli *cli)
{
	struct ask a = {.service = "$dir", .opts = PIGATO_REQUEST_OPTS};

	return ask_within(cli, &a);
}

static json_t *
ask_workers(struct cli *cli)
{
	struct ask a = {
	    .service = QUERY_INFO,
	    .data = all_workers,
	    .size = sizeof(all_workers) - 1,
	    .opts = PIGATO_REQUEST_OPTS,
	};
	json_t *all;

	admin_swap(cli);
	all = ask_within(cli, &a);
	admin_swap(cli);
	return all;
}

/* ---- the line ---- */

struct place {
	const char *word; /* at the cursor, which is its end */
	size_t n;
	size_t index; /* words before it */
	const struct cmd *cmd;
};

static void
find_place(struct cli *cli, const LineInfo *li, struct place *p)
{
	const char *at = li->buffer;
	char name[WORD_MAX] = "";

	*p = (struct place){.word = at};
	while (at < li->cursor) {
		size_t n = 0;

		while (at < li->cursor && *at == ' ')
			at++;
		p->word = at;
		while (at < li->cursor && *at != ' ') {
			at++;
			n++;
		}
		if (at == li->cursor)
			break;
		if (p->index++ == 0 && n < sizeof(name)) {
			memcpy(name, p->word, n);
			name[n] = '\0';
		}
		p->word = at;
	}
	p->n = (size_t)(li->cursor - p->word);
	p->cmd = cmd_find(cli, name);
}

static void
offer_all(struct choice *ch, const struct place *p, json_t *names)
{
	if (p->index == 0 || (p->index == 1 && p->cmd == &cmd_help)) {
		offer_commands(ch);
	} else if (p->cmd == NULL) {
		return;
	} else if (p->n > 0 && p->word[0] == '-') {
		offer_options(ch, p->cmd->options);
		offer_options(ch, cli_shell_options);
	} else if (p->index == 1 && p->cmd->words != NULL) {
		offer_words(ch, p->cmd->words);
	} else if (names != NULL) {
		offer_names(ch, names);
	}
}

static unsigned char
insert(EditLine *el, struct choice *ch)
{
	if (ch->n == 1 && ch->n_common + 1 < WORD_MAX)
		memcpy(ch->common + ch->n_common++, " ", 2);
	if (el_insertstr(el, ch->common + ch->n_word) != 0)
		return CC_ERROR;
	return CC_REFRESH;
}

unsigned char
complete_word(EditLine *el, int key)
{
	const LineInfo *li = el_line(el);
	json_t *names = NULL;
	unsigned char rc = CC_ERROR;
	struct choice ch = {0};
	struct place place;

	(void)key;
	el_get(el, EL_CLIENTDATA, &ch.cli);
	find_place(ch.cli, li, &place);
	ch.word = place.word;
	ch.n_word = place.n;
	if (place.cmd != NULL && place.index > 0) {
		ch.is_worker = place.index == place.cmd->worker_at;
		if (ch.is_worker)
			names = ask_workers(ch.cli);
		else if (place.index == place.cmd->service_at)
			names = ask_services(ch.cli);
	}
	offer_all(&ch, &place, names);
	if (ch.n == 1 || ch.n_common > ch.n_word) {
		rc = insert(el, &ch);
	} else if (ch.n > 1) {
		ch.is_shown = true;
		putc('\n', ch.cli->out.file);
		offer_all(&ch, &place, names);
		out_flush(&ch.cli->out);
		rc = CC_REDISPLAY;
	}
	json_decref(names);
	return rc;
}
