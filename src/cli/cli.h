/*
 * What a command has around it: which broker, where output goes, and one
 * client, which a shell keeps from command to command.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/args.h"
#include "cli/out.h"

/* The exit status, of each command and of the program. */
enum cli_status {
	CLI_REPLY = 0,
	CLI_ERROR = 1,
	CLI_USAGE = 2,
	CLI_NO_BROKER = 3,
	CLI_TIMEOUT = 4,
	CLI_NO_WORKER = 5,
	CLI_DENIED = 6
};

struct cli {
	const char *endpoint, *usual_endpoint; /* usual: without -e */
	/* NULL: not yet looked for; usual: without --admin */
	const char *admin_endpoint, *usual_admin;
	char admin_default[128];
	bool is_swapped; /* endpoint and client are the administrative ones */
	int64_t connect_ms; /* so long may we be without a broker */
	bool wants_help, wants_version, wants_stat;
	bool is_shell;
	bool is_over;	     /* the shell ends */
	bool is_cut;	     /* a terminal shows ^C, with no end of line yet */
	const char *command; /* that runs; NULL: none */
	struct out out, err;
	struct pigato_client *admin_client; /* of a shell's former commands */
	struct pigato_client *client; /* NULL: nobody has asked for it yet */
};

/*
 * Options of the program; those of every command; in a shell those from
 * cli_shell_options on.
 */
extern const struct args_option cli_options[];
extern const struct args_option *const cli_command_options;
extern const struct args_option *const cli_shell_options;

void cli_init(struct cli *cli);
void cli_clear(struct cli *cli);

/* The client, started. NULL: it cannot be; told, and *status is set. */
struct pigato_client *cli_require_client(struct cli *cli, int *status);

/* One line on standard error: the program, the command, what is wrong. */
void cli_complain(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Complains, and returns CLI_USAGE. */
int cli_usage(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Complains that there is no memory, and returns CLI_ERROR. */
int cli_no_memory(struct cli *cli);

/* Like a complaint, but nothing is wrong. */
void cli_note(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Complains that endpoint cannot be talked to; the exit status. */
int cli_start_failed(struct cli *cli, const char *endpoint, int error);

/* The exit status that an enum pigato_error stands for. */
int cli_status(int error);

/*
 * Has somebody pressed Control-C since this was asked last, or ended a shell?
 * Only where signals are caught; elsewhere they end the program.
 */
bool cli_is_interrupted(struct cli *cli);

/* What comes now begins a line, if somebody has just pressed Control-C. */
void cli_begin_line(struct cli *cli);

/* Monotonic. */
int64_t cli_now_us(void);
int64_t cli_now_ms(void);

#endif
