/*
 * Signals are ours and not libedit's, which hands them on to the whole process
 * group: Control-C ends a line or a request, never the shell.
 */
#include "cli/shell.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cmd.h"
#include "cli/complete.h"
#include "cli/history.h"
#include "cli/line.h"
#include "cli/signals.h"
#include "lib/pigato.h"

static const int caught[] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT};

#define N_CAUGHT (sizeof(caught) / sizeof(caught[0]))

/* *status stays as it is where there is no command in the line. */
static void
run_line(struct cli *cli, char *text, int *status)
{
	struct line line;

	if (text[strspn(text, " \t")] == '#')
		return;
	if (!line_split(&line, text)) {
		*status = cli_usage(cli, "%s", line.why);
		return;
	}
	if (line.n > 0)
		*status = cmd_run(cli, line.n, line.word);
	free(line.word);
}

/* ---- from elsewhere ---- */

static int
run_lines(struct cli *cli)
{
	int status = CLI_REPLY;
	char *text = NULL;
	size_t room = 0;

	while (!cli->is_over && getline(&text, &room, stdin) >= 0)
		run_line(cli, text, &status);
	free(text);
	return status;
}

/* ---- at a terminal ---- */

static const char *
prompt(EditLine *el)
{
	(void)el;
	return "pigato> ";
}

/* False: the line is over, or the shell. */
static bool
serve_signals(struct cli *cli, EditLine *el)
{
	signals_drain();
	if (signals_take(SIGWINCH))
		el_resize(el);
	if (signals_take(SIGCONT)) {
		el_set(el, EL_PREP_TERM, 1);
		el_set(el, EL_REFRESH);
	}
	return !cli_is_interrupted(cli);
}

/* A byte more of a character: 1 it is whole, 0 it is not. */
static int
add_byte(wchar_t *character, char byte, mbstate_t *state)
{
	size_t n = mbrtowc(character, &byte, 1, state);

	if (n == (size_t)-2)
		return 0;
	if (n == (size_t)-1) {
		memset(state, 0, sizeof(*state));
		*character = L'?';
	}
	return 1;
}

/* EL_GETCFN: 1 a character, 0 the end of input, -1 the end of this line. */
static int
read_character(EditLine *el, wchar_t *character)
{
	mbstate_t state = {0};
	struct cli *cli;
	char byte;

	el_get(el, EL_CLIENTDATA, &cli);
	for (;;) {
		struct pollfd fd[2] = {
		    {.fd = STDIN_FILENO, .events = POLLIN},
		    {.fd = signals_fd(), .events = POLLIN},
		};
		ssize_t n;

		poll(fd, 2, -1);
		if (!serve_signals(cli, el))
			return -1;
		if (fd[0].revents == 0)
			continue;
		n = read(STDIN_FILENO, &byte, 1);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return 0;
		if (n == 1 && add_byte(character, byte, &state))
			return 1;
	}
}

static EditLine *
open_editor(struct cli *cli, History *h)
{
	EditLine *el = el_init("pigato-cli", stdin, stdout, stderr);

	if (el == NULL)
		return NULL;
	el_set(el, EL_CLIENTDATA, cli);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_HIST, history, h);
	el_set(el, EL_ADDFN, "complete", "complete the word", complete_word);
	el_set(el, EL_BIND, "^I", "complete", NULL);
	el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_source(el, NULL);
	el_set(el, EL_SIGNAL, 0);
	el_set(el, EL_GETCFN, read_character);
	return el;
}

/* Gives the next line, to be freed. NULL: there is none, or no end of it. */
static char *
read_line(struct cli *cli, EditLine *el)
{
	const char *text;
	int n = 0;

	/* Or a key might come behind the prompt and before the mode. */
	el_set(el, EL_PREP_TERM, 1);
	text = el_gets(el, &n);
	if (text != NULL && n > 0)
		return strndup(text, strcspn(text, "\n"));
	if (n == 0)
		cli->is_over = true; /* Control-D */
	putc('\n', cli->out.file);
	out_flush(&cli->out);
	return NULL;
}

static void
converse(struct cli *cli, EditLine *el, History *h)
{
	int status = CLI_REPLY;

	while (!cli->is_over) {
		char *text = read_line(cli, el);

		if (text == NULL)
			continue;
		if (text[0] != '\0')
			history_add(h, text);
		cli->is_cut = false;
		run_line(cli, text, &status);
		cli_begin_line(cli);
		free(text);
	}
}

static int
run_terminal(struct cli *cli)
{
	History *h = history_open();
	EditLine *el = h == NULL ? NULL : open_editor(cli, h);

	if (el == NULL) {
		if (h != NULL)
			history_end(h);
		cli_complain(cli, "this terminal cannot be used");
		return CLI_ERROR;
	}
	cli_note(cli, "pigato-cli %s at %s; help tells the commands",
	    pigato_version(), cli->endpoint);
	converse(cli, el, h);
	el_end(el);
	history_close(h, cli);
	return CLI_REPLY;
}

int
shell_run(struct cli *cli)
{
	int status;

	if (cli_require_client(cli, &status) == NULL)
		return status;
	cli->is_shell = true;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return run_lines(cli);
	for (size_t i = 0; i < N_CAUGHT; i++)
		if (signals_catch(caught[i]) != 0) {
			cli_complain(
			    cli, "cannot catch signals: %s", strerror(errno));
			return CLI_ERROR;
		}
	return run_terminal(cli);
}
